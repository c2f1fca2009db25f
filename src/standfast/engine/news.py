"""Putting news into circulation: a slot, its weights by place, and who learns it first (E8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.kernels import status
from standfast.kernels.information import open_news, seed_news

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

FEW = 0.05  # of those at a place are the first to hold a collapse for treachery


def circulate(
    arrays: Arrays,
    kind: int,
    place: int,
    step: int,
    key: tuple[int, int],
    share: NDArray[np.float64],
    *,
    needs_phone: bool = False,
) -> None:
    """Open a slot for a piece of news and tell it to the first who know.

    Parameters
    ----------
    share : (n_place,) float64
        Share of those posted at each place who learn it at once [1].
    """
    known = np.flatnonzero((arrays["news_kind"] == kind) & (arrays["news_place"] == place))
    if known.size:
        slot = int(known[0])  # more of the same about the same place is no new piece of news
    else:
        slot = int(arrays["slot_next"][0] % status.N_SLOT)
        arrays["slot_next"][0] += 1
        open_news(
            slot,
            kind,
            place,
            arrays["behaviour"],
            arrays["distance"],
            arrays["news_kind"],
            arrays["news_place"],
            arrays["news_weight"],
            arrays["heard"],
            arrays["spreading"],
        )
        # what was told of the piece that held the slot, and not yet taken in, is no news of this one
        arrays["heard_new"] &= np.uint8(255 ^ (1 << slot))
    seed_news(
        slot,
        share,
        needs_phone,
        arrays["battalion_told"],
        arrays["company_start"],
        arrays["company_battalion"],
        arrays["battalion_place"],
        arrays["agent_status"],
        arrays["phone"],
        key[0],
        key[1],
        step,
        kind,
        place,
        arrays["heard_new"],
    )


def circulate_requested(arrays: Arrays, step: int, key: tuple[int, int]) -> None:
    """Circulate what kernels asked for in this step, each kind and place once."""
    if arrays["n_queue"][0] == 0:
        return
    seen = set()
    for kind, place in arrays["queue"][: arrays["n_queue"][0]].tolist():
        if (kind, place) in seen:
            continue
        seen.add((kind, place))
        circulate(arrays, kind, place, step, key, first_to_know(arrays, kind, place))
        arrays["battalion_told"][:] = False
    arrays["n_queue"][0] = 0


def first_to_know(arrays: Arrays, kind: int, place: int) -> NDArray[np.float64]:
    """Return the share of people at each place who learn a piece of news at once."""
    share = np.zeros(arrays["control"].size)
    if kind == status.FLIGHT:
        return share  # the battalion itself learns it
    if kind == status.TREACHERY:
        share[place] = FEW
    elif kind != status.ALARM:
        share[place] = 1.0
    for other in neighbours(arrays, place):
        share[other] = max(share[other], float(arrays["behaviour"]["news_seed_share"][0]))
    return share


def neighbours(arrays: Arrays, place: int) -> Iterator[int]:
    """Yield the places a road leads to."""
    first, last = arrays["road_indptr"][place : place + 2]
    yield from arrays["road_indices"][first:last].tolist()
