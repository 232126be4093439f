"""From passages to an answer: sentences, extracts, look-ups, comparisons, refusals, the last check of quotes."""
