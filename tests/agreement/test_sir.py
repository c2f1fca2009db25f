r"""News that everybody passes on and forgets is SIR on the phone network, as NDlib and EoN have it.

With no stifling, phone contacts in proportion to ties (`contact_growth` 1) and silence at a constant
rate, somebody who spreads tells a given contact in a step with chance :math:`p=\tau\Delta t`, and then falls
silent with chance q. A step reads who knew at its start, so whoever is told spreads from the next step
on, and may still tell in the step in which he falls silent: the rule of NDlib's `SIRModel`. One thing
differs: NDlib tries every tie on its own, while here somebody makes a whole number of contacts, at most
one where their mean is below 1. A tie then infects with the same chance, but rarely two in one step.

EoN has no steps. With :math:`q=\gamma\Delta t/(1-\tau\Delta t)` the chance that a tie ever infects,
:math:`p/(p+q-pq)=\tau/(\tau+\gamma)`, and the mean time until it does, :math:`1/(\tau+\gamma)`, are those of
continuous time, so that the end is compared as it is. The way there has an error of first order in the step:
it is run at two steps, and extrapolated to none. From one person with ten contacts a branching process
with the engine's rule gives 0.718 large outbreaks at a step of 1/8 h and 0.710 without steps: a
fifteenth of what is allowed. Half of 2,000 people have two contacts, half ten; tau/(tau+gamma) = 0.3.

Means are compared within 4 standard errors of both sides' samples, distributions by a two-sample
Kolmogorov-Smirnov test at level 0.001. The wrong twin tells at the same rate however many contacts
somebody has (`contact_growth` 0): a rate per person instead of per tie.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.stats import ks_2samp

from standfast.engine.run import Run
from standfast.kernels import status
from standfast.testing.limits import crowd

# one worker, so that the epidemics that several tests look at are run once
pytestmark = [pytest.mark.theory, pytest.mark.statistical, pytest.mark.xdist_group("sir")]

RUNS, RUNS_OF_TWIN, LEVEL = 40, 12, 0.001
DT = (
    0.25  # step of the engine [h]; rates are scaled so that it stands for other spans of EoN's time
)


def plan_of(compiled, peer, span: float, growth: float):
    """Compile the epidemic with steps that stand for `span` hours of the other program."""
    tau, gamma = peer.made["problem"]["tau_per_h"], peer.made["problem"]["gamma_per_h"]
    people = peer.made["problem"]["people"]
    falls_silent = gamma * span / (1.0 - tau * span)
    mean_contacts = 2 * len(peer["edges"]) / people
    news = {
        "phone_contact_rate": f"{tau * span / DT * mean_contacts!r} / h",
        "forget_rate": f"{-math.log1p(-falls_silent) / DT!r} / h",
        "contact_growth": growth, "squad_contact_rate": "0 / h", "kin_contact_rate": "0 / h",
        "public_contact_rate": "0 / h", "broadcast_rate": "0 / h", "stifle_probability": 0.0,
    }  # fmt: skip
    scenario = crowd(
        people, on=["M01", "M02"], step=f"{DT} h",
        behaviour={"information": news, "decision": {"rate_max": "0 / h"}},
    )  # fmt: skip
    return compiled(scenario, edges=peer["edges"])


def epidemic(plan, seeds, replicate: int, steps: int = 10_000, enough: int = 10**9) -> np.ndarray:
    """Return how many ever heard, by step, until nobody spreads, `enough` heard or steps are over."""
    run = Run(plan, replicate)
    state = run.arrays
    state["news_kind"][0], state["news_place"][0] = status.ALARM, 0
    state["news_weight"][0] = 1.0
    state["heard"][seeds] = state["spreading"][seeds] = 1
    series = [len(seeds)]
    while state["spreading"].any() and len(series) <= steps and series[-1] < enough:
        run.advance()
        series.append(int(state["heard"].sum()))
    return np.array(series)


class Sample:
    """Epidemics of one kind: ever infected by hour, and at the end."""

    def __init__(
        self, plan, seeds, span: float, hours: np.ndarray, to_the_end: bool, n_run: int
    ) -> None:
        steps = 10_000 if to_the_end else round(hours[-1] / span)
        runs = [epidemic(plan, seeds, k, steps) for k in range(n_run)]
        at = np.round(hours / span).astype(int)
        self.ever = np.array([series[np.minimum(at, series.size - 1)] for series in runs], float)
        self.final = np.array([series[-1] for series in runs], float)


@pytest.fixture(scope="module")
def sample(compiled, stored):
    """Return a function that runs epidemics from twenty people, once a kind."""
    peer = stored("eon-sir-twenty")

    @cache
    def run(span: float = 0.25, growth: float = 1.0, to_the_end: bool = True) -> Sample:
        hours = peer["hours"] if to_the_end else peer["hours"][:6]
        plan, n_run = plan_of(compiled, peer, span, growth), RUNS if growth else RUNS_OF_TWIN
        return Sample(plan, peer["seeds"], span, hours, to_the_end, n_run)

    return run


def error(*samples: np.ndarray) -> np.ndarray:
    """Return the standard error of a difference of means."""
    return np.sqrt(sum(x.var(axis=0, ddof=1) / len(x) for x in samples))


@pytest.mark.parametrize("program", ["ndlib-sir", "eon-sir-twenty"])
def test_as_many_in_the_end(sample, stored, verified, program):
    peer, ours, twin = stored(program), sample(), sample(growth=0.0)
    final = peer["final"].astype(float)
    verified(
        peer.program, f"SIR on 2,000 people: ever infected, mean of {RUNS} runs against {final.size}",
        measured=ours.final.mean(), expected=final.mean(), tolerance=4 * error(ours.final, final),
        tolerance_from="4 s.e. of both samples", wrong=twin.final.mean(),
        wrong_twin="a rate per person instead of per tie", source=peer.made["script"],
    )  # fmt: skip
    assert ks_2samp(ours.final, final).pvalue > LEVEL
    assert ks_2samp(twin.final, final).pvalue < LEVEL


def test_hour_by_hour_as_ndlib(sample, stored):
    ever = stored("ndlib-sir")["ever"].astype(float)[:, 1:]
    ours, twin = sample().ever[:, 1:], sample(growth=0.0).ever[:, 1:]
    assert np.all(np.abs(ours.mean(axis=0) - ever.mean(axis=0)) < 4 * error(ours, ever))
    assert np.max(np.abs(twin.mean(axis=0) - ever.mean(axis=0)) / error(twin, ever)) > 20


def test_hour_by_hour_as_eon_without_steps(sample, stored, verified):
    peer = stored("eon-sir-twenty")
    ever = peer["ever"].astype(float)[:, 1:6]
    coarse = sample().ever[:, 1:6]
    fine = sample(0.125, to_the_end=False).ever[:, 1:6]
    twin = sample(growth=0.0).ever[:, 1:6].mean(axis=0)
    extrapolated = 2 * fine.mean(axis=0) - coarse.mean(axis=0)
    slack = 4 * error(2 * fine, coarse, ever)
    assert np.all(np.abs(extrapolated - ever.mean(axis=0)) < slack)
    at = np.argmax(np.abs(twin - ever.mean(axis=0)) / slack)
    verified(
        peer.program, f"SIR on 2,000 people: ever infected after {peer['hours'][1 + at]} h",
        measured=extrapolated[at], expected=ever.mean(axis=0)[at], tolerance=slack[at],
        tolerance_from="4 s.e. of all samples; extrapolated from steps of 1/4 h and 1/8 h",
        wrong=twin[at], wrong_twin="a rate per person instead of per tie", source=peer.made["script"],
    )  # fmt: skip


def outbreaks(compiled, peer, growth: float, runs: int) -> float:
    """Return the share of epidemics from one person that reach a tenth of the people."""
    plan = plan_of(compiled, peer, 0.125, growth)
    enough = peer.made["problem"]["people"] // 10
    sizes = [epidemic(plan, peer["seeds"], k, enough=enough)[-1] for k in range(runs)]
    return float(np.mean(np.array(sizes) >= enough))


def test_from_one_person_as_many_die_out(compiled, stored, verified):
    peer, runs = stored("eon-sir-one"), 160
    large = float((peer["final"] > peer.made["problem"]["people"] / 10).mean())
    share = outbreaks(compiled, peer, 1.0, runs)
    verified(
        peer.program, "SIR from one person with ten contacts: share of large outbreaks",
        measured=share, expected=large,
        tolerance=4 * math.sqrt(large * (1 - large) * (1 / runs + 1 / peer["final"].size)),
        tolerance_from=f"4 s.e.; {runs} runs against {peer['final'].size}",
        wrong=outbreaks(compiled, peer, 0.0, 40), wrong_twin="a rate per person instead of per tie",
        source=peer.made["script"],
    )  # fmt: skip
