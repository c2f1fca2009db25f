"""Companies are advanced in lots: what a lot gives its people must not depend on where it begins."""

from __future__ import annotations

import numpy as np
import pytest

from standfast.engine.behaviour import build_behaviour
from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import asking, decision, family, feeling, status
from standfast.kernels.marks import BLOCK
from standfast.testing.proving_ground import proving_ground

BEHAVIOUR = build_behaviour(
    proving_ground().with_(
        {"behaviour.comrades.peer_phone": 0.7, "behaviour.comrades.peer_kin": 0.4,
         "behaviour.family.house_taken": 1.0, "behaviour.family.moving_rate": "1 / h"}
    )
)  # fmt: skip
P = BEHAVIOUR[0]
#: two companies of two squads of five; `LAST` is the second company
SQUADS, COMPANIES, N = np.arange(0, 21, 5), np.array([0, 10, 20]), 20
LAST = slice(10, 20)
FIRST_SQUADS, LAST_SQUADS = np.array([0, 2]), np.array([2, 4])


def some(seed: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, N).astype(np.float32)


def pressures(
    first: int, *, behaviour=BEHAVIOUR, order=(0.0, 0.0), stand=(0.0, 0.0), call_up=(0.0, 0.0)
) -> np.ndarray:
    """U of the people from the first company asked for, and no further back in memory."""
    base = int(COMPANIES[first])
    scratch = [np.full(N - base, np.nan) for _ in range(4)]
    scratch[0][:], scratch[1][:] = some(1)[base:], some(2)[base:]
    peers, pressure = scratch[2:]
    feeling.feel_pressure(
        behaviour, first, 2, base, COMPANIES, COMPANIES[1:], FIRST_SQUADS, LAST_SQUADS, SQUADS[:-1], SQUADS[1:],
        np.array([0.1, 0.2, 0.3, 0.0]), np.full(4, 0.5), np.array([0.1, 0.2]), np.full(2, 0.6),
        np.array(order), np.array(stand), np.array(call_up), np.full(2, 0.3), np.full(2, 0.8),
        some(3), some(4), some(5), some(6), some(7), some(8), some(9), some(10),
        scratch[0], scratch[1], peers, pressure,
    )  # fmt: skip
    return pressure


@pytest.mark.parametrize("order", [(0.0, 0.0), (0.4, 1.0)])
def test_pressure_is_the_same_wherever_the_lot_begins(order):
    whole, alone = pressures(0, order=order), pressures(1, order=order)
    assert np.isfinite(whole).all()
    assert (whole[LAST] == alone).all()


@pytest.mark.parametrize("which", ["order", "stand", "call_up"])
@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_every_order_pushes_alone_at_any_strength(which, strength):
    more = pressures(0, **{which: (strength, strength)}) - pressures(0)
    given = {"order": 0.0, "stand": 0.0, "call_up": 0.0} | {which: strength}
    push = [
        decision.order_push(*given.values(), f, t) for f, t in zip(some(5), some(6), strict=True)
    ]
    assert more == pytest.approx(P.weight_order * np.array(push), abs=1e-12)
    assert np.abs(more).max() > 0.01


@pytest.mark.parametrize(("phone", "kin"), [(1.0, 0.0), (0.0, 1.0)])
def test_friends_of_one_kind_alone_pull(phone, kin):
    def of(phone: float, kin: float) -> np.ndarray:
        changes = {"behaviour.comrades.peer_phone": phone, "behaviour.comrades.peer_kin": kin}
        return pressures(0, behaviour=build_behaviour(proving_ground().with_(changes)))

    pull = phone * some(9) + kin * some(10)
    assert of(phone, kin) - of(0.0, 0.0) == pytest.approx(pull, abs=1e-6)


