"""Mechanisms of one's own: from a file that was allowed to a phase of the schedule.

A file has a docstring whose first line says what it does, a class `Parameters`, a compiled function
`advance`, and where it remembers something from step to step a mapping `STATE`. The function takes
arrays and scalars by name, as the kernels of the schedule do, and `parameters`, a record of one row
with a column for each parameter, `dt` [h] and `purpose`, the number under which it may draw.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import sys
import traceback
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.behaviour import record_type
from standfast.engine.schedule import SCHEDULE, Phase
from standfast.errors import FileError, Problem, RunError, ScenarioError, StandfastError
from standfast.kernels._cache import cache_folder
from standfast.kernels._jit import kernel
from standfast.scenario.base import Part
from standfast.scenario.names import suggest
from standfast.scenario.plugins import Code, acting_plugins, find_code, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario

    Arrays = dict[str, NDArray[Any]]

#: `kernel` is what a file compiles its function with, the same as the model's own
__all__ = [
    "allow_code",
    "allow_source",
    "check_arguments",
    "kernel",
    "own_parameters",
    "own_source",
    "own_state",
    "schedule_of",
]

#: where in a step they act: before people learn, feel and decide
HOOK = "own"
#: draws of one's own mechanisms: beyond every purpose of the model's
_PURPOSES = 1 << 31
_MAX_BYTES = 1_000_000
#: along what an array of one's own may run
DIMENSIONS = ("agent", "squad", "company", "battalion", "place", "one")
_CONTRACT = 'See the guide, "A mechanism of one\'s own", for a file that works.'


def allow_code(path: str | Path) -> Code:
    """Run a Python file with a mechanism of one's own, and let scenarios use it by its name.

    Whoever calls this trusts the file: it is run as any program is.

    Parameters
    ----------
    path
        The file; scenarios name its last part.

    Raises
    ------
    FileError
        When it cannot be read.
    ScenarioError
        When it does not load, or does not hold what a mechanism needs.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None
    if len(content) > _MAX_BYTES:
        raise FileError(path, "is larger than 1 MB, which no mechanism needs to be")
    try:
        return allow_source(path.name, content.decode("utf-8"))
    except UnicodeDecodeError:
        raise FileError(path, "is not text in UTF-8") from None


def allow_source(file: str, source: str) -> Code:
    """Do as `allow_code` for a file whose text was sent here.

    Parameters
    ----------
    file
        What it is called.
    source
        Its text.
    """
    content = source.encode("utf-8")
    digest = hashlib.sha256(content).hexdigest()
    known = find_code(file, digest)
    if known is None:
        module = _load(file, digest, content)
        known = Code(file, digest, *_contract(file, module), source=source)
    register(known)
    return known


