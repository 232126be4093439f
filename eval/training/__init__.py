"""Fitting what is learned from suites: the query adapter, calibrations."""
