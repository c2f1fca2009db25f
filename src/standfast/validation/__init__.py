"""Facts of the world as measurements: what the model has to reproduce, and whether it does."""
