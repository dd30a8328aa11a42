title = "Verweildauer"
