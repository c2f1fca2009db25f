"""Nearest names: what somebody probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTED = 12


def nearest(name: object, known: Iterable[str]) -> str | None:
    """Return the known name most like a given one, or None when none is alike.

    Examples
    --------
    >>> nearest("samara", ["mosul", "samarra"])
    'samarra'
    """
    known = list(known)
    text = str(name)[:80]
    folded = {k.lower(): k for k in known}
    if (same := folded.get(text.lower().replace("_", "-"))) is not None:
        return same
    matches = get_close_matches(text.lower(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def suggest(name: object, known: Iterable[str], what: str) -> str:
    """Return advice: the nearest name, and the list of names when it is short.

    Examples
    --------
    >>> suggest("samara", ["mosul", "samarra"], "places")
    'Did you mean "samarra"? The places are mosul, samarra.'
    """
    known = list(known)
    near = nearest(name, known)
    first = f'Did you mean "{near}"? ' if near else ""
    if not known:
        return f"There are no {what}."
    if len(known) > _LISTED:
        return first or f"There are {len(known)} {what}, such as {', '.join(known[:5])}."
    return f"{first}The {what} are {', '.join(known)}."
