"""Reading tables: .xlsx, .xls and .csv; each row becomes a passage that carries its headers."""
