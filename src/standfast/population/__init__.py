"""standfast.population"""
