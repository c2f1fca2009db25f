"""What is believed of a parameter before the model is compared with anything."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from scipy.special import betainc, betaincinv, ndtr, ndtri  # type: ignore[import-untyped]

from standfast.errors import Problem, ScenarioError
from standfast.experiment.vary import find_axis, read_axis
from standfast.scenario.names import suggest
from standfast.scenario.quantities import EXAMPLES, QuantityError, parse_quantity
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from standfast.experiment.axes import Axis
    from standfast.scenario.fields import FieldView
    from standfast.scenario.model import Scenario

OPTION = "--fit"
#: law -> what its two numbers are
LAWS: dict[str, str] = {
    "uniform": "lowest and highest value",
    "loguniform": "lowest and highest value, both above zero",
    "normal": "mean and standard deviation",
    "lognormal": "median, and standard deviation of the logarithm",
    "beta": "the two shapes",
}
_LAW = re.compile(r"([a-z]+)\(([^,()]+),([^,()]+)\)")
#: half and one and a half times the value, where nothing better is known
_AROUND = (0.5, 1.5)


@dataclass(frozen=True)
class Prior:
    """A law of one number, cut to an interval.

    Attributes
    ----------
    law
        One of `LAWS`.
    first, second
        Its two numbers, in the base unit.
    low, high
        The interval; what lies outside is left out.
    assumed
        Whether it is only half to one and a half times the default, for want of better.
    """

    law: str
    first: float
    second: float
    low: float = -math.inf
    high: float = math.inf
    assumed: bool = False

    def at(self, share: float) -> float:
        """Return the quantile at a share, from 0 to 1.

        Examples
        --------
        >>> Prior("uniform", 2.0, 4.0).at(0.25), round(Prior("loguniform", 1.0, 100.0).at(0.5), 9)
        (2.5, 10.0)
        >>> round(Prior("normal", 0.0, 1.0, low=0.0).at(0.5), 4)
        0.6745
        """
        below, above = self._below(self.low), self._below(self.high)
        value = self._quantile(below + share * (above - below))
        return min(max(value, self.low), self.high)

    def share_below(self, value: float) -> float:
        """Return the share of the prior below a value; the inverse of `at`."""
        below, above = self._below(self.low), self._below(self.high)
        return min(max((self._below(value) - below) / (above - below), 0.0), 1.0)

    @property
    def mass(self) -> float:
        """Share of the uncut law inside the interval."""
        return self._below(self.high) - self._below(self.low)

    def _below(self, value: float) -> float:
        if math.isinf(value):
            return 0.0 if value < 0 else 1.0
        a, b = self.first, self.second
        if self.law == "uniform":
            return min(max((value - a) / (b - a), 0.0), 1.0)
        if self.law == "beta":
            return float(betainc(a, b, min(max(value, 0.0), 1.0)))
        if self.law == "normal":
            return float(ndtr((value - a) / b))
        if value <= 0:
            return 0.0
        if self.law == "lognormal":
            return float(ndtr(math.log(value / a) / b))
        return min(max(math.log(value / a) / math.log(b / a), 0.0), 1.0)

    def _quantile(self, share: float) -> float:
        a, b = self.first, self.second
        if self.law == "uniform":
            return a + share * (b - a)
        if self.law == "beta":
            return float(betaincinv(a, b, share))
        if self.law == "normal":
            return a + b * float(ndtri(share))
        if self.law == "lognormal":
            return a * math.exp(b * float(ndtri(share)))
        return a * math.exp(share * math.log(b / a))

    @property
    def text(self) -> str:
        """The law as one writes it, numbers in the base unit."""
        return f"{self.law}({self.first:.6g}, {self.second:.6g})"


@dataclass(frozen=True)
class Parameter:
    """A field of the scenario that is fitted.

    Attributes
    ----------
    axis
        Where it stands, and how a value is written there.
    prior
        What is believed of it.
    case
        The case whose fact it is; None for what all cases share.
    """

    axis: Axis
    prior: Prior
    case: str | None = None

    @property
    def name(self) -> str:
        """As the user wrote it; the column of tables and the variable of the posterior."""
        return self.axis.name if self.case is None else f"{self.case}/{self.axis.name}"

    def of(self, case: str) -> bool:
        """Return whether a case has this parameter."""
        return self.case in (None, case)

    def at(self, share: float) -> float:
        """Return the value at a share of the prior, as the field can hold it."""
        return self.axis.admit(self.prior.at(share))


def read_parameters(texts: Sequence[str], cases: Mapping[str, Scenario]) -> list[Parameter]:
    """Return the parameters that texts describe.

    Parameters
    ----------
    texts
        Each ``NAME``, ``NAME=LOW:HIGH`` or ``NAME=LAW(A, B)``, with a name as for ``--vary`` and a
        law of `LAWS`. A bare name has the prior, else the range, that the scenario states; else it
        is uniform from half to one and a half times its value, which is assumed. With ``CASE/``
        before it, it is a fact of that case alone, and no other sees it.
    cases
        Scenarios by name; what all share has the prior that the first states.

    Raises
    ------
    ScenarioError
        With everything that is wrong with any of them.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> cases = {"garrison": load_scenario("garrison")}
    >>> first, second = read_parameters(["amplification", "garrison/attackers=90:180"], cases)
    >>> first.axis.paths, first.prior.text, first.case
    (('behaviour.fear.amplification',), 'uniform(0, 0.6)', None)
    >>> second.name, second.prior.text
    ('garrison/attackers', 'uniform(90, 180)')
    """
    found: list[Parameter] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(_read(text, cases))
        except ScenarioError as error:
            problems += error.problems
    problems += _twice(found, cases)
    if not texts:
        advice = "Name a parameter with --fit, such as --fit amplification."
        problems.append(Problem("", "nothing is fitted", advice))
    if problems:
        raise ScenarioError(OPTION, problems)
    return found


def _twice(found: Sequence[Parameter], cases: Mapping[str, Scenario]) -> list[Problem]:
    """Return a problem for each field of a case that two parameters would set."""
    taken: dict[tuple[str, str], str] = {}
    problems: dict[str, Problem] = {}
    for parameter in found:
        for case, path in product(filter(parameter.of, cases), parameter.axis.paths):
            if (case, path) in taken:
                says = f"is fitted twice, as {taken[case, path]} and {parameter.name}"
                problems.setdefault(path, Problem(path, says, "Leave one of them out."))
            taken[case, path] = parameter.name
    return list(problems.values())


def _read(text: str, cases: Mapping[str, Scenario]) -> Parameter:
    before, slash, own = text.partition("=")[0].rpartition("/")
    if not slash:
        return _read_field(text, next(iter(cases.values())))
    case = before.strip()
    if case not in cases:
        says = f'is a fact of "{printable(case)}", which is no case here'
        raise _wrong(own.strip(), says, suggest(case, cases, "cases"))
    return replace(_read_field(text.partition("/")[2], cases[case]), case=case)


def _read_field(text: str, scenario: Scenario) -> Parameter:
    name, _, written = (part.strip() for part in text.partition("="))
    axis, view = find_axis(name, scenario)
    if axis.dimension is None or view is None:
        raise _wrong(name, "is no number of the scenario", "Fit a behavioural parameter.")
    if not written:
        return Parameter(axis, _stated(axis, view, scenario))
    if _LAW.fullmatch(written):
        return Parameter(axis, _law(axis, written))
    ranged = read_axis(text, scenario)
    if ranged.listed or ranged.factor:
        says = f'is given "{printable(written)}", and a prior is a range or a law'
        raise _wrong(name, says, f"Write LOW:HIGH, or one of {', '.join(LAWS)}.")
    return Parameter(axis, Prior("uniform", ranged.low, ranged.high))


def _law(axis: Axis, written: str) -> Prior:
    match = _LAW.fullmatch(written)
    assert match is not None  # noqa: S101  whoever calls has matched it
    if match[1] not in LAWS:
        raise _wrong(axis.name, f'is given the law "{match[1]}"', suggest(match[1], LAWS, "laws"))
    a, b = (_number(axis, match[k], _dimension(axis, match[1], k)) for k in (2, 3))
    _check_numbers(axis, match[1], a, b)
    prior = Prior(match[1], a, b, *axis.limits)
    if not prior.mass > 0:
        low, high = (axis.show(limit) for limit in axis.limits)
        raise _wrong(axis.name, "has a prior outside its bounds", f"It lies in {low} to {high}.")
    return prior


def _dimension(axis: Axis, law: str, which: int) -> str:
    """Return the dimension of a number of a law: shapes and spreads of logarithms have none."""
    bare = law == "beta" or (law == "lognormal" and which == 3)
    return "1" if bare else axis.dimension or "1"


def _number(axis: Axis, text: str, dimension: str) -> float:
    try:
        return parse_quantity(text.strip(), dimension)
    except QuantityError as error:
        says = f'is given "{printable(text.strip())}", which {error}'
        raise _wrong(axis.name, says, f"Write {EXAMPLES[dimension]}.") from None


def _check_numbers(axis: Axis, law: str, a: float, b: float) -> None:
    good = {
        "uniform": a < b,
        "loguniform": 0 < a < b,
        "normal": b > 0,
        "lognormal": a > 0 and b > 0,
        "beta": a > 0 and b > 0,
    }[law]
    if not good:
        says = f"is given {law}({a:g}, {b:g})"
        raise _wrong(axis.name, says, f"The two numbers of {law} are: {LAWS[law]}.")


def _stated(axis: Axis, view: FieldView, scenario: Scenario) -> Prior:
    """Return the prior that the evidence or the declaration of a field states."""
    evidence = scenario.evidence.get(axis.paths[0])
    if evidence is not None and evidence.prior:
        return _law(axis, evidence.prior)
    if evidence is not None and evidence.range is not None:
        low, high = (_number(axis, str(x), axis.dimension or "1") for x in evidence.range)
        return Prior("uniform", low, high)
    declared = view.info.json_schema_extra
    if isinstance(declared, dict) and declared.get("prior"):
        return _law(axis, str(declared["prior"]))
    value = axis.number(scenario)
    low, high = sorted(share * value for share in _AROUND)
    low, high = max(low, axis.limits[0]), min(high, axis.limits[1])
    if not low < high:
        says = f"is {axis.show(value)} and states no prior"
        raise _wrong(axis.name, says, f"Give it a range: --fit {axis.name}=LOW:HIGH.")
    return Prior("uniform", low, high, assumed=True)


def _wrong(path: str, says: str, advice: str = "") -> ScenarioError:
    return ScenarioError(OPTION, [Problem(path, says, advice)])
