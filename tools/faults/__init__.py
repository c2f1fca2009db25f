"""Dying and failing at every file operation of what standfast writes."""
