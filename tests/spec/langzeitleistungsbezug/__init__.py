title = "Langzeitleistungsbezug"
