"""Why they left: each mechanism off in turn, and groups of mechanisms by Shapley values.

Two questions are kept apart. *Proximate*: what weighed on people at the moment they left. *Causal*:
who would have stayed, had a mechanism not acted, by the same people and draws with it switched off.
A cause may be proximate to few and causal for many, as when the flight of commanders sets off what
people then call fear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.errors import Problem, RunError, ScenarioError
from standfast.experiment.answer import build_answer
from standfast.experiment.followed import Garrisons, follow
from standfast.experiment.outlook import look_at
from standfast.experiment.paired import Estimate, mean_change, mean_of, share_change, share_of
from standfast.experiment.shapley import coalitions, shapley_values
from standfast.experiment.trials import Means, check_replicates, run_worlds, world
from standfast.experiment.why_shown import ONE_OFF, PROXIMATE, SHAPLEY, show_why
from standfast.scenario.load import load_scenario
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.model import Scenario
from standfast.scenario.names import suggest
from standfast.scenario.plugins import mechanism_titles
from standfast.scenario.tree import printable
from standfast.scenario.vocabulary import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.experiment.followed import Counts
    from standfast.experiment.outlook import Outlook
    from standfast.experiment.runs import Runs
    from standfast.experiment.watch import Shown as Watcher

AS_IT_IS = "as it is"
DEFAULT_REPLICATES = 20
_MOST_GROUPS = 8
#: Shapley groups; the verdict and the ways out are in none, since they are no reason to leave
GROUPS: dict[str, tuple[str, ...]] = {
    "information": ("M01", "M02", "M03", "M04", "M05", "M40"),
    "fear and family": ("M06", "M07", "M08", "M09", "M10", "M11", "M26"),
    "command and trust": ("M13", "M14", "M15", "M16", "M17", "M18", "M19", "M20", "M21"),
    "comrades": ("M22", "M23", "M24", "M25"),
    "front": ("M33", "M34", "M35", "M36", "M37", "M38", "M39"),
}
#: group of the mechanisms of one's own, where a scenario has any
OWN = "own mechanisms"
#: without it there are no verdicts to speak of
_NEVER_OFF = ("M41",)


def why(
    scenario: Scenario | str | Path,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    mechanisms: Sequence[str] | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    place: str | None = None,
    threads: int | None = None,
    progress: bool | Watcher | None = None,
    store: Path | None = None,
) -> Answer:
    """Say why people left: what weighed on them then, and what made the difference.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    replicates
        Of every world, at least 2.
    seed
        Of people, ties and everything drawn.
    mechanisms
        Which to switch off in turn; by default all that act. An empty list leaves that part out.
    groups
        Groups for the Shapley values, at most 8, by name; by default `GROUPS`. 2^n worlds are run.
        An empty mapping leaves that part out.
    place
        Garrison that is asked about.
    threads, progress, store
        As for `standfast.experiment.execute.execute`.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates, least=2)
    outlook = look_at(scenario, place)
    singles = choose_mechanisms(mechanisms, scenario)
    acting = mechanism_titles(scenario)
    own = {OWN: [name for name in acting if name in scenario.plugins]}
    grouped = _grouped({**GROUPS, **own} if groups is None else groups, acting, _known(scenario))
    worlds = _worlds(scenario, singles, grouped)
    means = Means(seed, threads, progress, store)
    runs = run_worlds(worlds, replicates, means, keep_agents=True)
    table = runs.table
    base = world(table, AS_IT_IS)
    garrisons = Garrisons(scenario, seed)
    rows = _proximate(base)
    rows += [
        _single(name, acting[name], runs, base, world(table, _off(name)), garrisons, outlook)
        for name in singles
    ]
    shapley, whole = _shapley(table, grouped, outlook)
    rows += shapley
    return build_answer(
        "why",
        scenario,
        table=pd.DataFrame(rows),
        runs=table,
        found={
            "place": outlook.place,
            "verdict": outlook.verdict,
            "as_it_is": {
                "chance": share_of(outlook.came(base)),
                "share_gone": mean_of(outlook.gone(base)),
            },
            "groups": {name: list(members) for name, members in grouped.items()},
            "nothing_acts": whole,
            "rows": rows,
        },
        shown=show_why(scenario, outlook, base, rows, whole),
        seed=seed,
        replicates=replicates,
    )


def choose_mechanisms(wanted: Sequence[str] | None, scenario: Scenario) -> list[str]:
    """Return those that can be switched off in turn: all that act, or of these the wanted ones.

    Raises
    ------
    ScenarioError
        When one that is wanted is no mechanism of the scenario.

    Examples
    --------
    >>> choose_mechanisms(["M15", "M41"], load_scenario("garrison"))
    ['M15']
    """
    can = [key for key in mechanism_titles(scenario) if key not in _NEVER_OFF]
    if wanted is None:
        return can
    _check_known("--mechanism", wanted, _known(scenario))
    return [key for key in wanted if key in can]


