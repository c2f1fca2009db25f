"""ABC-SMC on models whose posterior is known, beside the careless versions, which must be seen.

Statistical: fixed seeds. Posterior means and widths are compared within four of their standard
errors, with as many equal draws as the weights leave (about 6 in 100,000 for a sound sampler, each).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtr

from standfast.experiment.calibration import smc
from standfast.experiment.calibration.keyed import normals_of, uniforms, uniforms_of
from standfast.experiment.calibration.proposals import FROM_PRIOR, Proposal
from standfast.experiment.calibration.ranks import Ranks, rank_trials
from standfast.experiment.calibration.rivals import chance_within, compare_rivals
from standfast.experiment.calibration.smc import Settings, accept, next_tolerance, sample

#: prior N(0, 1) of the mean, one observation with this error; so the posterior is N(y / 1.25, 0.2)
ERROR, OBSERVED = 0.5, 1.5
MEAN, SPREAD = OBSERVED / (1 + ERROR**2), np.sqrt(ERROR**2 / (1 + ERROR**2))
SETTINGS = Settings(population=400, generations=8, most=60_000, tolerance=0.1)


def away(found):
    return np.abs(found[:, 0] - OBSERVED)


def gaussian(generation, indices, latent, seed=1, error=ERROR):
    """Measure a mean with an error of its own for every candidate."""
    return latent[:, :1] + error * normals_of(seed, "check", generation, indices=indices, n=1)


@pytest.fixture(scope="module")
def fitted():
    return sample(gaussian, away, 1, SETTINGS, seed=1)


def moments(fit, weights=None):
    last = fit.last
    weights = last.weights if weights is None else weights
    values = last.latent[last.accepted, 0]
    mean = float((weights * values).sum())
    return mean, float(np.sqrt((weights * (values - mean) ** 2).sum()))


def test_a_gaussian_mean_has_the_known_posterior(fitted):
    mean, spread = moments(fitted)
    n = fitted.last.effective
    assert n > 200
    assert mean == pytest.approx(MEAN, abs=4 * SPREAD / np.sqrt(n))
    # the tolerance widens it by at most its own spread
    wide = np.sqrt(SPREAD**2 + SETTINGS.tolerance**2 / 3)
    assert spread == pytest.approx(wide, abs=4 * SPREAD / np.sqrt(2 * n))


def test_weights_that_are_forgotten_are_seen(fitted):
    """Without weights each generation draws nearer to the best fit: too narrow, and shifted."""
    n = fitted.last.effective
    mean, _ = moments(fitted, np.full(SETTINGS.population, 1 / SETTINGS.population))
    assert abs(mean - MEAN) > 4 * SPREAD / np.sqrt(n)


def binomial(generation, indices, latent):
    """Count successes in 20 trials, with the chance uniform beforehand."""
    chances = ndtr(latent[:, 0])
    drawn = uniforms_of(3, "check", generation, indices=indices, n=20)
    return (drawn < chances[:, None]).sum(axis=1, keepdims=True).astype(float)


def test_a_binomial_chance_has_the_known_posterior():
    """Counts are met exactly, so the posterior is Beta(15, 7) whatever the number of draws."""
    fit = sample(
        binomial, lambda found: np.abs(found[:, 0] - 14), 1,
        Settings(population=400, generations=8, most=40_000), seed=4,
    )  # fmt: skip
    assert fit.stopped == smc.REACHED
    assert fit.last.tolerance == 0
    chances = ndtr(fit.last.latent[fit.draws(), 0])
    law, n = stats.beta(15, 7), fit.last.effective
    assert chances.mean() == pytest.approx(law.mean(), abs=4 * law.std() / np.sqrt(n))
    assert chances.std() == pytest.approx(law.std(), abs=4 * law.std() / np.sqrt(2 * n))


def test_evidence_is_the_chance_of_the_data():
    """Beta-binomial with a uniform prior: every count of 20 has the chance 1/21."""
    fit = sample(
        binomial, lambda found: np.abs(found[:, 0] - 14), 1,
        Settings(population=400, generations=8, most=40_000), seed=5,
    )  # fmt: skip
    chance = chance_within(fit, 0.0)
    assert chance.value == pytest.approx(1 / 21, abs=4 * chance.error)
    last = fit.last
    careless = last.accepted.mean()
    assert abs(careless - 1 / 21) > 10 * chance.error, "the rate of acceptance is no evidence"


def test_a_rival_is_as_much_worse_as_it_is():
    """The rival's error is twice as large about a mean that is one off: the factor is known."""

    def rival(generation, indices, latent):
        return gaussian(generation, indices, latent, seed=2) - 1.0

    settings = replace(SETTINGS, population=300)
    fits = {"as it is": sample(gaussian, away, 1, settings, 6),
            "one off": sample(rival, away, 1, settings, 6)}  # fmt: skip
    first, other = compare_rivals(fits)
    wide, near = np.sqrt(1 + ERROR**2), fits["as it is"].last.distance
    near = near[fits["as it is"].last.accepted].max()

    def within(shift):
        law = stats.norm(shift, wide)
        return law.cdf(OBSERVED + near) - law.cdf(OBSERVED - near)

    expected = within(0.0) / within(-1.0)
    assert first.factor == 1
    assert other.low < expected < other.high
    assert other.low > 2


