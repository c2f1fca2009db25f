r"""V9: layers that carry nothing alone carry a cascade together, after Brummitt, Lee and Goh (2012).

**Squads and phones.** Anybody of whose squad or phone contacts one is gone leaves. Squads of c = 3
alone end with those in which somebody started; phone contacts alone, Poisson of mean z = 1/2, are under
their threshold of 1. Together a squad is a household (Ball, Mollison and Scalia-Tomba 1997): all of
it goes, and it has cz = 1.5 contacts outside, so that the share gone is
:math:`r=1-(1-\rho)e^{-czr}`, :math:`\rho` the share of squads in which somebody starts; of n squads it
has variance :math:`r(1-r)/n(1-cz(1-r))^2` (Stepanov 1970).

**Two layers of thresholds.** The engine adds the shares gone of phone contacts and of kin, and people
leave where the sum reaches phi = 0.18; of one contact gone it is enough that he is one of at most five
of his layer, as if either layer had to reach it. With z = 7 ties in each, either layer alone is too
dense for a cascade (B = 0.57 in `test_windows`), but one departure makes B more along the layer that
told and zV more along the other, V = P(Poisson(z) <= 4): 0.57 + 1.21 > 1. The share gone is that of
`targets.two_layer_share`, as V7 over both layers. A union of the same ties as one layer, z = 14, is
further from a cascade, not nearer: that is the wrong twin. "Either layer", as in the paper, cannot be
expressed, because pressures add; its condition for a cascade is the same.
"""

from __future__ import annotations

import numpy as np
import pytest
from crowds import WEIGHT, companies, gone, plan_of, poisson_ties, run_until_calm, sharp
from targets import cascade_share, outbreak_share, shared_by_all, two_layer_share

from standfast.engine.run import Run

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

SQUAD, SQUADS, MEAN, STARTED = 3, 50_000, 0.5, 0.01
PEOPLE, DENSE, PHI, SEEDS = 100_000, 7.0, 0.18, 0.001


def squads_and_phones(squad: float, phone: float) -> float:
    """Return the share gone, with these weights of squad and phone contacts."""
    number = SQUAD * SQUADS
    plan = plan_of(
        number, np.ones(number), sharp("peer_squad", peer_squad=squad, peer_phone=phone),
        scheme=companies(number, 1, SQUAD), phone=poisson_ties(np.array([MEAN]), number, 9),
    )  # fmt: skip
    run = Run(plan, 0)
    run.arrays["commitment"].reshape(SQUADS, SQUAD)[: round(STARTED * SQUADS), 0] = -1.0
    run_until_calm(run)
    return float(gone(run).mean())


def test_squads_and_phones(verified):
    r0 = SQUAD * MEAN
    alone = (STARTED, outbreak_share(MEAN, STARTED / SQUAD))
    expected = outbreak_share(r0, STARTED)
    rows = (
        ("squads alone", (WEIGHT, 0.0), alone[0], 1e-9, STARTED / SQUAD, "nobody sees his squad"),
        ("phones alone", (0.0, WEIGHT), alone[1], _error(alone[1], MEAN, SQUAD * SQUADS),
         STARTED / SQUAD, "nobody sees his contacts"),
        ("both", (WEIGHT, WEIGHT), expected, _error(expected, r0, SQUADS), sum(alone), "they add up"),
    )  # fmt: skip
    for says, weights, value, tolerance, wrong, twin in rows:
        verified("V9", f"squads of 3, 1/2 phone contact each, {says}: share gone",
                 measured=squads_and_phones(*weights), expected=value, tolerance=tolerance,
                 tolerance_from="4 standard errors" if tolerance > 1e-9 else "rounding", wrong=wrong,
                 wrong_twin=twin, source="Ball, Mollison and Scalia-Tomba 1997")  # fmt: skip


def _error(share: float, r0: float, number: int) -> float:
    return 4.0 * (share * (1.0 - share) / number) ** 0.5 / (1.0 - r0 * (1.0 - share))


def dense_layers(phone: float, kin: float) -> float:
    """Return the share gone with these weights of two dense layers."""
    ties = [poisson_ties(np.array([DENSE]), PEOPLE, seed) for seed in (1, 2)]
    plan = plan_of(
        PEOPLE, np.full(PEOPLE, WEIGHT * PHI), sharp("peer_squad", peer_squad=0.0, peer_phone=phone, peer_kin=kin),
        phone=ties[0], kin=ties[1],
    )  # fmt: skip
    run = Run(plan, 0)
    run.arrays["commitment"][: round(SEEDS * PEOPLE)] = -1.0
    run_until_calm(run)
    return float(gone(run).mean())


def test_two_layers_of_thresholds(verified):
    alone = cascade_share(DENSE, SEEDS, shared_by_all(PHI))
    both = two_layer_share(DENSE, SEEDS, PHI)
    as_one = cascade_share(2.0 * DENSE, SEEDS, shared_by_all(PHI))
    for says, weights, expected, wrong, twin in (
        ("phone alone", (WEIGHT, 0.0), alone, both, "any tie counts as both"),
        ("kin alone", (0.0, WEIGHT), alone, both, "any tie counts as both"),
        ("both", (WEIGHT, WEIGHT), both, as_one, "one layer of all ties"),
    ):
        verified("V9", f"two layers of 7 ties, phi = 0.18, 0.001 gone at the start, {says}: share gone",
                 measured=dense_layers(*weights), expected=expected, tolerance=0.01,
                 tolerance_from="N = 100,000, as V7", wrong=wrong, wrong_twin=twin,
                 source="Brummitt, Lee and Goh 2012")  # fmt: skip
