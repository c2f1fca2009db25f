"""Every error that standfast raises on purpose.

::

    StandfastError            exit code 1
    ├── ScenarioError         2   the description of what to simulate does not hold together
    ├── RunError              3   the run cannot start or cannot go on
    │   └── RunInterrupted    3   somebody asked it to stop
    └── FileError             4   a file cannot be read or written
        └── StoreError        4   a saved result is damaged or incomplete

An error says where, what, and what to do about it. Its parts are attributes, so that a page or
a notebook can show them in its own way; `render` puts them together for a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a scenario from being used.

    Attributes
    ----------
    path
        Dotted path of the field, such as ``places.tikrit.support``; empty for the whole file.
    says
        What is wrong, as the rest of a sentence whose subject is the field.
    advice
        What to write instead; may be empty.
    line, column
        Where it stands in the file, counted from 1; None where there is no file.

    Examples
    --------
    >>> print(Problem("time.horizon", "is 20 but carries no unit", "Write 20 d.", line=3).render())
    line 3, time.horizon: is 20 but carries no unit
      Write 20 d.
    """

    path: str
    says: str
    advice: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def where(self) -> str:
        """Line and path, whichever are known."""
        parts = [f"line {self.line}"] if self.line is not None else []
        if self.path:
            parts.append(self.path)
        return ", ".join(parts)

    def render(self) -> str:
        """Return the problem as one line, and its advice as an indented second one."""
        first = f"{self.where}: {self.says}" if self.where else self.says
        return f"{first}\n  {self.advice}" if self.advice else first


class StandfastError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    says
        What happened, as a sentence or the rest of one.
    advice
        What to do about it; one line or several.

    Examples
    --------
    >>> print(RunError("needs 9.1 GB, but 3.5 GB are free", "Run fewer replicates.").render())
    RunError: needs 9.1 GB, but 3.5 GB are free
      Run fewer replicates.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, says: str, advice: str = "") -> None:
        super().__init__(says, advice)
        self.says = says
        self.advice = advice

    def __str__(self) -> str:
        lines = [self.says, *("  " + line for line in self.advice.splitlines())]
        return "\n".join(lines)

    def render(self) -> str:
        """Return the whole message as the command line prints it."""
        return f"{type(self).__name__}: {self}"


class ScenarioError(StandfastError):
    """A scenario has problems: all of them, each with its place and a way to mend it.

    Parameters
    ----------
    origin
        Name of the file, built-in scenario or option that the problems are in.
    problems
        At least one.
    more
        How many further problems were found but not kept.

    Examples
    --------
    >>> problem = Problem("scenario", "is missing", "Give the scenario a short name.")
    >>> print(ScenarioError("garrison.yaml", [problem]).render())
    ScenarioError: garrison.yaml has 1 problem
      scenario: is missing
        Give the scenario a short name.
    """

    exit_code = 2

    def __init__(self, origin: str, problems: Sequence[Problem], more: int = 0) -> None:
        count = len(problems) + more
        super().__init__(f"{origin} has {count} {'problem' if count == 1 else 'problems'}")
        # unpickling calls the class with args, so they must be what __init__ takes
        self.args = (origin, tuple(problems), more)
        self.origin = origin
        self.problems = tuple(problems)
        self.more = more

    def __str__(self) -> str:
        lines = [self.says, *_indented(problem.render() for problem in self.problems)]
        if self.more:
            lines.append(f"  and {self.more} more; mend these first")
        return "\n".join(lines)


class RunError(StandfastError):
    """A run cannot start or cannot go on, although its scenario is sound."""

    exit_code = 3


class RunInterrupted(RunError):  # noqa: N818  what it is called when it is no error of anybody
    """A run was asked to stop before its horizon."""

    def __init__(self, says: str = "the run was interrupted", advice: str = "") -> None:
        super().__init__(says, advice)


class FileError(StandfastError):
    """A file or directory cannot be read or written.

    Parameters
    ----------
    path
        The file, as the user named it.
    says
        What is wrong with it, as the rest of a sentence whose subject is the file.
    advice
        What to do about it.

    Examples
    --------
    >>> print(FileError("runs/out", "is not a directory").render())
    FileError: runs/out is not a directory
    """

    exit_code = 4

    def __init__(self, path: str | PathLike[str], says: str, advice: str = "") -> None:
        super().__init__(f"{path} {says}", advice)
        self.args = (path, says, advice)
        self.path = path


class StoreError(FileError):
    """A saved result is damaged, incomplete, or not a result."""


def _indented(texts: Iterable[str]) -> list[str]:
    return ["  " + line for text in texts for line in text.splitlines()]
