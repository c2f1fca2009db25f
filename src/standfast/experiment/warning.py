"""Early warning: which series tell a garrison that will collapse from one that will not, and how early.

Many runs are watched as a staff could watch them, each with other luck and, where something is varied,
in other circumstances. Each series is taken as it is, the direction fixed beforehand; nothing is fitted,
and every value knows only what came before its hour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast.errors import RunError
from standfast.experiment.answer import build_answer
from standfast.experiment.axes import place_at
from standfast.experiment.cases import read_cases
from standfast.experiment.designs import build_points
from standfast.experiment.execute import execute
from standfast.experiment.figures import draws_figure
from standfast.experiment.keys import RunRequest
from standfast.experiment.measures import take_measures
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.paired import share_of
from standfast.experiment.trials import Means
from standfast.experiment.vary import read_axes
from standfast.experiment.warning_roc import LEAST, alarm, compare_pairs, curve, roc, shuffled
from standfast.experiment.warning_series import INDICATORS, KEPT, watch_runs
from standfast.experiment.warning_shown import draw_warning, show_warning
from standfast.results.clock import reference_hour
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.warning_series import Watched

DEFAULT_RUNS = 200
DEFAULT_LEADS = (6.0, 12.0, 24.0, 48.0, 72.0)
#: lead for which the curves are drawn and the shuffles made [h]
SHOWN_LEAD = 24.0
MOST_RUNS = 1_000_000
_SHUFFLES = 20
#: name -> what it holds
CAUSES = {
    "all": "every run that fell",
    "shock": "those with a shock within the day before",
    "endogenous": "those without",
}


def early_warning(
    scenario: Scenario | str | Path,
    vary: Sequence[str] = (),
    runs: int = DEFAULT_RUNS,
    seed: int = 1,
    *,
    leads: Sequence[float] = DEFAULT_LEADS,
    parameters: str | Path | None = None,
    place: str | None = None,
    verdict: str | None = None,
    measures: Sequence[str] = (),
    figure: str | None = None,
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Tell which series warn of a verdict, and how many hours ahead.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    vary
        Axes, as `standfast.experiment.vary.read_axes` reads them: each run is at another point of a Latin
        hypercube over them. Without any, runs differ by luck alone.
    runs
        At least 20; each another replicate.
    seed
        Of people, ties, everything drawn, the points and the samples.
    leads
        Hours before half are gone at which the series are read [h], above 0.
    parameters
        Draws of what is uncertain, as for `standfast.experiment.portfolio.portfolio`; one for each run,
        over again where there are fewer. Excludes `vary`.
    place, verdict
        What is warned of; by default total collapse at the place of the reference event.
    measures
        Taken in every run.
    figure
        ``"png"`` or ``"svg"``; None: a PNG where matplotlib is installed.
    hours
        Refuse to begin what would take longer [h].
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row for each kind of case, series and lead; `tables` hold the curves and alarms.

    Raises
    ------
    ScenarioError
        When an axis names no field, or leaves its bounds.
    RunError
        When there are too few runs, a lead is out of the run, or it needs more than there is.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> short = load_scenario("quiet").with_({"time.horizon": "1 d"})
    >>> answer = early_warning(short, runs=20, leads=[6], progress=False)
    >>> answer.summary["base_rate"]["value"], len(answer.table)
    (0.0, 0)
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    scenario = take_measures(measures, scenario)
    drawn = draws_figure(figure)
    outlook = look_at(scenario, place, verdict)
    _check(runs, leads, scenario, vary, parameters)
    means = Means(seed, threads, progress, store, hours)
    where = None if outlook.place == WHOLE else outlook.place
    kept = execute(
        _requests(scenario, vary, where, parameters, runs, seed),
        store=means.store,
        threads=means.threads,
        progress=means.progress,
        hours=means.hours,
        keep_series=KEPT,
    )
    table = kept.table
    step_h = max(scenario.time.step, 1.0)
    index = list(scenario.places).index(outlook.clock)
    watched = watch_runs(kept, table, outlook, index, reference_hour(scenario), step_h)
    curves = _curves(watched, leads, seed)
    luck = _luck(watched, leads, seed)
    alarms = _alarms(watched)
    points = _points(watched, leads, seed)
    figures: dict[str, Any] = {}
    if len(curves) and drawn:
        figures[f"warning.{figure or 'png'}"] = lambda path: draw_warning(
            path, scenario, outlook, curves, points
        )
    return build_answer(
        "warning",
        scenario,
        table=curves,
        runs=table,
        found={
            "place": outlook.clock,
            "verdict": outlook.verdict,
            "vary": list(vary),
            "base_rate": share_of(watched.came),
            "cases": {name: int(each.sum()) for name, each in kinds(watched).items()},
            "leads_h": list(leads),
            "shuffled": luck,
            "curves": curves.to_dict("records"),
            "alarms": alarms.to_dict("records"),
        },
        shown=show_warning(scenario, outlook, watched, curves, alarms, luck),
        seed=seed,
        replicates=runs,
        tables={"alarms": alarms, "curves": points},
        figures=figures,
    )


def _check(
    runs: int,
    leads: Sequence[float],
    scenario: Scenario,
    vary: Sequence[str],
    parameters: str | Path | None,
) -> None:
    if not 2 * LEAST <= runs <= MOST_RUNS:
        says = f"runs is {runs}, but lies between {2 * LEAST} and {MOST_RUNS:,}"
        raise RunError(says)
    outside = [lead for lead in leads if not 0 < lead < scenario.time.horizon]
    if outside or not leads:
        says = f"{f'a lead of {outside[0]:g} h' if outside else 'no lead'} is asked for"
        raise RunError(says, f"Give some between 0 and the {scenario.time.horizon:g} h of a run.")
    if vary and parameters is not None:
        says = "fields are varied and draws of parameters are given, and one of them is expected"
        raise RunError(says, "Leave out --vary or --parameters.")


def _requests(
    scenario: Scenario,
    vary: Sequence[str],
    place: str | None,
    parameters: str | Path | None,
    runs: int,
    seed: int,
) -> Iterator[RunRequest]:
    """Return the runs: each another replicate, at another point."""
    worlds: Iterator[Scenario]
    if vary:
        axes = read_axes(vary, scenario, place)
        points = build_points(axes, "lhs", runs, seed)
        worlds = (place_at(scenario, axes, point) for point in points)
    else:
        cases = list(read_cases(scenario, parameters, count=runs, seed=seed).values())
        worlds = (cases[k % len(cases)] for k in range(runs))
    return (RunRequest(world, seed, k, f"run {k}") for k, world in enumerate(worlds))


def kinds(watched: Watched) -> dict[str, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Return which runs that fell are of each kind in `CAUSES`."""
    return {
        "all": watched.came,
        "shock": watched.came & watched.shocked,
        "endogenous": watched.came & ~watched.shocked,
    }


