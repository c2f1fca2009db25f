"""standfast.engine"""
