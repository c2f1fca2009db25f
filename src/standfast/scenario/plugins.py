"""Mechanisms of one's own: how a scenario names them, and how their parameters are checked.

A scenario names a file and its parameters; it never runs anything. Whoever starts the program allows
the file by hand (``--allow-code smoke.py``, `standfast.allow_code`), and only then is there a parameter class
to check against. What was allowed is known by the SHA-256 of its bytes, which the resolved scenario carries, so
that it enters the key of every run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from standfast.errors import Problem, RunError
from standfast.scenario.base import Part
from standfast.scenario.fields import FieldView, fields_of
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.translate import translate
from standfast.scenario.tree import Path, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from standfast.scenario.model import Scenario

SECTION = "plugins"


class Plugin(Part):
    """A mechanism of one's own: a Python file with a parameter class and a compiled function."""

    file: Annotated[str, Field(pattern=r"^[A-Za-z_]\w{0,79}\.py$")] = Field(
        description="Name of the file, without folders; it is allowed when the program is started."
    )
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="SHA-256 of the file; filled in when left out."
    )
    enabled: bool = Field(default=True, description="Whether it acts.")
    parameters: dict[Annotated[str, Field(max_length=80)], float | bool | str] = Field(
        default={}, max_length=100, description="Its parameters, as its class declares them."
    )


@dataclass(frozen=True)
class Code:
    """A file that was allowed, once it was loaded.

    Attributes
    ----------
    file, sha256
        Its name, and what its bytes are known by.
    title
        What it does, in a few words.
    parameters
        The class of its parameters.
    advance
        The compiled function.
    state
        Arrays of its own: name and dimension.
    source
        Its text, for workers elsewhere.
    """

    file: str
    sha256: str
    title: str
    parameters: type[BaseModel]
    advance: Any
    state: Mapping[str, str]
    source: str


#: what was allowed in this process, by SHA-256; the last of a name counts where none is asked for
_ALLOWED: dict[str, Code] = {}


def register(code: Code) -> None:
    """Let scenarios of this process use a file that was allowed and loaded."""
    _ALLOWED.pop(code.sha256, None)
    _ALLOWED[code.sha256] = code


def find_code(file: str, sha256: str | None = None) -> Code | None:
    """Return the code that was allowed under a name, or None; with a SHA-256, exactly that."""
    if sha256 is not None:
        return _ALLOWED.get(sha256)
    return next((code for code in reversed(_ALLOWED.values()) if code.file == file), None)


def acting_plugins(scenario: Scenario) -> dict[str, Plugin]:
    """Return the mechanisms of one's own that are switched on, by name."""
    return {name: plugin for name, plugin in scenario.plugins.items() if plugin.enabled}


def code_hashes(scenario: Scenario) -> dict[str, str]:
    """Return the SHA-256 of the file of every mechanism of one's own, by the name of the file."""
    return {plugin.file: plugin.sha256 or "" for plugin in scenario.plugins.values()}


def mechanism_titles(scenario: Scenario) -> dict[str, str]:
    """Return what every mechanism of a scenario that acts is called, one's own last.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> mechanism_titles(load_scenario("garrison"))["M15"]
    'commanders leave'
    """
    titles = {key: title for key, title in MECHANISMS.items()
              if getattr(scenario.mechanisms, key).enabled}  # fmt: skip
    for name, plugin in acting_plugins(scenario).items():
        code = find_code(plugin.file, plugin.sha256)
        titles[name] = code.title if code else name
    return titles


def refuse_plugins(scenario: Scenario, who: str) -> None:
    """Refuse, by name, a scenario whose own mechanisms act, for a twin that knows none of them.

    Raises
    ------
    RunError
        With their names.
    """
    if acting := acting_plugins(scenario):
        says = f"{who} knows nothing of {', '.join(acting)}, which the scenario brings along"
        first = next(iter(acting))
        off = f"--set mechanisms.{first}.enabled=false"
        advice = f"Ask without the twin (tip takes --no-mean-field), or switch them off: {off}."
        raise RunError(says, advice)


def settle_plugins(tree: Tree) -> list[Problem]:
    """Put switches, hashes and parameters of one's own mechanisms where the model has them.

    ``mechanisms.NAME.enabled`` becomes ``plugins.NAME.enabled``; the SHA-256 of the allowed file
    and every default of its parameter class are written in.

    Parameters
    ----------
    tree
        Without evidence wrappers; its data is changed.

    Returns
    -------
    list of Problem
        Files that were not allowed, and parameters that do not fit their class.
    """
    plugins = tree.data.get(SECTION)
    if not isinstance(plugins, dict):
        return []
    return [
        problem
        for name, plugin in plugins.items()
        if isinstance(plugin, dict)
        for problem in _settle(tree, name, plugin)
    ]


def _settle(tree: Tree, name: str, plugin: dict[str, Any]) -> Iterator[Problem]:
    path: Path = (SECTION, name)
    switches = tree.data.get("mechanisms")
    if isinstance(switches, dict) and isinstance(switches.get(name), dict):
        plugin.update(switches.pop(name))
    file, wanted = plugin.get("file"), plugin.get("sha256")
    if not isinstance(file, str):
        return
    code = find_code(file, wanted if isinstance(wanted, str) else None)
    if code is None:
        yield tree.problem(path, *_refusal(file, wanted))
        return
    plugin["sha256"] = code.sha256
    given = plugin.get("parameters", {})
    if not isinstance(given, dict):
        return
    try:
        plugin["parameters"] = code.parameters.model_validate(given).model_dump(mode="json")
    except ValidationError as error:
        yield from _wrong_parameters(tree, path, code, error)


def _refusal(file: str, wanted: object) -> tuple[str, str]:
    known = find_code(file)
    if known is not None:
        says = (
            f"was written for another {file}: SHA-256 {str(wanted)[:12]}, not {known.sha256[:12]}"
        )
        return says, "Allow the file it was written for, or take the line sha256 out."
    says = f"is code of its own, in {file}, which was not allowed"
    return (
        says,
        f"Read that file; if you trust it, add --allow-code and its path, as in --allow-code {file}.",
    )


def _wrong_parameters(
    tree: Tree, path: Path, code: Code, error: ValidationError
) -> Iterator[Problem]:
    below = (*path, "parameters")
    depth = len(below)
    marks = {at[depth:]: mark for at, mark in tree.marks.items() if at[:depth] == below}
    data = tree.data[SECTION][path[-1]]["parameters"]
    for problem in translate(error, code.parameters, Tree(data, marks)):
        where = ".".join(map(str, below))
        option = any(at[:depth] == below for at in tree.options)
        full = f"{'--set ' if option else ''}{where}.{problem.path}"
        yield replace(problem, path=full, line=None if option else problem.line)


def parameter_view(scenario: Scenario, steps: Path) -> FieldView | None:
    """Return the field of a parameter at ``plugins.NAME.parameters.KEY``, or None.

    Parameters
    ----------
    scenario
        Whose code was allowed.
    steps
        A path of a scenario.
    """
    match steps:
        case ("plugins", str(name), "parameters", str(key)) if name in scenario.plugins:
            plugin = scenario.plugins[name]
            code = find_code(plugin.file, plugin.sha256)
            return fields_of(code.parameters).get(key) if code else None
    return None
