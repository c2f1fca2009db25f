"""People: no field about one person in the schema, no host or user in any source, no connection outside."""

from __future__ import annotations

import socket

import pytest

from standfast.scenario.person_words import PERSON_FIELDS, ROSTERS, normal
from standfast.scenario.schema import scenario_schema

#: shares and counts whose names are on the list
AGGREGATES = {"phones"}


def fields_of(schema: object) -> set[str]:
    """Return the name of every property anywhere in a JSON Schema."""
    if isinstance(schema, dict):
        own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*map(fields_of, schema.values()))
    return set().union(*map(fields_of, schema)) if isinstance(schema, list) else set()


def personal(fields: set[str]) -> set[str]:
    return {name for name in fields if normal(name) in PERSON_FIELDS | ROSTERS} - AGGREGATES


def test_no_field_of_a_scenario_is_about_one_person():
    fields = fields_of(scenario_schema())
    assert len(fields) > 150
    assert personal(fields) == set()


def test_a_field_about_persons_would_be_found():
    schema = {"$defs": {"Force": {"properties": {"paper": {}, "surname": {"type": "string"}}}}}
    assert personal(fields_of(schema)) == {"surname"}


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_this_suite_may_not_leave_this_machine(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_STREAM) as outside,
        pytest.raises(PermissionError, match="may not leave"),
    ):
        outside.connect((address, 80))
