r"""V20: contagion of emotion (ASCRIBE; Bosse et al. 2013), through whole runs on squads and companies.

:math:`\dot q_i=\gamma_i[\eta(\beta PI+(1-\beta)NI)+(1-\eta)q^*-q_i]`, :math:`PI=1-(1-q^*)(1-q_i)`,
:math:`NI=q^*q_i`, and fear returns to a baseline within :math:`\tau`. The engine's step takes up
:math:`u=1-e^{-\kappa\delta\Delta t}` of it, then lets :math:`e^{-\Delta t/\tau}=f` of the distance to the
baseline stay. :math:`q^*` is the mean over those on duty weighted by expressiveness, of the squad or the
company, **oneself among them** (Bosse et al. leave oneself out), as it was a step before.

* :math:`\eta=0`: everybody moves towards the same weighted mean, which is conserved, and all end
  there (DeGroot 1974). The plain mean is conserved for equal expressiveness only.
* :math:`\eta=1`: fear alike obeys :math:`q'=q\pm u\,q(1-q)`, + for :math:`\beta=1` (panic from any
  start, logistic growth: Agent_Zero's learning with delta = 1, V19, from .01 at u = .1, t = 50 in
  the limit of small steps .599860), - for :math:`\beta=0` (calm).
* Near 0, :math:`q'-q_0=f\,(q(1+u\eta(2\beta-1))-q_0)` from a small baseline :math:`q_0`: fear settles at
  :math:`q_0(1-f)/(1-f(1+u\eta(2\beta-1)))` or, if :math:`f(1+u\eta(2\beta-1))>1`, grows until
  :math:`q-q_0=R\,q(1-q)`, :math:`R=fu\eta(2\beta-1)/(1-f)`; panic is R > 1, in small steps
  :math:`\gamma\eta(2\beta-1)>1/\tau`.

The longest :math:`\tau`, a year, is the limit without decay: 1.1e-4 an hour, stated in the tolerance.
Wrong twins: the plain mean; averaging that amplifies (:math:`\eta` ignored); a threshold without the
factor 2 in :math:`2\beta-1`, that is :math:`\beta` for it.
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

PEOPLE, SQUAD = 400, 10
YEAR = 8766.0
SOURCE = "Bosse et al. 2013"


def fears(
    start: object,
    steps: int,
    *,
    eta: float,
    beta: float,
    rate: float = 0.2,
    step: float = 1.0,
    decay: float = YEAR,
    by: str = "company",
    voice: object = 0.5,
) -> np.ndarray:
    """Return fear, (steps + 1, PEOPLE), from a start that is also the baseline.

    The company is everybody; `by` is whose fear one perceives.
    """
    scenario = crowd(
        PEOPLE,
        on=["M06"],
        scheme={"squad": SQUAD, "company": PEOPLE, "battalion": PEOPLE},
        behaviour={
            "decision": {"rate_max": "0 / h", "weight_fear": 0.0},
            "fear": {
                "contagion_rate": f"{rate} / h", "amplification": eta, "upward_bias": beta,
                "fear_decay": f"{decay} h", "weight_squad": float(by == "squad"),
                "weight_company": float(by == "company"), "weight_phone": 0.0, "weight_kin": 0.0,
            },
        },
        step=f"{step} h",
    )  # fmt: skip
    people = people_with(scenario, fear_baseline=start, openness=1.0, expressiveness=voice)
    run = Run(compile_plan(scenario, 1, people=people), 0)
    path = [run.arrays["fear"].astype(float)]
    for _ in range(steps):
        run.advance()
        path.append(run.arrays["fear"].astype(float))
    return np.array(path)


DRAWN = np.random.default_rng(20).uniform(size=PEOPLE)


def test_averaging_keeps_the_mean_of_a_company(verified):
    path = fears(DRAWN, 200, eta=0.0, beta=0.9)
    # baselines pull each back by 1/8766 an hour against 0.18: so much of the start is left
    assert np.ptp(path[-1]) < 1.2 * np.ptp(DRAWN) / YEAR / 0.18
    verified(
        "V20", "eta = 0: mean fear of a company after 200 h", measured=path[-1].mean(),
        expected=DRAWN.mean(), tolerance=2e-5, tolerance_from="float32, 200 steps", source=SOURCE,
        wrong=fears(DRAWN, 200, eta=0.35, beta=0.7)[-1].mean(), wrong_twin="the engine's own eta and beta",
    )  # fmt: skip


def test_squads_come_to_agree_each_for_itself(verified):
    path = fears(DRAWN, 200, eta=0.0, beta=0.9, by="squad").reshape(201, -1, SQUAD)
    means = DRAWN.reshape(-1, SQUAD).mean(axis=1)
    apart = np.abs(path[-1] - means[:, None]).max()
    # what the baselines keep apart: 1 over 8766 x 0.18 of the largest distance
    verified(
        "V20", "eta = 0: largest distance from the mean of one's squad", measured=apart, expected=0.0,
        tolerance=1.2 / YEAR / 0.18, tolerance_from="decay of a year", source=SOURCE,
        wrong=np.abs(means - DRAWN.mean()).max(), wrong_twin="mean of the company",
    )  # fmt: skip


def test_agreement_is_on_the_mean_by_expressiveness(verified):
    """Those who fear more show it more."""
    voice = 0.1 + 0.9 * DRAWN
    path = fears(DRAWN, 200, eta=0.0, beta=0.9, voice=voice)
    weighted = float((voice * DRAWN).sum() / voice.sum())
    verified(
        "V20", "eta = 0: agreement among people of unequal expressiveness", measured=path[20].mean(),
        expected=weighted, tolerance=0.003, tolerance_from="decay of a year, 20 h, and 2 % not yet agreed",
        wrong=DRAWN.mean(), wrong_twin="plain mean", source="DeGroot 1974; " + SOURCE,
    )  # fmt: skip


@pytest.mark.parametrize(("beta", "limit"), [(1.0, 1.0), (0.0, 0.0)])
def test_amplification_ends_in_panic_or_calm(verified, beta, limit):
    """From fears of .005 to .5; what is left at the end is the baseline's pull against the growth."""
    path = fears(0.005 + 0.495 * DRAWN, 300, eta=1.0, beta=beta)
    pull = 1.2 / YEAR / -math.log1p(math.expm1(-0.2))
    averaged = fears(0.005 + 0.495 * DRAWN, 300, eta=0.0, beta=beta)[-1].mean()
    verified(
        "V20", f"eta = 1, beta = {beta:g}: mean fear after 300 h", measured=path[-1].mean(), expected=limit,
        tolerance=pull, tolerance_from="decay of a year against the rate 0.2", wrong=averaged,
        wrong_twin="averaging: contact moves no mean", source=SOURCE,
    )  # fmt: skip


