"""Answers written by a language model from numbered sentences of the library, and checked against them."""
