"""Why they left, as tables: what weighed on them, and what made the difference, kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.experiment.outlook import WHOLE
from standfast.experiment.paired import Estimate, mean_of, share_of
from standfast.experiment.shown import Shown, between, chance, points
from standfast.results.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from standfast.experiment.outlook import Outlook
    from standfast.scenario.model import Scenario

    Row = dict[str, Any]

#: kinds of rows of the table
PROXIMATE, ONE_OFF, SHAPLEY = "proximate", "causal, one off", "causal, Shapley"
#: terms with a smaller share of departures are not printed
_LEAST = 0.005


def show_why(
    scenario: Scenario,
    outlook: Outlook,
    base: pd.DataFrame,
    rows: Sequence[Row],
    whole: dict[str, Any] | None,
) -> list[Shown]:
    """Return the tables of `standfast why`.

    Parameters
    ----------
    scenario, outlook
        What was asked.
    base : pandas.DataFrame
        Runs of the scenario as it is.
    rows
        The table of the answer.
    whole
        What happens when no group acts, and when all do; None without groups.
    """
    where = "the whole" if outlook.place == WHOLE else scenario.places[outlook.place].title
    gone = mean_of(outlook.gone(base))
    title = (
        f"{scenario.title}: {where}, {percent(round(gone.value, 3))} gone, "
        f"P({outlook.verdict}) {chance(share_of(outlook.came(base)))}, {len(base)} replicates."
    )
    shown = [Shown(title, (), ()), _proximate([row for row in rows if row["kind"] == PROXIMATE])]
    singles = [row for row in rows if row["kind"] == ONE_OFF]
    if singles:
        shown.append(_singles(singles, outlook))
    if whole is not None:
        shown.append(_groups([row for row in rows if row["kind"] == SHAPLEY], outlook, whole))
    return shown


def _proximate(rows: Sequence[Row]) -> Shown:
    return Shown(
        "What weighed on people when they left (proximate)",
        ("Term", "Share of departures, %"),
        tuple(
            (
                row["title"],
                between(*(100 * row[key] for key in ("value", "low", "high"))).lstrip("+"),
            )
            for row in rows
            if row["value"] > _LEAST
        ),
        ("Everywhere; this is how the pressure to leave was made up, not what caused it.",),
    )


def _singles(rows: Sequence[Row], outlook: Outlook) -> Shown:
    told = [row for row in rows if _gone(row).excludes_zero]
    told.sort(key=lambda row: -abs(row["value"]))
    quiet = [row["name"] for row in rows if not _gone(row).excludes_zero]
    notes = [
        "With the mechanism, less the same people and draws without it: points of the share gone and "
        "of the probability, hours until half were gone.",
        "Left, stayed because of it: people a run, everywhere, followed one by one.",
    ]
    if quiet:
        notes.append(f"No difference told from chance: {', '.join(quiet)}.")
    return Shown(
        "What made the difference, one mechanism off at a time (causal)",
        ("Mechanism", "Gone, points", f"P({outlook.verdict}), points", "Hours", "Left because of it",
         "Stayed because of it"),
        tuple(
            (
                f"{row['name']} {row['title']}",
                points(_gone(row)),
                points(_verdict(row)),
                between(row["hours"], row["hours_low"], row["hours_high"]),
                f"{row['people_stayed']:,.0f}",
                f"{row['people_left']:,.0f}",
            )
            for row in told
        ),
        tuple(notes),
    )  # fmt: skip


def _groups(rows: Sequence[Row], outlook: Outlook, whole: dict[str, Any]) -> Shown:
    none, every = whole["share_gone_with_none"].value, whole["share_gone_with_all"].value
    return Shown(
        "What made the difference, groups shared out fairly (causal, Shapley)",
        ("Group", "Gone, points", f"P({outlook.verdict}), points"),
        tuple((row["title"], points(_gone(row)), points(_verdict(row))) for row in rows),
        (
            f"They add up to what all of them together make: {percent(round(none, 3))} gone when "
            f"none acts, {percent(round(every, 3))} when all do.",
            "One off at a time does not add up: two mechanisms that need each other both count "
            "fully there, two that can stand in for each other not at all.",
        ),
    )


def _gone(row: Row) -> Estimate:
    return Estimate(row["value"], row["low"], row["high"])


def _verdict(row: Row) -> Estimate:
    return Estimate(row["verdict"], row["verdict_low"], row["verdict_high"])
