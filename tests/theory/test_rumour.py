r"""V12: the share that never hears a rumour, by Maki and Thompson (1973).

Somebody who spreads it meets a random person at a constant rate; an ignorant one hears it and
spreads it in turn, an informed one makes the spreader stop with probability p. In the limit
:math:`(1+1/p)(1-\theta)+\ln\theta=0` never hear: 0.2032 for p = 1, 0.0595 for p = 1/2. Its
variance over :math:`N` is 0.2727 for p = 1, so that the mean of R runs of N people has standard
error :math:`\sqrt{0.2727/NR}`. The wrong twin forgets that who hears starts to spread besides the
one who told: :math:`(1-\theta)/p+\ln\theta=0`.

Run with the engine's own kernel on one place, street contacts only, at steps so small that two
meetings of a person in one step are rare.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import status
from standfast.kernels.information import spread_news
from standfast.testing.scenarios import tiny_scenario

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

PEOPLE, RUNS = 10_000, 8


def never_hear(p: float, extra: float = 1.0) -> float:
    return float(
        brentq(lambda x: (extra + 1 / p) * (1 - x) + np.log(x), 1e-6, 0.999 if extra else 0.9)
    )


def untold(p: float, replicate: int) -> float:
    """Share of 10,000 people at one place who never hear, with the kernel that spreads news."""
    place = {"title": "Here", "latitude": 1.0, "longitude": 1.0}
    force = {"title": "All", "branch": "army", "place": "here", "paper": PEOPLE, "ghosts": 0.0,
             "leave": 0.0, "homes": {"here": 1.0}}  # fmt: skip
    streets = {"public_contact_rate": "0.2 / h", "phone_contact_rate": "0 / h",
               "squad_contact_rate": "0 / h", "kin_contact_rate": "0 / h", "stifle_probability": p}  # fmt: skip
    scenario = tiny_scenario(
        time={"start": "2030-01-01T00:00", "horizon": "1 h", "step": "0.25 h"},
        places={"here": place}, roads=(), forces={"all": force}, events=(),
        network={"phone_mean": 0.0, "kin_mean": 0.0}, behaviour={"information": streets},
    )  # fmt: skip
    run = Run(compile_plan(scenario, 1), replicate)
    a = run.arrays
    a["news_kind"][0] = status.ALARM
    a["heard"][:10] = a["spreading"][:10] = 1
    names = spread_news.py_func.__code__.co_varnames[: spread_news.py_func.__code__.co_argcount]
    scalars = {"key0": np.uint32(run.key[0]), "key1": np.uint32(run.key[1])}
    step = 0
    while a["spreading"].any():
        spread_news(*(step if name == "step" else scalars.get(name, a.get(name)) for name in names))
        a["heard"] |= a["heard_new"]
        a["spreading"] |= a["heard_new"]
        a["heard_new"][:] = 0
        step += 1
    return float((a["heard"] == 0).mean())


@pytest.mark.parametrize("p", [1.0, 0.5])
def test_share_that_never_hears(p):
    share = np.mean([untold(p, k) for k in range(RUNS)])
    error = np.sqrt(0.2727 / PEOPLE / RUNS)
    # meetings within a step are synchronous, which costs a bias of first order in rate x dt = 0.05
    assert share == pytest.approx(never_hear(p), abs=4 * error + 0.01)
    if p < 1:
        assert abs(share - never_hear(p, extra=0.0)) > 0.1


def test_published_values():
    assert never_hear(1.0) == pytest.approx(0.2031879, abs=1e-6)
    assert never_hear(0.5) == pytest.approx(0.059520, abs=1e-6)
