"""ABC-SMC beside pyABC: the mean of a normal law from one observation, down the same tolerances.

Both are compared with the posterior that is known, and with each other, within four standard errors of
as many equal draws as the weights leave. pyABC was run once; its particles are stored.
"""

from __future__ import annotations

import numpy as np
import pytest

from standfast.experiment.calibration.keyed import normals_of
from standfast.experiment.calibration.smc import Settings, sample


@pytest.fixture(scope="module")
def peer(stored):
    return stored("pyabc-mean")


def moments(values, weights):
    weights = weights / weights.sum()
    mean = (weights * values).sum()
    return mean, np.sqrt((weights * (values - mean) ** 2).sum()), 1 / (weights**2).sum()


def fit(problem):
    tolerances = problem["tolerances"]

    def model(generation, indices, latent):
        return latent + problem["error"] * normals_of(7, "check", generation, indices=indices, n=1)

    def away(found):
        return np.abs(found[:, 0] - problem["observed"])

    settings = Settings(
        problem["particles"], len(tolerances), most=200_000, tolerances=tuple(tolerances)
    )
    return sample(model, away, 1, settings, seed=1)


def test_the_same_posterior_as_pyabc(peer):
    problem = peer.made["problem"]
    found = fit(problem)
    last = found.last
    assert last.tolerance == problem["tolerances"][-1]
    ours = moments(last.latent[last.accepted, 0], last.weights)
    theirs = moments(peer["mean"], peer["weight"])
    shrunk = 1 + problem["error"] ** 2
    mean, spread = problem["observed"] / shrunk, problem["error"] / np.sqrt(shrunk)
    for found_mean, found_spread, n in (ours, theirs):
        assert n > 300
        assert found_mean == pytest.approx(mean, abs=4 * spread / np.sqrt(n))
        assert found_spread == pytest.approx(spread, abs=4 * spread / np.sqrt(2 * n))
    both = np.sqrt(1 / ours[2] + 1 / theirs[2])
    assert ours[0] == pytest.approx(theirs[0], abs=4 * spread * both)
    careless = last.latent[last.accepted, 0].mean()
    assert abs(careless - mean) > 4 * spread / np.sqrt(ours[2]), "weights left out must be seen"


def test_about_as_many_simulations_as_pyabc(peer):
    problem = peer.made["problem"]
    ours = [len(generation.distance) for generation in fit(problem).generations]
    ratio = np.array(ours) / peer["simulations"]
    assert (ratio > 0.4).all()
    assert (ratio < 2.5).all()
