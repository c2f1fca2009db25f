"""standfast.scenario"""
