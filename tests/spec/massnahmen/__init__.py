title = "Maßnahmen"
