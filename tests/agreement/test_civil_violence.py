r"""Epstein's civil violence (2002), as far as the engine has it, against the example that Mesa ships.

A citizen with hardship H and risk aversion R acts if :math:`H(1-L)-RP>T`, P the chance of arrest that he
sees. In the sharp limit that is the engine's decision with commitment :math:`T-H(1-L)`, the punishment P
and R for the legitimacy of his group. The citizens are Mesa's own, H and R as it drew them, so that
not shares but persons are compared: nothing at all may differ.

* No cops: :math:`P=0`; a share :math:`1-T/(1-L)` acts.
* First movers by P: who acts while all others are quiet. R in twenty kinds, one group each.
* Swamping: P falls as others act, :math:`P_0e^{-s/K}`. That is our arrest function, put in place of Mesa's,
  because ours cannot be bent into :math:`1-e^{-k[C/A]}`. Mesa lets citizens act one after the other, the
  engine all at once; as acting only makes others bolder, both end at the least fixed point.

What the engine has not, and what is therefore not compared: acting again and again (who left comes back
only by a rate), moving about, seeing only those near, cops that move and arrest, jail, and with them the
outbursts. `test_what_is_missing` holds Mesa's own outbursts against that list.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.engine.run import Run
from standfast.scenario.forces import Group
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

KINDS = 20


def leave(compiled, peer, *, punishment=0.0, capacity=1.0, steps=1, hardship=None, kinds=KINDS):
    """Return which citizens leave within some steps."""
    problem = peer.made["problem"]
    hardship = peer["hardship"] if hardship is None else hardship
    kind = np.floor(peer["risk_aversion"] * kinds)
    decision = {
        "rate_max": "100 / h", "commitment": 0.0, "spread": 1e-6, "weight_punishment": punishment,
        "punishment_capacity": capacity,
    }  # fmt: skip
    plain = crowd(
        hardship.size, on=["M20"], horizon=f"{steps} h",
        behaviour={"decision": decision, "comrades": {"memory": "1000 y"}},
    )  # fmt: skip
    averse = {f"kind-{k}": Group(title="Kind", legitimacy=(k + 0.5) / kinds) for k in range(kinds)}
    scenario = plain.model_copy(update={"groups": {**averse, **plain.groups}})
    commitment = problem["threshold"] - hardship * (1.0 - problem["legitimacy"])
    plan = compiled(scenario, deviation=commitment.astype(np.float32), group=kind.astype(np.int16))
    run = Run(plan, 0)
    for _ in range(steps):
        run.advance()
    return run.arrays["departure_step"] >= 0


@pytest.mark.parametrize("percent", [70, 82])
def test_without_cops_the_same_citizens_act(stored, compiled, verified, percent):
    peer = stored(f"mesa-no-cops-{percent}")
    ours = leave(compiled, peer, steps=5)
    assert (peer["shares"] == peer["active"].mean()).all(), "the same from the first step on"
    verified(
        peer.program, f"Epstein without cops, L = 0.{percent}: of {ours.size} citizens, differ",
        measured=int((ours != peer["active"]).sum()), expected=0, tolerance=0,
        tolerance_from="same citizens, nothing drawn",
        wrong=int((leave(compiled, peer, hardship=1.0 - peer["hardship"]) != peer["active"]).sum()),
        wrong_twin="hardship the wrong way round", source=peer.made["script"],
    )  # fmt: skip
    expected = 1 - peer.made["problem"]["threshold"] / (1 - peer.made["problem"]["legitimacy"])
    verified(
        "V17", f"Epstein without cops, L = 0.{percent}: share that acts",
        measured=ours.mean(), expected=expected,
        tolerance=4 * np.sqrt(expected * (1 - expected) / ours.size),
        tolerance_from=f"4 s.e. of {ours.size} hardships that Mesa drew",
        wrong=1 - peer.made["problem"]["threshold"],
        wrong_twin="grievance H instead of H (1 - L)", source="Epstein 2002",
    )  # fmt: skip


def test_the_same_citizens_move_first_by_the_chance_of_arrest(stored, compiled, verified):
    peer = stored("mesa-first-movers")
    chances = peer.made["problem"]["chances"]
    ours = np.array([leave(compiled, peer, punishment=p) for p in chances])
    alike = np.array([leave(compiled, peer, punishment=p, kinds=1) for p in chances])
    verified(
        peer.program, f"Epstein's first movers at {len(chances)} chances of arrest: of {ours.size}, differ",
        measured=int((ours != peer["first"]).sum()), expected=0, tolerance=0,
        tolerance_from="same citizens, nothing drawn", wrong=int((alike != peer["first"]).sum()),
        wrong_twin="everybody as averse to risk as the mean", source=peer.made["script"],
    )  # fmt: skip
    least = peer.made["problem"]["threshold"] + np.outer(chances, (np.arange(KINDS) + 0.5) / KINDS)
    curve = np.maximum(0.0, 1 - least / (1 - peer.made["problem"]["legitimacy"])).mean(axis=1)
    slack = 4 * np.sqrt(curve * (1 - curve) / ours.shape[1])
    assert np.all(np.abs(ours.mean(axis=1) - curve) < slack)
    assert np.max(np.abs(alike.mean(axis=1) - curve) / slack) > 1.5


def test_the_same_citizens_act_once_deterrence_is_swamped(stored, compiled, verified):
    peer = stored("mesa-swamping")
    first = peer.made["problem"]["first_chance"]
    capacities = peer.made["problem"]["capacities"]
    ours = np.array(
        [leave(compiled, peer, punishment=first, capacity=k, steps=60) for k in capacities]
    )
    shares = ours.mean(axis=1)
    assert shares.max() > 0.6, "swamped at some capacities"
    assert shares.min() < 0.15, "and not at others"
    never = leave(compiled, peer, punishment=first)
    verified(
        peer.program, f"deterrence swamped at {len(capacities)} capacities: of {ours.size}, differ",
        measured=int((ours != peer["active"]).sum()), expected=0, tolerance=0,
        tolerance_from="least fixed point, the same in any order",
        wrong=int((never != peer["active"]).sum()), wrong_twin="punishment that is never swamped",
        source=peer.made["script"],
    )  # fmt: skip


def test_what_is_missing(stored):
    counts = stored("mesa-as-it-is")["counts"].astype(int)
    acting, quiet, jailed = counts.T
    assert np.ptp(counts.sum(axis=1)) == 0
    assert (np.diff(acting) < -10).sum() >= 5, "outbursts die down again: acting is not for good"
    assert acting.max() > 10 * np.median(acting), "long quiet between them"
    assert jailed.max() > 0
    assert quiet.min() > 0
