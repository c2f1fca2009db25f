"""One self-contained page: everything in it, nothing asked of any network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from standfast.errors import FileError
from standfast.report import assumed, findings, making, ranks, signals, tables
from standfast.report.assets import policy, read_asset
from standfast.report.beside import place_answers
from standfast.report.multiples import list_multiples
from standfast.report.pack import to_json
from standfast.report.payload import build_payload
from standfast.report.sheet import build_sheet
from standfast.report.still import map_hours, still_map
from standfast.report.view import View, main_group
from standfast.report.words import BRANCH_TITLES, count, moment, period
from standfast.validation import credibility

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standfast.report.answers import StoredAnswer
    from standfast.report.sheet import MapSheet
    from standfast.results.result import Result


def write_report(result: Result, path: str | Path, answers: Sequence[StoredAnswer] = ()) -> Path:
    """Write the report of a result as one HTML file, and return its path.

    The same result gives the same bytes, whatever the number of threads it was made with.

    Parameters
    ----------
    result
        What a run made, or `Result.load` read.
    path
        File to write; replaced when it exists.
    answers
        Answers about the same scenario, to be shown beside it.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    return write_page(render_report(result, answers), path)


def render_report(result: Result, answers: Sequence[StoredAnswer] = ()) -> str:
    """Return the report of a result as HTML.

    Parameters
    ----------
    result, answers
        As for `write_report`.
    """
    view = View(result)
    sheet = build_sheet(view)
    sections, drawn = place_answers(view, answers)
    payload = build_payload(view, sheet)
    payload["figures"] = [{"kind": f.kind, "title": f.title, "data": f.data} for f in drawn]
    return fill("report.html.j2", payload, **_contents(view, sheet, result), **sections)


def write_page(text: str, path: str | Path) -> Path:
    """Write a page, and return its path.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    path = Path(path)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise FileError(path, f"cannot be written: {error.strerror}") from error
    return path


def fill(template: str, payload: dict[str, Any], **contents: Any) -> str:  # noqa: ANN401 - whatever a template shows
    """Return a page: a template with its contents, the data of its charts, script, style and policy."""
    script, style = read_asset("charts.js"), read_asset("report.css")
    return (
        _environment()
        .get_template(template)
        .render(
            policy=policy(script, style),
            script=script,
            style=style,
            payload=to_json(payload),
            **contents,
        )
    )


def credibility_table() -> Markup:
    """Return the credibility card as an HTML table, the same in report and documentation."""
    rendered = _environment().get_template("credibility.html.j2").render(card=credibility.card())
    return Markup(rendered)  # noqa: S704 - rendered with escaping above


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("standfast.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _contents(view: View, sheet: MapSheet, result: Result) -> dict[str, Any]:
    scenario = view.scenario
    return {
        "title": scenario.title,
        "summary_text": scenario.summary,
        "period": period(view.start, float(view.hours[-1])),
        "people": count(view.people.sum()),
        "n_replicate": view.n_replicate,
        "headline": findings.headline(view),
        "lead": " ".join(findings.lead(view)),
        "verdicts": tables.verdict_rows(view),
        "figures": tables.key_figures(view),
        "findings": findings,
        "view": view,
        "focus": view.title(view.garrisons[view.focus]),
        "since": view.since,
        "multiples": list_multiples(view),
        "happenings": tables.happening_rows(view),
        "panels": [
            {"svg": still_map(view, sheet, hour), "when": moment(view.start, view.hours[hour])}
            for hour in map_hours(view)
        ],
        "said": {
            "finding": signals.finding(view),
            "rows": signals.signal_rows(view),
            "runs": _runs_shown(view),
        },
        "units": {"finding": ranks.finding(view), "rows": ranks.force_rows(view)},
        "map_runs": int(main_group(view).size),
        "places": tables.place_rows(view),
        "verdict_names": list(tables.TONES.items()),
        "branches": [BRANCH_TITLES[branch] for branch in tables.branches_present(view)],
        "who": tables.who_rows(view),
        "has_homes": "departed" in view.series,
        "focus_groups": len(view.groups[view.focus]),
        "exits": tables.exit_rows(view),
        "causes": tables.cause_rows(view),
        "readings": tables.reading_rows(view),
        "assumed": assumed.describe_evidence(scenario),
        "credibility": {"sentence": credibility.in_a_sentence(), "table": credibility_table()},
        "made": making.describe_making(view, result.provenance),
    }


def _runs_shown(view: View) -> str:
    """Say over which runs figures of people are drawn."""
    number = int(main_group(view).size)
    if view.n_replicate == 1:
        return "the one that was made"
    if number == view.n_replicate:
        return f"the middle of all {number}"
    focus = view.title(view.garrisons[view.focus])
    return f"the middle of the {number} that end alike at {focus}"
