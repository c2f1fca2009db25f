r"""V15: a global game of regime change (Morris and Shin; Angeletos, Hellwig and Pavan 2007).

The garrison falls iff the share A who leave is at least its strength :math:`\theta`. Each sees
:math:`x_i=\theta+\beta^{-1/2}\xi_i` and shares the prior :math:`N(z,1/\alpha)`; leaving pays 1 - c if it
falls and -c if not. Who sees :math:`x_i<x^*` leaves,
:math:`A(\theta)=\Phi(\sqrt\beta(x^*-\theta))`, the garrison falls iff :math:`\theta\le\theta^*` with
:math:`A(\theta^*)=\theta^*`, and at :math:`x^*` the chance that it falls is c:
:math:`x^*=\frac{\alpha+\beta}{\beta}\theta^*-\frac\alpha\beta z-\frac{\sqrt{\alpha+\beta}}{\beta}\Phi^{-1}(c)`.
Together :math:`\theta^*=\Phi\big(\frac{\alpha}{\sqrt\beta}(\theta^*-z)-\sqrt{1+\alpha/\beta}\,\Phi^{-1}(c)\big)`,
with one solution for every z iff :math:`\beta\ge\alpha^2/2\pi`; :math:`\theta^*=1-c` at
:math:`\alpha\to0`.

In the engine this is one step with a sharp threshold (`spread` to 0, `rate_max` times the step 100):
commitment is :math:`x_i-x^*`, its mean :math:`\theta-x^*`, its spread between people
:math:`\beta^{-1/2}`, and a place in contact falls when fewer than `least_present` :math:`=1-\theta` of
its people are there (M34). **People do not work out** :math:`x^*`: it is put in. To
keep the test from being circular it is found as players would, by answering each other: from a
guess of :math:`\theta^*` the posterior gives :math:`x^*`, the engine's crowd the :math:`\theta` at which it
falls, which is the next guess. With a unique equilibrium all guesses lead there; with three, guesses
of 0 and of 1 lead to the lowest and the highest (the middle one is unstable).

Dynamic version: who stays through an assault knows that the garrison is no weaker than that; in the
engine those who would leave have left, and without new information nobody follows: exactly none with
a sharp threshold, and with a hazard the mean over those left,
:math:`\bar h=\int h(a)f(a)e^{-H(a)}da/\int f(a)e^{-H(a)}da`, falls by a factor worked out here from the
commitments. Wrong twins: the garrison falls when half have left; a force all alike, whose hazard
does not change.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from contacts import by_phone, no_ties, people_with
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.kernels import status
from standfast.population.people import build_people
from standfast.testing.limits import crowd

pytestmark = [pytest.mark.theory, pytest.mark.statistical]

PEOPLE = 20_000
DIFFUSE = 1e-9
SOURCE = "Morris and Shin 1998; Angeletos, Hellwig and Pavan 2007"


def equilibria(cost: float, public: float, private: float, z: float) -> list[float]:
    """Return every theta* for precisions alpha = `public` and beta = `private`."""

    def gap(theta):
        told = public / math.sqrt(private) * (theta - z)
        return norm.cdf(told - math.sqrt(1.0 + public / private) * norm.ppf(cost)) - theta

    grid = np.linspace(0.0, 1.0, 4002)
    changes = np.flatnonzero(np.diff(np.sign(gap(grid))))
    return [float(brentq(gap, grid[k], grid[k + 1])) for k in changes]


def marginal_signal(theta: float, cost: float, public: float, private: float, z: float) -> float:
    """Return x*, at which the garrison falls with chance c if it does up to `theta`."""
    both = public + private
    return (both * theta - public * z - math.sqrt(both) * float(norm.ppf(cost))) / private


class Garrison:
    """A crowd of 20,000 with private signals of one precision."""

    def __init__(self, private: float) -> None:
        self.spread = 1.0 / math.sqrt(private)
        self.people = build_people(self.scenario(0.0, 0.0), 1)

    def scenario(self, commitment: float, least: float, punishment: float = 0.0):
        return crowd(
            PEOPLE,
            on=["M20", "M33", "M34"],
            behaviour={
                "decision": {
                    "rate_max": "100 / h", "spread": 1e-6, "commitment": commitment,
                    "weight_punishment": punishment, "punishment_capacity": 1.0,
                },
                "fear": {"shock_combat": 0.0},
                "combat": {
                    "break_ratio": 0.0, "least_present": least, "attacker_loss_rate": "0 / h",
                    "defender_loss_rate": "0 / h",
                },
            },
            population={"commitment_spread": self.spread},
            events=[{"kind": "attack", "id": "a", "at": "0 h", "place": "here", "fighters": 10}],
        )  # fmt: skip

    def meet(
        self, theta: float, signal: float, punishment: float = 0.0, steps: int = 1
    ) -> tuple[list[float], bool]:
        """Return the share who left step by step, and whether the place fell."""
        scenario = self.scenario(theta - signal, 1.0 - min(max(theta, 0.0), 1.0), punishment)
        plan = compile_plan(scenario, 1, people=self.people, network=by_phone(no_ties(PEOPLE)))
        run, left = Run(plan, 0), []
        for _ in range(steps):
            run.advance()
            left.append(float((run.arrays["departure_step"] >= 0).mean()))
        return left, bool(run.arrays["control"][0] == status.ADVERSARY)

    def falls_up_to(self, signal: float, punishment: float = 0.0) -> float:
        """Return the strength up to which the garrison falls, found by a few runs."""

        def gap(theta: float) -> float:
            return self.meet(theta, signal, punishment)[0][0] - theta

        theta: float = brentq(gap, -1e-3, 1.001, xtol=2e-4)
        return theta

    def answer_each_other(
        self, guess: float, cost: float, public: float, private: float, z: float
    ) -> float:
        """Return where guesses of theta* lead."""
        for _ in range(60):
            new = self.falls_up_to(marginal_signal(guess, cost, public, private, z))
            if abs(new - guess) < 5e-4:
                break
            guess = new
        return guess


def sampling(theta: float, signal: float, private: float) -> float:
    """Return the standard error of theta* in a crowd: of A, over 1 - A'."""
    steep = math.sqrt(private) * float(norm.pdf(math.sqrt(private) * (signal - theta)))
    return math.sqrt(theta * (1.0 - theta) / PEOPLE) / (1.0 + steep)


