"""standfast.report"""
