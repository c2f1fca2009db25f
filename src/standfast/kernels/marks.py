r"""Who bears a mark, of many of whom few do. No mechanism."""

from __future__ import annotations

import numpy as np

from standfast.kernels._jit import index, rule

BLOCK = 8  # people whose marks of a byte are one word: whether anybody bears one is asked of all at once


@rule
def list_marked(marks, bits, at, people):
    """List who bears a mark, from person `at` on, until there are enough; return how many, and where to go on.

    Parameters
    ----------
    marks : (n_agent,) uint8 or int8
        Marks; `bits` are those that count.
    at : int
        A whole number of blocks.
    people : (at least BLOCK,) int64
        *Overwritten*: the listed, at most as many as there is room for.

    Returns
    -------
    int, int
        How many are listed, and from whom to go on; nobody is left when that is n_agent.
    """
    words = marks[: marks.size // BLOCK * BLOCK].view(np.uint64)
    n = 0
    while at < marks.size and n <= people.size - BLOCK:
        block = at // BLOCK
        at = min(at + BLOCK, marks.size)
        if block < words.size and words[index(block)] == 0:
            continue
        for i in range(index(block * BLOCK), index(at)):
            # written in any case, and counted where the mark is: no branch that nothing foretells
            people[index(n)] = i
            n += marks[i] & bits != 0
    return n, at
