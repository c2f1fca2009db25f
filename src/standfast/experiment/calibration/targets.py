"""What the model is to reproduce: measurements of a case, each with a window and a scale.

A target is written ``MEASURE=LOW:HIGH`` or ``MEASURE=VALUE+-SCALE``, with ``CASE/`` before it where
there are several cases. A measure is

- a column of the table of runs that is a number, such as ``city.hours_to_half`` or ``share_gone``;
- the difference of two, such as ``tikrit.lost_at_h - mosul.lost_at_h``;
- ``P(VERDICT)`` or ``P(PLACE.VERDICT)``, the share of the runs that came to it;

taken as the mean over the replicates, or after ``median`` or ``sd`` as that. Hours that never came
count as the end of the run, which is the least that they can be.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from standfast.errors import Problem, ScenarioError
from standfast.results.clock import reference_hour
from standfast.results.verdict import VERDICTS
from standfast.scenario.names import suggest
from standfast.scenario.quantities import QuantityError, parse_quantity
from standfast.scenario.tree import printable
from standfast.scenario.vocabulary import EXITS, TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from standfast.scenario.model import Scenario

    Floats = npt.NDArray[np.float64]

OPTION = "--target"
NOWHERE = ""
_WRITE = "Write MEASURE=LOW:HIGH or MEASURE=VALUE+-SCALE, such as share_gone=0.6:0.9."
STATISTICS = ("mean", "median", "sd")
_WHOLE = ("share_gone", "killed_share", "departures", "resolute_departures", "places_lost")
_PLACE_HOURS = ("hours_to_half", "hours_to_nine_tenths", "lost_at_h")
_CHANCE = re.compile(r"P\((?:(?P<place>[a-z0-9-]+)\.)?(?P<verdict>[a-z ]+)\)")
_MINUS = " - "


@dataclass(frozen=True)
class Target:
    """A measurement that a case should come to.

    Attributes
    ----------
    case
        Name of the scenario it is taken from.
    measure
        What is measured, as written.
    low, high
        Window in which the model counts as right; equal where one value is wanted.
    scale
        How far outside counts as one: what the measurement, and the model, may be off.
    """

    case: str
    measure: str
    low: float
    high: float
    scale: float

    @property
    def name(self) -> str:
        """Case and measure, the column of tables."""
        return f"{self.case}/{self.measure}"

    @property
    def middle(self) -> float:
        """Middle of the window."""
        return (self.low + self.high) / 2

    def miss(self, value: Floats) -> Floats:
        """Return how far values are outside the window, in scales; not known is infinitely far.

        Examples
        --------
        >>> Target("garrison", "share_gone", 0.6, 0.9, 0.15).miss(np.array([0.75, 0.3, 1.2])).round(6)
        array([ 0., -2.,  2.])
        """
        outside = value - np.clip(value, self.low, self.high)
        return np.where(np.isnan(value), np.inf, outside / self.scale)


def distance(targets: Sequence[Target], found: Floats) -> Floats:
    """Return the root mean square of the misses, one number for each row of measurements.

    Parameters
    ----------
    targets
        As many as there are columns.
    found : (n, n_target) float64
        Measurements.

    Examples
    --------
    >>> one = Target("a", "x", 0.0, 0.0, 1.0)
    >>> distance([one, one], np.array([[3.0, 4.0], [0.0, 0.0]])).round(3).tolist()
    [3.536, 0.0]
    """
    misses = np.stack([t.miss(found[:, k]) for k, t in enumerate(targets)], axis=1)
    square: Floats = (misses**2).sum(axis=1) / len(targets)
    return np.sqrt(square)


def read_targets(texts: Sequence[str], cases: Mapping[str, Scenario]) -> list[Target]:
    """Return the targets that texts describe.

    Parameters
    ----------
    texts
        Each as told above.
    cases
        Scenarios by name; a text without ``CASE/`` means the only or the first one.

    Raises
    ------
    ScenarioError
        With everything that is wrong with any of them.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> target, = read_targets(["city.hours_to_half=60 +- 12"], {"garrison": load_scenario("garrison")})
    >>> target.case, target.low, target.scale
    ('garrison', 60.0, 12.0)
    """
    found: list[Target] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(_read(text, cases))
        except ScenarioError as error:
            problems += error.problems
    names = [target.name for target in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [Problem(name, "is a target twice", "Leave one of them out.") for name in twice]
    if not texts:
        problems.append(Problem("", "nothing is to be reproduced", _WRITE))
    if problems:
        raise ScenarioError(OPTION, problems)
    return found


def _read(text: str, cases: Mapping[str, Scenario]) -> Target:
    left, equals, right = text.rpartition("=")
    if not equals:
        raise _wrong(NOWHERE, f'"{printable(text)}" is no target', _WRITE)
    before, slash, measure = left.rpartition("/")
    case = before.strip() if slash else next(iter(cases))
    if case not in cases:
        says = f'is taken from "{printable(case)}", which is no case here'
        raise _wrong(measure.strip(), says, suggest(case, cases, "cases"))
    measure = " ".join(measure.split())
    check_measure(measure, cases[case])
    if "+-" in right:
        value, scale = (_number(measure, part) for part in right.split("+-", 1))
        low = high = value
    else:
        parts = right.split(":")
        if len(parts) != 2:
            raise _wrong(measure, f'is to be "{printable(right.strip())}"', _WRITE)
        low, high = (_number(measure, part) for part in parts)
        scale = (high - low) / 2
    if not scale > 0:
        says = f'is to be "{printable(right.strip())}", which leaves it no room'
        raise _wrong(measure, says, "Say how far off a measurement may be. " + _WRITE)
    return Target(case, measure, low, high, scale)


def _number(measure: str, text: str) -> float:
    dimension = "h" if re.search(r"[a-z]\s*$", text) and "_h" in measure else "1"
    try:
        return parse_quantity(text.strip(), dimension)
    except QuantityError as error:
        raise _wrong(
            measure, f'is given "{printable(text.strip())}", which {error}', _WRITE
        ) from None


def known_columns(scenario: Scenario) -> list[str]:
    """Return the columns of the table of runs of a scenario that are numbers."""
    columns = list(_WHOLE)
    for name in scenario.places:
        columns += [f"{name}.{each}" for each in ("share_gone", *_PLACE_HOURS)]
    for force in scenario.forces.values():
        columns.append(f"{force.place}.{force.branch}.share_gone")
    columns += [f"cause.{term}" for term in TERMS]
    return list(dict.fromkeys([*columns, *(f"exit.{way}" for way in EXITS)]))


def check_measure(measure: str, scenario: Scenario) -> None:
    """Refuse what cannot be measured on runs of a scenario.

    Raises
    ------
    ScenarioError
        With the nearest name.
    """
    _, rest = _statistic(measure)
    chance = _CHANCE.fullmatch(rest)
    if chance is not None:
        garrisons = {force.place for force in scenario.forces.values()}
        if chance["place"] is not None and chance["place"] not in garrisons:
            says = f'asks about "{chance["place"]}", where nobody serves'
            raise _wrong(measure, says, suggest(chance["place"], garrisons, "garrisons"))
        if chance["verdict"] not in VERDICTS:
            says = f'asks for "{chance["verdict"]}", which is no verdict'
            raise _wrong(measure, says, suggest(chance["verdict"], VERDICTS, "verdicts"))
        return
    known = known_columns(scenario)
    for column in rest.split(_MINUS, 1):
        if column not in known:
            says = f'"{printable(column)}" is no measure of {scenario.scenario}'
            raise _wrong(NOWHERE, says, suggest(column, known, "measures") if column else _WRITE)


def measure_runs(measure: str, runs: pd.DataFrame, scenario: Scenario) -> float:
    """Return a measure of the runs of one scenario.

    Parameters
    ----------
    measure
        As `check_measure` lets it pass.
    runs
        One row a replicate.
    scenario
        Whose runs they are.
    """
    statistic, rest = _statistic(measure)
    values = _values(rest, runs, scenario)
    if statistic == "median":
        return float(np.median(values))
    if statistic == "sd":
        return float(values.std(ddof=1)) if values.size > 1 else math.nan
    return float(values.mean())


def _statistic(measure: str) -> tuple[str, str]:
    first, space, rest = measure.partition(" ")
    return (first, rest) if space and first in STATISTICS else ("mean", measure)


def _values(rest: str, runs: pd.DataFrame, scenario: Scenario) -> Floats:
    chance = _CHANCE.fullmatch(rest)
    if chance is not None:
        column = "verdict" if chance["place"] is None else f"{chance['place']}.verdict"
        return np.asarray(runs[column] == chance["verdict"], dtype=float)
    first, minus, second = rest.partition(_MINUS)
    values = _column(first, runs, scenario)
    return values - _column(second, runs, scenario) if minus else values


def _column(name: str, runs: pd.DataFrame, scenario: Scenario) -> Floats:
    values = runs[name].to_numpy(dtype=float)
    if name.endswith(_PLACE_HOURS):
        end = scenario.time.horizon - reference_hour(scenario)
        return np.where(np.isnan(values), end, values)
    return values


def _wrong(path: str, says: str, advice: str = "") -> ScenarioError:
    return ScenarioError(OPTION, [Problem(path, says, advice)])
