r"""V13: Lanchester's laws as limits of the rule of losses at a small step.

Square law: :math:`\dot A=-\beta B`, :math:`\dot B=-\alpha A` keeps :math:`\alpha A^2-\beta B^2`;
1,000 against 800 at 0.05 an hour leave 600 after
:math:`(\alpha\beta)^{-1/2}\mathrm{artanh}(\sqrt{\beta/\alpha}\,B_0/A_0)=21.97225` h. Linear law: both sides
lose alike, :math:`A_0-A=B_0-B`, and 200 are left. Between, the rule's exponent e gives
:math:`\dot A=-\beta B^eA^{1-e}`: e = 1 is the square law, e = 1/2 the linear one, and e = 0 the
logarithmic law, in which each side melts at its own pace whatever the other's number.

The same through whole runs: a garrison of people with full effort and an attack by fighters, who are
a quantity; each defender dies by a draw. Nobody leaves, and the place falls by nothing but what a test
says. Men for men, A attackers lose :math:`\beta D` an hour (`attacker_loss_rate`) and D defenders
:math:`\alpha A` (`defender_loss_rate` times `attacker_power`), so that :math:`q=\alpha/\beta` is how many
defenders one attacker is worth. Fought to the end the sides are equal at :math:`q=(D_0/A_0)^2` by the
square law, :math:`D_0/A_0` by the linear one: 44.4 and 6.67 for 1,500 against 10,000. Above parity
:math:`A_0\sqrt{1-(D_0/A_0)^2/q}` or :math:`A_0-D_0/q` attackers are left.

Break fractions: defenders break at a loss of :math:`f_D`, attackers of :math:`f_A`, and the defenders
first iff :math:`\alpha A_0^2(1-(1-f_A)^2)>\beta D_0^2(1-(1-f_D)^2)`: at :math:`f_A=.3` parity falls from
44.4 to 3.45 for :math:`f_D=.02` and 16.6 for .1. In the engine a garrison breaks when fewer than
`least_present` of its people are there, :math:`1-f_D`. **Attackers have no break fraction**: they stop
assaulting where D/P passes `assault_ratio`; set to :math:`(1-f_D)D_0/((1-f_A)A_0)` that is the
same at parity, and on either side of it. Since that ratio is at most 100, fights to the end are followed
until one side is a twentieth of the other and finished by the law's formula.

Tolerances: three standard errors over replicates, at steps in which no side loses more than a few
thousandths. Wrong twin: the other law; for break fractions, the parity of a fight to the end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from contacts import people_with

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import status
from standfast.kernels._jit import kernel
from standfast.kernels.combat import SIEGE, losses
from standfast.testing.limits import crowd

if TYPE_CHECKING:
    from standfast.engine.compile import Plan

pytestmark = pytest.mark.theory


@kernel
def fight_on(a, b, rate, exponent, dt, steps):
    """Return both sides at every step, by the midpoint rule; ends when a side is under half a man."""
    path = np.zeros((steps + 1, 2))
    path[0, 0], path[0, 1] = a, b
    for n in range(steps):
        half_a = a - losses(a, b, rate, exponent, 0.5 * dt)
        half_b = b - losses(b, a, rate, exponent, 0.5 * dt)
        a -= losses(half_a, half_b, rate, exponent, dt)
        b -= losses(half_b, half_a, rate, exponent, dt)
        path[n + 1, 0], path[n + 1, 1] = a, b
        if b < 0.5:
            return path[: n + 2]
    return path


def test_square_law():
    dt = 0.001
    path = fight_on(1000.0, 800.0, 0.05, 1.0, dt, 30_000)
    assert path[-1, 0] == pytest.approx(600.0, abs=0.5)
    assert (len(path) - 1) * dt == pytest.approx(21.97225, abs=0.03)
    kept = path[:, 0] ** 2 - path[:, 1] ** 2
    assert kept == pytest.approx(np.full(kept.size, 360_000.0), rel=1e-6)


def test_linear_law():
    path = fight_on(1000.0, 800.0, 0.05, 0.5, 0.01, 60_000)
    assert path[-1, 0] == pytest.approx(200.0, abs=0.5)
    assert np.ptp(path[:, 0] - path[:, 1]) < 1e-6


def test_logarithmic_law():
    path = fight_on(1000.0, 800.0, 0.05, 0.0, 0.01, 2000)
    assert path[-1, 0] / path[-1, 1] == pytest.approx(1.25, rel=1e-9)
    assert path[-1, 0] == pytest.approx(1000.0 * math.exp(-1.0), rel=1e-6)


def test_the_laws_are_told_apart():
    survivors = {e: fight_on(1000.0, 800.0, 0.05, e, 0.01, 60_000)[-1, 0] for e in (1.0, 0.5)}
    assert abs(survivors[1.0] - 200.0) > 300
    assert abs(survivors[0.5] - 600.0) > 300


def test_nobody_fights_an_empty_side():
    assert losses(0.0, 10.0, 0.1, 1.0, 1.0) == 0.0
    assert losses(10.0, 0.0, 0.1, 0.5, 1.0) == 0.0


def battle(
    defenders: int,
    attackers: int,
    defender_loss: float,
    attacker_loss: float,
    *,
    exponent: float = 1.0,
    least_present: float = 0.0,
    assault_ratio: float = 100.0,
) -> Plan:
    """Return a fight between people of full effort and fighters of the same power."""
    scenario = crowd(
        defenders,
        on=["M33", "M34"],
        behaviour={
            "decision": {"rate_max": "0 / h"},
            "resolve": {"resolve_start": 1.0, "resolve_spread": 0.0, "combat_exhaustion": "5 y"},
            "fear": {"shock_combat": 0.0},
            "combat": {
                "attacker_power": 1.0, "lanchester_exponent": exponent, "break_ratio": 0.0,
                "defender_loss_rate": f"{defender_loss} / h", "attacker_loss_rate": f"{attacker_loss} / h",
                "least_present": least_present,
            },
            "front": {"support_drag": 0.0, "assault_ratio": assault_ratio},
        },
        step="0.25 h",
        events=[{"kind": "attack", "id": "a", "at": "0 h", "place": "here", "fighters": attackers}],
    )  # fmt: skip
    return compile_plan(scenario, 1, people=people_with(scenario, fear_baseline=0.0))


def fought(plan: Plan, replicate: int) -> tuple[int, float, float]:
    """Return defenders, attackers and hours when one side is down to a twentieth of the other."""
    run = Run(plan, replicate)
    while True:
        run.advance()
        defenders, attackers = int(run.arrays["place_duty"][0]), float(run.arrays["fighters"][0])
        if 20 * min(defenders, attackers) < max(defenders, attackers):
            return defenders, attackers, run.step * 0.25


def of_runs(values: np.ndarray) -> tuple[float, float]:
    """Return the mean and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))


