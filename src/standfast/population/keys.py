"""Which draw belongs to whom while people and ties are built.

All replicates share the people, so the key of building comes from the seed alone. Every force,
place and company gets a key of its own from its name: one more force in the order of battle
leaves the people of the others as they were.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from standfast.kernels._jit import kernel
from standfast.kernels.draws import BUILD, block, run_key, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

Key = tuple[int, int]

#: stands where a run has the number of its replicate
SHARED_BY_REPLICATES = 0xFFFFFFFF

# Purposes; each names one block of four words per index.
PRESENCE = BUILD  # per agent: ghost, leave, home, group
CHARACTER = BUILD + 1  # per agent: commitment, resolve, expressiveness, openness
HISTORY = BUILD + 2  # per agent: baseline fear, service, means, phone
STANDING = BUILD + 3  # per agent: volunteer, family elsewhere, spare, spare
SQUAD = BUILD + 4  # per squad: commitment, cohesion, spare, spare
COMPANY = BUILD + 5  # per company: commitment, spare, spare, spare
PHONE = BUILD + 16  # per agent: contacts, rounding, share in the unit, share at home
PHONE_UNIT = BUILD + 17  # per battalion and attempt: who is matched
PHONE_HOME = BUILD + 18  # per place and attempt
PHONE_ANY = BUILD + 19  # per attempt
KIN = BUILD + 20  # per agent: place in the row of families (two words), ties outside, spare
KIN_FAMILY = BUILD + 21  # per place: sizes of families
KIN_VILLAGE = BUILD + 22  # per village and attempt: who is matched
NAME = BUILD + 63  # key of a force or place from its name


def build_key(seed: int) -> Key:
    """Return the key of building for a seed, of which 64 bits count.

    Examples
    --------
    >>> build_key(1) == build_key(1), build_key(1) == build_key(2)
    (True, False)
    """
    # a seed from 2**63 on goes in as the negative number of the same bits, for which it is compiled
    signed = (seed + 2**63) % 2**64 - 2**63
    word0, word1 = run_key(signed, SHARED_BY_REPLICATES)
    return int(word0), int(word1)


def named_key(key: Key, name: str) -> Key:
    """Return the key of something that has a name, such as ``"force:second-division"``."""
    digest = hashlib.sha256(name.encode()).digest()
    low, high = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")
    word0, word1, _, _ = words(key[0], key[1], low, high, NAME, 0)
    return int(word0), int(word1)


def numbered_key(key: Key, number: int) -> Key:
    """Return the key of the unit of a number within something that has a key."""
    word0, word1, _, _ = words(key[0], key[1], number, 0, NAME, 1)
    return int(word0), int(word1)


def force_key(key: Key, slug: str) -> Key:
    """Return the key of a force."""
    return named_key(key, f"force:{slug}")


def place_keys(scenario: Scenario, key: Key) -> list[Key]:
    """Return the keys of all places, in the order of the scenario."""
    return [named_key(key, f"place:{slug}") for slug in scenario.places]


def draw_agents(scenario: Scenario, key: Key, purpose: int) -> NDArray[np.float64]:
    """Return four uniforms for every agent, as an array (n_agent, 4).

    A row depends on the force's name and the position in it alone.
    """
    return np.concatenate(
        [
            draw_blocks(force_key(key, slug), np.arange(force.paper), purpose)
            for slug, force in scenario.forces.items()
        ]
    )


def draw_blocks(key: Key, index: NDArray[np.int64], purpose: int) -> NDArray[np.float64]:
    """Return four uniforms in (0, 1) for every index, as an array (n, 4)."""
    out = np.empty((index.size, 4))
    fill_blocks(out, index, key[0], key[1], purpose)
    return out


@kernel
def fill_blocks(
    out: NDArray[np.float64], index: NDArray[np.int64], key0: int, key1: int, purpose: int
) -> int:
    """Fill rows with the four uniforms of each index.

    Parameters
    ----------
    out : (n, 4) float64
        *Overwritten*, in (0, 1).
    index : (n,) int64
        Counter word of each row, 0 to 2**32 - 1.
    """
    for i in range(index.size):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = block(key0, key1, index[i], 0, purpose)
    return index.size
