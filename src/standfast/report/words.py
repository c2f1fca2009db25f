"""Numbers and moments as people write them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from standfast.results.words import percent as known_percent

Number = float | int | None
#: a summary over replicates, as `summary.json` writes it
Spread = Mapping[str, Number]

BRANCH_TITLES = {
    "army": "Army",
    "federal_police": "Federal police",
    "local_police": "Local police",
    "militia": "Militia",
}
HOME_TITLES = {
    "local": "at home where they serve",
    "influenced": "home under the adversary’s influence",
    "elsewhere": "home elsewhere",
}
#: the same after "of the army"
HOME_CLAUSES = {
    "local": "who serve at home",
    "influenced": "whose home is under the adversary’s influence",
    "elsewhere": "whose home is elsewhere",
}
EXIT_TITLES = {
    "hiding": "Hid at home",
    "displaced": "Fled to a refuge",
    "renounced": "Renounced and repented",
    "abroad": "Left the country",
    "defected": "Went over to the adversary",
}
TERM_TITLES = {
    "fear": "Fear",
    "family": "Threat to the family",
    "belief": "Doubt that the force will hold",
    "trust": "Lost trust in command",
    "comrades": "Comrades going",
    "suspicion": "Suspicion of treachery",
    "order": "An order, or an ambiguous one",
    "resolve": "Weak resolve",
    "safety": "Leaving looked safer than staying",
    "cross_pressure": "Cross-pressure",
    "baseline": "Everyday reasons",
}
#: outcome class -> what a place does, for sentences
VERDICT_VERBS = {
    "held": "holds",
    "organised withdrawal": "is given up in good order",
    "fragmented": "breaks into fragments",
    "total collapse": "collapses",
}
NONE = "–"


def is_number(value: object) -> bool:
    """Whether this is a finite number.

    Examples
    --------
    >>> is_number(0.5), is_number(None), is_number(float("nan"))
    (True, False, False)
    """
    return isinstance(value, (int, float)) and math.isfinite(value)


def percent(value: Number) -> str:
    r"""Write a share the way the terminal does, unbroken; a dash where there is none.

    Examples
    --------
    >>> percent(0.853) == "85\u00a0%", percent(None)
    (True, '–')
    """
    if value is None or not is_number(value):
        return NONE
    return known_percent(value).replace(" ", "\u00a0")


def hours(value: Number) -> str:
    r"""Write a number of hours; half hours go up.

    Examples
    --------
    >>> hours(53.5) == "54\u00a0h", hours(None)
    (True, '–')
    """
    if value is None or not is_number(value):
        return NONE
    return f"{math.floor(value + 0.5):d}\u00a0h".replace("-", "−")


def count(value: Number) -> str:
    r"""Write a number of people, thousands apart by a thin space.

    Examples
    --------
    >>> count(250000)
    '250\u202f000'
    """
    if value is None or not is_number(value):
        return NONE
    return f"{round(value):,}".replace(",", "\u202f")


def span(spread: Spread, write: Callable[[Number], str] = percent) -> str:
    """Write the range that nine of ten replicates lie in; empty when they all agree.

    A missing upper end is an hour that did not come in every replicate.

    Examples
    --------
    >>> span({"q05": 0.8, "median": 0.85, "q95": 0.9}).split()
    ['80–90', '%']
    >>> span({"q05": 44.0, "median": 53.0, "q95": None}, hours).split()
    ['44', 'h', 'to', 'never']
    >>> span({"q05": None, "median": None, "q95": None})
    ''
    """
    low, high = write(spread.get("q05")), write(spread.get("q95"))
    if low in (high, NONE):
        return ""
    if high == NONE:
        return f"{low} to never"
    if low.rpartition("\u00a0")[2] == high.rpartition("\u00a0")[2]:
        low = low.rpartition("\u00a0")[0]
    return f"{low}–{high}"


def of_runs(share: float, n_replicate: int) -> str:
    """Write a share of replicates as a count of them.

    Examples
    --------
    >>> of_runs(0.85, 20), of_runs(1.0, 20), of_runs(0.0, 20), of_runs(1.0, 1)
    ('17 of 20 runs', 'all 20 runs', 'none of 20 runs', 'the one run made')
    """
    if n_replicate == 1:
        return "the one run made" if share > 0.5 else "no run"
    number = round(share * n_replicate)
    if number == n_replicate:
        return f"all {n_replicate} runs"
    if number == 0:
        return f"none of {n_replicate} runs"
    return f"{number} of {n_replicate} runs"


def join(parts: Sequence[str]) -> str:
    """Join with commas and a last ‘and’.

    Examples
    --------
    >>> join(["fear", "trust", "order"])
    'fear, trust and order'
    """
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def moment(start: datetime, hour: float, *, year: bool = False) -> str:
    """Write an hour of the run as a date and time.

    Examples
    --------
    >>> moment(datetime(2014, 6, 4), 50.5)
    '6 June, 02:30'
    """
    when = start + timedelta(hours=float(hour))
    tail = f" {when.year}" if year else ""
    return f"{when.day} {when:%B}{tail}, {when:%H:%M}"


def period(start: datetime, horizon: float) -> str:
    """Write the days a run covers.

    Examples
    --------
    >>> period(datetime(2014, 6, 4), 480.0)
    '4–24 June 2014'
    >>> period(datetime(2014, 12, 30), 72.0)
    '30 December 2014 – 2 January 2015'
    """
    end = start + timedelta(hours=float(horizon))
    if (start.year, start.month, start.day) == (end.year, end.month, end.day):
        return f"{start.day} {start:%B %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{end.day} {end:%B %Y}"
    if start.year == end.year:
        return f"{start.day} {start:%B} – {end.day} {end:%B %Y}"
    return f"{start.day} {start:%B %Y} – {end.day} {end:%B %Y}"


def middle_title(title: str) -> str:
    """Write the name of a place inside a sentence.

    Examples
    --------
    >>> middle_title("The city"), middle_title("Mosul")
    ('the city', 'Mosul')
    """
    return first_small(title) if title.startswith("The ") else title


def first_small(text: str) -> str:
    """Write the first letter small and leave the others alone.

    Examples
    --------
    >>> first_small("Hid at home")
    'hid at home'
    """
    return text[:1].lower() + text[1:]


def first_capital(text: str) -> str:
    """Write the first letter large and leave the others alone.

    Examples
    --------
    >>> first_capital("all 20 runs of PKW")
    'All 20 runs of PKW'
    """
    return text[:1].upper() + text[1:]


def largest(shares: Mapping[str, float], *, at_least: float = 0.0) -> list[tuple[str, float]]:
    """Return names and shares from the largest down, those above `at_least` only.

    Examples
    --------
    >>> largest({"a": 0.2, "b": 0.7, "c": 0.0})
    [('b', 0.7), ('a', 0.2)]
    """
    rows = sorted(shares.items(), key=lambda row: (-row[1], row[0]))
    return [row for row in rows if row[1] > at_least]


def whole(value: Number) -> str:
    """Write a number of things.

    Examples
    --------
    >>> whole(14.0), whole(22.1), whole(None)
    ('14', '22', '–')
    """
    return NONE if value is None or not is_number(value) else f"{value:.0f}"
