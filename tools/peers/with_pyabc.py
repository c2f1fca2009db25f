"""pyABC: the mean of a normal law, and two models of it, by ABC-SMC from one observation.

`ABCSMC.run` draws a particle of the generation before by its weight, perturbs it by a normal law with
the scaled weighted covariance, and accepts it within the tolerance; weights are prior over proposal.
`SingleCoreSampler` takes candidates one after another, so that none is favoured for being quick.
The tolerances are given, so that both programs stop at the same one.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyabc
from keeping import keep

ERROR, OBSERVED = 0.5, 1.5
TOLERANCES = [2.0, 1.0, 0.5, 0.25, 0.1]
PARTICLES, SEED = 1000, 20261127


def model(parameters: dict[str, float]) -> dict[str, float]:
    """Measure the mean with an error."""
    return {"y": parameters["mean"] + ERROR * np.random.standard_normal()}  # noqa: NPY002  as pyABC draws


def apart(found: dict[str, float], observed: dict[str, float]) -> float:
    """Return how far a measurement is from the observation."""
    return abs(found["y"] - observed["y"])


def main() -> None:
    """Fit, and write the particles of the last generation with their weights."""
    np.random.seed(SEED)  # noqa: NPY002, TID251  pyABC draws from the global state
    fit = pyabc.ABCSMC(
        model,
        pyabc.Distribution(mean=pyabc.RV("norm", 0.0, 1.0)),
        apart,
        population_size=PARTICLES,
        eps=pyabc.ListEpsilon(TOLERANCES),
        sampler=pyabc.sampler.SingleCoreSampler(),
    )
    with tempfile.TemporaryDirectory() as folder:
        fit.new("sqlite:///" + str(Path(folder) / "fit.db"), {"y": OBSERVED})
        history = fit.run(max_nr_populations=len(TOLERANCES))
        frame, weights = history.get_distribution(m=0)
        samples = history.get_all_populations()["samples"].to_numpy()[1:]
    keep(
        "pyabc-mean",
        script="with_pyabc.py",
        packages=("pyabc", "numpy", "scipy"),
        problem={
            "prior": "normal(0, 1)", "error": ERROR, "observed": OBSERVED,
            "tolerances": TOLERANCES, "particles": PARTICLES, "seed": SEED,
        },
        says="the mean of a normal law with known error, from one observation",
        rule="ABC-SMC; accepted if the distance is at most the tolerance; weights prior over proposal",
        arrays={"mean": frame["mean"], "weight": weights, "simulations": samples},
    )  # fmt: skip


if __name__ == "__main__":
    main()
