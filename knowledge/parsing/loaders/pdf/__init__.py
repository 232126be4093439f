"""Reading PDF files: the text layer, its lines, and scanned pages through OCR."""
