title = "Unterkunft und Heizung"
