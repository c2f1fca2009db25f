"""What a calibration came to, for the terminal and the notebook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from standfast.experiment.shown import Shown
from standfast.results.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from standfast.experiment.calibration.problems import Problem
    from standfast.experiment.calibration.smc import Fit
    from standfast.scenario.model import Scenario

_LAW_NOTE = (
    "Prior and posterior: 5 % to 95 %. Learnt: how much narrower the posterior is than the prior.",
)
_FACTOR_NOTE = (
    "Times worse: how many times more probable the targets are under the first model (ABC Bayes "
    "factor), with its 95 % interval. It is about these targets only.",
)
_WAVE_NOTE = (
    "Waves of the mean-field twin say where the engine begins to look; the weights of the candidates "
    "take that out again.",
)
_CHECK_NOTE = (
    "Every candidate from the prior in turn taken for the truth. Small p-values (below 0.01) say that "
    "posteriors are too sure, too wide or shifted.",
)


def show_fit(
    scenario: Scenario, problem: Problem, fit: Fit, parameters: pd.DataFrame, n_run: int
) -> Shown:
    """Return the parameters, prior beside posterior."""
    n_case = len(problem.cases)
    cases = f" in {n_case} cases" if n_case > 1 else ""
    last = fit.last
    title = (
        f"{scenario.title}: {_counted(len(problem.parameters), 'parameter')} fitted to "
        f"{_counted(len(problem.targets), 'target')}{cases}, {n_run:,} runs."
    )
    rows = tuple(
        (
            row["parameter"],
            "" if row["unit"] == "1" else str(row["unit"]),
            _span(row["prior_low"], row["prior_high"]) + (" *" if row["prior_assumed"] else ""),
            f"{row['median']:.3g} ({_span(row['low'], row['high'])})",
            percent(max(0.0, row["learnt"])),
        )
        for _, row in parameters.iterrows()
    )
    ended = (
        f"Generation {last.number} ended it ({fit.stopped}): {int(last.accepted.sum()):,} of "
        f"{len(last.distance):,} candidates within {_tolerance(last.tolerance)}, "
        f"as good as {last.effective:,.0f} equal ones."
    )
    notes = [ended, *_LAW_NOTE]
    if parameters["prior_assumed"].any():
        notes.append("*: no prior is stated; half to one and a half times the default is assumed.")
    columns = ("Parameter", "Unit", "Prior", "Posterior", "Learnt")
    return Shown(title, columns, rows, tuple(notes))


def show_targets(targets: pd.DataFrame) -> Shown:
    """Return what was wanted beside what the posterior comes to."""
    rows = tuple(
        (
            row["target"],
            f"{row['wanted_low']:.4g} +- {row['scale']:.3g}"
            if row["wanted_low"] == row["wanted_high"]
            else _span(row["wanted_low"], row["wanted_high"]),
            f"{row['median']:.3g} ({_span(row['low'], row['high'])})",
            percent(row["within_one_scale"]),
        )
        for _, row in targets.iterrows()
    )
    columns = ("Target", "Wanted", "Posterior", "Within one scale")
    return Shown("What it reproduces", columns, rows)


def show_rivals(rivals: pd.DataFrame) -> Shown:
    """Return the models side by side."""
    rows = tuple(
        (
            row["model"],
            f"{row['chance']:.2g}" if row["near"] else f"below {3 / row['candidates']:.1g}",
            _factor(row),
            f"{row['reached']:.2f}",
        )
        for _, row in rivals.iterrows()
    )
    columns = ("Model", "Chance of coming as near", "Times worse", "Came to within")
    return Shown("Rival models", columns, rows, _FACTOR_NOTE)


def show_waves(waves: pd.DataFrame) -> Shown:
    """Return the waves of history matching."""
    rows = tuple(
        (
            f"{row['wave']:.0f}",
            f"{row['candidates']:,.0f}",
            f"{row['kept']:,.0f}",
            f"{row['least_implausibility']:.2f}",
            percent(row["left"]),
        )
        for _, row in waves.iterrows()
    )
    columns = ("Wave", "Candidates", "Kept", "Least implausibility", "Prior left")
    return Shown("History matching by the mean-field twin", columns, rows, _WAVE_NOTE)


def show_check(check: pd.DataFrame) -> Shown:
    """Return how uniform the ranks were."""
    rows = tuple(
        (
            row["parameter"],
            f"{row['mean_rank']:.2f}",
            f"{row['chi_square_p']:.2g}",
            f"{row['gap_p']:.2g}",
        )
        for _, row in check.iterrows()
    )
    title = f"Simulation-based calibration, {_counted(int(check['trials'].iloc[0]), 'trial')}"
    columns = ("Parameter", "Mean rank", "p, chi-square", "p, largest gap")
    return Shown(title, columns, rows, _CHECK_NOTE)


def _factor(row: pd.Series[float]) -> str:
    if row["factor"] == 1.0:
        return "1"
    if math.isinf(row["factor"]):
        return f"more than {row['factor_low']:.2g}"
    return f"{row['factor']:.2g} ({row['factor_low']:.2g} to {row['factor_high']:.2g})"


def _tolerance(value: float) -> str:
    return "any distance" if math.isinf(value) else f"{value:.2f} scales"


def _span(low: float, high: float) -> str:
    return f"{low:.3g} to {high:.3g}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
