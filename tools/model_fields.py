"""Tables of the scenario format, read from the schema: fields, units, bounds, evidence."""

from __future__ import annotations

import re
import types
import typing
from typing import Any, get_args, get_origin

import annotated_types
from pydantic import BaseModel

from standfast.scenario.quantities import Quantity, format_quantity

if typing.TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def dimension(field: FieldInfo) -> str | None:
    """Return the dimension of a quantity field, None for other fields."""
    for item in (*field.metadata, *_metadata(field.annotation)):
        if isinstance(item, Quantity):
            return item.dimension
    return None


def _metadata(annotation: Any) -> tuple[Any, ...]:
    """Return what annotates a type or the members of a union."""
    if get_origin(annotation) is typing.Annotated:
        return get_args(annotation)[1:]
    if get_origin(annotation) in {typing.Union, types.UnionType}:
        return tuple(item for part in get_args(annotation) for item in _metadata(part))
    return ()


def text_of(value: object, field: FieldInfo) -> str:
    """Write a value the way a scenario file does."""
    unit = dimension(field)
    if value is None:
        return "none"
    if isinstance(value, float) and unit is not None:
        text = format_quantity(float(f"{value:.6g}"), unit)
        return str(int(text)) if isinstance(text, float) and text.is_integer() else str(text)
    if isinstance(value, float) and value.is_integer():
        return f"{int(value):,}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "none"
    if isinstance(value, (dict, BaseModel)):
        return "see there" if value else "none"
    return str(value) or "empty"


def default_of(field: FieldInfo) -> str:
    """Return the default as text, or the word required."""
    return "**required**" if field.is_required() else text_of(field.get_default(), field)


def bounds_of(field: FieldInfo) -> str:
    """Return the hard bounds as text."""
    marks = (*field.metadata, *_metadata(field.annotation))
    low = [m.ge for m in marks if isinstance(m, annotated_types.Ge)]
    low += [m.gt for m in marks if isinstance(m, annotated_types.Gt)]
    high = [m.le for m in marks if isinstance(m, annotated_types.Le)]
    if not low and not high:
        return ""
    start = text_of(_number(low[-1]), field) if low else ""
    end = text_of(_number(high[-1]), field) if high else ""
    return f"{start} … {end}".strip()


def _number(value: Any) -> float:
    return float(value)


NBSP = "\N{NO-BREAK SPACE}"
UNIT_WORDS = {
    "h": "duration",
    "km": "length",
    "1/h": "rate",
    "km/h": "speed",
    "share": "share",
    "1": "number",
}


def unit_of(field: FieldInfo) -> str:
    """Return the base unit of a quantity; shares and plain numbers have none."""
    unit = dimension(field) or ""
    return "1 (share)" if unit == "share" else unit


def kind_of(field: FieldInfo) -> str:
    """Return what sort of value a field takes, in a word or two."""
    unit = dimension(field)
    if unit is not None:
        return UNIT_WORDS[unit]
    return _type_words(field.annotation)


def _type_words(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        found = [part for part in parts[1:] if isinstance(part, Quantity)]
        return UNIT_WORDS[found[0].dimension] if found else _type_words(parts[0])
    if origin is typing.Literal:
        return " \\| ".join(f"`{part}`" for part in parts)
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(
            dict.fromkeys(_type_words(part) for part in parts if part is not type(None))
        )
    if origin is tuple:
        inner = [part for part in parts if part is not Ellipsis]
        return f"list of {_type_words(inner[0])}" if Ellipsis in parts else "a pair of numbers"
    if origin is dict:
        return f"{_type_words(parts[0])} to {_type_words(parts[1])}"
    simple = {str: "text", int: "whole number", float: "number", bool: "yes or no"}
    if annotation in simple:
        return simple[annotation]
    name = getattr(annotation, "__name__", str(annotation))
    return "date and time" if name == "datetime" else name


def cell(text: str) -> str:
    """Make a text safe inside a table cell, and keep numbers and their units on one line."""
    line = " ".join(text.split())
    line = line if "\\|" in line else line.replace("|", "\\|")
    return re.sub(r"(?<=\d) (?:/ )?(?=(?:h|d|km|%)\b)", lambda gap: gap[0].replace(" ", NBSP), line)


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell(text) for text in row) + " |" for row in rows]
    return "\n".join(lines)


def fields_table(model: type[BaseModel]) -> str:
    """Return the table of the fields of one part of a scenario."""
    rows = [
        [f"`{name}`", kind_of(field), default_of(field), bounds_of(field), field.description or ""]
        for name, field in model.model_fields.items()
    ]
    return table(["field", "takes", "default", "bounds", "what it says"], rows)
