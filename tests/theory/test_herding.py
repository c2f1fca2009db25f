r"""V16: information cascades (Bikhchandani, Hirshleifer and Welch 1992), one person deciding after another.

Each has a private signal, right with probability p, sees what all before him did, and leaves or stays
once; a tie is decided by a coin. The first follows his signal; the second too if it agrees with what
he saw, else the coin; after two alike everybody follows, whatever his signal; after two unlike it starts
anew. A pair ends in the right cascade with :math:`p(1+p)/2`, in the wrong one with
:math:`(1-p)(2-p)/2`, in neither with :math:`p-p^2`, so that

.. math:: P(\text{right})=\frac{p(p+1)}{2(1-p+p^2)},\qquad P(\text{wrong})=\frac{(1-p)(2-p)}{2(1-p+p^2)}.

As pressure: with :math:`\sigma=\pm1` the signal to leave, :math:`\epsilon=\pm\tfrac12` the coin and L the
number gone of the n before him, somebody leaves iff :math:`(2L-n)+\sigma+\epsilon>0`, which is that rule
(2L - n is 0 or 2 in size at odd, 1 at even places until a cascade, and grows from then on).

The engine expresses it whole, though its people decide at once and again and again: a **call-up**
(M19) is a moment of decision. The n-th people of all sequences are one force at a place of its own that
is called up at step n; only then does the push of the order, as large as their commitment, bring U to
:math:`2L-n+\sigma+\epsilon`, and it has faded by the next step. Who came before is known by phone: 16
people who are all tied to each other and never forget (`peer_phone`, memory 1,000 years; the weight of
the share gone, 2 times 15, gives 2L). Signals and coins are put into people's commitments. 10,000
sequences run at once. A sequence without a cascade after 16 has chance :math:`(p-p^2)^8<2\cdot10^{-5}`.

To leave is wrong here, so that the wrong cascade is a collapse by false rumour. Wrong twins: ties
decided by one's own signal, :math:`p^2/(p^2+(1-p)^2)` right; people who forget within a step.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from contacts import by_phone, everybody_with_everybody, in_towns, people_with

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.testing.limits import crowd

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

SEQUENCES, LENGTH = 10_000, 16
PUSH = 60.0
SOURCE = "Bikhchandani, Hirshleifer and Welch 1992"


def right(p: float) -> float:
    return p * (p + 1.0) / (2.0 * (1.0 - p + p * p))


def by_own_signal(p: float) -> float:
    """Return the chance of the right cascade when a tie is decided by one's own signal."""
    return p * p / (p * p + (1.0 - p) ** 2)


def acts(p: float, memory: str = "1000 y") -> np.ndarray:
    """Return who left, (SEQUENCES, LENGTH), when staying is right."""
    step = 6
    scenario = crowd(
        SEQUENCES,
        on=["M19", "M22"],
        behaviour={
            "decision": {
                "rate_max": "100 / h", "spread": 1e-3, "commitment": 0.0, "weight_order": 20.0,
            },
            "command": {"order_by_call_up": PUSH / 20.0, "order_decay": "1 h"},
            "comrades": {
                "peer_squad": 0.0, "peer_company": 0.0, "peer_phone": 2.0 * (LENGTH - 1), "memory": memory,
            },
        },
        step=f"{step} h",
        horizon=f"{step * (LENGTH + 2)} h",
    )  # fmt: skip
    scenario = in_towns(scenario, LENGTH, _call_ups(step))
    rng = np.random.default_rng(round(1000 * p))
    signal = np.where(rng.random((LENGTH, SEQUENCES)) < p, -1.0, 1.0)
    coin = np.where(rng.random((LENGTH, SEQUENCES)) < 0.5, -0.5, 0.5)
    before = np.arange(LENGTH)[:, None]
    people = people_with(
        scenario, deviation=(PUSH + before - signal - coin).ravel(), fear_baseline=1.0
    )
    sequences = np.arange(LENGTH * SEQUENCES).reshape(LENGTH, SEQUENCES).T
    plan = compile_plan(
        scenario, 1, people=people, network=by_phone(everybody_with_everybody(sequences))
    )
    run = Run(plan, 0)
    for _ in range(LENGTH + 2):
        run.advance()
    steps = run.arrays["departure_step"].reshape(LENGTH, SEQUENCES)
    assert np.array_equal(np.unique((steps - before)[steps >= 0]), [0]), "each in his turn"
    return (steps >= 0).T


def _call_ups(step: int):
    def events(name: str) -> list[dict[str, object]]:
        at = f"{step * int(name[1:])} h"
        return [{"kind": "call_up", "id": name, "at": at, "places": [name]}]

    return events


@pytest.mark.parametrize(
    ("p", "chance"), [(0.6, 0.631579), (0.7, 0.753165), (0.8, 0.857143)]
)  # fmt: skip
def test_cascades(verified, p, chance):
    assert right(p) == pytest.approx(chance, abs=5e-7)
    left = acts(p)
    last = left[:, -2:]
    assert (last[:, 0] == last[:, 1]).mean() > 0.999, "all in a cascade"
    error = math.sqrt(chance * (1.0 - chance) / SEQUENCES)
    verified(
        "V16", f"right cascade, signals right with {p}", measured=1.0 - last[:, 1].mean(), expected=chance,
        tolerance=3 * error, tolerance_from=f"3 s.e., {SEQUENCES} sequences", wrong=by_own_signal(p),
        wrong_twin="ties by one's own signal", source=SOURCE,
    )  # fmt: skip
    verified(
        "V16", f"collapse by false rumour, signals right with {p}", measured=last[:, 1].mean(),
        expected=(p - 2.0) * (p - 1.0) / (2.0 * (1.0 - p + p * p)), tolerance=3 * error,
        tolerance_from=f"3 s.e., {SEQUENCES} sequences", wrong=1.0 - p,
        wrong_twin="each by his own signal", source=SOURCE,
    )  # fmt: skip


def test_who_forgets_does_not_herd(verified):
    """With a memory of an hour at steps of six nobody knows what any but the last one did."""
    p = 0.7
    herds = right(p)
    forgetful = acts(p, memory="1 h")[:, -1].mean()
    verified(
        "V16", "last of a sequence stays, of those who remember", measured=1.0 - acts(p)[:, -1].mean(),
        expected=herds, tolerance=3 * math.sqrt(herds * (1.0 - herds) / SEQUENCES),
        tolerance_from=f"3 s.e., {SEQUENCES} sequences", wrong=1.0 - forgetful,
        wrong_twin="people who forget, through the engine", source=SOURCE,
    )  # fmt: skip
