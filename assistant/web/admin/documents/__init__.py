"""The desk's pages about documents: the list, one document, bringing files in, exchange."""
