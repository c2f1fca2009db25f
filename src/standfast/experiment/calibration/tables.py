"""What a calibration came to, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.experiment.calibration.rivals import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from standfast.experiment.calibration.problems import Problem
    from standfast.experiment.calibration.ranks import Ranks
    from standfast.experiment.calibration.rivals import Comparison
    from standfast.experiment.calibration.smc import Fit
    from standfast.experiment.calibration.waves import Wave

    Floats = npt.NDArray[np.float64]

#: what the tables give of a law
SHARES = (0.05, 0.5, 0.95)


def parameter_table(problem: Problem, fit: Fit) -> pd.DataFrame:
    """Return a row for each parameter: prior, posterior, and how much was learnt.

    `learnt` is 1 less the ratio of the standard deviations of posterior and prior, in the space in
    which the prior is standard normal: 0 where nothing was learnt.
    """
    rows = fit.draws()
    latent = fit.last.latent
    values, central = problem.values(latent[rows]), problem.values(latent[[fit.central()]])[0]
    table = []
    for k, parameter in enumerate(problem.parameters):
        low, median, high = np.quantile(values[:, k], SHARES)
        table.append(
            {
                "parameter": parameter.name,
                "paths": " ".join(parameter.axis.paths),
                "unit": parameter.axis.unit or "1",
                "prior": parameter.prior.text,
                "prior_assumed": parameter.prior.assumed,
                "prior_low": parameter.at(SHARES[0]),
                "prior_high": parameter.at(SHARES[2]),
                "low": low,
                "median": median,
                "high": high,
                "central": central[k],
                "learnt": 1 - float(latent[rows, k].std()),
            }
        )
    return pd.DataFrame(table)


def target_table(problem: Problem, fit: Fit) -> pd.DataFrame:
    """Return a row for each target: its window, and what the posterior's candidates came to."""
    found = fit.last.found[fit.draws()]
    table = []
    for k, target in enumerate(problem.targets):
        known = found[np.isfinite(found[:, k]), k]
        low, median, high = np.quantile(known, SHARES) if known.size else [np.nan] * 3
        table.append(
            {
                "target": target.name,
                "wanted_low": target.low,
                "wanted_high": target.high,
                "scale": target.scale,
                "low": low,
                "median": median,
                "high": high,
                "within_one_scale": float((np.abs(target.miss(found[:, k])) <= 1).mean()),
            }
        )
    return pd.DataFrame(table)


def generation_table(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """Return a row for each model and generation."""
    return pd.DataFrame(
        [
            {
                "model": name,
                "generation": each.number,
                "tolerance": each.tolerance,
                "nearest_to": nearest(each),
                "candidates": len(each.distance),
                "accepted": int(each.accepted.sum()),
                "rate": each.rate,
                "effective": each.effective,
            }
            for name, fit in fits.items()
            for each in fit.generations
        ]
    )


def candidate_table(problem: Problem, fits: Mapping[str, Fit]) -> pd.DataFrame:
    """Return a row for each candidate: values, measurements, distance, weight."""
    frames = []
    for name, fit in fits.items():
        for each in fit.generations:
            columns: dict[str, Any] = {
                "model": name, "generation": each.number,
                "candidate": np.arange(len(each.distance)),
            }  # fmt: skip
            values = problem.values(each.latent)
            columns |= {p.name: values[:, k] for k, p in enumerate(problem.parameters)}
            columns |= {t.name: each.found[:, k] for k, t in enumerate(problem.targets)}
            columns |= {
                "distance": each.distance, "accepted": each.accepted,
                "log_weight": each.log_weight,
            }  # fmt: skip
            frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def rival_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """Return a row for each model."""
    return pd.DataFrame(
        [
            {
                "model": each.name,
                "chance": each.chance.value,
                "chance_error": each.chance.error,
                "near": each.chance.near,
                "candidates": each.chance.candidates,
                "factor": each.factor,
                "factor_low": each.low,
                "factor_high": each.high,
                "reached": each.reached,
            }
            for each in comparisons
        ]
    )


def wave_table(waves: Sequence[Wave]) -> pd.DataFrame:
    """Return a row for each wave of history matching."""
    return pd.DataFrame(
        [
            {
                "wave": wave.number,
                "candidates": len(wave.latent),
                "kept": int(wave.kept.sum()),
                "cut": wave.cut,
                "least_implausibility": float(wave.implausibility.min()),
                "left": wave.left,
            }
            for wave in waves
        ]
    )


def check_table(problem: Problem, ranks: Ranks) -> pd.DataFrame:
    """Return a row for each parameter: how uniform its ranks were."""
    return pd.DataFrame(
        {
            "parameter": [parameter.name for parameter in problem.parameters],
            "trials": len(ranks.share),
            "mean_rank": ranks.share.mean(axis=0),
            "chi_square_p": ranks.chi_square(),
            "gap_p": ranks.largest_gap(),
        }
    )