def families(first: int) -> tuple[np.ndarray, np.ndarray]:
    """Who moved the family and whose house was taken, all with means and afraid, at home under the enemy."""
    base = int(COMPANIES[first])
    moved, harmed = np.zeros(N, np.uint8), np.zeros(N - base, np.uint8)
    draws = [np.zeros(N - base) for _ in range(4)]
    lists = [np.zeros(N - base + BLOCK, np.int64) for _ in range(2)]
    family.move_families(
        BEHAVIOUR, 3, 11, 12, first, 2, base, COMPANIES, COMPANIES[1:], np.zeros(N, np.int16),
        np.ones(N, np.uint8), np.array([status.ADVERSARY], np.int8), np.full(N, status.LEAVE, np.uint8),
        np.ones(N - base),
        *draws, np.zeros(N - base, np.uint8), *lists, moved, harmed,
    )  # fmt: skip
    return moved, harmed


def test_houses_are_taken_of_those_who_moved_wherever_the_lot_begins():
    moved, harmed = families(0)
    assert (harmed == (moved == status.FAMILY_MOVED)).all()
    assert harmed[LAST].sum() > 0
    moved_alone, harmed_alone = families(1)
    assert (moved_alone[LAST] == moved[LAST]).all()
    assert (harmed_alone == harmed[LAST]).all()


def asked_on_leave(u: float, pressure: float, peers: float, legitimacy: float) -> bool:
    """Whether somebody on leave is asked: his unit does not hold him, the state may punish him."""
    one, zero = np.ones(1), np.zeros(1)
    asked = np.zeros(1, np.uint8)
    asking.ask(
        BEHAVIOUR, 0, 1, 0, np.array([0, 1]), np.array([1]), np.zeros(1, np.int32), np.zeros(1, np.int32),
        np.zeros(1, np.uint8), np.zeros(1, np.uint8), zero, 2.0 * one, zero, zero,
        np.array([legitimacy], np.float32), np.array([status.LEAVE], np.uint8), np.array([u]),
        np.array([pressure]), np.array([peers]), np.zeros(1, np.uint8), asked, np.zeros(1 + BLOCK, np.int64),
        np.zeros(1, np.int64),
    )  # fmt: skip
    return bool(asked[0])


@pytest.mark.parametrize(
    ("peers", "legitimacy"), [(-3.0, 1.5), (-6.0, 0.0), (-6.0, -1.0), (2.0, 3.5)]
)
def test_whoever_might_leave_from_leave_is_asked(peers, legitimacy):
    """U on leave is without the squad and the state's punishment where it cannot reach; just likely enough."""
    wanted = -5.5 / P.sharpness
    pressure = wanted - P.leave_pull + peers - 2.0 * max(0.0, legitimacy)
    chance = decision.leaving_probability(wanted, P.sharpness, P.rate_max, P.dt)
    assert chance > asking.least_most(P, 1.0), "more likely than what counts as unlikely"
    assert asked_on_leave(0.99 * chance, pressure, peers, legitimacy)
    assert not asked_on_leave(0.99 * chance, pressure - 1.0 / P.sharpness, peers, legitimacy)


def test_names_on_paper_are_advanced_alike_whatever_was_in_memory():
    """Loops go on into the ghosts who close a company, of whom no squad says what they see around them."""
    plan = compile_plan(proving_ground({"forces.port-brigade.ghosts": 0.3}), 1)
    ghosts = plan.people.ghost == 1
    assert (plan.arrays["company_even"] > plan.arrays["company_stop"]).sum() > 10

    def states(junk: float) -> dict[str, np.ndarray]:
        run = Run(plan, 0)
        for _ in range(12):
            left = [np.full((16, n), junk) for n in range(100, 1000, 50)]
            del left
            run.advance()
        return {name: run.arrays[name] for name in ("fear", "trust", "belief", "resolve")}

    ones, others = states(np.nan), states(7.0)
    for name, ended in ones.items():
        assert np.isfinite(ended[ghosts]).all()
        assert (ended == others[name]).all()
