title = "Kontinuierliche Beschäftigung"
