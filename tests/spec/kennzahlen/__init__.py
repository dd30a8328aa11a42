title = "Kennzahlen nach § 48a SGB II"
