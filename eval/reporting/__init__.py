"""Runs as reports, charts and pages."""
