title = "Arbeitsmarktstatus"
