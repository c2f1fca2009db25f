"""Calibration: which parameters let the model reproduce what was observed, and how sure that is."""
