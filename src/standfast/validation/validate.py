"""Which facts of the world a case reproduces: run what is needed, measure, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from standfast.experiment.answer import build_answer
from standfast.experiment.shown import Shown
from standfast.experiment.trials import Means, check_replicates
from standfast.scenario.load import load_scenario
from standfast.scenario.model import Scenario
from standfast.validation.fact import HOLDS, UNKNOWN, CannotMeasureError, Finding, find
from standfast.validation.facts import choose_facts
from standfast.validation.worlds import WORLDS, run_world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from standfast.experiment.answer import Answer
    from standfast.validation.ensemble import Ensemble
    from standfast.validation.fact import Part

DEFAULT_REPLICATES = 20


def validate(
    scenario: Scenario | str | Path,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = 1,
    *,
    facts: Sequence[str] = (),
    threads: int | None = None,
    progress: bool | None = None,
    store: Path | None = None,
) -> Answer:
    """Measure facts of the world on a case and tell which hold.

    Parameters
    ----------
    scenario
        A scenario, the name of a built-in one, or a file.
    replicates
        Of every world that is needed, at least 2; worlds of a case share people and draws.
    seed
        Of people, ties and everything drawn.
    facts
        Ids such as ``"L10"``; all where none is named.
    threads, progress, store
        As for `standfast.experiment.execute.execute`; each world has a folder of its own in the store.

    Returns
    -------
    Answer
        `table` has a row for every number measured.

    Raises
    ------
    ScenarioError
        When there is no such fact.

    Examples
    --------
    >>> found = validate("garrison", 2, facts=["L10"], progress=False)
    >>> found.summary["facts"]["L10"]["holds"]
    'cannot be measured'
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    check_replicates(replicates, least=2)
    chosen = choose_facts(tuple(facts))
    means = Means(seed, threads, progress, store)
    worlds: dict[str, Ensemble] = {}
    missing: dict[str, str] = {}
    for name in WORLDS:
        if any(name in fact.needs for fact in chosen):
            try:
                worlds[name] = run_world(name, scenario, replicates, means)
            except CannotMeasureError as reason:
                missing[name] = str(reason)
    findings = [find(fact, worlds, missing) for fact in chosen]
    return build_answer(
        "validate",
        scenario,
        table=fact_table(findings),
        runs=_all_runs(worlds),
        found={
            "hold": sum(one.holds == HOLDS for one in findings),
            "measured": sum(one.holds != UNKNOWN for one in findings),
            "facts": {one.fact.id: _summary(one) for one in findings},
        },
        shown=[show_facts(scenario, findings)],
        seed=seed,
        replicates=replicates,
    )


def _all_runs(worlds: Mapping[str, Ensemble]) -> pd.DataFrame:
    frames = [each.runs.assign(label=name) for name, each in worlds.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def fact_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return a row for every number measured; one without number for what could not be."""
    rows = []
    for one in findings:
        about = {"fact": one.fact.id, "says": one.fact.says, "window": one.fact.window}
        tail = {"holds": one.holds, "sure": one.sure, "why": one.why}
        if not one.parts:
            rows.append(about | {"measure": "", "inside": None} | tail)
        rows += [about | _row(part) | tail for part in one.parts]
    frame = pd.DataFrame(rows)
    if "inside" in frame:
        frame["inside"] = frame["inside"].astype("boolean")
    return frame


def _row(part: Part) -> dict[str, Any]:
    found = part.found
    return {
        "measure": part.says,
        "unit": part.unit,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "least": part.least,
        "most": part.most,
        "inside": part.holds,
    }


def _summary(one: Finding) -> dict[str, Any]:
    parts = [{**_row(part), "wanted": part.window} for part in one.parts]
    return {
        "says": one.fact.says,
        "window": one.fact.window,
        "holds": one.holds,
        "sure": one.sure,
        "why": one.why,
        "parts": parts,
    }


def show_facts(scenario: Scenario, findings: Sequence[Finding]) -> Shown:
    """Return the table of facts as it is printed."""
    hold = sum(one.holds == HOLDS for one in findings)
    rows = []
    for one in findings:
        verdict = one.holds if one.sure or one.holds == UNKNOWN else f"{one.holds}, not surely"
        if not one.parts:
            rows.append((f"{one.fact.id} {one.why}", "", "", verdict))
        for k, part in enumerate(one.parts):
            head = f"{one.fact.id} {part.says}" if k == 0 else f"    {part.says}"
            rows.append((head, measured(part), part.window, verdict if k == 0 else ""))
    return Shown(
        title=f"{scenario.title}: {hold} of {len(findings)} facts hold.",
        columns=("Fact", "Measured (95 %)", "Window", "Holds"),
        rows=tuple(rows),
        notes=(
            "Medians and shares over replicates. A fact holds when every number lies in its window;",
            '"not surely" where an interval reaches over a bound that would change the answer.',
        ),
    )


def measured(part: Part) -> str:
    """Return a number with its interval as text.

    Examples
    --------
    >>> from standfast.experiment.paired import Estimate
    >>> from standfast.validation.fact import Part
    >>> measured(Part("", Estimate(95.5, 94.0, float("inf")), unit="h"))
    '95.5 (94 to never) h'
    """
    if part.holds is None:
        return "-"
    value, low, high = (
        "never" if each == float("inf") else f"{each:.3g}"
        for each in (part.found.value, part.found.low, part.found.high)
    )
    unit = "" if part.unit == "1" else f" {part.unit}"
    return f"{value} ({low} to {high}){unit}"
