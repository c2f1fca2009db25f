"""standfast.results"""