@pytest.mark.parametrize(("exponent", "share", "other"), [(1.0, 0.6, 0.2), (0.5, 0.2, 0.6)])
def test_a_garrison_beats_fewer_attackers(verified, exponent, share, other):
    """1,000 against 800, five times over and five times slower than above; the rest by formula."""
    plan = battle(5000, 4000, 0.01, 0.01, exponent=exponent)
    ends = np.array([fought(plan, k) for k in range(6)])
    defenders, attackers, hours = ends.T
    squares = np.sqrt(defenders**2 - attackers**2)
    mean, error = of_runs((squares if exponent == 1.0 else defenders - attackers) / 5000)
    law = "square" if exponent == 1.0 else "linear"
    verified(
        "V13", f"whole run, {law} law: share of 1,000 left after 800", measured=mean, expected=share,
        tolerance=3 * error, tolerance_from="3 s.e., 6 runs of 5,000 against 4,000", wrong=other,
        wrong_twin="the other law", source="Lanchester 1916",
    )  # fmt: skip
    if exponent == 1.0:
        mean, error = of_runs((hours + np.arctanh(attackers / defenders) / 0.01) / 5.0)
        verified(
            "V13", "whole run, square law: hours to annihilation", measured=mean, expected=21.97225,
            tolerance=3 * error, tolerance_from="3 s.e., 6 runs", wrong=800 / (0.05 * 1000),
            wrong_twin="as if nobody of the 1,000 died", source="Lanchester 1916",
        )  # fmt: skip


