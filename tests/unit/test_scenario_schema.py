"""The published JSON Schema: current, closed, and of one mind with the reader."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from standfast.scenario.load import list_library
from standfast.scenario.reading import read_yaml
from standfast.scenario.schema import scenario_schema, schema_text
from standfast.scenario.tree import walk

ROOT = Path(__file__).parents[2]
TOWN = (ROOT / "tests" / "data" / "town.yaml").read_text()
LIBRARY = ROOT / "src" / "standfast" / "scenario" / "library"
SCHEMA = scenario_schema()
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
NOTES = {"description", "default", "title", "$schema", "$defs", "required"}


def fits(value: object, schema: dict[str, object]) -> bool:
    """Tell whether a value fits a schema: the part of JSON Schema that ours uses."""
    checks = {
        "$ref": lambda ref: fits(value, SCHEMA["$defs"][ref.removeprefix("#/$defs/")]),
        "anyOf": lambda options: any(fits(value, option) for option in options),
        "enum": lambda words: value in words and type(value) in {type(word) for word in words},
        "type": lambda kind: of_type(value, kind),
        "pattern": lambda pattern: (
            not isinstance(value, str) or re.search(pattern, value) is not None
        ),
        "minLength": lambda n: not isinstance(value, str) or len(value) >= n,
        "maxLength": lambda n: not isinstance(value, str) or len(value) <= n,
        "minimum": lambda n: not is_number(value) or value >= n,
        "maximum": lambda n: not is_number(value) or value <= n,
        "exclusiveMinimum": lambda n: not is_number(value) or value > n,
        "minItems": lambda n: not isinstance(value, list) or len(value) >= n,
        "maxItems": lambda n: not isinstance(value, list) or len(value) <= n,
        "items": lambda item: not isinstance(value, list) or all(fits(v, item) for v in value),
        "properties": lambda p: (
            not isinstance(value, dict) or all(fits(value[k], p[k]) for k in p if k in value)
        ),
        "propertyNames": lambda names: (
            not isinstance(value, dict) or all(fits(k, names) for k in value)
        ),
        "additionalProperties": lambda more: (
            not isinstance(value, dict) or others_fit(value, schema, more)
        ),
    }
    required = not isinstance(value, dict) or set(schema.get("required", ())) <= set(value)
    return required and all(
        checks[word](rest) for word, rest in schema.items() if word not in NOTES
    )


def others_fit(value: dict[str, object], schema: dict[str, object], more: object) -> bool:
    others = [item for key, item in value.items() if key not in schema.get("properties", {})]
    return not others if more is False else all(fits(item, more) for item in others)


def of_type(value: object, kind: str) -> bool:
    if kind in TYPES:
        return isinstance(value, TYPES[kind])
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return is_number(value) and (kind == "number" or whole)


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def test_the_published_schema_is_current():
    published = ROOT / "docs" / "reference" / "scenario.schema.json"
    assert published.read_text() == schema_text(), (
        "run: standfast schema docs/reference/scenario.schema.json"
    )


def test_the_schema_uses_only_words_that_are_checked_here():
    # `fits` looks every word up, so an unknown one raises KeyError
    assert fits(read_yaml(TOWN).data, SCHEMA)


@pytest.mark.parametrize("name", list_library())
def test_the_library_fits_the_schema(name):
    assert fits(read_yaml((LIBRARY / f"{name}.yaml").read_text()).data, SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("horizon: 10 d", "horizon: 20"),
        ("horizon: 10 d", "horizon: 10 km"),
        ("horizon: 10 d", "horizno: 10 d"),
        ("latitude: 35.0", "latitude: 95"),
        ("kind: city", "kind: village"),
        ("population: 200000", "population: -1"),
        ("value: 30 %", "value: 30"),
        ("grade: C", "grade: E"),
        ("source: local press,", "sourc: local press,"),
        ("branch: army", "branch: amry"),
        ("paper: 600", 'paper: "600"'),
        ("kind: attack", "kind: atack"),
        ("  east:\n    title", "  East:\n    title"),
        ("M40: {enabled: false}", "M42: {enabled: false}"),
        ("enabled: false", "enabled: 0"),
        ("standfast: 1", "standfast: 2"),
        ("    title: West\n", ""),
    ],
)
def test_what_the_reader_refuses_does_not_fit(old, new):
    assert old in TOWN
    assert not fits(read_yaml(TOWN.replace(old, new, 1)).data, SCHEMA)


def test_every_section_of_the_schema_is_closed():
    for path, part in walk(SCHEMA):
        if isinstance(part, dict) and part.get("type") == "object":
            assert "additionalProperties" in part, path


def test_every_reference_leads_somewhere():
    for _, part in walk(SCHEMA):
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            assert part["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]


def test_the_schema_is_json():
    assert json.loads(schema_text()) == SCHEMA
