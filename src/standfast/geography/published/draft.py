"""A draft of a scenario as commented YAML: what the files told, and what is left to fill."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import Problem, ScenarioError
from standfast.geography.published.places import DraftPlace, Gazetteer, short_name
from standfast.geography.published.reports import Episode, join_days
from standfast.scenario.emit import entry, flow, scalar
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.geography.published.reports import Layout, Report, Reports

#: as many days as a scenario may last
_MOST_DAYS = 365
#: as many events, and as many places, as a scenario may have
_MOST_EVENTS, _MOST_PLACES = 2000, 200


@dataclass(frozen=True)
class Draft:
    """What a draft is made of.

    Attributes
    ----------
    name
        Short name of the scenario.
    gazetteer
        Places and roads.
    first
        The first day; None when no file told.
    episodes
        Of fighting.
    fighters
        Of every attack, when somebody said how many; assumed.
    source
        What to cite.
    remarks
        What a reader should know, a line each.
    """

    name: str
    gazetteer: Gazetteer
    first: date | None = None
    episodes: tuple[Episode, ...] = ()
    fighters: int | None = None
    source: str = ""
    remarks: tuple[str, ...] = field(default=())


def gather(
    reports: Reports,
    layout: Layout,
    gazetteer: Gazetteer | None,
    *,
    within_km: float,
    least: int,
) -> tuple[Gazetteer, tuple[Episode, ...], tuple[str, ...]]:
    """Return places, episodes and remarks for some reports.

    Parameters
    ----------
    reports
        What a file told.
    layout
        Which file.
    gazetteer
        Places to which reports belong; None for those the reports name.
    within_km
        How far from a place a report may lie to belong to it.
    least
        Deaths under which a place and day is suppressed.

    Raises
    ------
    ScenarioError
        When nothing is left, or more than a scenario can hold.
    """
    left_out: Counter[str] = Counter(reports.left_out)
    places, where = _assign(reports.kept, gazetteer, within_km)
    cells: dict[tuple[str, date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for report, slug in zip(reports.kept, where, strict=True):
        if slug is None:
            left_out[f"farther than {within_km:g} km from every place"] += 1
            continue
        n, deaths = cells[slug, report.day]
        cells[slug, report.day] = (n + 1, deaths + report.deaths)
    episodes, suppressed = join_days(cells, least)
    _check_size(layout, episodes)
    if gazetteer is None:
        named = {episode.place for episode in episodes}
        kept = {slug: place for slug, place in places.places.items() if slug in named}
        places = Gazetteer(kept)
    used = sum(n for n, _ in cells.values())
    remarks = [f"Used: {_count(used, 'report')}, {_count(len(cells), 'place and day')}."]
    if suppressed:
        small = _count(suppressed, "place and day")
        remarks.append(f"Suppressed: {small} with fewer than {least} deaths.")
    remarks += [
        f"Left out: {_count(n, 'report')} {reason}." for reason, n in left_out.most_common()
    ]
    return places, tuple(episodes), tuple(remarks)


def _assign(
    kept: list[Report], gazetteer: Gazetteer | None, within_km: float
) -> tuple[Gazetteer, list[str | None]]:
    if gazetteer is None:
        return _named_places(kept)
    if not kept:
        return gazetteer, []
    slugs = list(gazetteer.places)
    nearest, away = gazetteer.nearest(
        np.array([report.latitude for report in kept]),
        np.array([report.longitude for report in kept]),
    )
    return gazetteer, [
        slugs[at] if km <= within_km else None
        for at, km in zip(nearest.tolist(), away.tolist(), strict=True)
    ]


def _named_places(kept: list[Report]) -> tuple[Gazetteer, list[str | None]]:
    """Return a place for every name, in the middle of its reports."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for report in kept:
        points[report.place].append((report.latitude, report.longitude))
    slugs: dict[str, str] = {}
    places: dict[str, DraftPlace] = {}
    for title in sorted(points):
        slugs[title] = short_name(title, places)
        latitude, longitude = np.median(np.array(points[title]), axis=0).round(4).tolist()
        places[slugs[title]] = DraftPlace(title, latitude, longitude)
    return Gazetteer(places), [slugs[report.place] for report in kept]


