"""What is kept in the data folder: the database, the catalogue, vectors, full text, originals."""