def test_panic_grows_logistically(verified):
    """delta = 1 of V19: V' = a V (1 - V) from .01 at a = .1 reaches .599860 at t = 50.

    Steps of 1/4 h, and of 1/2 h to take the first order of the step off.
    """
    ends = {}
    for step in (0.5, 0.25):
        path = fears(0.01, round(50 / step), eta=1.0, beta=1.0, rate=0.1, step=step)
        ends[step] = path[-1].mean()
    limit = 1.0 / (1.0 + 99.0 * math.exp(-5.0))
    assert limit == pytest.approx(0.599860, abs=1e-6)
    # the baseline holds back as 1/8766 an hour: dV/dt loses (V - .01)/8766
    verified(
        "V19", "delta = 1: V at t = 50, as fear that amplifies", measured=2 * ends[0.25] - ends[0.5],
        expected=limit, tolerance=0.003, wrong=1.0 - 0.99 * math.exp(-5.0), source="Epstein 2013",
        tolerance_from="second order of the step, and decay of a year (.0013)",
        wrong_twin="delta = 0: Rescorla and Wagner",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("eta", "beta", "tau"),
    [(0.5, 0.8, 48.0), (1.0, 0.6, 48.0), (0.4, 0.3, 100.0), (0.35, 0.7, 30.0)],
)
def test_small_fear_follows_the_linear_rate(verified, eta, beta, tau):
    """From a baseline of 1e-6, after 100 h, against the recursion's closed form."""
    start, steps = 1e-6, 100
    taken, kept = -math.expm1(-0.2), math.exp(-1.0 / tau)
    path = fears(start, steps, eta=eta, beta=beta, decay=tau)[:, 0] / start
    factor = kept * (1.0 + taken * eta * (2.0 * beta - 1.0))
    rest = (1.0 - kept) / (1.0 - factor)
    expected = rest + (1.0 - rest) * factor**steps
    careless = kept * (1.0 + taken * eta * beta)
    wrong = (1.0 - kept) / (1.0 - careless) * (1.0 - careless**steps) + careless**steps
    verified(
        "V20", f"growth of small fear in 100 h, eta = {eta}, beta = {beta}, tau = {tau:g} h",
        measured=path[-1], expected=expected, tolerance=1e-4 * expected, tolerance_from="float32, 100 steps",
        wrong=wrong, wrong_twin="beta for 2 beta - 1", source=SOURCE,
    )  # fmt: skip


def settles(gain: float, start: float, steps: int) -> float:
    """Return where fear settles when amplification is `gain` times decay, in steps of an hour."""
    taken = -math.expm1(-0.2) * 0.5 * 0.6
    decay = 1.0 / math.log1p(taken / gain)  # f u eta (2 beta - 1) = gain (1 - f)
    return float(fears(start, steps, eta=0.5, beta=0.8, decay=decay)[-1].mean())


@pytest.mark.parametrize("gain", [0.8, 1.25, 2.0])
def test_where_fear_settles(verified, gain):
    """At rest (q - q0) = gain q (1 - q): the gain worked back on either side of 1."""
    start = 0.01
    q = settles(gain, start, 2000)
    verified(
        "V20", f"amplification over decay worked back from where fear settles, {gain}", expected=gain,
        measured=(q - start) / (q * (1.0 - q)), tolerance=1e-4, tolerance_from="float32, 2,000 steps",
        wrong=gain * 0.8 / 0.6, wrong_twin="beta for 2 beta - 1", source=SOURCE,
    )  # fmt: skip


def test_threshold_of_panic(verified):
    """From 1e-5: at 0.9 of the threshold fear stays under 10 times that, at 1.1 it is panic."""
    calm, panic = settles(0.9, 1e-5, 2000), settles(1.1, 1e-5, 2000)
    assert calm < 1.01e-4
    assert panic > 0.05
    verified(
        "V20", "threshold of panic, gamma eta (2 beta - 1) tau", measured=math.sqrt(0.9 * 1.1), expected=1.0,
        tolerance=0.1, tolerance_from="calm at 0.9, panic at 1.1", wrong=0.75,
        wrong_twin="beta for 2 beta - 1", source="linearisation, here",
    )  # fmt: skip