def _check_size(layout: Layout, episodes: list[Episode]) -> None:
    problem = None
    if not episodes:
        says = "leaves no fighting to make events of"
        problem = Problem("", says, "Widen --from, --to and --within, or lower --least.")
    elif len(episodes) > _MOST_EVENTS or len({e.place for e in episodes}) > _MOST_PLACES:
        says = f"leaves {len(episodes):,} events; a scenario holds {_MOST_EVENTS:,} at {_MOST_PLACES} places"
        problem = Problem("", says, "Narrow --from, --to and --country, or raise --least.")
    elif _days(episodes) > _MOST_DAYS:
        says = f"spans {_days(episodes):,} days; a scenario lasts {_MOST_DAYS} at most"
        problem = Problem("", says, "Narrow it with --from and --to.")
    if problem:
        raise ScenarioError(layout.title, [problem])


def _days(episodes: list[Episode] | tuple[Episode, ...]) -> int:
    last = max(episode.day + timedelta(episode.days) for episode in episodes)
    return (last - episodes[0].day).days


def _count(n: int, noun: str) -> str:
    """Return a number with its noun, of which every word is counted.

    Examples
    --------
    >>> _count(1, "report"), _count(2, "place and day")
    ('1 report', '2 places and days')
    """
    words = noun.split(" and ")
    return f"{n:,} " + " and ".join(word if n == 1 else f"{word}s" for word in words)


def draft_text(draft: Draft) -> str:
    """Return the draft as YAML; ``fill`` marks what no file could tell."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield '# A draft from published files, and no case yet: what is marked "fill" no file could tell.'
    yield "# `standfast check` on this file says what is left. Everything that carries no source is assumed."
    yield from (f"# {remark}" for remark in draft.remarks)
    yield from ("standfast: 1", f"scenario: {draft.name}")
    yield from entry("title", f"Draft: {draft.name}", 0)
    yield from _time(draft)
    yield "places:"
    for slug, place in draft.gazetteer.places.items():
        yield from _place(slug, place)
    yield from _roads(draft.gazetteer)
    yield "# fill: forces, with their strengths on paper, posts and homes (`standfast new` shows how)."
    yield "forces: {}"
    yield from _events(draft)


def _time(draft: Draft) -> Iterator[str]:
    yield "time:"
    if draft.first is None:
        yield "  # fill: start, such as 2014-06-04T00:00, and horizon."
        yield "  horizon: 20 d"
        return
    days = _days(draft.episodes) + 1 if draft.episodes else 20
    yield f"  start: {draft.first.isoformat()}T00:00"
    yield f"  horizon: {days} d"


def _place(slug: str, place: DraftPlace) -> Iterator[str]:
    yield f"  {slug}:"
    yield from entry("title", place.title, 4)
    yield f"    latitude: {place.latitude!r}"
    yield f"    longitude: {place.longitude!r}"
    for key, value in place.more.items():
        yield f"    {key}: {flow(value)}"
    if place.remark:
        yield f"    # {printable(place.remark)}"
    if place.more.get("kind") != "region" and "support" not in place.more:
        yield "    # fill: population, support, infiltration; until then their defaults hold."


def _roads(gazetteer: Gazetteer) -> Iterator[str]:
    if not gazetteer.roads:
        yield "# fill: roads, such as {start: mosul, end: tikrit, length: 220 km}; without them no front moves."
        yield "roads: []"
        return
    yield "roads:"
    for start, end, km in gazetteer.roads:
        yield f"  - {{start: {start}, end: {end}, length: {km:g} km}}"


def _events(draft: Draft) -> Iterator[str]:
    if not draft.episodes:
        return
    yield "# The hour of the day is not known, so each replicate draws it. Days without a break are one"
    yield "# attack, which breaks off after the last; take that line out where the place fell."
    yield "events:"
    for episode in draft.episodes:
        days, reports = _count(episode.days, "day"), _count(episode.reports, "report")
        day = episode.day.isoformat()
        place = episode.place[: 40 - len(day) - 1].rstrip("-")
        yield f"  - id: {place}-{day}"
        yield "    kind: attack"
        yield f"    at: {{value: {day}T00:00, source: {scalar(draft.source)}, grade: B}}"
        yield "    spread: 24 h"
        yield f"    place: {episode.place}"
        if draft.fighters is None:
            yield "    # fill: fighters, and intensity where it was no full assault."
        else:
            yield f"    fighters: {{value: {draft.fighters}, source: assumed, grade: D}}"
        yield f"    breaks_off_after: {24 * episode.days} h"
        yield f"    title: {days} of fighting in {reports} with {episode.deaths:,} deaths"