def _curves(watched: Watched, leads: Sequence[float], seed: int) -> pd.DataFrame:
    """Return a row for each kind, series and lead with enough runs."""
    rows = []
    for kind, which in kinds(watched).items():
        for name in INDICATORS:
            for lead in leads:
                found = curve(watched, watched.series[name], lead, which, seed)
                if min(found.cases, found.controls) < LEAST:
                    continue
                rows.append(
                    {
                        "kind": kind, "series": name, "lead_h": float(lead), "cases": found.cases,
                        "controls": found.controls, "auc": found.auc.value, "low": found.auc.low,
                        "high": found.auc.high, "already_gone": found.gone,
                    }
                )  # fmt: skip
    columns = [
        "kind",
        "series",
        "lead_h",
        "cases",
        "controls",
        "auc",
        "low",
        "high",
        "already_gone",
    ]
    return pd.DataFrame(rows, columns=columns)


def _luck(watched: Watched, leads: Sequence[float], seed: int) -> dict[str, float] | None:
    """Return mean, least and most area of all series over runs whose ends are shuffled; 1/2 without a leak."""
    lead = _nearest(leads)
    found = []
    for k in range(_SHUFFLES):
        dealt = shuffled(watched, seed + k)
        for values in dealt.series.values():
            pairs = compare_pairs(dealt, values, lead, dealt.came)
            if min(pairs.shape) >= LEAST:
                found.append(float(pairs.mean()))
    if not found:
        return None
    low, high = np.percentile(found, [2.5, 97.5])
    return {"lead_h": lead, "mean": float(np.mean(found)), "low": float(low), "high": float(high)}


def _nearest(leads: Sequence[float]) -> float:
    return float(min(leads, key=lambda lead: abs(lead - SHOWN_LEAD)))


def _alarms(watched: Watched) -> pd.DataFrame:
    rows = []
    for name, values in watched.series.items():
        found = alarm(watched, values)
        if found is None:
            continue
        rows.append(
            {
                "series": name, "bound": found.bound,
                "false_alarms": found.false_alarms.value, "false_alarms_low": found.false_alarms.low,
                "false_alarms_high": found.false_alarms.high, "caught": found.caught.value,
                "caught_low": found.caught.low, "caught_high": found.caught.high,
                "ahead_h": found.ahead_h[0], "ahead_low_h": found.ahead_h[1],
                "ahead_high_h": found.ahead_h[2], "followed": found.followed.value,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _points(watched: Watched, leads: Sequence[float], seed: int) -> pd.DataFrame:
    """Return the curves at the lead that is drawn: recognised cases at each share of false alarms."""
    lead = _nearest(leads)
    rows = []
    for name, values in watched.series.items():
        found = curve(watched, values, lead, watched.came, seed)
        if min(found.cases, found.controls) < LEAST:
            continue
        for false, recognised in zip(*roc(found.placement), strict=True):
            rows.append(
                {"series": name, "lead_h": lead, "false_alarms": false, "recognised": recognised}
            )
    return pd.DataFrame(rows, columns=["series", "lead_h", "false_alarms", "recognised"])
