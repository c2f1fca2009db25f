"""A scenario with some values changed: ``--set`` on the command line, `with_` in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from standfast.errors import Problem
from standfast.scenario.check import check_tree, scenario_error
from standfast.scenario.evidence import dotted, take_evidence, undotted
from standfast.scenario.reading import MAX_DEPTH, ReadingError, read_yaml
from standfast.scenario.tree import Path, Plain, Tree, printable

if TYPE_CHECKING:
    from standfast.scenario.model import Scenario

_OPTION = "--set"


def with_(
    scenario: Scenario, changes: Mapping[str, Plain] | None = None, /, **more: Plain
) -> Scenario:
    """Return a scenario with some values changed, checked as a whole.

    Parameters
    ----------
    scenario
        Stays as it is.
    changes, **more
        New values by dotted path, written as in a scenario file; list items go by position and
        events by their id. Evidence for a changed value is dropped.

    Raises
    ------
    ScenarioError
        When a path does not exist, or the result does not hold together.
    """
    data = scenario.model_dump(mode="json")
    tree = Tree(data)
    for name, value in {**(changes or {}), **more}.items():
        path = undotted(name, tree.data)
        tree.data = _changed(tree.data, path, _plain(value))
        _drop_evidence(tree.data, path)
    return check_tree(tree, "the changed scenario")


def apply_overrides(tree: Tree, overrides: Sequence[str]) -> Tree:
    """Return a tree with the values of texts such as ``"time.horizon=5 d"`` put in.

    Raises
    ------
    ScenarioError
        When a text is not a path, an equals sign and a value.
    """
    if not overrides or not isinstance(tree.data, dict):
        return tree
    tree = take_evidence(tree)
    problems: list[Problem] = []
    for text in overrides:
        name, equals, written = text.partition("=")
        name = name.strip()
        if not equals or not name or "" in name.split(".") or name.count(".") >= MAX_DEPTH:
            problems.append(
                Problem(
                    "", f'"{printable(text)}" is not a change', "Write it like time.horizon=5 d."
                )
            )
            continue
        try:
            value = read_yaml(written.strip())
        except ReadingError as error:
            problems.append(Problem(printable(name, 200), error.problem.says, error.problem.advice))
            continue
        path = undotted(name, tree.data)
        problems += [Problem(printable(name, 200), p.says, p.advice) for p in value.problems]
        tree.data = _changed(tree.data, path, value.data)
        _drop_evidence(tree.data, path)
        tree.options.add(path)
    if problems:
        raise scenario_error(_OPTION, problems)
    return tree


def _changed(data: Plain, path: Path, value: Plain) -> Plain:
    """Return the data with one value put in; sections on the way are made when missing."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(data, (list, tuple)) and isinstance(step, int):
        return [_changed(item, rest, value) if i == step else item for i, item in enumerate(data)]
    if isinstance(data, (list, tuple)):
        # a name that no item has: put beside the items, where the check will refuse it
        return [*data, {str(step): _changed(None, rest, value)}]
    below = dict(data) if isinstance(data, Mapping) else {}
    below[str(step)] = _changed(below.get(str(step)), rest, value)
    return below


def _drop_evidence(data: Plain, path: Path) -> None:
    evidence = data.get("evidence") if isinstance(data, dict) else None
    if not isinstance(evidence, Mapping) or path[:1] == ("evidence",):
        return
    name = dotted(path, data)
    data["evidence"] = {
        key: item
        for key, item in evidence.items()
        if key != name and not key.startswith(name + ".")
    }


def _plain(value: Plain) -> Plain:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
