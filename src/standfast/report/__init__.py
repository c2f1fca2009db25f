"""Results as figures, a map, tables and one self-contained page."""