def test_the_same_draws_in_any_portions(fitted):
    """Whoever hands candidates out in other portions finds the same ones, by number."""
    sizes = []

    class Odd(smc._Search):
        def _batch(self, *_):
            sizes.append(7 if len(sizes) % 2 else 61)
            return sizes[-1]

    original = smc._Search
    smc._Search = Odd
    try:
        again = sample(gaussian, away, 1, SETTINGS, seed=1)
    finally:
        smc._Search = original
    assert len(sizes) > len(again.generations)
    for a, b in zip(fitted.generations, again.generations, strict=True):
        assert a.tolerance == b.tolerance
        assert np.array_equal(a.latent, b.latent)
        assert np.array_equal(a.accepted, b.accepted)
        assert np.array_equal(a.weights, b.weights)
    assert np.array_equal(fitted.draws(), again.draws())


def test_taking_whoever_finishes_first_is_seen(monkeypatch):
    """Runs with a high mean take longer; a sampler that takes the first to finish loses them."""
    slow = {}

    def timed(generation, indices, latent):
        found = gaussian(generation, indices, latent)
        slow.update(zip(away(found), latent[:, 0], strict=True))
        return found

    def careless(distance, tolerance, wanted):
        near = (distance <= tolerance) & np.isfinite(distance)
        finished = sorted(np.flatnonzero(near), key=lambda k: slow[distance[k]])
        taken = np.zeros(distance.size, bool)
        taken[finished[:wanted]] = True
        return taken

    # many at work at once, as on a cluster
    monkeypatch.setattr(smc._Search, "_batch", lambda *_: 2000)
    sound, _ = moments(sample(timed, away, 1, SETTINGS, seed=1))
    monkeypatch.setattr(smc, "accept", careless)
    mean, _ = moments(sample(timed, away, 1, SETTINGS, seed=1))
    assert sound == pytest.approx(MEAN, abs=4 * SPREAD / np.sqrt(200))
    assert abs(mean - MEAN) > 4 * SPREAD / np.sqrt(200)


def test_a_start_elsewhere_does_not_change_the_posterior():
    """Where the engine begins, as history matching tells it, is taken out by the weights."""
    start = Proposal.around(np.array([[2.0], [2.2], [1.8]]), np.ones(3) / 3)
    fit = sample(gaussian, away, 1, SETTINGS, seed=8, start=start)
    mean, _ = moments(fit)
    assert mean == pytest.approx(MEAN, abs=4 * SPREAD / np.sqrt(fit.last.effective))
    first = fit.generations[0]
    assert np.exp(first.log_weight).max() < 1.0001 / FROM_PRIOR


def trials(noise_of):
    """Return a trial: a true mean and draws of its posterior, by a measurement that says little."""
    settings = Settings(population=50, generations=6, most=5000, tolerance=0.3)
    error = 2.0

    def trial(number):
        truth, noise = normals_of(11, "wave", indices=range(number, number + 1), n=2).T
        data = truth[0] + error * noise[0]

        def model(generation, indices, latent):
            return gaussian(generation, noise_of(indices), latent, 100 + number, error)

        fit = sample(model, lambda found: np.abs(found[:, 0] - data), 1, settings, seed=number)
        return truth, fit.last.latent[fit.draws()]

    return trial


def test_ranks_are_uniform_for_a_sound_sampler():
    """Null: uniform ranks, 100 trials, 0.1 % for each of the two tests."""
    ranks = rank_trials(trials(lambda indices: indices), 100, seed=1)
    assert ranks.chi_square().min() > 0.001
    assert ranks.largest_gap().min() > 0.001


def test_ranks_show_noise_that_all_candidates_share():
    """Runs of the same replicate for every candidate would make the posterior far too sure."""
    ranks = rank_trials(trials(lambda _: range(1)), 40, seed=1)
    assert ranks.chi_square().max() < 0.001


CHANGES = {
    "sound": lambda z: z,
    "too sure": lambda z: 0.6 * z,
    "too wide": lambda z: 1.8 * z,
    "shifted": lambda z: z + 0.4,
}


@pytest.mark.parametrize("name", CHANGES)
def test_ranks_show_what_is_too_sure_too_wide_or_shifted(name):
    """Null: uniform ranks, 300 trials, 0.1 % for each of the two tests."""
    z = normals_of(21, "check", indices=range(300), n=101)
    below = np.array([(CHANGES[name](row[1:]) < row[0]).sum() for row in z])
    ranks = Ranks(((below + uniforms(22, "check", n=300)) / 101)[:, None])
    smallest = min(ranks.chi_square()[0], ranks.largest_gap()[0])
    assert (smallest < 0.001) == (name != "sound")


def test_tolerances_go_down_also_where_distances_are_equal():
    distance = np.array([2.0, 2.0, 2.0, 1.0, 0.0])
    generation = smc.Generation(
        1, 2.0, np.zeros((5, 1)), np.zeros((5, 1)), distance, np.zeros(5), np.ones(5, bool)
    )
    assert next_tolerance(generation, Settings(population=10, most=10)) == 1.0
    stuck = replace(generation, distance=np.full(5, 2.0))
    assert next_tolerance(stuck, Settings(population=10, most=10)) is None


def test_what_cannot_be_measured_is_not_accepted():
    assert not accept(np.array([np.inf, np.nan]), np.inf, 2).any()
