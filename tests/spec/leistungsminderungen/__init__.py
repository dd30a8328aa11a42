title = "Leistungsminderungen"
