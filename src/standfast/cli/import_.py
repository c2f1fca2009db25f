"""`standfast import`: published files of events, places and roads as a draft of a scenario."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from standfast.cli.new import short_name
from standfast.cli.writing import write_text
from standfast.errors import FileError, Problem, ScenarioError
from standfast.scenario.load import load_scenario, read_document
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable

FORMATS = ("ucdp", "acled", "flee")
_ORIGIN = "import"
_SHOWN = 8


def import_(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help="ucdp, acled or flee.")],
    file: Annotated[Path, typer.Argument(help="CSV file as published; for flee, locations.csv.")],
    out: Annotated[Path, typer.Option(help="Draft to write; ends in .yaml.")] = Path("draft.yaml"),
    *,
    places: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Take places and roads of this scenario."),
    ] = None,
    locations: Annotated[
        Path | None, typer.Option(help="Take the places of this locations.csv of Flee.")
    ] = None,
    routes: Annotated[
        Path | None, typer.Option(help="Roads between these places: routes.csv of Flee.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="First day, such as 2014-06-04.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country.")] = None,
    within: Annotated[
        float, typer.Option(min=0.1, max=500, help="Kilometres up to which a place is meant.")
    ] = 25.0,
    least: Annotated[
        int, typer.Option(min=1, help="Suppress places and days with fewer deaths.")
    ] = 5,
    fighters: Annotated[
        int | None,
        typer.Option(min=1, help="Fighters of every attack, assumed.", show_default="to be filled"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the draft when it exists.")
    ] = False,
) -> None:
    """Turn FILE into a draft of a scenario: dated attacks by place and day, places, roads.

    Of FILE only place, coordinates, country, day, kind, precision and deaths are read; actors,
    sources and notes never are. What no file can tell is marked in the draft, and said.
    """
    if kind not in FORMATS:
        says = f'"{printable(kind)}" is no format'
        raise ScenarioError(_ORIGIN, [Problem("", says, suggest(kind, FORMATS, "formats"))])
    if out.suffix.lower() not in (".yaml", ".yml"):
        raise FileError(out, "does not end in .yaml", "Comments need YAML; name it so.")
    if places is not None and (locations is not None or kind == "flee"):
        says = "takes places from one source, and two are given"
        raise ScenarioError(_ORIGIN, [Problem("", says, "Leave --places or the other out.")])
    # numbers of many rows, and distances
    from standfast.geography.published.draft import Draft, draft_text, gather  # noqa: PLC0415
    from standfast.geography.published.flee import read_flee  # noqa: PLC0415
    from standfast.geography.published.places import gazetteer_of  # noqa: PLC0415
    from standfast.geography.published.reports import LAYOUTS, read_reports  # noqa: PLC0415

    begins, ends = _day("--from", first), _day("--to", last)
    name = short_name(out.stem)
    at = file if kind == "flee" else locations
    gazetteer = read_flee(at, routes) if at is not None else None
    if places is not None:
        gazetteer = gazetteer_of(load_scenario(places))
    if kind == "flee":
        assert gazetteer is not None  # noqa: S101  the file was read
        draft = Draft(name, gazetteer, begins)
    else:
        layout = LAYOUTS[kind]
        reports = read_reports(file, layout, first=begins, last=ends, country=country)
        found, episodes, remarks = gather(reports, layout, gazetteer, within_km=within, least=least)
        day = begins or episodes[0].day
        draft = Draft(name, found, day, episodes, fighters, layout.source, remarks)
    text = draft_text(draft)
    write_text(out, text, replace=force)
    sizes = f"{len(draft.gazetteer.places)} places, {len(draft.gazetteer.roads)} roads"
    typer.echo(f"wrote {out}: {sizes}, {len(draft.episodes)} events")
    for line in (*draft.remarks, *_left(text, out)):
        typer.echo(line)


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        says = f'is "{printable(text)}", which is no day'
        raise ScenarioError(option, [Problem("", says, "Write it as 2014-06-04.")]) from None


def _left(text: str, out: Path) -> list[str]:
    """Return what the check of scenarios still misses."""
    try:
        read_document(text.encode(), ".yaml", str(out))
    except ScenarioError as error:
        missing = [f"  {problem.path} {problem.says}" for problem in error.problems[:_SHOWN]]
        more = len(error.problems) - _SHOWN + error.more
        rest = [f"  and {more} more"] if more > 0 else []
        return [f"Left to fill, as standfast check {out} says:", *missing, *rest]
    return [f"Nothing is missing; next: standfast check {out}"]
