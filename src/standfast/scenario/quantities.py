"""Quantities with units: what a scenario file writes as "85 h", "12 km", "0.02 / h" or "35 %".

In memory every quantity is a plain float in its base unit: hours, kilometres, 1/hour,
kilometres/hour, shares of one. A number that has a dimension is refused without its unit,
so that "20" can never mean days to one reader and hours to another.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

#: factor from each accepted unit to the base unit, per dimension
UNITS: dict[str, dict[str, float]] = {
    "h": {"min": 1 / 60, "h": 1.0, "d": 24.0, "wk": 168.0, "month": 730.0, "y": 8766.0},
    "km": {"m": 0.001, "km": 1.0},
    "1/h": {
        "/ min": 60.0,
        "/ h": 1.0,
        "/ d": 1 / 24,
        "/ wk": 1 / 168,
        "/ month": 1 / 730,
        "/ y": 1 / 8766,
    },
    "km/h": {"km/h": 1.0, "km/d": 1 / 24},
    "share": {"%": 0.01},
    "1": {},
}

EXAMPLES = {
    "h": "a duration with its unit, such as 20 d or 480 h",
    "km": "a length with its unit, such as 12 km",
    "1/h": "a rate with its unit, such as 0.02 / h or 1 / d",
    "km/h": "a speed with its unit, such as 15 km/h",
    "share": "a share such as 0.35 or 35 %",
    "1": "a plain number such as 1.5",
}

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(.*?)\s*\Z")
_MAX_TEXT = 64


class QuantityError(ValueError):
    """A text that is not a quantity of the wanted dimension; its message says what is expected."""


def parse_quantity(value: object, dimension: str) -> float:
    """Read a quantity and return it in the base unit of its dimension.

    Parameters
    ----------
    value
        A number or a text such as ``"85 h"``. Booleans are refused.
    dimension
        A key of `UNITS`: ``"h"``, ``"km"``, ``"1/h"``, ``"km/h"``, ``"share"`` or ``"1"``.

    Raises
    ------
    QuantityError
        When the unit is missing, unknown or of another dimension, or the number is not finite.

    Examples
    --------
    >>> parse_quantity("2 d", "h")
    48.0
    >>> parse_quantity("35 %", "share")
    0.35
    >>> parse_quantity(20, "h")
    Traceback (most recent call last):
        ...
    standfast.scenario.quantities.QuantityError: carries no unit
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        msg = "is not a quantity"
        raise QuantityError(msg)
    if isinstance(value, str):
        return _parse_text(value, dimension)
    number = _finite(value)
    if dimension not in ("share", "1"):
        msg = "carries no unit" if number != 0 else "carries no unit (zero needs one too)"
        raise QuantityError(msg)
    return number


def _finite(value: float | str) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        msg = "is not a finite number"
        raise QuantityError(msg)
    return number


def _parse_text(text: str, dimension: str) -> float:
    match = _NUMBER.match(text) if len(text) <= _MAX_TEXT else None
    if match is None:
        msg = "is not a quantity"
        raise QuantityError(msg)
    number = _finite(match[1])
    unit = re.sub(r"^(/|per)\s*", "/ ", match[2])
    unit = re.sub(r"^1\s*/\s*", "/ ", unit)
    if unit == "":
        return parse_quantity(number, dimension)
    factors = UNITS[dimension]
    if unit not in factors:
        known = ", ".join(factors) or "none"
        msg = f'has the unit "{unit}"; units understood here: {known}'
        raise QuantityError(msg)
    # 1/24-like factors round; a rounded product keeps "24 / d" equal to "1 / h"
    return _finite(
        round(number * factors[unit], 15) if factors[unit] < 1 else number * factors[unit]
    )


def format_quantity(value: float, dimension: str) -> str | float:
    """Write a base-unit value the way a scenario file does; `parse_quantity` reads it back.

    Examples
    --------
    >>> format_quantity(48.0, "h"), format_quantity(0.35, "share")
    ('48 h', 0.35)
    """
    if dimension in ("share", "1"):
        return value
    unit = {"h": "h", "km": "km", "1/h": "/ h", "km/h": "km/h"}[dimension]
    number = int(value) if float(value).is_integer() and abs(value) < 1e15 else value
    return f"{number} {unit}"


@dataclass(frozen=True)
class Quantity:
    """Pydantic annotation: a float read by `parse_quantity` in one dimension."""

    dimension: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        # bounds given beside the field arrive inside this schema, and must stay in force
        number = handler(source)

        def read(value: object) -> float:
            try:
                return parse_quantity(value, self.dimension)
            except QuantityError as error:
                raise PydanticCustomError(
                    "quantity",
                    "{problem}",
                    {"problem": str(error), "expected": EXAMPLES[self.dimension]},
                ) from None

        return core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(read),
                number,
            ],
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: format_quantity(value, self.dimension)
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        del schema, handler
        text = {"type": "string", "description": EXAMPLES[self.dimension]}
        if self.dimension in ("share", "1"):
            return {"anyOf": [{"type": "number"}, text]}
        return text


Duration = Annotated[float, Quantity("h")]
Length = Annotated[float, Quantity("km")]
Rate = Annotated[float, Quantity("1/h")]
Speed = Annotated[float, Quantity("km/h")]
Share = Annotated[float, Quantity("share"), Field(ge=0, le=1)]
Number = Annotated[float, Quantity("1")]


def parameter(
    default: float | str,
    *,
    low: float | str,
    high: float | str,
    doc: str,
    mechanisms: str,
    prior: str = "",
    grade: str = "D",
    source: str = "assumed",
    off: float | None = None,
) -> Any:
    """Declare a behavioural parameter with everything a reader may ask of it.

    Parameters
    ----------
    default, low, high
        As a scenario file would write them, with units; low and high are hard bounds.
    doc
        One sentence: what the number does.
    mechanisms
        The mechanisms it belongs to, such as ``"M13 M14"``.
    prior
        Distribution for calibration, as text.
    grade, source
        Evidence: A (measured in this case) to D (assumed), and where from.
    off
        Value [base unit] the parameter takes when every one of its mechanisms is switched off;
        None when switching is done elsewhere.
    """
    dimension = _dimension_of(default)
    bounds = [parse_quantity(x, dimension if isinstance(x, str) else "1") for x in (low, high)]
    says: dict[str, Any] = {
        "mechanisms": mechanisms.split(),
        "prior": prior,
        "grade": grade,
        "source": source,
        "off": off,
        "range": [bounds[0], bounds[1]],
    }
    value: Any = parse_quantity(default, dimension)
    return Field(default=value, ge=bounds[0], le=bounds[1], description=doc, json_schema_extra=says)


def _dimension_of(default: float | str) -> str:
    if not isinstance(default, str):
        return "1"
    for dimension in UNITS:
        try:
            parse_quantity(default, dimension)
        except QuantityError:
            continue
        return dimension
    msg = f"default {default!r} is not a quantity"
    raise QuantityError(msg)
