"""A language model as a judge of answers, measured against people before its figures count."""
