"""Compile every kernel once, so that processes started afterwards find them in the cache."""

from __future__ import annotations

from standfast.engine.warm import compile_kernels

if __name__ == "__main__":
    seconds = compile_kernels(print)
    print(f"kernels ready after {seconds:.1f} s")
