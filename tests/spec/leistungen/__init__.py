title = "Leistungen"
