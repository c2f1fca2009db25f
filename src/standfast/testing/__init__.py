"""standfast.testing"""
