"""standfast.cli"""
