"""Behavioural parameters, one file a mechanism family, named as its file in `standfast.kernels`."""
