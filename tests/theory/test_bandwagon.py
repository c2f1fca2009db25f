r"""V3: bandwagons, by Kuran (1989, 1991), as squads of ten.

Of ten people each joins once the per cent shown reaches his threshold. Two lists that differ in one
person by ten points part: A = 0, 20, 20, 30, .. stops at 10 %, with one 10 for a 20 all but the last
join. Two armies that look alike part otherwise: B' = 0, 10, 30, 30, .. stops at 20 %. In the engine
the ten see their squad, U = w S - w (theta - 5 %), and nothing is forgotten. The wrong twin lets
people join by the mean of the thresholds: below half a list, all join.
"""

from __future__ import annotations

import numpy as np
import pytest
from crowds import WEIGHT, gone, plan_of, run_until_calm, sharp

from standfast.engine.run import Run

pytestmark = pytest.mark.theory

LISTS = {
    "A": (0, 20, 20, 30, 40, 50, 60, 70, 80, 100),
    "A'": (0, 10, 20, 30, 40, 50, 60, 70, 80, 100),
    "B": (0, 20, 30, 30, 40, 50, 60, 70, 80, 100),
    "B'": (0, 10, 30, 30, 40, 50, 60, 70, 80, 100),
}
JOIN = {"A": 10, "A'": 90, "B": 10, "B'": 20}


def test_one_person_makes_the_bandwagon(verified):
    thresholds = np.array(list(LISTS.values()), dtype=float).ravel()
    scheme = {"squad": 10, "company": 40, "battalion": 40}
    plan = plan_of(40, WEIGHT * (thresholds - 5.0) / 100.0, sharp("peer_squad"), scheme=scheme)
    run = Run(plan, 0)
    run_until_calm(run)
    for (name, values), count in zip(
        LISTS.items(), gone(run).reshape(4, 10).sum(axis=1), strict=True
    ):
        wrong = 100.0 * (np.array(values) <= np.mean(values)).mean()
        verified("V3", f"list {name}: per cent who join", measured=10.0 * count, expected=JOIN[name],
                 tolerance=0, tolerance_from="", wrong=wrong,
                 wrong_twin="all whose threshold is under the mean", source="Kuran 1989, 1991")  # fmt: skip
