r"""Who bears a mark, of many of whom few do. No mechanism."""

from __future__ import annotations

import numpy as np

from standfast.kernels._jit import index, rule

BLOCK = 8  # people whose marks of a byte are one word: whether anybody bears one is asked of all at once
#: of a word, a bit in each byte; all others in each byte; what brings a bit of each byte together in the last byte
ONES, LOWER, GATHER = np.uint64(0x0101010101010101), np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x0102040810204080)
#: which of eight bear a mark, in order and then anything, and how many, by the bits of a byte
WHICH = np.array([sorted(range(BLOCK), key=lambda b: not byte >> b & 1) for byte in range(256)], dtype=np.uint8)
MANY = np.array([byte.bit_count() for byte in range(256)], dtype=np.uint8)


#: any bit of a mark; where a list begins. Plain constants would have what they are handed to compiled anew for each.
ANY, BEGINNING = np.int64(255), np.int64(0)


@rule
def list_all(marks, people, base):
    """List everybody who bears any mark, where there is room for all (`list_marked`); return how many."""
    n, _ = list_marked(marks, ANY, BEGINNING, people, base)
    return n


@rule
def list_block(word, first, people, n, lanes):
    """List who of eight from `first` on bears any bit of a word; return how many are listed by now."""
    # the highest bit of each byte that is not 0, then one bit of each brought together
    marked = ((word & LOWER) + LOWER | word) >> np.uint64(7) & ONES
    byte = marked * GATHER >> np.uint64(56)
    for b in range(lanes):
        # written in any case, and counted where the mark is: no branch that nothing foretells
        people[index(n) + b] = first + index(WHICH[byte, b])
    return n + int(MANY[byte])


@rule
def list_marked(marks, bits, at, people, base):
    """List who bears a mark, from person `at` on, until there are enough; return how many, and where to go on.

    Parameters
    ----------
    marks : (n_agent,) uint8 or int8
        Marks; `bits` are those that count.
    at : int
        A whole number of blocks.
    people : (at least BLOCK,) int64
        *Overwritten*: the listed, at most as many as there is room for.
    base : int
        Who the first of the marks belongs to.

    Returns
    -------
    int, int
        How many are listed, and from whom to go on; nobody is left when that is n_agent.
    """
    words = marks[: marks.size // BLOCK * BLOCK].view(np.uint64)
    counted = ONES * np.uint64(bits & 255)
    # eight, unknown to the compiler: a loop of known length it writes out, one of unknown length becomes vectors
    lanes = index(BLOCK + (people.size >> 62))
    n, block = 0, at // BLOCK
    while block < words.size and n <= people.size - BLOCK:
        here = index(block)
        if block + BLOCK > words.size or n > people.size - BLOCK * BLOCK:
            if words[here] & counted != 0:
                n = list_block(words[here] & counted, index(base) + here * index(BLOCK), people, n, lanes)
            block += 1
            continue
        # of eight words all are listed, or none: nothing foretells whether a single one bears a mark
        some = np.uint64(0)
        for b in range(index(BLOCK)):
            some |= words[here + b]
        if some & counted != 0:
            for b in range(index(BLOCK)):
                first = index(base) + (here + b) * index(BLOCK)
                n = list_block(words[here + b] & counted, first, people, n, lanes)
        block += BLOCK
    at = max(at, block * BLOCK)
    while block == words.size and at < marks.size and n < people.size:
        people[index(n)] = index(base) + index(at)
        n += marks[index(at)] & bits != 0
        at += 1
    return n, at
