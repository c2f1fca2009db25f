"""Compiled loops of the twin over cells, formations and places, a family of mechanisms a file."""
