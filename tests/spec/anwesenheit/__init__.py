title = "Anwesenheitsgesamtheit"
