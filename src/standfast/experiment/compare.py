"""What would have helped: measures against nothing, on the same people and the same draws.

Every measure is run over the same replicates as the scenario without it. Runs of a pair share every
draw that the measure does not touch (common random numbers), so the difference is the measure's,
and everybody can be followed through both worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.errors import RunError
from standfast.experiment.answer import build_answer
from standfast.experiment.followed import Garrisons, follow, people_table
from standfast.experiment.measures import Measure, read_measure
from standfast.experiment.outlook import WHOLE, Outlook, list_garrisons, look_at
from standfast.experiment.paired import (
    Estimate,
    fewer_runs,
    mean_change,
    mean_of,
    share_change,
    share_of,
)
from standfast.experiment.shown import Shown, between, chance, points, times
from standfast.experiment.trials import Means, check_replicates, run_worlds, world
from standfast.results.verdict import VERDICTS
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.followed import Counts
    from standfast.experiment.runs import Runs
    from standfast.experiment.watch import Shown as Watcher

NOTHING = "nothing"
DEFAULT_REPLICATES = 50


def compare(
    scenario: Scenario | str | Path,
    interventions: Sequence[str | Measure],
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    place: str | None = None,
    threads: int | None = None,
    progress: bool | Watcher | None = None,
    store: Path | None = None,
) -> Answer:
    """Compare measures with nothing, pair by pair.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file; what it does already it does in all
        worlds.
    interventions
        Measures, or texts as `standfast.experiment.measures.read_measure` reads them.
    replicates
        Pairs for each measure, at least 2.
    seed
        Of people, ties and everything drawn.
    place
        Garrison whose hours and verdicts are shown; by default that of the reference event.
    threads, progress, store
        As for `standfast.experiment.execute.execute`.

    Returns
    -------
    Answer
        `table` has a row for each measure, place and quantity; `tables["people"]` one for each
        measure, place and branch.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> short = load_scenario("garrison").with_({"time.horizon": "2 d"})
    >>> compare(short, ["keep-leaders"], replicates=2).summary["measures"]["keep-leaders"]["cost"]
    1.0
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates, least=2)
    outlook = look_at(scenario, place)
    measures = _named(interventions, scenario)
    worlds = {NOTHING: scenario} | {name: m.apply(scenario) for name, m in measures.items()}
    means = Means(seed, threads, progress, store)
    runs = run_worlds(worlds, replicates, means, keep_agents=True)
    table = runs.table
    base = world(table, NOTHING)
    garrisons = Garrisons(scenario, seed)
    rows: list[dict[str, Any]] = []
    people, found = [], {}
    for name, measure in measures.items():
        other = world(table, name)
        effects = _effects(base, other, scenario, outlook)
        rows += [{"measure": name, **row} for row in effects]
        moves = _follow(runs, base, other, garrisons, worlds[name])
        if moves is not None:
            people.append(people_table(moves, garrisons.places).assign(measure=name))
        found[name] = _summary(measure, effects, moves, outlook)
    return build_answer(
        "compare",
        scenario,
        table=pd.DataFrame(rows),
        runs=table,
        found={"place": outlook.place, "nothing": _nothing(base, outlook), "measures": found},
        shown=[_shown(scenario, outlook, base, found)],
        seed=seed,
        replicates=replicates,
        tables={"people": pd.concat(people, ignore_index=True)} if people else {},
    )


def _named(interventions: Sequence[str | Measure], scenario: Scenario) -> dict[str, Measure]:
    measures: dict[str, Measure] = {}
    for each in interventions:
        measure = read_measure(each, scenario) if isinstance(each, str) else each
        measures[measure.name] = measure
    if not measures or NOTHING in measures:
        says = "there is nothing to compare"
        raise RunError(says, "Name at least one measure, such as --with keep-leaders.")
    return measures


def _follow(
    runs: Runs, base: pd.DataFrame, other: pd.DataFrame, garrisons: Garrisons, changed: Scenario
) -> dict[str, Counts] | None:
    """Return how fates differ; None where a measure changes who the people are."""
    if not garrisons.has_same_people(changed):
        return None
    return follow(runs, list(zip(base["key"], other["key"], strict=True)), garrisons)


def _effects(
    base: pd.DataFrame, other: pd.DataFrame, scenario: Scenario, outlook: Outlook
) -> list[dict[str, Any]]:
    """Return a row for each place and quantity."""
    garrisons = dict.fromkeys([outlook.place, WHOLE, *list_garrisons(scenario)])
    rows = []
    for name in garrisons:
        here = look_at(scenario, name)
        rows += _verdicts(base, other, here)
        gone = here.gone(base), here.gone(other)
        rows.append(_row(name, "share_gone", "1", *gone))
        if name != WHOLE:
            rows.append(_row(name, "hours_to_half", "h", here.hours(base), here.hours(other)))
    return rows


