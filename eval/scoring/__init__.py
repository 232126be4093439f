"""Scores of answers: per case and metric, calibrated confidence, significance."""
