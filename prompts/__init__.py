"""Prompt texts as files with $variables, and the loader that checks them."""
