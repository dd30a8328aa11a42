title = "Kalender"
