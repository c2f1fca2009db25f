"""A scenario as text: resolved, with every default written out and the evidence at its values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.scenario.emit import block
from standfast.scenario.evidence import undotted
from standfast.scenario.load import Document

if TYPE_CHECKING:
    from standfast.scenario.evidence import Evidence
    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Path, Plain

_HEADER = "# A resolved standfast scenario: every default is written out."


def dump_yaml(document: Document | Scenario) -> str:
    """Return the resolved scenario as YAML; reading it gives an equal scenario.

    Parameters
    ----------
    document
        A scenario, or a document that holds one.
    """
    scenario = document.scenario if isinstance(document, Document) else document
    data = scenario.model_dump(mode="json", exclude={"evidence", *_unused(scenario)})
    wrapped = wrap(data, scenario.evidence)
    return "\n".join([_HEADER, *block(wrapped)]) + "\n"


def sha256(scenario: Scenario) -> str:
    """Return the SHA-256 of the resolved scenario in canonical JSON.

    It does not depend on how the file was written, nor on evidence, nor on `measures`, which a
    run does not take. It does depend on the order
    of places, forces and groups, because synthetic people are numbered in that order.
    """
    return hashlib.sha256(canonical_json(scenario).encode("ascii")).hexdigest()


def canonical_json(scenario: Scenario) -> str:
    """Return the resolved scenario, less evidence and measures, as JSON of one form in ASCII.

    `Scenario.model_validate_json` reads it back to a scenario with the same `sha256`.
    """
    data = scenario.model_dump(mode="json", exclude={"evidence", "measures", *_unused(scenario)})
    for measure in data["interventions"]:
        if not measure["forces"]:
            del measure["forces"]  # for all, as it was before it could be for some
    return json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _unused(scenario: Scenario) -> set[str]:
    """Return sections that say nothing, and stay away so that no text of others changes."""
    return set() if scenario.plugins else {"plugins"}


def wrap(data: Plain, evidence: Mapping[str, Evidence]) -> Plain:
    """Return plain objects with evidence put around the values it belongs to."""
    paths = {undotted(name, data): entry for name, entry in evidence.items()}
    return _wrapped(data, (), paths)


def _wrapped(value: Plain, path: Path, evidence: Mapping[Path, Evidence]) -> Plain:
    inner = value
    if isinstance(value, Mapping):
        inner = {key: _wrapped(item, (*path, key), evidence) for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        inner = [_wrapped(item, (*path, i), evidence) for i, item in enumerate(value)]
    if path not in evidence:
        return inner
    stated = evidence[path].model_dump(mode="json", exclude_unset=True)
    return {"value": inner, **{key: item for key, item in stated.items() if item not in (None, "")}}