def _known(scenario: Scenario) -> dict[str, str]:
    return {**MECHANISMS, **dict.fromkeys(scenario.plugins, "")}


def _grouped(
    groups: Mapping[str, Sequence[str]], acting: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, list[str]]:
    if len(groups) > _MOST_GROUPS:
        says = f"{len(groups)} groups need {2 ** len(groups):,} worlds"
        raise RunError(says, f"Give at most {_MOST_GROUPS} groups.")
    members = [key for group in groups.values() for key in group]
    _check_known("--group", members, known)
    twice = {key for key in members if members.count(key) > 1}
    if twice:
        says = f"{', '.join(sorted(twice))} stand in more than one group"
        raise RunError(says, "Put each mechanism into one group.")
    acts = {name: [key for key in group if key in acting] for name, group in groups.items()}
    return {name: keys for name, keys in acts.items() if keys}


def _check_known(option: str, names: Iterable[str], known: Mapping[str, str]) -> None:
    problems = [
        Problem("", f'"{printable(name)}" is not a mechanism', suggest(name, known, "mechanisms"))
        for name in names
        if name not in known
    ]
    if problems:
        raise ScenarioError(option, problems)


def _off(name: str) -> str:
    return f"without {name}"


def _only(chosen: Iterable[str]) -> str:
    return f"only {' + '.join(sorted(chosen)) or 'nothing'}"


def _worlds(
    scenario: Scenario, singles: list[str], grouped: Mapping[str, list[str]]
) -> dict[str, Scenario]:
    worlds = {AS_IT_IS: scenario}
    worlds |= {_off(name): _switched_off(scenario, [name]) for name in singles}
    for chosen in coalitions(list(grouped)) if grouped else ():
        off = [key for name, keys in grouped.items() if name not in chosen for key in keys]
        worlds[_only(chosen)] = _switched_off(scenario, off)
    return worlds


def _switched_off(scenario: Scenario, names: Iterable[str]) -> Scenario:
    changes = {f"mechanisms.{name}.enabled": False for name in names}
    return scenario.with_(changes) if changes else scenario


def _proximate(base: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a row for each term of the pressure to leave: its share of departures."""
    rows = []
    for term in TERMS:
        share = mean_of(base[f"cause.{term}"].to_numpy(dtype=float))
        rows.append(_row(PROXIMATE, term, term.replace("_", " "), share=share))
    return sorted(rows, key=lambda row: -row["value"])


def _single(
    name: str,
    title: str,
    runs: Runs,
    base: pd.DataFrame,
    off: pd.DataFrame,
    garrisons: Garrisons,
    outlook: Outlook,
) -> dict[str, Any]:
    """Return what a mechanism made of it: base less the world without it."""
    moves = follow(runs, list(zip(base["key"], off["key"], strict=True)), garrisons)
    made = mean_change(outlook.gone(off), outlook.gone(base))
    verdict = share_change(outlook.came(off), outlook.came(base))
    hours = mean_change(outlook.hours(off), outlook.hours(base))
    row = _row(ONE_OFF, name, title, share=made)
    row |= {
        "verdict": verdict.value,
        "verdict_low": verdict.low,
        "verdict_high": verdict.high,
        "hours": hours.value,
        "hours_low": hours.low,
        "hours_high": hours.high,
    }
    return row | {f"people_{key}": _people(moves, key) for key in ("stayed", "left")}


def _people(moves: Mapping[str, Counts], name: str) -> float:
    return float(moves[name].sum(axis=(1, 2)).mean())


def _row(kind: str, name: str, title: str, *, share: Estimate) -> dict[str, Any]:
    return {
        "kind": kind,
        "name": name,
        "title": title,
        "value": share.value,
        "low": share.low,
        "high": share.high,
    }


def _shapley(
    table: pd.DataFrame, grouped: Mapping[str, list[str]], outlook: Outlook
) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Return a row for each group, and what happens when none of them acts."""
    if not grouped:
        return [], None
    subsets = coalitions(list(grouped))
    by_subset = {chosen: world(table, _only(chosen)) for chosen in subsets}
    gone = {chosen: outlook.gone(frame) for chosen, frame in by_subset.items()}
    came = {chosen: outlook.came(frame).astype(float) for chosen, frame in by_subset.items()}
    of_gone, of_verdict = shapley_values(list(grouped), gone), shapley_values(list(grouped), came)
    rows = []
    for name in grouped:
        verdict = mean_of(of_verdict[name])
        row = _row(SHAPLEY, name, name, share=mean_of(of_gone[name]))
        row |= {
            "verdict": verdict.value,
            "verdict_low": verdict.low,
            "verdict_high": verdict.high,
        }
        rows.append(row)
    rows.sort(key=lambda row: -row["value"])
    none, every = frozenset[str](), frozenset(grouped)
    return rows, {
        "share_gone_with_none": mean_of(gone[none]),
        "share_gone_with_all": mean_of(gone[every]),
        "chance_with_none": share_of(came[none] > 0),
    }
