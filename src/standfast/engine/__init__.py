"""One run: a scenario compiled to flat arrays, advanced step by step, and written down."""
