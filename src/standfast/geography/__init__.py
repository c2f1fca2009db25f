"""Where things are: distances, roads, and the outlines of countries."""