def _verdicts(base: pd.DataFrame, other: pd.DataFrame, here: Outlook) -> list[dict[str, Any]]:
    column = here.column("verdict")
    rows = []
    for verdict in VERDICTS:
        a = (base[column] == verdict).to_numpy(dtype=bool)
        b = (other[column] == verdict).to_numpy(dtype=bool)
        row = _row(here.place, f"P({verdict})", "1", a.astype(float), b.astype(float))
        change = share_change(a, b)
        rows.append(row | {"change": change.value, "low": change.low, "high": change.high})
    return rows


def _row(place: str, quantity: str, unit: str, a: Any, b: Any) -> dict[str, Any]:  # noqa: ANN401  arrays
    change = mean_change(a, b)
    return {
        "place": place,
        "quantity": quantity,
        "unit": unit,
        "without": float(a.mean()),
        "with": float(b.mean()),
        "change": change.value,
        "low": change.low,
        "high": change.high,
        "fewer_runs": fewer_runs(a, b),
    }


def _summary(
    measure: Measure,
    effects: list[dict[str, Any]],
    moves: dict[str, Counts] | None,
    outlook: Outlook,
) -> dict[str, Any]:
    def of(place: str, quantity: str) -> dict[str, Any]:
        row = next(r for r in effects if r["place"] == place and r["quantity"] == quantity)
        return {key: row[key] for key in ("without", "with", "change", "low", "high", "fewer_runs")}

    people = None
    if moves is not None:
        totals = {name: counts.sum(axis=(1, 2)).astype(float) for name, counts in moves.items()}
        people = {name: mean_of(values) for name, values in totals.items()}
    return {
        "cost": measure.cost,
        "interventions": [each.model_dump(mode="json") for each in measure.interventions],
        "verdicts": {
            place: {verdict: of(place, f"P({verdict})") for verdict in VERDICTS}
            for place in dict.fromkeys([outlook.place, WHOLE])
        },
        "hours_gained": of(outlook.clock, "hours_to_half"),
        "share_gone": of(outlook.place, "share_gone"),
        "people": people,
    }


def _nothing(base: pd.DataFrame, outlook: Outlook) -> dict[str, Any]:
    column = base[outlook.column("verdict")]
    return {
        "verdicts": {v: share_of((column == v).to_numpy(dtype=bool)) for v in VERDICTS},
        "share_gone": mean_of(outlook.gone(base)),
        "hours_to_half": mean_of(outlook.hours(base)),
    }


def _shown(
    scenario: Scenario, outlook: Outlook, base: pd.DataFrame, found: dict[str, Any]
) -> Shown:
    rows = []
    for name, one in found.items():
        verdicts, hours, gone = (
            one["verdicts"][outlook.place],
            one["hours_gained"],
            one["share_gone"],
        )
        stayed = one["people"]["stayed"] if one["people"] else None
        rows.append(
            (
                name,
                f"{one['cost']:g}",
                points(_estimate(verdicts[outlook.verdict])),
                points(_estimate(verdicts["held"])),
                between(hours["change"], hours["low"], hours["high"]),
                _people(stayed),
                f"{times(gone['fewer_runs'])} / {times(hours['fewer_runs'])}",
            )
        )
    where = outlook.where(scenario)
    collapse = share_of(outlook.came(base))
    pairs = len(base)
    return Shown(
        f"{scenario.title}: what would have helped, over {pairs} pairs of runs each. "
        f"With nothing, P({outlook.verdict}) of {where} is {chance(collapse)}.",
        ("Measure", "Cost", "P(collapse), points", "P(held), points", "Hours gained",
         "Stayed because of it", "Fewer runs"),
        tuple(rows),
        (
            f"Change against nothing in {where}, mean and 95 % interval of the pairs.",
            "Hours gained: until half were gone, counted to the end of the run at most.",
            "Stayed: people a run, everywhere, who left without it and serve with it, followed one "
            "by one.",
            "Fewer runs: how many times more runs without pairing would have needed for the same "
            "interval of the share gone / of the hours.",
        ),
    )  # fmt: skip


def _estimate(row: dict[str, Any]) -> Estimate:
    return Estimate(row["change"], row["low"], row["high"])


def _people(stayed: Estimate | None) -> str:
    if stayed is None:
        return "other people"
    return f"{stayed.value:,.0f} ({stayed.low:,.0f} to {stayed.high:,.0f})"
