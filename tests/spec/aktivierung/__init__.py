title = "Aktivierung von Langzeitleistungsbeziehenden"
