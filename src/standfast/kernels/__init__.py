"""Compiled rules over flat arrays: one mechanism or family a file; numpy and numba only."""
