title = "Integrationen"
