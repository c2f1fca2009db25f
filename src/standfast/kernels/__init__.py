"""standfast.kernels"""
