"""A commented scenario file to start from: what differs from the defaults, and all one may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap as wrap_text
from typing import TYPE_CHECKING

from pydantic import BaseModel

from standfast.scenario.dump import wrap
from standfast.scenario.emit import entry, scalar
from standfast.scenario.evidence import is_wrapper
from standfast.scenario.fields import FieldView, fields_of, model_for
from standfast.scenario.model import Scenario

if TYPE_CHECKING:
    from standfast.scenario.tree import Plain

_HEADER = """\
# A scenario for standfast: everything a run needs, and nothing about any person.
#
# Lines that begin with "# " and a field show its default: take the mark away and change it.
# Any value may carry what stands behind it:
#   paper: {value: 30000, source: press reports, grade: B, range: [25000, 40000]}
# Grades: A measured in this case, B measured in a like case or reported by several sources,
# C reported once or inferred, D assumed. What carries nothing counts as assumed.
#
# Units: durations "20 d" or "480 h", lengths "12 km", rates "0.02 / h", speeds "15 km/h", shares
# 0.35 or "35 %". Moments are "2014-06-06T02:30" in local time, or a duration since the start.
#
# standfast check FILE says what is wrong; standfast schema writes a schema for editors.
"""
_WIDTH = 96
_KINDS = {
    "h": "duration",
    "km": "length",
    "1/h": "rate",
    "km/h": "speed",
    "share": "share",
    "1": "number",
    "int": "whole number",
}


def template(scenario: Scenario) -> str:
    """Return a commented scenario file that reads back as the given scenario.

    Parameters
    ----------
    scenario
        The case to start from.
    """
    data = scenario.model_dump(mode="json", exclude={"evidence"})
    bare = wrap(data, scenario.evidence)
    lines: list[str] = []
    for name, view in fields_of(Scenario).items():
        if name == "evidence":
            continue
        lines += ["", *_field(name, bare[name], view, 0, told=False)]
    return _HEADER + "\n".join(lines) + "\n"


def _field(
    name: str, value: Plain, view: FieldView, indent: int, *, told: bool, off: bool = False
) -> list[str]:
    """Write one field.

    `told` means that its meaning was given before, so comments would only repeat it; `off`, that
    the section around it is commented out already.
    """
    comments = [] if told else _meaning(view, indent)
    if off or not _is_default(value, view):
        return [*comments, *_section(name, value, view, indent, told=told, off=off)]
    return (
        []
        if told
        else [*comments, *_off(_section(name, value, view, indent, told=told, off=True), indent)]
    )


def _section(
    name: str, value: Plain, view: FieldView, indent: int, *, told: bool, off: bool
) -> list[str]:
    head = " " * indent + f"{scalar(name)}:"
    if is_wrapper(value) or not isinstance(value, Mapping) or not value:
        return entry(scalar(name), _pruned(value, view.item), indent)
    if view.models:
        return [head, *_fields(view.models[0], value, indent + 2, told=told, off=off)]
    if view.item is not None and view.item.models:
        return [head, *_entries(value, view.item, indent + 2)]
    return entry(scalar(name), value, indent)


def _fields(
    model: type[BaseModel], value: Mapping[str, Plain], indent: int, *, told: bool, off: bool
) -> list[str]:
    lines: list[str] = []
    for name, view in fields_of(model).items():
        lines += _field(name, value[name], view, indent, told=told, off=off)
    return lines


def _entries(value: Mapping[str, Plain], item: FieldView, indent: int) -> Iterator[str]:
    """Write a mapping of sections of one kind; only the first one is explained."""
    for number, (name, section) in enumerate(value.items()):
        if is_wrapper(section):
            yield from entry(scalar(name), section, indent)
        else:
            yield " " * indent + f"{scalar(name)}:"
            yield from _fields(item.models[0], section, indent + 2, told=number > 0, off=False)


def _pruned(value: Plain, item: FieldView | None) -> Plain:
    """Drop from the sections of a list what has its default anyway."""
    if not isinstance(value, list) or item is None or not item.models:
        return value
    kept = []
    for section in value:
        model = model_for(section, item) if isinstance(section, Mapping) else None
        fields = fields_of(model) if model else {}
        drop = [name for name, view in fields.items() if _is_default(section.get(name), view)]
        kept.append({k: v for k, v in section.items() if k not in drop} if fields else section)
    return kept


def _meaning(view: FieldView, indent: int) -> list[str]:
    parts = [view.info.description or _first_line(view)]
    if len(view.choices) > 1:
        parts.append("One of " + ", ".join(view.choices) + ".")
    elif view.dimension or view.type is int:
        kind = _KINDS[view.dimension or "int"]
        span = view.range_text()
        parts.append(f"[{kind}, {span}]" if span else f"[{kind}]")
    lines = _wrapped(" ".join(part for part in parts if part), indent, "")
    for model in view.item.models if view.item and len(view.item.models) > 1 else ():
        lines += _wrapped(_kind_line(model), indent, "    ")
    return lines


def _kind_line(model: type[BaseModel]) -> str:
    own = [name for name in model.__annotations__ if name != "kind"]
    doc = (model.__doc__ or "").strip().split("\n")[0]
    return f"  {fields_of(model)['kind'].choices[0]}: {doc} Takes {', '.join(own)}."


def _wrapped(text: str, indent: int, hang: str) -> list[str]:
    space = " " * indent + "# "
    return wrap_text(
        text, _WIDTH, initial_indent=space, subsequent_indent=space + hang, break_on_hyphens=False
    )


def _first_line(view: FieldView) -> str:
    models = view.models or (view.item.models if view.item else ())
    return (models[0].__doc__ or "").strip().split("\n")[0] if len(models) == 1 else ""


def _is_default(value: Plain, view: FieldView) -> bool:
    if view.required or (is_wrapper(value) and not view.models):
        return False
    default = view.default
    if isinstance(default, BaseModel):
        return bool(value == default.model_dump(mode="json"))
    if isinstance(default, tuple):
        default = list(default)
    return bool(value == view.written(default) if default is not None else value is None)


def _off(lines: list[str], indent: int) -> list[str]:
    """Comment lines out where they stand."""
    space = " " * indent
    return [f"{space}# {line[indent:]}" for line in lines]
