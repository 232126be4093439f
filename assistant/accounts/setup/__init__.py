"""What administrators set up in the browser, with the secrets in it encrypted."""