def own_source(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """Return file name and text of all code that a scenario needs, for a process elsewhere."""
    found = (_code(name, plugin) for name, plugin in acting_plugins(scenario).items())
    return tuple((code.file, code.source) for code in found)


def schedule_of(scenario: Scenario) -> tuple[Phase, ...]:
    """Return the order of a step with the mechanisms of one's own in their place.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> schedule_of(load_scenario("garrison")) is SCHEDULE
    True
    """
    own = [_phase(name, _code(name, plugin)) for name, plugin in acting_plugins(scenario).items()]
    if not own:
        return SCHEDULE
    at = next(k for k, phase in enumerate(SCHEDULE) if phase.name == HOOK)
    return (*SCHEDULE[:at], *own, *SCHEDULE[at + 1 :])


def own_parameters(scenario: Scenario) -> Arrays:
    """Return the record of parameters of every mechanism of one's own, as arrays of the plan."""
    return {
        f"{name}.parameters": _record(scenario, name, _code(name, plugin))
        for name, plugin in acting_plugins(scenario).items()
    }


def own_state(scenario: Scenario, length: Mapping[str, int]) -> Arrays:
    """Return the arrays in which mechanisms of one's own remember, all zero at hour 0."""
    return {
        f"{name}.{array}": np.zeros(length[dimension])
        for name, plugin in acting_plugins(scenario).items()
        for array, dimension in _code(name, plugin).state.items()
    }


def check_arguments(phase: Phase, known: Iterable[str]) -> None:
    """Refuse a function that asks for what there is not.

    Raises
    ------
    RunError
        With the nearest name.
    """
    names = set(known)
    for name in phase.arguments:
        if f"{phase.own}.{name}" not in names and name not in names:
            says = f"the mechanism {phase.own} asks for {name}, which no run has"
            raise RunError(says, suggest(name, sorted(names), "arrays"))


class _Guarded:
    """A function of one's own whose failure is told as its own."""

    def __init__(self, name: str, code: Code) -> None:
        self._name, self._code = name, code
        self.py_func = getattr(code.advance, "py_func", code.advance)
        self.__name__, self.__module__ = self.py_func.__name__, code.file.removesuffix(".py")

    def __call__(self, *values: Any) -> Any:
        try:
            return self._code.advance(*values)
        except StandfastError:
            raise
        except Exception as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            says = f"the mechanism {self._name} ({self._code.file}) failed: {first}"
            raise RunError(says, "Mend its function advance, or switch it off.") from error


def _phase(name: str, code: Code) -> Phase:
    return Phase(name, _Guarded(name, code), "", "", code.title, own=name)


def _record(scenario: Scenario, name: str, code: Code) -> NDArray[np.void]:
    plugin = scenario.plugins[name]
    values = code.parameters.model_validate(dict(plugin.parameters))
    columns = {key: float(getattr(values, key)) for key in code.parameters.model_fields}
    columns["dt"] = scenario.time.step
    record = np.zeros(1, record_type(*((key, "f8") for key in columns), ("purpose", "i8")))
    for key, number in columns.items():
        record[key] = number
    record["purpose"] = _PURPOSES + zlib.crc32(name.encode()) % _PURPOSES
    return record.view(np.recarray)


def _code(name: str, plugin: Any) -> Code:
    code = find_code(plugin.file, plugin.sha256)
    if code is None:
        digest = (plugin.sha256 or "")[:12]
        says = f"the mechanism {name} needs {plugin.file} (SHA-256 {digest}), which was not allowed"
        raise RunError(says, f"Add --allow-code and the path of {plugin.file}.")
    return code


def _load(file: str, digest: str, content: bytes) -> ModuleType:
    """Run the file, from a folder of ours that knows it by its hash: so does the compiler's cache."""
    path = cache_folder("own") / f"{Path(file).stem}-{digest[:16]}.py"
    if not path.exists() or path.read_bytes() != content:
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)
    name = f"standfast_own_{path.stem.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None  # noqa: S101  it ends in .py
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    # pydantic looks up the names of annotations there
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise ScenarioError(file, [_failure(path, error)]) from error
    return module


def _failure(path: Path, error: Exception) -> Problem:
    line = error.lineno if isinstance(error, SyntaxError) else None
    with suppress(StopIteration):
        steps = reversed(traceback.extract_tb(error.__traceback__))
        line = line or next(step.lineno for step in steps if step.filename == str(path))
    says = f"does not load: {type(error).__name__}: {error}"
    return Problem("", says.splitlines()[0], _CONTRACT, line)


def _contract(file: str, module: ModuleType) -> tuple[str, type[Part], Any, dict[str, str]]:
    """Return title, parameters, function and state of a file, or say what is missing."""
    problems = []
    parameters, advance = getattr(module, "Parameters", None), getattr(module, "advance", None)
    state = getattr(module, "STATE", {})
    if not (isinstance(parameters, type) and issubclass(parameters, Part)):
        problems.append(Problem("Parameters", "is no class on standfast.scenario.base.Part"))
    plain: Any = getattr(advance, "py_func", advance)
    if not inspect.isfunction(plain):
        problems.append(Problem("advance", "is no function"))
    elif "parameters" not in inspect.signature(plain).parameters:
        problems.append(Problem("advance", "takes no argument named parameters"))
    if not isinstance(state, dict) or not set(state.values()) <= set(DIMENSIONS):
        says = "is no mapping from names to " + ", ".join(DIMENSIONS)
        problems.append(Problem("STATE", says))
    if problems:
        raise ScenarioError(file, [Problem(p.path, p.says, _CONTRACT) for p in problems])
    title = (module.__doc__ or file).strip().splitlines()[0].rstrip(".")
    assert isinstance(parameters, type)  # noqa: S101  else there were a problem
    return title, parameters, advance, dict(state)
