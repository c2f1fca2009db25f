"""standfast.experiment"""
