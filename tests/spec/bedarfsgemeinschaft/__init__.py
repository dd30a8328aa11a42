title = "Bedarfsgemeinschaft"
