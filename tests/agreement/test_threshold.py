r"""Threshold cascades on a network, person by person and step by step as NDlib has them.

In the limit :math:`s\to0`, :math:`h_{\max}\Delta t=100`, everybody whose pressure is above 0 leaves in that
step with a chance of exactly 1 in floating point. With U = (share of phone contacts gone) - threshold,
remembered for a thousand years, that is the model of Granovetter (1978) and Watts (2002) on the phone
layer. NDlib updates synchronously and counts the seeds as iteration 0; here the seeds are people with a
threshold of -1, who leave in step 0. Both are deterministic, so that nothing at all may differ:
2,000 people, 12 sets of seeds, three networks. Thresholds lie at least 0.0001 from every share that their
owner can see, so that NDlib's "at least" is our "more than", and 32-bit sums decide nothing.

The wrong twins: an absolute threshold, as many gone as that share of the mean number of contacts; and
news within a step, where people act one after the other and see those before them: it ends alike, but
sooner.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.engine.run import Run
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

NEVER = 255
SHARP = {
    "decision": {"rate_max": "100 / h", "commitment": 0.0, "spread": 1e-6},
    "comrades": {"peer_phone": 1.0, "peer_squad": 0.0, "peer_company": 0.0, "peer_norm": 0.0,
                 "memory": "1000 y"},
}  # fmt: skip


def by_engine(compiled, peer, threshold: np.ndarray) -> np.ndarray:
    """Return for each set of seeds the step in which everybody leaves; 255 for never."""
    steps = peer.made["problem"]["steps"]
    scenario = crowd(threshold.size, on=["M22"], behaviour=SHARP, horizon=f"{steps} h")
    rows = []
    for seeds in peer["seeds"]:
        bounds = threshold.astype(np.float32)
        bounds[seeds] = -1.0
        run = Run(compiled(scenario, edges=peer["edges"], deviation=bounds), 0)
        for _ in range(steps):
            run.advance()
        when = run.arrays["departure_step"]
        rows.append(np.where(when < 0, NEVER, when).astype(np.uint8))
    return np.array(rows)


def one_after_the_other(peer, seeds: np.ndarray) -> np.ndarray:
    """Return the steps of those who act in order and see those before them, for the given seeds."""
    n = peer["threshold"].size
    neighbours: list[list[int]] = [[] for _ in range(n)]
    for a, b in peer["edges"].tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    when = np.full(n, NEVER, np.uint8)
    when[seeds] = 0
    for step in range(1, peer.made["problem"]["steps"]):
        for i in np.flatnonzero(when == NEVER):
            seen = when[neighbours[i]] < NEVER
            if seen.size and seen.mean() >= peer["threshold"][i]:
                when[i] = step
    return when


@pytest.mark.parametrize("network", ["window", "normal", "two-kinds"])
def test_everybody_goes_when_ndlib_says(stored, compiled, verified, network):
    peer = stored(f"ndlib-threshold-{network}")
    degree = np.bincount(peer["edges"].ravel(), minlength=peer["threshold"].size)
    absolute = peer["threshold"] * degree.mean() / np.maximum(degree, 1)
    verified(
        peer.program, f"{network}: people and seeds of 24,000 whose step differs",
        measured=int((by_engine(compiled, peer, peer["threshold"]) != peer["when"]).sum()),
        expected=0, tolerance=0, tolerance_from="both are deterministic",
        wrong=int((by_engine(compiled, peer, absolute) != peer["when"]).sum()),
        wrong_twin="an absolute threshold, that share of the mean number of contacts",
        source=peer.made["script"],
    )  # fmt: skip
    assert np.ptp(peer["when"][peer["when"] < NEVER]) > 5, "cascades run for some steps"
    most = (peer["when"] < NEVER).sum(axis=1).argmax()
    sooner, then = one_after_the_other(peer, peer["seeds"][most]), peer["when"][most]
    assert ((sooner < NEVER) == (then < NEVER)).all(), "in either order the same end"
    assert (sooner != then).sum() > 50, "but the steps tell them apart"
