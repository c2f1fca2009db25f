"""The scenario format as a JSON Schema, so that editors complete and check while one types."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic_core import PydanticUndefined

from standfast.scenario.evidence import Evidence
from standfast.scenario.fields import FieldView, fields_of
from standfast.scenario.model import Scenario
from standfast.scenario.quantities import EXAMPLES, UNITS

if TYPE_CHECKING:
    from pydantic import BaseModel

    from standfast.scenario.tree import Plain

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*"


def scenario_schema() -> dict[str, Plain]:
    """Return the JSON Schema of scenario files, evidence wrappers included.

    Examples
    --------
    >>> schema = scenario_schema()
    >>> schema["required"][:2], "Force" in schema["$defs"]
    (['standfast', 'scenario'], True)
    """
    definitions: dict[str, Plain] = {}
    root = _model(Scenario, definitions)
    definitions["Wrapper"] = _wrapper(definitions)
    return {
        "$schema": _DIALECT,
        "title": "standfast scenario, format 1",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """Return the JSON Schema as text, the same every time."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def _wrapper(definitions: dict[str, Plain]) -> dict[str, Plain]:
    """Return what a value with its evidence looks like, whatever the value."""
    evidence = _model(Evidence, definitions)
    return {
        "description": "A value with what stands behind it.",
        "type": "object",
        "properties": {"value": {}, **evidence["properties"]},
        "required": ["value"],
        "additionalProperties": False,
    }


def _model(model: type[BaseModel], definitions: dict[str, Plain]) -> dict[str, Plain]:
    properties: dict[str, Plain] = {}
    required = []
    for name, view in fields_of(model).items():
        properties[name] = _described(view, _field(view, definitions, plain=model is Evidence))
        if view.required:
            required.append(name)
    schema: dict[str, Plain] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    doc = (model.__doc__ or "").strip().split("\n")[0]
    return {"description": doc, **schema, **({"required": required} if required else {})}


def _described(view: FieldView, schema: dict[str, Plain]) -> dict[str, Plain]:
    bounds = view.range_text() if view.dimension or view.type is int else ""
    # a sentence of its own after that of the field
    parts = [view.info.description or "", f"{bounds[0].upper()}{bounds[1:]}." if bounds else ""]
    text = " ".join(part for part in parts if part)
    default = view.default
    extra: dict[str, Plain] = {}
    if default is not PydanticUndefined and isinstance(default, (bool, int, float, str)):
        extra["default"] = view.written(default)
    return {**({"description": text} if text else {}), **extra, **schema}


def _field(
    view: FieldView, definitions: dict[str, Plain], *, plain: bool = False
) -> dict[str, Plain]:
    schema = _value(view, definitions)
    if plain:
        return schema
    wrapper = {"$ref": "#/$defs/Wrapper", "properties": {"value": schema}}
    options = schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return {"anyOf": [*options, *([{"type": "null"}] if view.optional else []), wrapper]}


def _value(view: FieldView, definitions: dict[str, Plain]) -> dict[str, Plain]:
    if view.models:
        return _models(view, definitions)
    if view.dimension:
        return _quantity(view)
    if view.choices:
        values = [int(c) if c.isdecimal() else c for c in view.choices]
        return {"enum": values}
    if view.item is not None:
        return _container(view, view.item, definitions)
    return _scalar(view)


def _models(view: FieldView, definitions: dict[str, Plain]) -> dict[str, Plain]:
    references = []
    for model in view.models:
        name = model.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _model(model, definitions)
        references.append({"$ref": f"#/$defs/{name}"})
    return references[0] if len(references) == 1 else {"anyOf": references}


def _quantity(view: FieldView) -> dict[str, Plain]:
    dimension = view.dimension or "1"
    units = "|".join(re.escape(unit).replace(r"\ ", r"\s*") for unit in UNITS[dimension])
    if dimension == "1/h":
        units = "|".join(rf"(1\s*)?(/|per)\s*{unit[2:]}" for unit in UNITS[dimension])
    plain_number = dimension in ("share", "1")
    unit = f"({units})" + ("?" if plain_number else "") if units else ""
    text = {
        "type": "string",
        "pattern": f"^{_NUMBER}{unit}\\s*$",
        "description": EXAMPLES[dimension],
    }
    return {"anyOf": [{"type": "number", **_bounds(view)}, text]} if plain_number else text


def _bounds(view: FieldView) -> dict[str, Plain]:
    words = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    return {words[name]: bound for name, bound in view.bounds.items()}


def _container(view: FieldView, item: FieldView, definitions: dict[str, Plain]) -> dict[str, Plain]:
    inner = _field(item, definitions)
    if view.key is not None:
        return {"type": "object", "propertyNames": _scalar(view.key), "additionalProperties": inner}
    length = view.fixed_length
    fixed = {"minItems": length, "maxItems": length} if length else {}
    return {"type": "array", "items": inner, **fixed}


def _scalar(view: FieldView) -> dict[str, Plain]:
    if view.type is int:
        return {"type": "integer", **_bounds(view)}
    if view.type is bool:
        return {"type": "boolean"}
    if view.type is datetime:
        return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$"}
    if view.type is str:
        return {"type": "string", **view.text_limits}
    return {}
