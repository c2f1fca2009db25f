r"""V19: Agent_Zero (Epstein 2013): somebody without any stimulus acts by the disposition of others.

:math:`D_i=V_i+P_i+\sum_{j\ne i}\omega_{ji}(V_j+P_j)`, and i acts iff :math:`D_i>\tau_i`. With
:math:`V_i=P_i=0` and two others at .9, :math:`\omega=.3` gives .54 and acts at :math:`\tau=.5`;
:math:`\omega=.25` gives .45 and does not.

In the engine disposition is fear F, and contagion takes up a share u of the *mean* around, weighted by
expressiveness :math:`\varepsilon`, in a step: from calm, without amplification,
:math:`F_i=u\sum_j\varepsilon_jF_j/\sum_j\varepsilon_j`. So :math:`\omega_{ji}=u\varepsilon_j/\sum\varepsilon`: the
published numbers are one step in squads of three, at u = .6 and .5, where the third shows nothing of
his own. U = 10 F - 5 with a sharp threshold acts iff F > .5.

**A sum cannot be expressed**: the weights of all others add up to u <= 1, so that D never passes the
highest disposition around, where Epstein's four at .9 with :math:`\omega=.3` make 1.08; and with more
steps F goes to the mean itself. Fading to a baseline of 0 within a year takes 1.1e-4 of F.

The learning of V: delta = 0 is Rescorla and Wagner (V18), delta = 1 grows logistically and is tested as
fear that amplifies, with V20. Wrong twins: oneself among those he looks at, .36 for .54; nobody to
catch it from, 0.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from contacts import people_with

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

SQUADS = 100
KEPT = math.exp(-1.0 / 8766.0)
SOURCE = "Epstein 2013"


def third_man(
    taken: float, others: tuple[float, ...], voices: tuple[float, ...], own_voice: float = 0.0
) -> tuple[float, float]:
    """Return the fear of the calm one of each squad after a step, and the share of them who act."""
    size = len(others) + 1
    scenario = crowd(
        SQUADS * size,
        on=["M06"],
        scheme={"squad": size, "company": size, "battalion": size},
        behaviour={
            "decision": {"rate_max": "100 / h", "spread": 1e-6, "commitment": 5.0, "weight_fear": 10.0},
            "fear": {
                "contagion_rate": f"{-math.log1p(-taken)!r} / h", "amplification": 0.0, "fear_decay": "1 y",
                "weight_squad": 1.0, "weight_company": 0.0, "weight_phone": 0.0, "weight_kin": 0.0,
            },
        },
    )  # fmt: skip
    people = people_with(
        scenario,
        fear_baseline=np.tile([*others, 0.0], SQUADS),
        expressiveness=np.tile([*voices, own_voice], SQUADS),
        openness=1.0,
    )
    run = Run(compile_plan(scenario, 1, people=people), 0)
    run.advance()
    third = np.arange(SQUADS * size) % size == size - 1
    assert np.ptp(run.arrays["fear"][third]) == 0.0
    return float(run.arrays["fear"][third][0]), float(
        (run.arrays["departure_step"][third] == 0).mean()
    )


@pytest.mark.parametrize(("weight", "disposition", "acts"), [(0.3, 0.54, 1.0), (0.25, 0.45, 0.0)])
def test_a_calm_one_among_two(verified, weight, disposition, acts):
    fear, share = third_man(2 * weight, (0.9, 0.9), (0.5, 0.5))
    among, others = third_man(2 * weight, (0.9, 0.9), (0.5, 0.5), own_voice=0.5)
    verified(
        "V19", f"D of somebody calm, two at .9 with weight {weight}", measured=fear, tolerance=2e-6,
        expected=disposition * KEPT, tolerance_from="float32; a year's fading taken off", wrong=among,
        wrong_twin="oneself among them, through the engine", source=SOURCE,
    )  # fmt: skip
    verified(
        "V19", f"share of them who act, weight {weight}, threshold .5", measured=share, expected=acts,
        tolerance=0.0, tolerance_from="exact", wrong=others if acts else 1.0,
        wrong_twin="oneself among them, through the engine" if acts else "acts at any D", source=SOURCE,
    )  # fmt: skip


def test_weights_go_by_expressiveness(verified):
    fear, _ = third_man(0.6, (0.9, 0.3), (0.75, 0.25))
    verified(
        "V19", "D with weights .45 and .15 on .9 and .3", measured=fear, expected=0.45 * KEPT, tolerance=2e-6,
        tolerance_from="float32; a year's fading taken off", wrong=0.6 * 0.6, wrong_twin="equal weights",
        source=SOURCE,
    )  # fmt: skip


def test_a_mean_never_passes_the_highest(verified):
    """Four at .9 at the u that gives each of two .3: the mean is as before, the sum twice as high."""
    fear, share = third_man(0.6, (0.9,) * 4, (0.5,) * 4)
    assert share == 1.0
    verified(
        "V19", "four at .9, u = .6: D of the mean, not 1.08", measured=fear, expected=0.54 * KEPT,
        tolerance=2e-6, tolerance_from="float32; a year's fading taken off", wrong=1.08,
        wrong_twin="the published sum, four times .3 of .9", source=SOURCE,
    )  # fmt: skip


def test_nobody_acts_alone():
    fear, share = third_man(0.6, (0.0, 0.0), (0.5, 0.5))
    assert (fear, share) == (0.0, 0.0)
