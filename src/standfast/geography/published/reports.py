"""Reported fighting from UCDP-GED and ACLED, by place and day.

Of the published columns only place, coordinates, country, day, kind, precision and deaths are read.
Actors, sources, headlines and notes are passed over. Reports whose place or day is not known well
enough, and kinds of violence the model has no event for, are counted and left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from standfast.geography.published.places import is_no_place
from standfast.geography.published.table import Findings, Row, read_rows
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_MOST_DEATHS = 1e6


@dataclass(frozen=True)
class Layout:
    """Which columns of a published file mean what.

    Attributes
    ----------
    title, source
        Of the data; how to cite it.
    place, country, day, last_day, kind, place_precision, day_precision, deaths
        Headings.
    kinds
        Every kind there is.
    battles
        Kinds that are fighting between armed sides.
    columns
        All published headings, none of which is refused.
    """

    title: str
    source: str
    place: str
    country: str
    day: str
    last_day: str
    kind: str
    place_precision: str
    day_precision: str
    deaths: str
    kinds: frozenset[str]
    battles: frozenset[str]
    columns: frozenset[str]

    @property
    def wanted(self) -> tuple[str, ...]:
        """Headings that are read."""
        named = (self.place, self.country, "latitude", "longitude", self.day, self.last_day,
                 self.kind, self.place_precision, self.day_precision, self.deaths)  # fmt: skip
        return tuple(dict.fromkeys(named))


_UCDP_COLUMNS = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id "
    "conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a "
    "side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office "
    "source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country "
    "country_id region event_clarity date_prec date_start date_end deaths_a deaths_b "
    "deaths_civilians deaths_unknown best high low gwnoa gwnob"
)
_ACLED_COLUMNS = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type "
    "actor1 assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction civilian_targeting "
    "iso region country admin1 admin2 admin3 location latitude longitude geo_precision source "
    "source_scale notes fatalities tags timestamp data_id event_id_no_cnty iso3"
)

UCDP = Layout(
    title="UCDP-GED",
    source="UCDP Georeferenced Event Dataset (Sundberg and Melander 2013); name its version",
    place="where_coordinates",
    country="country",
    day="date_start",
    last_day="date_end",
    kind="type_of_violence",
    place_precision="where_prec",
    day_precision="date_prec",
    deaths="best",
    kinds=frozenset("123"),
    battles=frozenset("1"),  # state-based; 2 is between other groups, 3 against civilians
    columns=frozenset(_UCDP_COLUMNS.split()),
)
ACLED = Layout(
    title="ACLED",
    source="Armed Conflict Location and Event Data (Raleigh et al. 2023); name the day of download",
    place="location",
    country="country",
    day="event_date",
    last_day="event_date",
    kind="event_type",
    place_precision="geo_precision",
    day_precision="time_precision",
    deaths="fatalities",
    kinds=frozenset({
        "battles", "explosions/remote violence", "violence against civilians", "protests", "riots",
        "strategic developments",
    }),
    battles=frozenset({"battles"}),
    columns=frozenset(_ACLED_COLUMNS.split()),
)  # fmt: skip
LAYOUTS = {"ucdp": UCDP, "acled": ACLED}
#: of both: 1 the place itself, 2 near it (UCDP: within 25 km); more is a district or worse
PRECISE_PLACE = 2
#: of both: 1 the day itself
PRECISE_DAY = 1


@dataclass(frozen=True)
class Report:
    """One report of fighting, less who and what."""

    place: str
    latitude: float
    longitude: float
    day: date
    deaths: int


@dataclass
class Reports:
    """What a file told.

    Attributes
    ----------
    kept
        Reports of fighting whose place and day are known.
    left_out
        How many others there were, by reason.
    """

    kept: list[Report] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_reports(
    path: Path,
    layout: Layout,
    *,
    first: date | None = None,
    last: date | None = None,
    country: str | None = None,
) -> Reports:
    """Return the reports of fighting in a file.

    Parameters
    ----------
    path
        As published, with its header.
    layout
        `UCDP` or `ACLED`.
    first, last
        Days between which reports count.
    country
        Only of this country, as the file writes it.

    Raises
    ------
    FileError
        When the file cannot be read.
    ScenarioError
        With every cell that is not what the layout has there.
    """
    findings = Findings(str(path))
    found = Reports()
    for row in read_rows(path, layout.wanted, layout.columns, findings):
        reason = _add(row, layout, found, findings, (first, last, country))
        if reason:
            found.left_out[reason] += 1
    findings.settle()
    return found


def _add(
    row: Row,
    layout: Layout,
    found: Reports,
    findings: Findings,
    wanted: tuple[date | None, date | None, str | None],
) -> str:
    """Keep a report, or return why not; nothing is said of rows that were not asked for."""
    first, last, country = wanted
    if country is not None and row.values[layout.country].casefold() != country.casefold():
        return "in another country"
    days = [_day(row, column, findings) for column in (layout.day, layout.last_day)]
    begins, ends = days
    if begins is None or ends is None:
        return ""
    if (first and begins < first) or (last and begins > last):
        return "on another day"
    kind = row.values[layout.kind].lower()
    if kind not in layout.kinds:
        says = f'is "{printable(kind)}", which {layout.title} has not'
        findings.add(row.problem(layout.kind, says, f"It has {', '.join(sorted(layout.kinds))}."))
        return ""
    if kind not in layout.battles:
        return "of no fighting between armed sides"
    place = row.number(layout.place_precision, 1, 7, findings)
    day = row.number(layout.day_precision, 1, 5, findings)
    if place is not None and place > PRECISE_PLACE:
        return "no nearer than a district"
    if (day is not None and day > PRECISE_DAY) or begins != ends:
        return "of a day not known"
    report = _report(row, layout, begins, findings)
    if report is not None and place is not None and day is not None:
        found.kept.append(report)
    return ""


def _report(row: Row, layout: Layout, day: date, findings: Findings) -> Report | None:
    title = row.values[layout.place]
    if not title or is_no_place(title):
        findings.add(row.problem(layout.place, "is no name of a place"))
        return None
    deaths = row.number(layout.deaths, 0, _MOST_DEATHS, findings)
    latitude = row.number("latitude", -90, 90, findings)
    longitude = row.number("longitude", -180, 180, findings)
    if deaths is None or latitude is None or longitude is None:
        return None
    return Report(title[:120], latitude, longitude, day, round(deaths))


def _day(row: Row, column: str, findings: Findings) -> date | None:
    """Return the day in a cell: 2014-06-06, with a time or without, or 06 June 2014."""
    text = row.values[column]
    words = text.split()
    try:
        if len(words) == 3 and words[1].lower() in _MONTHS:
            return date(int(words[2]), _MONTHS.index(words[1].lower()) + 1, int(words[0]))
        return date.fromisoformat(words[0])
    except (ValueError, IndexError):
        says = f'is "{printable(text)}", which is no day'
        findings.add(row.problem(column, says, "Write it as 2014-06-06 or 06 June 2014."))
        return None


@dataclass(frozen=True)
class Episode:
    """Days one after the other on which fighting was reported at a place.

    Attributes
    ----------
    place
        Short name of the place.
    day, days
        The first, and how many.
    reports, deaths
        Of all its days.
    """

    place: str
    day: date
    days: int
    reports: int
    deaths: int


def join_days(
    cells: Mapping[tuple[str, date], tuple[int, int]], least: int
) -> tuple[list[Episode], int]:
    """Return episodes of fighting, and how many small cells were suppressed.

    Parameters
    ----------
    cells
        Reports and deaths by place and day.
    least
        Deaths under which a place and day is suppressed.

    Examples
    --------
    >>> day = date(2014, 6, 6)
    >>> cells = {("a", day): (2, 30), ("a", day + timedelta(1)): (1, 9), ("b", day): (1, 2)}
    >>> [(e.place, e.days, e.deaths) for e in join_days(cells, 5)[0]], join_days(cells, 5)[1]
    ([('a', 2, 39)], 1)
    """
    large = sorted((key, counts) for key, counts in cells.items() if counts[1] >= least)
    episodes: list[Episode] = []
    for (place, day), (reports, deaths) in large:
        before = episodes[-1] if episodes else None
        if before and before.place == place and before.day + timedelta(before.days) == day:
            episodes[-1] = Episode(
                place, before.day, before.days + 1, before.reports + reports, before.deaths + deaths
            )
        else:
            episodes.append(Episode(place, day, 1, reports, deaths))
    episodes.sort(key=lambda episode: (episode.day, episode.place))
    return episodes, len(cells) - len(large)
