"""教员审定 answers: kept, found for a question that asks the same, valid as long as their quotes are."""
