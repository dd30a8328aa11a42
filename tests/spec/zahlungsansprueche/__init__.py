title = "Zahlungsansprüche"
