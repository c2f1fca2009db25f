r"""V17: Epstein's civil violence (2002), as far as the engine can express it.

Grievance :math:`G=H(1-L)`, risk :math:`N=R\,P`, with hardship H and aversion R uniform on (0, 1), and
active iff :math:`G-N>T`, T = .1. Without police P = 0 and a share :math:`P(H>T/(1-L))=1-T/(1-L)` is
active: .4444 at L = .82, .6667 at .7. H is put into people's commitment, :math:`a=T-H(1-L)`, with a
sharp threshold: one step.

**The arrest function differs.** Epstein's is :math:`P=1-e^{-k\,C/A}`, k = 2.3 (.899741 where police
equal active), by those active in sight; the engine's deterrence is :math:`\pi l\,e^{-S/K}` by the recent
departures S of the place (M20). Both fall as more act. As a function of A/C = x, Epstein's stays at 1 for
few and falls as k/x for many; the engine's, put equal at x = 1 (S = -K ln .899741 = .1056 K), is above it
at x = 10 (.348 against .205) and under it at x = 30 (.042 against .074): swamping is later and then
sharper. **Nobody is arrested, moves or sees only so far, and leaving is once for all**, so that
Epstein's recurrent bursts and the quiet near a policeman cannot be expressed. What is claimed about
tipping here is claimed of :math:`e^{-S/K}` only.

Aversion R is legitimacy l, 20 groups at the middles of 20 equal classes; the share active at first,
S = 0, is the mean over them of :math:`\max(0,1-(T+\pi R)/(1-L))`.

Salami: a grievance of .3 that comes at once makes many leave together, who swamp the deterrence of
the rest; in fifty slices four days apart, at a memory of a day, each slice is forgotten before the
next, and far fewer leave in all. Expected: with :math:`s(g,S)` the share of people whose U > 0 at common
grievance g and memory S, the share gone :math:`x\leftarrow\max(x,s(g,S))`,
:math:`S\leftarrow Se^{-\Delta t/\tau}+\Delta x`, on a grid of H. Binomial standard errors, three allowed.
Wrong twins: the share that forgets to divide by 1 - L; the same grievance the other way.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from contacts import people_with

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels.decision import punishment
from standfast.scenario.model import Scenario
from standfast.testing.limits import crowd

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

PEOPLE, CLASSES = 20_000, 20
AVERSION = (np.arange(CLASSES) + 0.5) / CLASSES
THRESHOLD, ARREST = 0.1, 0.899741
SOURCE = "Epstein 2002"


def rebels(
    legitimacy: float,
    *,
    deterrence: float = 0.0,
    threshold: float = THRESHOLD,
    capacity: float = 1.0,
    events: tuple[dict[str, object], ...] = (),
) -> Run:
    """Return a run of people with hardship and aversion drawn and a sharp threshold.

    A change of `leaving_safety` by x adds 2 x to everybody's U.
    """
    scenario = crowd(
        PEOPLE,
        on=["M20", "M29"],
        behaviour={
            "decision": {
                "rate_max": "100 / h", "spread": 1e-6, "commitment": 0.0, "weight_punishment": deterrence,
                "punishment_capacity": capacity, "weight_leaving_safety": 1.0,
            },
            "comrades": {"memory": "24 h"},
        },
        events=events,
        horizon="300 d",
    )  # fmt: skip
    names = [f"r{k}" for k in range(CLASSES)]
    changes = {
        "groups": {
            name: {"title": name, "legitimacy": float(r)}
            for name, r in zip(names, AVERSION, strict=True)
        },
        "forces": {
            "all": scenario.forces["all"].model_copy(
                update={"groups": dict.fromkeys(names, 1.0 / CLASSES)}
            )
        },
    }
    scenario = Scenario.model_validate(dict(scenario) | changes, strict=False)
    hardship = np.random.default_rng(17).random(PEOPLE)
    people = people_with(
        scenario,
        deviation=threshold - hardship * (1.0 - legitimacy),
        group=np.arange(PEOPLE) % CLASSES,
    )
    return Run(compile_plan(scenario, 1, people=people), 0)


def active(run: Run, steps: int = 1) -> float:
    """Return the share who left after some steps."""
    for _ in range(steps):
        run.advance()
    return float((run.arrays["departure_step"] >= 0).mean())


def share(room: float, deterrence: float, width: float) -> float:
    """Return P(H width + room > R deterrence), H uniform and R in its classes."""
    return float(np.clip(1.0 - (deterrence * AVERSION - room) / width, 0.0, 1.0).mean())


def error(p: float) -> float:
    return math.sqrt(p * (1.0 - p) / PEOPLE)


@pytest.mark.parametrize(("legitimacy", "expected"), [(0.82, 0.4444), (0.7, 0.6667)])
def test_without_police(verified, legitimacy, expected):
    verified(
        "V17", f"share active without police, L = {legitimacy}", measured=active(rebels(legitimacy)),
        expected=1.0 - THRESHOLD / (1.0 - legitimacy), tolerance=3 * error(expected),
        tolerance_from=f"3 s.e., {PEOPLE} people", wrong=1.0 - legitimacy - THRESHOLD,
        wrong_twin="1 - L - T, not over 1 - L", source=SOURCE,
    )  # fmt: skip


@pytest.mark.parametrize("legitimacy", [0.0, 0.5, 0.7])
def test_deterred_at_first(verified, legitimacy):
    """Police equal to the active, P = .899741, before anybody has left."""
    expected = share(-THRESHOLD, ARREST, 1.0 - legitimacy)
    run = rebels(legitimacy, deterrence=ARREST)
    verified(
        "V17", f"share active at first, P = .8997, L = {legitimacy}", measured=active(run),
        expected=expected, tolerance=3 * error(expected), tolerance_from=f"3 s.e., {PEOPLE} people",
        wrong=share(-THRESHOLD, 0.0, 1.0 - legitimacy), wrong_twin="nobody deterred", source=SOURCE,
    )  # fmt: skip


def test_the_two_arrest_functions(verified):
    """Equal where police equal active; which is higher for more, as the docstring says."""
    of_epstein = [1.0 - math.exp(-2.3 / x) for x in (1.0, 10.0, 30.0)]
    per_capacity = -math.log(of_epstein[0])
    of_engine = [float(punishment(1.0, x * per_capacity, 1.0)) for x in (1.0, 10.0, 30.0)]
    verified("V17", "P where police equal active, k = 2.3", measured=of_engine[0], expected=ARREST,
             tolerance=5e-7, tolerance_from="digits given", wrong=1.0 - math.exp(-1.0),
             wrong_twin="k = 1", source=SOURCE)  # fmt: skip
    assert of_engine == pytest.approx([0.899741, 0.348, 0.042], abs=5e-4)
    assert of_epstein == pytest.approx([0.899741, 0.205, 0.074], abs=5e-4)


SLICES, APART, FIRST = 50, 96, 24
WIDTH, HIGHER, DETERS, CAPACITY = 0.5, 0.4, 0.9, 0.3
GRIEVANCE = 0.3


def raises(slices: int) -> list[tuple[int, float]]:
    """Return when the common grievance rises, and by how much."""
    return [(FIRST + APART * k, GRIEVANCE / slices) for k in range(slices)]


def recursion(slices: int, steps: int) -> float:
    """Return the share gone in the end by the rule in the docstring, steps of an hour."""
    rises = dict(raises(slices))
    gone = memory = grievance = 0.0
    for step in range(steps):
        grievance += rises.get(step, 0.0)
        now = max(gone, share(grievance - HIGHER, DETERS * math.exp(-memory / CAPACITY), WIDTH))
        memory = memory * math.exp(-1.0 / 24.0) + now - gone
        gone = now
    return gone


def slope(memory: float) -> float:
    """Return by how much the share moves with the memory: who leaves by chance draws others along."""
    low, high = (
        share(GRIEVANCE - HIGHER, DETERS * math.exp(-s / CAPACITY), WIDTH)
        for s in (memory - 0.01, memory + 0.01)
    )
    return (high - low) / 0.02


def by_engine(slices: int, steps: int) -> float:
    events = tuple(
        {"kind": "leaving_safety", "id": f"e{at}", "at": f"{at} h", "place": "here", "change": by / 2.0}
        for at, by in raises(slices)
    )  # fmt: skip
    run = rebels(1.0 - WIDTH, deterrence=DETERS, threshold=HIGHER, capacity=CAPACITY, events=events)
    return active(run, steps)


def test_salami(verified):
    steps = FIRST + APART * SLICES
    sliced, at_once = recursion(SLICES, steps), recursion(1, 300)
    assert at_once > 2 * sliced
    for says, slices, length, expected, wrong, memory in (
        ("at once", 1, 300, at_once, sliced, at_once),
        (f"in {SLICES} slices", SLICES, steps, sliced, at_once, 0.0),
    ):  # fmt: skip
        moved = 3 * error(expected) / (1.0 - slope(memory))
        verified(
            "V17", f"share gone when a grievance of .3 comes {says}", measured=by_engine(slices, length),
            expected=expected, tolerance=moved, source="derived here; Epstein 2002",
            tolerance_from=f"3 s.e., {PEOPLE} people, over 1 - slope", wrong=wrong,
            wrong_twin="the same grievance the other way",
        )  # fmt: skip
