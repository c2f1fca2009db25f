"""Options that many commands share without knowing of them: code to allow, and who computes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    Function = Callable[..., object]

#: commands that read no scenario, and so meet no code of its own
WITHOUT_CODE = frozenset({"status", "verify", "scenarios", "report", "schema", "bench"})
#: questions of many runs, which processes or a cluster may compute
OF_MANY_RUNS = frozenset(
    {"compare", "tip", "sweep", "sensitivity", "discover", "portfolio", "warning", "why"}
)

AllowCode = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Python file of a mechanism of the scenario's own, which is run; may be repeated.",
        show_default=False,
    ),
]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Worker processes instead of threads.", show_default=False),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help='Dask workers instead: "local", or a scheduler\'s address.',
        show_default=False,
    ),
]


def with_extras(name: str, function: Function) -> Function:
    """Return the function of a command with the options that its name entitles it to."""
    if name in OF_MANY_RUNS:
        function = _with_workers(function)
    return function if name in WITHOUT_CODE else _with_code(function)


def _with_code(function: Function) -> Function:
    @wraps(function)
    def command(*words: object, allow_code: list[Path] | None = None, **named: object) -> object:
        for file in allow_code or ():
            from standfast.engine.plugins import allow_code as allow  # noqa: PLC0415  the engine

            allow(file)
        return function(*words, **named)

    return _declared(command, function, allow_code=AllowCode)


def _with_workers(function: Function) -> Function:
    @wraps(function)
    def command(
        *words: object, processes: int | None = None, cluster: str | None = None, **named: object
    ) -> object:
        with _workers(processes, cluster):
            return function(*words, **named)

    return _declared(command, function, processes=Processes, cluster=Cluster)


def _workers(processes: int | None, cluster: str | None) -> AbstractContextManager[None]:
    if processes is None and cluster is None:
        return nullcontext()
    from standfast.experiment.crew import computing_with  # noqa: PLC0415  loads the engine

    return computing_with(processes=processes, cluster=cluster)


def _declared(command: Function, function: Function, **options: object) -> Function:
    """Give a command the arguments of the function it wraps, and further options."""
    declared = signature(function, eval_str=True)
    added = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in options.items()
    ]
    command.__signature__ = declared.replace(  # type: ignore[attr-defined]
        parameters=[*declared.parameters.values(), *added]
    )
    return command
