"""standfast.geography"""
