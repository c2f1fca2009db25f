"""Counter-based random numbers: a draw belongs to its key, not to its turn.

Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, 'Parallel random numbers: as easy as 1, 2, 3'),
with the authors' known-answer vectors in the tests. A block of four 32-bit words is a pure
function of (seed, replicate, step, purpose, index); nothing is stored, so that any thread count,
order or restart gives the same numbers, and two scenarios that differ in one thing share every
other draw.
"""

from __future__ import annotations

import numpy as np

from standfast.kernels._jit import kernel, rule

M0 = np.uint64(0xD2511F53)
M1 = np.uint64(0xCD9E8D57)
W0 = np.uint32(0x9E3779B9)
W1 = np.uint32(0xBB67AE85)
LOW = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
ROUNDS = 10
#: 2**-32; a word w becomes the uniform (w + 1/2) / 2**32, never 0 and never 1
SCALE = 1.0 / 4294967296.0

# Purposes: the fourth counter word. Each names one block of four words per (index, step).
DECIDE = 1  # words: decision, messages, exposure, family
EXIT = 2  # words: way out, risk of flight, capture, dark
HEAR = 3  # rumour contacts; + 16 * slot
COMMAND = 4  # per battalion: flight, refusal, dispatch, evacuation
CALL = 5  # per company: answer, refusal, patience, delay
PLACE = 6  # per place: breach, ultimatum, treachery, spare
EVENT = 7  # per event: probability, time, spare, spare
SHOCK = 8  # per agent: alarm reach, fire, harm, spare
START = 9  # per agent at the start: exposed, credibility, perceived exposure, spare
BUILD = 64  # and above: building people and ties


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Return the Philox4x32-10 block of a counter and a key, as four uint32."""
    c0, c1, c2, c3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    k0, k1 = np.uint32(k0), np.uint32(k1)
    for _ in range(ROUNDS):
        product0 = M0 * np.uint64(c0)
        product1 = M1 * np.uint64(c2)
        high0, low0 = np.uint32(product0 >> SHIFT), np.uint32(product0 & LOW)
        high1, low1 = np.uint32(product1 >> SHIFT), np.uint32(product1 & LOW)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = np.uint32(k0 + W0)
        k1 = np.uint32(k1 + W1)
    return c0, c1, c2, c3


@rule
def uniform(word):
    """Return the uniform in (0, 1) of a 32-bit word; exact in float64."""
    return (np.float64(word) + 0.5) * SCALE


@rule
def block(key0, key1, index, step, purpose, partner=0):
    """Return four uniforms in (0, 1) of a key: (run key, index, step, purpose, partner)."""
    w0, w1, w2, w3 = philox(index, step, partner, purpose, key0, key1)
    return uniform(w0), uniform(w1), uniform(w2), uniform(w3)


@kernel
def run_key(seed, replicate):
    """Return the two key words of a run, hashed from seed and replicate.

    Hashing keeps (seed 1, replicate 2) and (seed 2, replicate 1) apart.
    """
    seed = np.uint64(seed)
    w0, w1, _, _ = philox(
        np.uint32(seed & LOW), np.uint32(seed >> SHIFT), np.uint32(replicate), 0x5F, 0x73, 0x66
    )
    return w0, w1


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