def test_formulas(verified):
    rows = [
        *((f"theta* at c = {c}, diffuse prior", equilibria(c, DIFFUSE, 4.0, 0.5), [1.0 - c]) for c in (0.1, 0.3, 0.5, 0.7)),
        *((f"theta* at c = {c}, alpha = beta = 1, z = .5", equilibria(c, 1, 1, 0.5), [x])
          for c, x in ((0.2, 0.949466), (0.3, 0.865982), (0.5, 0.5))),
        *((f"theta* at c = .3, alpha = 1, beta = 4, z = {z}", equilibria(0.3, 1, 4, z), [x])
          for z, x in ((0.2, 0.814174), (0.5, 0.763661), (0.8, 0.704984))),
        ("theta* at alpha = 4, beta = 1, z = c = .5", equilibria(0.5, 4, 1, 0.5), [0.030074, 0.5, 0.969926]),
    ]  # fmt: skip
    for says, found, expected in rows:
        assert len(found) == len(expected), says
        for k, (one, other) in enumerate(zip(found, expected, strict=True)):
            verified("V15", f"formula: {says}" + f", {k + 1}." * (len(found) > 1), measured=one, expected=other,
                     tolerance=1e-6, tolerance_from="digits given", wrong=1.0 - other if other != 0.5 else 0.25,
                     wrong_twin="c for 1 - c" if other != 0.5 else "A for theta", source=SOURCE)  # fmt: skip


