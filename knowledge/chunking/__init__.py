"""Cutting a text into passages, and what trainers change of the cut."""
