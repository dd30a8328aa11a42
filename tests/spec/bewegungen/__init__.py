title = "Zugänge und Abgänge"
