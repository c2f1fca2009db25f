"""Philox4x32-10 by the book (Salmon, Moraes, Dror, Shaw 2011), and who draws with which key."""

from __future__ import annotations

WORD = 2**32

# what a draw is for; the fourth word of the counter
DECIDE, EXIT, HEAR, COMMAND, CALL, PLACE, EVENT, SHOCK, START = range(1, 10)
# partners that keep the uses of SHOCK apart; those of pieces of news follow from SEEDS
HARM_KILLS, FAMILY_MOVES, SEEDS = 14, 15, 64
# partners of COMMAND
FLIGHT_OF_COMMANDERS, FALL_OF_PLACE, ORDER_TO_MOVE = range(3)


def philox(counter, key):
    """Return the four words of a counter of four words under a key of two."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, WORD)
        high1, low1 = divmod(0xCD9E8D57 * c2, WORD)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = (k0 + 0x9E3779B9) % WORD
        k1 = (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def run_key(seed, replicate):
    """Return the key of a run: the first two words of a block that holds seed and replicate."""
    return philox((seed % WORD, seed // WORD, replicate, 0x5F), (0x73, 0x66))[:2]


def uniforms(key, index, step, purpose, partner=0):
    """Return the four uniforms in (0, 1) that belong to somebody, a step and a purpose."""
    return tuple((w + 0.5) / WORD for w in philox((index, step, partner, purpose), key))


def uniform_of(key, number, step, purpose):
    """Return element `number` of a long row of uniforms, four to a block."""
    return uniforms(key, number // 4, step, purpose)[number % 4]
