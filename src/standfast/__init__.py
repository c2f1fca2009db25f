"""standfast: why does a security force hold, or melt away overnight?"""