def test_one_equilibrium_from_the_bound_on(verified):
    """beta >= alpha^2 / 2 pi: three solutions below it at z = c = 1/2, where they come first; one above."""
    low, high = 1.0, 4.0
    while high - low > 1e-3:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if len(equilibria(0.5, 4.0, middle, 0.5)) == 1 else (middle, high)
    verified("V15", "formula: least beta with one equilibrium, alpha = 4", measured=high,
             expected=16.0 / (2.0 * math.pi), tolerance=2e-3, tolerance_from="bisection to 0.001",
             wrong=4.0 / math.sqrt(2.0 * math.pi), wrong_twin="alpha for alpha squared", source=SOURCE)  # fmt: skip


@pytest.mark.parametrize(
    ("cost", "public", "private", "z", "guess", "expected"),
    [
        (0.1, DIFFUSE, 4.0, 0.5, 0.5, 0.9), (0.3, DIFFUSE, 4.0, 0.5, 0.0, 0.7),
        (0.3, DIFFUSE, 4.0, 0.5, 1.0, 0.7), (0.7, DIFFUSE, 1.0, 0.5, 1.0, 0.3),
        (0.2, 1.0, 1.0, 0.5, 0.5, 0.949466), (0.3, 1.0, 1.0, 0.5, 0.5, 0.865982),
        (0.3, 1.0, 4.0, 0.2, 0.5, 0.814174), (0.3, 1.0, 4.0, 0.5, 0.5, 0.763661),
        (0.3, 1.0, 4.0, 0.8, 0.5, 0.704984),
        (0.5, 4.0, 1.0, 0.5, 0.0, 0.030074), (0.5, 4.0, 1.0, 0.5, 1.0, 0.969926),
    ],
)  # fmt: skip
def test_answers_lead_to_the_equilibrium(verified, cost, public, private, z, guess, expected):
    garrison = Garrison(private)
    theta = garrison.answer_each_other(guess, cost, public, private, z)
    signal = marginal_signal(expected, cost, public, private, z)
    # an error of theta* is answered by one of x*, and so on: it grows by 1 over 1 - slope
    steep = math.sqrt(private) * float(norm.pdf(math.sqrt(private) * (signal - expected)))
    slope = (public + private) / private * steep / (1.0 + steep)
    error = sampling(expected, signal, private) / (1.0 - slope)
    prior = "diffuse prior" if public == DIFFUSE else f"alpha = {public:g}, z = {z:g}"
    verified(
        "V15", f"theta*: c = {cost:g}, beta = {private:g}, {prior}, from {guess:g}", measured=theta,
        expected=expected, tolerance=3 * error + 5e-4 / (1.0 - slope),
        tolerance_from=f"3 s.e., {PEOPLE} people, and where answers stop", wrong=1.0 - expected,
        wrong_twin="c for 1 - c, or the other equilibrium", source=SOURCE,
    )  # fmt: skip
    assert garrison.meet(theta - 0.02, marginal_signal(theta, cost, public, private, z))[1]
    assert not garrison.meet(theta + 0.02, marginal_signal(theta, cost, public, private, z))[1]


@pytest.mark.parametrize(("theta", "share"), [(0.5, 0.822361), (0.7, 0.7), (0.9, 0.549501)])
def test_who_leaves_by_the_strength(verified, theta, share):
    """c = .3, beta = 4, diffuse prior: x* = .9622."""
    signal = marginal_signal(0.7, 0.3, DIFFUSE, 4.0, 0.5)
    assert signal == pytest.approx(0.962200, abs=1e-6)
    verified(
        "V15", f"share who leave at theta = {theta}", measured=Garrison(4.0).meet(theta, signal)[0][0],
        expected=share, tolerance=3 * math.sqrt(share * (1.0 - share) / PEOPLE), source=SOURCE,
        tolerance_from=f"3 s.e., {PEOPLE} people", wrong=float(norm.cdf(4.0 * (signal - theta))),
        wrong_twin="beta for its root",
    )  # fmt: skip


