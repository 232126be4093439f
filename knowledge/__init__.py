"""Files in, ranked passages out: reading, catalogue, search. Knows no language model and no screen."""
