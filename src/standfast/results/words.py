"""Numbers of a summary as words: for the terminal and the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from standfast.scenario.model import Scenario

NOTHING = "-"


def headline(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return the outcome in one sentence: of the place of the reference event, and of the whole."""
    parts = []
    place = focus(summary, scenario)
    if place is not None:
        parts.append(_outcome(scenario.places[place].title, summary["places"][place]))
    parts.append(_outcome("the whole", summary["overall"]))
    replicates = counted(summary["replicates"], "replicate")
    return f"{scenario.title}, {replicates}. {_capital('; '.join(parts))}"


def focus(summary: Mapping[str, Any], scenario: Scenario) -> str | None:
    """Return the place of the reference event, when it has one and people served there."""
    for event in scenario.events:
        if event.id == scenario.time.reference_event:
            place = getattr(event, "place", None)
            return place if place in dict(garrisons(summary)) else None
    return None


def _outcome(title: str, part: Mapping[str, Any]) -> str:
    outcome = likeliest(part["verdict"])
    verdict = f"{outcome[0]} in {percent(outcome[1])}" if outcome else "no verdict"
    return f"{title}: {verdict}, {in_percent(part['share_gone'])} gone"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def garrisons(summary: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give name and summary of each place where somebody served at the start."""
    for name, place in summary["places"].items():
        if place["share_gone"] is not None:
            yield name, place


def likeliest(verdict: Mapping[str, float] | None) -> tuple[str, float] | None:
    """Return the class with the most replicates and its share; the better one of two equals.

    Examples
    --------
    >>> likeliest({"held": 0.25, "total collapse": 0.75})
    ('total collapse', 0.75)
    """
    if not verdict:
        return None
    name = max(verdict, key=lambda each: verdict[each])
    return name, verdict[name]


def percent(share: float) -> str:
    """Return a share as per cent; what is not quite nothing or all does not look like it.

    Examples
    --------
    >>> percent(0.85), percent(0.004), percent(0.9999), percent(0.0123)
    ('85 %', '0.4 %', '99.99 %', '1.2 %')
    """
    points = round(100 * share, 9)
    digits = 0 if round(points, 1) >= 10 or points == round(points) else 1
    while digits < 4 and share not in (0.0, 1.0) and float(f"{points:.{digits}f}") in (0.0, 100.0):
        digits += 1
    return f"{points:.{digits}f} %"


def in_percent(spread: Mapping[str, float] | None) -> str:
    """Return a spread of shares as median and range; without the range where it shows nothing.

    Examples
    --------
    >>> in_percent({"q05": 0.7, "median": 0.85, "q95": 0.91})
    '85 % (70 to 91)'
    >>> in_percent({"q05": 0.96, "median": 0.961, "q95": 0.963})
    '96 %'
    """
    if spread is None:
        return NOTHING
    middle, low, high = (percent(spread[key]) for key in ("median", "q05", "q95"))
    if low == middle == high:
        return middle
    return f"{middle} ({low.removesuffix(' %')} to {high.removesuffix(' %')})"


def in_hours(spread: Mapping[str, float | None] | None, unit: str = " h") -> str:
    """Return a spread of hours as median and range, or how rarely it came.

    Examples
    --------
    >>> in_hours({"q05": 88.0, "median": 92.0, "q95": None, "happened": 0.9})
    '92 h (88 to never)'
    >>> in_hours({"q05": 88.0, "median": None, "q95": None, "happened": 0.3})
    'in 30 %'
    """
    if spread is None or not spread["happened"]:
        return NOTHING
    if spread["median"] is None:
        return f"in {percent(spread['happened'])}"
    middle, low, high = (
        "never" if spread[key] is None else f"{spread[key]:.0f}" for key in ("median", "q05", "q95")
    )
    return f"{middle}{unit}" + ("" if low == middle == high else f" ({low} to {high})")


def counted(number: int, thing: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "replicate"), counted(1500, "replicate")
    ('1 replicate', '1,500 replicates')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