def test_punishment_lowers_the_strength_at_which_it_falls(verified):
    """M20 takes its weight from U: A = Phi(root beta (x* - pi - theta))."""
    signal, weight = 0.9622, 0.4
    expected = brentq(lambda x: norm.cdf(2.0 * (signal - weight - x)) - x, 0.0, 1.0)
    verified(
        "V15", "falls up to, with punishment 0.4", measured=Garrison(4.0).falls_up_to(signal, weight),
        expected=expected, tolerance=3 * sampling(expected, signal - weight, 4.0) + 2e-4, wrong=0.7,
        tolerance_from=f"3 s.e., {PEOPLE} people", wrong_twin="punishment deters nobody", source=SOURCE,
    )  # fmt: skip


def test_no_second_attack_without_new_information():
    """With a sharp threshold all who would leave at this news have left after one step."""
    shares, fell = Garrison(4.0).meet(0.9, 0.9622, steps=30)
    assert not fell
    assert shares[0] > 0.5
    assert set(shares[1:]) == {shares[0]}
    again, _ = Garrison(4.0).meet(0.9, 0.9622 + 0.1, steps=30)
    assert again[0] > shares[0], "worse news moves those who stayed"


ASSAULT, LASTS, QUIET, WATCH = 48, 24, 168, 192


def hazards_around_an_assault(spread: float) -> tuple[float, float, float]:
    """Return hazards an hour before and long after a repelled assault, and s.e. of their ratio."""
    people = 40_000
    scenario = crowd(
        people,
        on=["M06", "M33"],
        behaviour={
            "decision": {"rate_max": "0.16666666666666666 / h", "commitment": 6.0, "weight_fear": 5.0},
            "fear": {"contagion_rate": "0 / h", "shock_combat": 1.0, "fire_rate": "4 / h", "fear_decay": "8 h"},
            "combat": {"attacker_loss_rate": "0 / h", "defender_loss_rate": "0 / h"},
        },
        population={"commitment_spread": spread},
        events=[{"kind": "attack", "id": "a", "at": f"{ASSAULT} h", "place": "here", "fighters": 50_000,
                 "breaks_off_after": f"{LASTS} h"}],
    )  # fmt: skip
    run = Run(compile_plan(scenario, 1, people=people_with(scenario, fear_baseline=0.0)), 0)
    duty = [people]
    for _ in range(QUIET + WATCH):
        run.advance()
        duty.append(int(run.arrays["place_duty"][0]))
    assert run.arrays["control"][0] == status.GOVERNMENT
    left = duty[0] - duty[ASSAULT], duty[QUIET] - duty[QUIET + WATCH]
    before = math.log(duty[0] / duty[ASSAULT]) / ASSAULT
    after = math.log(duty[QUIET] / duty[QUIET + WATCH]) / WATCH
    return before, after, after / before * math.sqrt(1.0 / left[0] + 1.0 / left[1])


def expected_ratio(spread: float) -> float:
    """Return the same ratio from the commitments alone: who would leave, leaves first."""
    a = 6.0 + spread * norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    there, fear, duty = np.ones(a.size), 0.0, [1.0]
    for step in range(QUIET + WATCH):
        fear *= math.exp(-1.0 / 8.0)
        there *= np.exp(-expit(5.0 * fear - a) / 6.0)
        if ASSAULT <= step < ASSAULT + LASTS:
            fear += (1.0 - fear) * -math.expm1(-4.0)
        duty.append(float(there.mean()))
    before = math.log(duty[0] / duty[ASSAULT]) / ASSAULT
    return math.log(duty[QUIET] / duty[QUIET + WATCH]) / WATCH / before


def test_hazard_falls_after_a_repelled_assault(verified):
    before, after, error = hazards_around_an_assault(2.0)
    alike_before, alike_after, alike_error = hazards_around_an_assault(0.0)
    assert alike_after / alike_before == pytest.approx(1.0, abs=3 * alike_error)
    verified(
        "V15", "hazard after a repelled assault over that before", measured=after / before,
        expected=expected_ratio(2.0), tolerance=3 * error, tolerance_from="3 s.e. of Poisson counts",
        wrong=expected_ratio(0.0), wrong_twin="people all alike", source="derived here",
    )  # fmt: skip
