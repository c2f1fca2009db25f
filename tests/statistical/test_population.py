"""The laws of traits, each with a planted fault that the same test catches.

Null: the stated law. Samples of 20,000, seed fixed. A test rejects below P_VALUE, so that a right
law fails one seed in a thousand; a wrong twin must be rejected below the same bound.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from standfast.population.people import build_people
from standfast.testing.scenarios import tiny_scenario

pytestmark = pytest.mark.statistical

P_VALUE = 0.001
SHARES = {"ghosts": 0.3, "leave": 0.25, "volunteers": 0.7}
FORCE = SHARES | {
    "title": "Army", "branch": "army", "place": "alpha", "paper": 20_000, "cohesion": 0.3,
    "homes": {"alpha": 0.2, "beta": 0.3, "gamma": 0.5}, "groups": {"hill": 0.4, "plain": 0.6},
    "service": "35064 h",
}  # fmt: skip
GROUPS = {
    "hill": {"title": "Hill", "home_region": ("alpha",)},
    "plain": {"title": "Plain", "home_region": ("gamma",)},
}
SEED = 11


@pytest.fixture(scope="module")
def people():
    return build_people(tiny_scenario(forces={"army": FORCE}, groups=GROUPS, events=()), SEED)


def fits(sample, law) -> bool:
    """Tell whether the Kolmogorov-Smirnov test keeps a law."""
    return bool(stats.kstest(sample, law.cdf).pvalue > P_VALUE)


@pytest.mark.parametrize(
    ("name", "law", "wrong"),
    [
        ("resolve_deviation", stats.norm(), stats.norm(0.05)),
        ("openness", stats.beta(4, 4), stats.beta(4, 4.3)),
        ("expressiveness", stats.beta(4, 4), stats.uniform()),
        ("fear_baseline", stats.beta(2, 30), stats.beta(2, 32)),
        ("service", stats.expon(scale=4), stats.gamma(2, scale=2)),
    ],
)
def test_laws_of_traits(people, name, law, wrong):
    assert fits(getattr(people, name), law)
    assert not fits(getattr(people, name), wrong)


def test_law_of_squad_cohesion(people):
    assert fits(people.squad_cohesion, stats.beta(6, 14))
    assert not fits(people.squad_cohesion, stats.beta(7, 14))


def test_traits_are_drawn_apart_from_each_other(people):
    """Null: correlation 0, standard error 1 / sqrt(n); planted fault: a mixture of two traits."""
    names = ("resolve_deviation", "expressiveness", "openness", "fear_baseline", "service", "means")
    traits = np.array([getattr(people, name) for name in names], dtype=np.float64)
    bound = 4.5 / np.sqrt(people.n_agent)
    correlation = np.corrcoef(traits)[np.triu_indices(len(names), 1)]
    assert np.abs(correlation).max() < bound
    assert np.corrcoef(traits[0], 0.05 * traits[0] + traits[4] / 4)[0, 1] > bound


def agrees(hits, n, share) -> bool:
    """Tell whether an exact binomial test keeps a share."""
    return bool(stats.binomtest(int(hits), int(n), share).pvalue > P_VALUE)


def test_shares_of_presence(people):
    serving = people.ghost == 0
    assert agrees(people.ghost.sum(), people.n_agent, 0.3)
    assert agrees(people.on_leave.sum(), serving.sum(), 0.25)
    assert agrees(people.volunteer.sum(), people.n_agent, 0.7)
    assert agrees(people.means.sum(), people.n_agent, 0.4)
    assert agrees(people.phone.sum(), serving.sum(), 0.95)
    assert agrees((people.family == 1).sum(), people.n_agent, 0.1)
    # the careless reading: leave as a share of strength on paper
    assert not agrees(people.on_leave.sum(), people.n_agent, 0.25)


def test_homes_and_groups_have_the_stated_shares(people):
    homes = np.bincount(people.home, minlength=4)
    assert homes[3] == 0
    assert stats.chisquare(homes[:3], np.array([0.2, 0.3, 0.5]) * people.n_agent).pvalue > P_VALUE
    assert agrees((people.group == 0).sum(), people.n_agent, 0.4)
    assert stats.chisquare(homes[:3], np.full(3, people.n_agent / 3)).pvalue < P_VALUE


def test_groups_are_at_home_in_their_region(people):
    of_alpha = people.group[people.home == 0]
    assert np.mean(of_alpha == 0) > 0.9
    assert np.mean(people.group[people.home == 2] == 1) > 0.9


def variance_parts(deviation, squad, company):
    """Estimate variances of company, squad and person from nested groups of equal size."""
    by_squad = deviation.reshape(-1, squad)
    of_squads = by_squad.mean(axis=1).reshape(-1, company // squad)
    own = by_squad.var(axis=1, ddof=1).mean()
    between_squads = of_squads.var(axis=1, ddof=1).mean()
    between_companies = of_squads.mean(axis=1).var(ddof=1)
    n_squad = company // squad
    return (between_companies - between_squads / n_squad, between_squads - own / squad, own)


def test_commitment_has_effects_of_company_squad_and_person(people):
    """Null: variances 0.25, 0.49, 1.69; estimates from 200 companies, within four standard errors.

    Relative standard errors: sqrt(2 / 200) of the company means, sqrt(2 / 1800) of squads in
    companies, sqrt(2 / 18000) of persons in squads. Planted fault: effects of squads left out.
    """
    company, squad, own = variance_parts(people.deviation.astype(np.float64), 10, 100)
    assert own == pytest.approx(1.69, rel=4 * np.sqrt(2 / 18_000))
    assert squad + own / 10 == pytest.approx(0.49 + 0.169, rel=4 * np.sqrt(2 / 1800))
    assert company + 0.0659 == pytest.approx(0.25 + 0.0659, rel=4 * np.sqrt(2 / 200))
    shuffled = np.random.default_rng(1).permutation(people.deviation.astype(np.float64))
    assert abs(variance_parts(shuffled, 10, 100)[1]) < 0.1
