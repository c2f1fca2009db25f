"""The cheapest set of measures that keeps total collapse unlikely, and what every further bit costs.

Sets are chosen on some runs and judged on others: the best of many looks better than it is on the runs
it was chosen by. They must do over all cases that are given, such as the draws of a posterior, not at
one point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.answer import build_answer
from standfast.experiment.candidates import read_candidates
from standfast.experiment.cases import read_cases
from standfast.experiment.figures import draws_figure
from standfast.experiment.outlook import look_at
from standfast.experiment.portfolio_sets import (
    GENERATION,
    Worlds,
    every_set,
    front,
    search,
)
from standfast.experiment.portfolio_shown import draw_portfolio, show_portfolio
from standfast.experiment.trials import Means, check_needs, check_replicates
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.measures import Measure
    from standfast.experiment.portfolio_sets import Chosen

DEFAULT_BOUND = 0.05
DEFAULT_REPLICATES = 10
DEFAULT_SETS = 128
DEFAULT_CASES = 8
#: with at most as many measures every set is run, unless a search is asked for
FEW = 7
MOST_MEASURES = 64
METHODS = {
    "auto": f"every set up to {FEW} measures, a search above",
    "exact": "every set",
    "search": "NSGA-II",
}
ROBUST = {"mean": "over all cases", "worst": "of the worst case"}
#: judged on fresh runs for each one that was used to choose
_FRESH = 4
#: further sets that are judged, where those of the front do not do
_MORE, _AT_A_TIME = 32, 4


def portfolio(
    scenario: Scenario | str | Path,
    measures: Sequence[str | Measure] = (),
    bound: float = DEFAULT_BOUND,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    method: str = "auto",
    sets: int = DEFAULT_SETS,
    parameters: str | Path | None = None,
    variants: Sequence[Scenario | str | Path] = (),
    cases: int = DEFAULT_CASES,
    robust: str = "mean",
    place: str | None = None,
    figure: str | None = None,
    hours: float | None = None,
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Find the cheapest set of measures that keeps P(total collapse) within a bound.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    measures
        What may be chosen, as `standfast.experiment.measures.read_measure` reads it; by default the
        measures of the scenario file, or one of each kind. Costs are those of their interventions.
    bound
        Probability of total collapse that is borne, above 0 and below 1.
    replicates
        Of each set and case for choosing; four times as many fresh ones judge what was chosen.
    seed
        Of people, ties, everything drawn, the cases and the search.
    method
        ``"exact"``, ``"search"`` or ``"auto"``.
    sets
        Different sets that a search tries at most, less than a generation more.
    parameters
        A file with draws of what is uncertain: the `posterior.nc` of a calibration, or a table
        (Parquet or CSV) with a column for each field.
    variants
        Scenarios instead, each a case.
    cases
        Draws that are taken from `parameters`.
    robust
        ``"mean"``: the risk is the mean over cases; ``"worst"``: that of the worst case.
    place
        Where collapse is looked for; by default the place of the reference event.
    figure
        ``"png"`` or ``"svg"``; None: a PNG where matplotlib is installed.
    hours
        Refuse to begin what would take longer [h].
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row for each set that was tried.

    Raises
    ------
    ScenarioError
        When a measure is none of the defender's.
    RunError
        When it needs more hours, memory or disk than there are, or a number is out of its bounds.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> short = load_scenario("quiet").with_({"time.horizon": "1 d"})
    >>> answer = portfolio(short, ["keep-leaders:cost=3"], replicates=2, progress=False)
    >>> answer.summary["cheapest"]["set"], answer.summary["cheapest"]["cost"]
    ('nothing', 0.0)
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates)
    _check(bound, sets, method, robust)
    drawn = draws_figure(figure)
    outlook = look_at(scenario, place)
    candidates = read_candidates(measures, scenario)
    exact = method == "exact" or (method == "auto" and len(candidates) <= FEW)
    n_set = 2 ** len(candidates) if exact else sets + max(GENERATION, len(candidates) + 2)
    _check_count(len(candidates), n_set)
    chosen_cases = read_cases(scenario, parameters, variants, cases, seed)
    means = Means(seed, threads, progress, store, hours)
    worlds = Worlds(chosen_cases, candidates, outlook, means, robust)
    everything = (True,) * len(candidates)
    for case in chosen_cases.values():
        # what does not go together is told before anything is run
        look_at(worlds.apply(everything, case), outlook.place)
    each = len(chosen_cases) * replicates
    check_needs(chosen_cases.values(), n_set * each + _most_fresh(n_set) * each * _FRESH, means)
    if exact:
        worlds.run(every_set(len(candidates)), replicates)
    else:
        search(worlds, replicates, sets)
    fresh = Worlds(chosen_cases, candidates, outlook, means, robust, beyond=each)
    judge(worlds, fresh, bound, replicates * _FRESH)
    table = _table(worlds, fresh)
    found = _found(fresh, bound)
    figures: dict[str, Any] = {}
    if drawn:
        figures[f"front.{figure or 'png'}"] = lambda path: draw_portfolio(
            path, scenario, outlook, table, bound
        )
    return build_answer(
        "portfolio",
        scenario,
        table=table,
        runs=pd.concat([*worlds.tables, *fresh.tables], ignore_index=True),
        found={
            "place": outlook.place,
            "verdict": outlook.verdict,
            "bound": bound,
            "robust": robust,
            "cases": list(chosen_cases),
            "measures": {measure.name: measure.cost for measure in candidates},
            "method": "exact" if exact else "search",
            "sets": {
                "tried": len(worlds.came),
                "of": 2 ** len(candidates),
                "judged": len(fresh.came),
            },
            **found,
        },
        shown=[show_portfolio(scenario, outlook, worlds, fresh, found, bound, exact=exact)],
        seed=seed,
        replicates=replicates,
        tables={"cases": _case_table(fresh)},
        figures=figures,
    )


def _check(bound: float, sets: int, method: str, robust: str) -> None:
    if not 0 < bound < 1:
        says = f"bound is {bound:g}, but lies between 0 and 1"
        raise RunError(says)
    if not 2 <= sets <= 1_000_000:
        says = f"sets is {sets}, but lies between 2 and 1,000,000"
        raise RunError(says)
    for option, word, known in (("--method", method, METHODS), ("--robust", robust, ROBUST)):
        if word not in known:
            says = f'is "{printable(word)}", which is no choice'
            raise ScenarioError(option, [Problem("", says, suggest(word, known, "choices"))])


def _check_count(n_measure: int, n_set: int) -> None:
    if not 1 <= n_measure <= MOST_MEASURES:
        says = f"{n_measure} measures are given, but a portfolio chooses from 1 to {MOST_MEASURES}"
        raise RunError(says, "Name some with --with.")
    if n_set > 1_000_000:
        says = f"{n_measure} measures make {n_set:,} sets"
        raise RunError(says, "Name fewer, or search: --method search.")


def _most_fresh(n_set: int) -> int:
    return min(n_set, 1 + GENERATION + _MORE)


def judge(worlds: Worlds, fresh: Worlds, bound: float, replicates: int) -> None:
    """Run the sets worth it over fresh replicates: the front, and cheap ones until one surely does.

    A set that looked safe by luck hides dearer ones from the front, so sets that may be within the
    bound are taken in the order of their costs until the interval of one lies under it.
    """
    nothing = (False,) * len(worlds.measures)
    points = {each: (worlds.cost(each), worlds.risk(each).value) for each in worlds.came}
    fresh.run([nothing, *front(points)[-GENERATION:]], replicates)
    likely = sorted(
        (each for each in points if worlds.risk(each).low <= bound),
        key=lambda each: (*points[each], sum(each), each),
    )
    waiting = [each for each in likely if each not in fresh.came][:_MORE]
    while waiting and not any(fresh.risk(each).high <= bound for each in fresh.came):
        fresh.run(waiting[:_AT_A_TIME], replicates)
        waiting = waiting[_AT_A_TIME:]


def _found(fresh: Worlds, bound: float) -> dict[str, Any]:
    """Return the cheapest set that does, the cheapest that surely does, and the front, by fresh runs."""
    points = {each: (fresh.cost(each), fresh.risk(each).value) for each in fresh.came}
    order = sorted(points, key=lambda each: (*points[each], sum(each), each))
    does = [each for each in order if points[each][1] <= bound]
    surely = [each for each in order if fresh.risk(each).high <= bound]
    nothing = (False,) * len(fresh.measures)
    return {
        "nothing": fresh.risk(nothing),
        "cheapest": _one(fresh, does[0]) if does else None,
        "cheapest_surely": _one(fresh, surely[0]) if surely else None,
        "front": [_one(fresh, each) for each in front(points)],
    }


def _one(fresh: Worlds, chosen: Chosen) -> dict[str, Any]:
    return {
        "set": fresh.name(chosen),
        "cost": fresh.cost(chosen),
        "risk": fresh.risk(chosen),
        "worst_case": float(fresh.came[chosen].mean(axis=1).max()),
    }


def _table(worlds: Worlds, fresh: Worlds) -> pd.DataFrame:
    rows = []
    best = front({each: (fresh.cost(each), fresh.risk(each).value) for each in fresh.came})
    for chosen in worlds.came:
        risk = worlds.risk(chosen)
        row: dict[str, Any] = {
            "set": worlds.name(chosen), "cost": worlds.cost(chosen), "measures": sum(chosen),
            "risk_chosen_by": risk.value, "judged": chosen in fresh.came, "front": chosen in best,
        }  # fmt: skip
        judged = fresh.risk(chosen) if chosen in fresh.came else None
        for name in ("value", "low", "high"):
            key = "risk" if name == "value" else f"risk_{name}"
            row[key] = getattr(judged, name) if judged else float("nan")
        row |= {m.name: is_in for m, is_in in zip(worlds.measures, chosen, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows).sort_values(["cost", "measures"], kind="stable", ignore_index=True)


def _case_table(fresh: Worlds) -> pd.DataFrame:
    """Return the risk of each judged set in each case."""
    return pd.DataFrame(
        [
            {"set": fresh.name(chosen), "case": case, "runs": flags.size, "risk": flags.mean()}
            for chosen, came in fresh.came.items()
            for case, flags in zip(fresh.cases, came, strict=True)
        ]
    )
