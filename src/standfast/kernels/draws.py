"""Counter-based random numbers: a draw belongs to its key, not to its turn.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, 'Parallel random numbers: as easy as 1, 2, 3'),
with the authors' known-answer vectors in the tests. A block of four 32-bit words is a pure
function of (seed, replicate, step, purpose, index); nothing is stored, so that any thread count,
order or restart gives the same numbers, and two scenarios that differ in one thing share every
other draw.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels._jit import index, inlined, kernel, rule, widest_vectors

M0 = np.uint64(0xD2511F53)
M1 = np.uint64(0xCD9E8D57)
W0 = np.uint64(0x9E3779B9)
W1 = np.uint64(0xBB67AE85)
TWO, THREE, FOUR, FIVE = np.uint64(2), np.uint64(3), np.uint64(4), np.uint64(5)
SIX, SEVEN, EIGHT, NINE = np.uint64(6), np.uint64(7), np.uint64(8), np.uint64(9)
LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
#: 2**-32; a word w becomes the uniform (w + 1/2) / 2**32, never 0 and never 1
FLOAT = np.uint64(0x4330000000000000)
SCALE = 1.0 / 4294967296.0

# Purposes: the fourth counter word. Each names one block of four words per (index, step). As numbers of numpy: what is
# called with a plain constant is compiled anew for each.
DECIDE = np.int64(1)  # words: decision, messages, exposure, family
EXIT = np.int64(2)  # words: way out, risk of flight, capture, dark
HEAR = np.int64(3)  # rumour contacts; the partner is the piece of news and the layer
COMMAND = np.int64(4)  # per battalion: flight, refusal, dispatch, evacuation
CALL = np.int64(5)  # per company: answer, refusal, patience, delay
PLACE = np.int64(6)  # per place: breach, ultimatum, treachery, spare
EVENT = np.int64(7)  # per event: probability, time, spare, spare
SHOCK = np.int64(8)  # per agent: alarm reach, fire, harm, spare
START = np.int64(9)  # per agent at the start: exposed, credibility, perceived exposure, spare
BUILD = 64  # and above: building people and ties


@inlined
def _round(c0, c1, c2, c3, k0, k1):
    product0 = M0 * c0
    product1 = M1 * c2
    return (
        (product1 >> SHIFT) ^ c1 ^ (k0 & LOW),
        product1 & LOW,
        (product0 >> SHIFT) ^ c3 ^ (k1 & LOW),
        product0 & LOW,
    )


@inlined
def _ten_rounds(c0, c1, c2, c3, k0, k1):
    # written out and inlined, so that a loop over counters becomes vector instructions
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + W0, k1 + W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + TWO * W0, k1 + TWO * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + THREE * W0, k1 + THREE * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + FOUR * W0, k1 + FOUR * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + FIVE * W0, k1 + FIVE * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + SIX * W0, k1 + SIX * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + SEVEN * W0, k1 + SEVEN * W1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0 + EIGHT * W0, k1 + EIGHT * W1)
    return _round(c0, c1, c2, c3, k0 + NINE * W0, k1 + NINE * W1)


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Return the Philox4x32-10 block of a counter and a key: four 32-bit words, as uint64.

    All arguments are uint64 that hold 32 bits, so that it is compiled once.
    """
    return _ten_rounds(c0, c1, c2, c3, k0, k1)


@inlined
def word32(value):
    """Return the low 32 bits of a whole number as uint64."""
    return np.uint64(value) & LOW


@inlined
def uniform(word):
    """Return the uniform in (0, 1) of a 32-bit word; exact in float64."""
    # a word put into the last bits of 2^52 is 2^52 + word as a double: one instruction, not five
    return (np.uint64(word | FLOAT).view(np.float64) - 4503599627370496.0 + 0.5) * SCALE


@rule
def block(key0, key1, index, step, purpose, partner=0):
    """Return four uniforms in (0, 1) of a key: (run key, index, step, purpose, partner)."""
    w0, w1, w2, w3 = philox(
        word32(index), word32(step), word32(partner), word32(purpose), word32(key0), word32(key1)
    )
    return uniform(w0), uniform(w1), uniform(w2), uniform(w3)


@kernel
def words(key0, key1, index, step, purpose, partner):
    """Return the four 32-bit words of a key, for callers that are not compiled."""
    return philox(
        word32(index), word32(step), word32(partner), word32(purpose), word32(key0), word32(key1)
    )


@kernel
def run_key(seed, replicate):
    """Return the two key words of a run, hashed from seed and replicate.

    Hashing keeps (seed 1, replicate 2) and (seed 2, replicate 1) apart.
    """
    seed = np.uint64(seed)
    w0, w1, _, _ = philox(
        seed & LOW, seed >> SHIFT, word32(replicate), word32(0x5F), word32(0x73), word32(0x66)
    )
    return w0, w1


@rule
def fill_blocks(u0, u1, u2, u3, first, n, key0, key1, step, purpose):
    """Fill the four uniforms of n consecutive indices; equal to `block` of each, but vectorised.

    Parameters
    ----------
    u0, u1, u2, u3 : (>= n,) float64
        *Overwritten* from 0 to n: the words of indices first .. first + n - 1.
    """
    widest_vectors()
    c1, c3, k0, k1 = word32(step), word32(purpose), word32(key0), word32(key1)
    zero = np.uint64(0)
    start = index(first)
    for i in range(index(n)):
        w0, w1, w2, w3 = _ten_rounds((start + word32(i)) & LOW, c1, zero, c3, k0, k1)
        u0[i] = uniform(w0)
        u1[i] = uniform(w1)
        u2[i] = uniform(w2)
        u3[i] = uniform(w3)


@rule
def fill_listed(u0, u1, u2, u3, listed, partners, n, key0, key1, step, purpose):
    """Fill the four uniforms of n listed indices; equal to `block` of each, but vectorised.

    Parameters
    ----------
    u0, u1, u2, u3 : (>= n,) float64
        *Overwritten* from 0 to n.
    listed, partners : (>= n,) int64
        Index and partner of each block.
    """
    widest_vectors()
    c1, c3, k0, k1 = word32(step), word32(purpose), word32(key0), word32(key1)
    for m in range(index(n)):
        w0, w1, w2, w3 = _ten_rounds(word32(listed[m]), c1, word32(partners[m]), c3, k0, k1)
        u0[m] = uniform(w0)
        u1[m] = uniform(w1)
        u2[m] = uniform(w2)
        u3[m] = uniform(w3)


@kernel
def fill_uniform(out, key0, key1, step, purpose):
    """Fill an array with uniforms; element i is word i % 4 of block i // 4.

    Parameters
    ----------
    out : (n,) float64
        *Overwritten*, in (0, 1).
    """
    n = out.size
    for b in range((n + 3) // 4):
        words = block(key0, key1, b, step, purpose)
        for lane in range(min(4, n - 4 * b)):
            out[4 * b + lane] = words[lane]
    return n
