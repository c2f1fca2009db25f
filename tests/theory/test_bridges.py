r"""V8: wide bridges and long ties, by Centola and Macy (2007), Morris (2000), and Eckles et al. (2024).

On a ring where everybody is tied to the z next to him and leaves once at least a of them have, a block
of z/2 + 1 spreads along the whole ring iff :math:`a\le z/2`: the next :math:`z/2-a+1` on each side have
a ties into it, and so many follow on each side in a step, until the two fronts meet. The bridge
between neighbourhoods needs a (a + 1) / 2 ties, and z (z + 2) / 8 are there. On a square grid of eight
neighbours a block grows iff :math:`a\le3`, Morris' 3/8. In the engine: phone contacts, U = w (m - a + 1/2) / z
for m of z gone, next to no spread; exact.

**Long ties.** Swap the ends of a tenth of the ties of a ring with z = 4, a = 2, so that everybody
keeps his number of ties: bridges one tie wide carry nothing, and the first gap stops all. With a
spread of U of 0.6, one contact gone of two needed makes somebody leave with chance 0.024 a step
(none gone: 1e-9): now a long tie starts fronts elsewhere, and the crowd is gone several times sooner
than on the ring. Twenty crowds each; the slowest with long ties is compared with the fastest without.
The wrong twin carries the finding without noise over to people who err.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from crowds import (
    WEIGHT,
    gone,
    layer_of,
    moore_torus,
    plan_of,
    rewire,
    ring,
    run_until_calm,
    sharp,
    side_by_side,
)

from standfast.engine.run import Run

pytestmark = pytest.mark.theory

#: ties of each, ties that must have gone, steps until all have, or 0 where the block stays alone
RINGS = (
    (4, 1, 50), (4, 2, 98), (4, 3, 0),
    (6, 1, 33), (6, 2, 49), (6, 3, 97), (6, 4, 0),
    (8, 1, 25), (8, 2, 33), (8, 3, 49), (8, 4, 96), (8, 5, 0),
)  # fmt: skip
PEOPLE = 200
NEVER = 10**9


def test_rings(verified):
    parts = [ring(PEOPLE, z) for z, _, _ in RINGS]
    thresholds = np.repeat([WEIGHT * (a - 0.5) / z for z, a, _ in RINGS], PEOPLE)
    number = PEOPLE * len(RINGS)
    plan = plan_of(
        number,
        thresholds,
        sharp("peer_phone"),
        phone=layer_of(number, *side_by_side(parts, PEOPLE)),
    )
    run = Run(plan, 0)
    for block, (z, _, _) in zip(run.arrays["commitment"].reshape(-1, PEOPLE), RINGS, strict=True):
        block[: z // 2 + 1] = -1.0
    run_until_calm(run)
    when = run.arrays["departure_step"].reshape(-1, PEOPLE)
    for (z, a, steps), row in zip(RINGS, when, strict=True):
        if steps:
            verified("V8", f"ring of 200, z = {z}, a = {a}: steps until all are gone", measured=row.max() if (row >= 0).all() else NEVER,
                     expected=steps, tolerance=0, tolerance_from="",
                     wrong=math.ceil((PEOPLE - z // 2 - 1) / (2 if a == 1 else z)),
                     wrong_twin="one a side in a step" if a == 1 else "one contact is enough",
                     source="Centola and Macy 2007")  # fmt: skip
        else:
            verified("V8", f"ring of 200, z = {z}, a = {a}: per cent gone", measured=100 * (row >= 0).mean(),
                     expected=100 * (z / 2 + 1) / PEOPLE, tolerance=1e-9, tolerance_from="rounding",
                     wrong=100, wrong_twin="one contact is enough")  # fmt: skip


@pytest.mark.parametrize(("a", "expected"), [(3, 1.0), (4, 25 / 41**2)])
def test_square_grid(verified, a, expected):
    side = 41
    plan = plan_of(
        side * side, np.full(side * side, WEIGHT * (a - 0.5) / 8), sharp("peer_phone"),
        phone=layer_of(side * side, *moore_torus(side)),
    )  # fmt: skip
    run = Run(plan, 0)
    run.arrays["commitment"].reshape(side, side)[:5, :5] = -1.0
    run_until_calm(run)
    verified("V8", f"grid of eight neighbours, a = {a}: share gone", measured=gone(run).mean(),
             expected=expected, tolerance=1e-9, tolerance_from="rounding",
             wrong=25 / side**2 if a == 3 else 1.0,
             wrong_twin="threshold 1/4, four neighbours" if a == 3 else "threshold 1/2, as on a ring",
             source="Morris 2000")  # fmt: skip


def crowds_with_long_ties(share: float, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Return of twenty crowds of 1,000 the share gone after 600 steps, and when 90 % were."""
    size, z, a, number = 1000, 4, 2, 20
    parts = [rewire(*ring(size, z), share, 100 + k) for k in range(number)]
    behaviour = sharp("peer_phone")
    behaviour["decision"]["spread"] = spread
    plan = plan_of(
        size * number, np.full(size * number, WEIGHT * (a - 0.5) / z), behaviour,
        phone=layer_of(size * number, *side_by_side(parts, size)),
    )  # fmt: skip
    run = Run(plan, 0)
    run.arrays["commitment"].reshape(number, size)[:, : z // 2 + 1] = -WEIGHT
    for _ in range(600):
        run.advance()
    when = run.arrays["departure_step"].reshape(number, size)
    ordered = np.sort(np.where(when < 0, NEVER, when), axis=1)
    return (when >= 0).mean(axis=1), ordered[:, int(0.9 * size) - 1]


def test_long_ties_hinder_the_unerring(verified):
    ring_share, steps = crowds_with_long_ties(0.0, 1e-7)
    assert (ring_share == 1.0).all()
    verified("V8", "no noise, ring of 1,000, z = 4, a = 2: steps until 90 % are gone", measured=steps[0],
             expected=math.ceil((900 - 3) / 2), tolerance=0, tolerance_from="",
             wrong=math.ceil(897 / 4), wrong_twin="one contact is enough")  # fmt: skip
    share, _ = crowds_with_long_ties(0.1, 1e-7)
    verified("V8", "no noise, a tenth of the ties long: largest share gone of twenty crowds",
             measured=share.max(), expected=0.1, relation="<=", tolerance=0.0,
             tolerance_from="", wrong=1.0, wrong_twin="long ties help, as for news",
             source="Centola and Macy 2007")  # fmt: skip


@pytest.mark.statistical
def test_long_ties_help_the_erring(verified):
    _, on_ring = crowds_with_long_ties(0.0, 0.6)
    share, with_long = crowds_with_long_ties(0.1, 0.6)
    assert share.min() == 1.0
    verified("V8", "noise of 0.024: slowest crowd with a tenth of long ties, steps over fastest on a ring",
             measured=with_long.max() / on_ring.min(), expected=0.5, relation="<=", tolerance=0.0,
             tolerance_from="twenty crowds each, none overlaps", wrong=1.0,
             wrong_twin="long ties hinder, as without noise: no faster", source="Eckles et al. 2024")  # fmt: skip
