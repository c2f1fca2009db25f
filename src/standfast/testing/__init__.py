"""For tests, here and in projects that build on standfast: tiny scenarios, synthetic recordings."""
