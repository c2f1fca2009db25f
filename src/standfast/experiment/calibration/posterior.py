"""A posterior as a file: netCDF in the groups that ArviZ knows; `drawn.read_draws` reads it back.

Groups `posterior`, `sample_stats`, `posterior_predictive`, `observed_data` and `prior`, with the
dimensions chain and draw. All draws count the same: the weights were taken out by resampling.
Facts of single cases that were fitted beside are in `facts_of_cases`: another scenario has none of them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from standfast.experiment.calibration.keyed import normals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from standfast.experiment.calibration.priors import Parameter
    from standfast.experiment.calibration.problems import Problem
    from standfast.experiment.calibration.smc import Fit

    Floats = npt.NDArray[np.float64]

POSTERIOR = "posterior.nc"
_DRAWS = ("chain", "draw")


def posterior_groups(problem: Problem, fit: Fit) -> dict[str, xr.Dataset]:
    """Return the groups of a posterior by name.

    Parameters
    ----------
    problem
        What was fitted to what.
    fit
        What came of it.
    """
    rows = fit.draws()
    last = fit.last
    values = problem.values(last.latent[rows])
    drawn = normals_of(fit.seed, "posterior", 1, indices=range(len(rows)), n=values.shape[1])
    names = np.array([target.name for target in problem.targets], dtype=object)
    targets = {
        each: ("target", np.array([getattr(target, each) for target in problem.targets]))
        for each in ("low", "high", "scale")
    }
    stats = {
        "distance": (_DRAWS, last.distance[rows][None], {"description": "from the targets"}),
        "candidate": (_DRAWS, rows[None], {"description": "its number in the last generation"}),
    }
    found = (("chain", "draw", "target"), last.found[rows][None])
    shared = [k for k, parameter in enumerate(problem.parameters) if parameter.case is None]
    facts = [k for k, parameter in enumerate(problem.parameters) if parameter.case is not None]
    groups = {
        "posterior": _by_parameter(problem.parameters, shared, values),
        "sample_stats": _labelled(stats, len(rows)),
        "posterior_predictive": _labelled({"measurement": found}, len(rows)).assign_coords(
            target=names
        ),
        "observed_data": xr.Dataset(targets, coords={"target": names}),
        "prior": _by_parameter(problem.parameters, shared, problem.values(drawn)),
    }
    if facts:
        groups["facts_of_cases"] = _by_parameter(problem.parameters, facts, values)
    return groups


def _by_parameter(
    parameters: Sequence[Parameter], chosen: Sequence[int], values: Floats
) -> xr.Dataset:
    variables = {
        # a slash would begin a group
        parameters[k].name.replace("/", "."): (
            _DRAWS,
            values[None, :, k],
            {
                "units": parameters[k].axis.unit or "1",
                "paths": " ".join(parameters[k].axis.paths),
                "prior": parameters[k].prior.text,
            },
        )
        for k in chosen
    }
    return _labelled(variables, len(values))


def _labelled(variables: dict[str, Any], n_draw: int) -> xr.Dataset:
    attributes = {
        "inference_library": "standfast",
        "inference_library_version": version("standfast"),
        "note": "Synthetic people; no forecast.",
    }
    coords = {"chain": np.arange(1), "draw": np.arange(n_draw)}
    return xr.Dataset(variables, coords=coords, attrs=attributes)
