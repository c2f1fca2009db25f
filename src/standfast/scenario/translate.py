"""Validation errors in plain English: what stands there, what was expected, what to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from standfast.scenario.fields import FieldView, fields_of, model_for, view_at
from standfast.scenario.names import nearest, suggest
from standfast.scenario.quantities import EXAMPLES
from standfast.scenario.tree import Path, Plain, Tree, printable

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from standfast.errors import Problem

_Said = tuple[str, str]

_WANTED: dict[str, str] = {
    "int": "a whole number, such as 1500",
    "bool": "true or false",
    "str": "a text",
    "datetime": "a date and time, such as 2014-06-04T00:00",
    "mapping": "a mapping (field: value)",
    "list": "a list",
}


def translate(error: ValidationError, model: type[BaseModel], tree: Tree) -> list[Problem]:
    """Return one problem for each thing that pydantic found."""
    return [_translate_one(dict(detail), model, tree) for detail in error.errors(include_url=False)]


def _translate_one(detail: dict[str, Any], model: type[BaseModel], tree: Tree) -> Problem:
    path, is_key = _real_path(detail["loc"], tree.data)
    view = view_at(model, path, tree.data)
    if is_key:
        return tree.problem(path, *_bad_name(path))
    kind: str = detail["type"]
    if kind == "missing":
        parent = view_at(model, path[:-1], tree.data)
        return tree.problem(path, "is missing", _meaning(view, parent))
    if kind == "extra_forbidden":
        return tree.problem(path, *_unknown_field(path, model, tree))
    says, advice = _PHRASES.get(kind, _other)(detail, view)
    return tree.problem(path, says, advice)


def _real_path(loc: tuple[str | int, ...], data: Plain) -> tuple[Path, bool]:
    """Drop what pydantic adds to a location: the kind chosen from a union, and "[key]"."""
    path: list[str | int] = []
    here = data
    for i, step in enumerate(loc):
        if step == "[key]" and i == len(loc) - 1:
            return tuple(path), True
        if isinstance(here, Mapping) and step not in here and here.get("kind") == step:
            continue
        path.append(step)
        if isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, (list, tuple)) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            here = None
    return tuple(path), False


def _bad_name(path: Path) -> _Said:
    says = "is not a short name: small letters, digits and hyphens, beginning with a letter, at most 40"
    slug = "".join(c if c.isalnum() else "-" for c in str(path[-1]).lower()).strip("-")
    usable = slug.isascii() and slug[:1].isalpha() and slug != path[-1]
    return says, f'Write "{slug[:40]}", and keep the full name as its title.' if usable else ""


def _unknown_field(path: Path, model: type[BaseModel], tree: Tree) -> _Said:
    parent = view_at(model, path[:-1], tree.data)
    known = _field_names(parent, tree.data, path[:-1]) if parent else []
    if path[-1] == "<<":
        return "is a merge, which standfast does not read", "Write the values out."
    near = nearest(path[-1], known)
    advice = f'Did you mean "{near}"? ' if near else ""
    listed = f"The fields here are {', '.join(known)}." if len(known) <= 16 else ""
    return "is not a field here", (advice + listed).strip()


def _field_names(parent: FieldView, data: Plain, path: Path) -> list[str]:
    for step in path:
        inside = isinstance(data, (list, tuple)) and isinstance(step, int) and step < len(data)
        data = data.get(step) if isinstance(data, Mapping) else data[step] if inside else None
    model = model_for(data, parent)
    return list(fields_of(model)) if model else []


def _meaning(view: FieldView | None, parent: FieldView | None) -> str:
    del parent
    if view is None:
        return ""
    meaning = view.info.description or ""
    return f"{meaning} Write {_wanted(view)}.".strip()


def _wanted(view: FieldView | None) -> str:
    """Say what may stand in a field."""
    if view is None:
        return "something else"
    if view.dimension:
        return EXAMPLES[view.dimension]
    if view.choices:
        return "one of " + ", ".join(view.choices)
    if view.models:
        return _WANTED["mapping"]
    name = getattr(view.type, "__name__", "")
    kind = {"dict": "mapping", "tuple": "list"}.get(name, name)
    return _WANTED.get(kind, "another value")


def _shown(detail: Mapping[str, Any]) -> str:
    value = detail["input"]
    text = printable(value)
    return f'"{text}"' if isinstance(value, str) else text


def _is_but(detail: Mapping[str, Any], expected: str) -> str:
    return f"is {_shown(detail)}, but {expected}"


def _wrong_type(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    return f"is {_shown(detail)}, which is not what belongs here", f"Write {_wanted(view)}."


def _whole_number(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    value = detail["input"]
    if isinstance(value, float) and value.is_integer():
        return _is_but(detail, "a whole number is expected"), f"Write {int(value)}."
    return _wrong_type(detail, view)


def _quantity(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    context = detail["ctx"]
    problem = context["problem"]
    if problem == "is not a quantity":
        return f"is {_shown(detail)}, which is not a quantity", f"Write {context['expected']}."
    del view
    return f"is {_shown(detail)} and {problem}", f"Write {context['expected']}."


def _out_of_bounds(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    noun = {"share": "a share", "h": "the duration", "1/h": "the rate", "km": "the length"}
    subject = noun.get((view and view.dimension) or "", "the number")
    verb = "lies" if subject == "a share" else "must lie"
    expected = view.range_text() if view else ""
    if not expected.startswith("between"):
        verb = verb.replace("must lie", "must be")
    advice = ""
    value = detail["input"]
    if subject == "a share" and isinstance(value, (int, float)) and 1 < value <= 100:
        advice = f"Write {value:g} % when that is what is meant."
    return _is_but(detail, f"{subject} {verb} {expected}"), advice


def _choice(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    choices = view.choices if view else ()
    says = f"is {_shown(detail)}, which is not one of the words for it"
    if choices == ("1",):
        return f"is {_shown(detail)}, but this program reads format 1", "Write 1."
    return says, suggest(detail["input"], choices, "words")


def _kind(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    kinds = [fields_of(m)["kind"].choices[0] for m in view.models] if view else []
    if detail["type"] == "union_tag_not_found":
        return "does not say its kind", f"Add kind: one of {', '.join(kinds)}."
    given = detail["ctx"]["tag"]
    return f'has the kind "{printable(given)}", which does not exist', suggest(
        given, kinds, "kinds"
    )


def _pattern(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    del view
    says, advice = _bad_name((str(detail["input"]),))
    return f"is {_shown(detail)}, which {says}", advice.replace(
        ", and keep the full name as its title", ""
    )


def _length(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    del view
    context = detail["ctx"]
    if "max_length" in context:
        return f"is too long; at most {context['max_length']} are allowed", "Shorten it."
    return f"is too short; at least {context.get('min_length', 1)} needed", ""


def _date(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    says = f"is {_shown(detail)}, which is not a date and time of the calendar"
    return says, f"Write {_wanted(view)}."


def _other(detail: Mapping[str, Any], view: FieldView | None) -> _Said:
    return f"is {_shown(detail)}: {detail['msg']}", f"Write {_wanted(view)}."


_PHRASES: dict[str, Callable[[Mapping[str, Any], FieldView | None], _Said]] = {
    "quantity": _quantity,
    "literal_error": _choice,
    "union_tag_invalid": _kind,
    "union_tag_not_found": _kind,
    "string_pattern_mismatch": _pattern,
    **dict.fromkeys(("int_type", "int_from_float", "int_parsing"), _whole_number),
    **dict.fromkeys(
        ("greater_than", "greater_than_equal", "less_than", "less_than_equal"), _out_of_bounds
    ),
    **dict.fromkeys(
        ("string_too_long", "string_too_short", "too_long", "too_short"), _length
    ),
    **dict.fromkeys(
        ("datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"), _date
    ),
    **dict.fromkeys(
        ("bool_type", "string_type", "datetime_type", "model_type", "model_attributes_type",
         "dict_type", "tuple_type", "list_type", "float_type"), _wrong_type,
    ),
}  # fmt: skip
