title = "Veröffentlichte Zahlen"
