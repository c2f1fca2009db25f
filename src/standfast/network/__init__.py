"""standfast.network"""
