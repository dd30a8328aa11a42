title = "Widersprüche und Klagen"