def test_each_side_melts_at_its_own_pace(verified):
    """Exponent 0, 25 h at 0.02 an hour: both are at exp(-1/2), whoever has more."""
    plan = battle(10_000, 2000, 0.02, 0.02, exponent=0.0)
    for_25_hours = [_after(plan, k, 100) for k in range(4)]
    mean, error = of_runs(np.array([defenders for defenders, _ in for_25_hours]) / 10_000)
    verified(
        "V13", "whole run, logarithmic law: share of defenders left", measured=mean,
        expected=math.exp(-0.5), tolerance=3 * error + 0.001, wrong=_square(1.0, 0.2, 0.5),
        tolerance_from="3 s.e., 4 runs, and the step of 1/4 h", wrong_twin="square law",
    )  # fmt: skip
    attackers = for_25_hours[0][1] / 2000
    assert attackers == pytest.approx(math.exp(-0.5), rel=0.002)


def _square(own: float, other: float, rate_hours: float) -> float:
    return own * math.cosh(rate_hours) - other * math.sinh(rate_hours)


def _after(plan: Plan, replicate: int, steps: int) -> tuple[int, float]:
    run = Run(plan, replicate)
    for _ in range(steps):
        run.advance()
    return int(run.arrays["place_duty"][0]), float(run.arrays["fighters"][0])


@pytest.mark.parametrize(
    ("exponent", "parity", "left"),
    [(1.0, 44.444, math.sqrt(1.0 / 3.0)), (0.5, 6.6667, 1.0 / 3.0)],
)
def test_parity_of_the_few_and_the_many(verified, exponent, parity, left):
    """1,500 against 10,000 at half again the quality of parity: attackers left, by the law."""
    rate = 0.002 if exponent == 1.0 else 0.004
    plan = battle(10_000, 1500, 1.5 * parity * rate, rate, exponent=exponent)
    defenders, attackers, _ = np.array([fought(plan, k) for k in range(6)]).T
    worth = 1.5 * parity
    to_come = defenders**2 / worth if exponent == 1.0 else defenders / worth
    ends = np.sqrt(attackers**2 - to_come) if exponent == 1.0 else attackers - to_come
    mean, error = of_runs(ends / 1500)
    # survivors give back the parity: (A / A0)^2 = 1 - parity / q, or A / A0 = 1 - parity / q
    lost, slope = (1.0 - mean**2, 2.0 * mean) if exponent == 1.0 else (1.0 - mean, 1.0)
    assert mean == pytest.approx(left, abs=4 * error)
    verified(
        "V13", f"quality at which 1,500 equal 10,000, exponent {exponent}", expected=parity,
        measured=1.5 * parity * lost, tolerance=1.5 * parity * 3 * slope * error,
        tolerance_from="3 s.e., 6 runs", wrong={44.444: 6.6667, 6.6667: 44.444}[parity],
        wrong_twin="the other law", source="Lanchester 1916",
    )  # fmt: skip


@pytest.mark.parametrize(("breaks_at", "parity"), [(0.02, 3.45), (0.1, 16.6)])
def test_will_is_worth_an_order_of_magnitude(verified, breaks_at, parity):
    """Attackers bear 30 %, defenders 2 or 10 %: who breaks first, on either side of parity."""
    exact = (1.0 - (1.0 - breaks_at) ** 2) / (1.0 - 0.7**2) * (10_000 / 1500) ** 2
    assert exact == pytest.approx(parity, abs=0.05)
    ratio = (1.0 - breaks_at) * 10_000 / (0.7 * 1500)
    fell = {}
    for factor in (0.8, 1.25):
        plan = battle(20_000, 3000, factor * exact * 0.002, 0.002,
                      least_present=1.0 - breaks_at, assault_ratio=ratio)  # fmt: skip
        fell[factor] = [_falls(plan, k) for k in range(3)]
    lasted = [factor for factor, falls in fell.items() if not any(falls)]
    taken = [factor for factor, falls in fell.items() if all(falls)]
    assert (lasted, taken) == ([0.8], [1.25])
    verified(
        "V13", f"quality at which 1,500 break 10,000 who bear {breaks_at:.0%}", expected=exact,
        measured=exact * math.sqrt(0.8 * 1.25), tolerance=0.25 * exact, wrong=44.444,
        tolerance_from="held in all of 3 runs at 0.8, fell in all at 1.25 of it",
        wrong_twin="parity of a fight to the end", source="derived here",
    )  # fmt: skip


def _falls(plan: Plan, replicate: int) -> bool:
    """Return whether the place falls before the attackers stop assaulting."""
    run = Run(plan, replicate)
    while True:
        run.advance()
        if run.arrays["control"][0] == status.ADVERSARY:
            return True
        if run.arrays["intensity"][0] <= SIEGE:
            return False
