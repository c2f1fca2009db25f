"""Which changes of status are possible within one step, and why: the table of the ODD, as data.

Whatever is not in `TRANSITIONS` must not happen; whatever is in it does happen in random scenarios
(`tests/property/test_transitions.py`). `docs/model/transitions.md` is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.scenario.vocabulary import EXITS, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_STATUS = len(STATUS)


@dataclass(frozen=True)
class Transition:
    """A change of status within one step.

    Parameters
    ----------
    start, end
        Names from `STATUS`.
    says
        When it happens.
    mechanisms
        Those whose switches it takes, such as ``"M32"``; several give the same change in
        different ways.
    """

    start: str
    end: str
    says: str
    mechanisms: str


_WAYS_OUT = {
    "hiding": ("goes home and hides there", "M12"),
    "displaced": ("takes refuge with family or in a safe place", "M27 M29"),
    "renounced": ("renounces publicly under an ultimatum", "M11"),
    "abroad": ("leaves the country", "M30"),
    "defected": ("goes over to the adversary or its allies", "M31"),
}

TRANSITIONS: tuple[Transition, ...] = (
    Transition("duty", "leave", "goes on leave in turn; not from a place in contact", ""),
    *(
        Transition("duty", end, f"leaves and {_WAYS_OUT[end][0]}", _WAYS_OUT[end][1])
        for end in EXITS
    ),
    Transition("duty", "dead", "killed in combat, or shot on the way out", "M28 M33"),
    Transition(
        "duty", "captured", "captured in combat, in a rout, or on the way out", "M28 M33 M34"
    ),
    Transition("leave", "duty", "returns from leave to a unit that still exists", ""),
    Transition("leave", "back", "reports in the rear, since the unit is gone", "M34"),
    *(
        Transition("leave", end, f"does not return, and {_WAYS_OUT[end][0]}", _WAYS_OUT[end][1])
        for end in EXITS
    ),
    Transition("leave", "dead", "killed at home, where the adversary attacks the family", "M09"),
    Transition("hiding", "back", "comes back to service", "M32"),
    Transition("displaced", "back", "comes back to service", "M32"),
    Transition("back", "duty", "serves in the old unit again after retraining", "M32"),
)


def allowed_transitions() -> NDArray[np.bool_]:
    """Return which changes of status are allowed, by code before and code after.

    Returns
    -------
    (n_status, n_status) bool
        The diagonal, no change, is allowed.

    Examples
    --------
    >>> allowed = allowed_transitions()
    >>> duty, dead = STATUS.index("duty"), STATUS.index("dead")
    >>> bool(allowed[duty, dead]), bool(allowed[dead, duty])
    (True, False)
    """
    allowed = np.eye(N_STATUS, dtype=bool)
    for each in TRANSITIONS:
        allowed[STATUS.index(each.start), STATUS.index(each.end)] = True
    return allowed


def count_transitions(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count who changed from which status to which.

    Parameters
    ----------
    before, after : (n_agent,) uint8
        Codes of `STATUS`, each below their number.

    Returns
    -------
    (n_status, n_status) int64
        By code before and code after; adds up to n_agent.

    Examples
    --------
    >>> count_transitions(np.uint8([0, 0, 1]), np.uint8([0, 1, 1]))[:2, :2].tolist()
    [[1, 1], [0, 1]]
    """
    pairs = before.astype(np.int64) * N_STATUS + after
    counted = np.bincount(pairs, minlength=N_STATUS * N_STATUS)
    return counted.reshape(N_STATUS, N_STATUS)


def final_statuses() -> tuple[str, ...]:
    """Return the statuses that nobody leaves again.

    Examples
    --------
    >>> final_statuses()
    ('renounced', 'abroad', 'defected', 'dead', 'captured', 'ghost')
    """
    started = {each.start for each in TRANSITIONS}
    return tuple(name for name in STATUS if name not in started)
