title = "Personengruppen"
