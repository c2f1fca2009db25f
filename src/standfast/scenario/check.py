"""From a tree to a validated scenario, or to everything that is wrong with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import ValidationError

from standfast.errors import Problem, ScenarioError
from standfast.scenario.draft import Draft
from standfast.scenario.evidence import take_evidence
from standfast.scenario.model import Scenario
from standfast.scenario.plugins import settle_plugins
from standfast.scenario.privacy import check_no_persons
from standfast.scenario.rules import RULES
from standfast.scenario.translate import translate
from standfast.scenario.tree import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standfast.scenario.tree import Plain, Tree

_KEPT = 60
#: control characters but tab and line ends, and those that turn the direction of writing round
_OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def check_tree(tree: Tree, origin: str) -> Scenario:
    """Return the scenario that a tree describes.

    Parameters
    ----------
    tree
        What a file holds, evidence wrappers included.
    origin
        What messages call the file.

    Raises
    ------
    ScenarioError
        With every problem at once, in the order of the file.

    Examples
    --------
    >>> from standfast.scenario.tree import Tree
    >>> check_tree(Tree([1]), "list.yaml")
    Traceback (most recent call last):
        ...
    standfast.errors.ScenarioError: list.yaml has 1 problem
      line 1: is a list, but a scenario is a mapping of sections
        Begin with the line "standfast: 1".
    """
    # data about persons ends the matter: nothing else of such a file is looked at or shown
    if persons := check_no_persons(tree):
        raise scenario_error(origin, persons)
    if not isinstance(tree.data, dict):
        raise scenario_error(origin, [_not_a_mapping(tree)])
    bare = take_evidence(tree)
    own = settle_plugins(bare)
    scenario, problems = _validate(bare)
    found = [*tree.problems, *_commands(tree), *own, *problems, *_broken_rules(bare)]
    if found or scenario is None:
        raise scenario_error(origin, found)
    return scenario


def scenario_error(origin: str, problems: list[Problem]) -> ScenarioError:
    """Return the error for some problems: one a field, in the order of the file."""
    # a misread value is reported by whoever saw it first; what follows from it is noise
    first = {(p.path, p.path or (p.says, p.line)): p for p in reversed(problems)}
    kept = [p for p in problems if first[p.path, p.path or (p.says, p.line)] is p]
    kept.sort(key=lambda p: (p.line is None, p.line or 0, p.column or 0))
    return ScenarioError(origin, kept[:_KEPT], more=len(kept[_KEPT:]))


def _validate(tree: Tree) -> tuple[Scenario | None, list[Problem]]:
    try:
        return Scenario.model_validate(as_tuples(tree.data)), []
    except ValidationError as error:
        return None, translate(error, Scenario, tree)


def _commands(tree: Tree) -> Iterator[Problem]:
    """Yield a problem for each text with characters that a terminal or a reader's eye would obey."""
    for path, value in walk(tree.data):
        if isinstance(value, str) and _OBEYED.search(value):
            says = "holds a control character, which a terminal would obey"
            yield tree.problem(path, says, "Write letters, digits and signs only.")


def _broken_rules(tree: Tree) -> Iterator[Problem]:
    draft = Draft(tree.data)
    for rule in RULES:
        for path, says, advice in rule(draft):
            yield tree.problem(path, says, advice)


def _not_a_mapping(tree: Tree) -> Problem:
    kind = {list: "a list", str: "a text", type(None): "empty"}.get(
        type(tree.data), "a single value"
    )
    says = f"is {kind}, but a scenario is a mapping of sections"
    advice = 'Begin with the line "standfast: 1".'
    line, column = tree.mark(())
    return Problem("", says, advice, line or 1, column or 1)


def as_tuples(value: Plain) -> Plain:
    """Turn lists into the tuples that frozen models hold."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return tuple(map(as_tuples, value)) if isinstance(value, list) else value
