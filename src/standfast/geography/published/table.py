"""A published CSV file, row by row: of each row only the columns that are asked for.

Whole columns of such files describe actors, sources and what happened to whom; they are passed over
as they are read and reach nothing else. A file with a column about single persons is turned away whole.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from standfast.errors import FileError, Problem, ScenarioError
from standfast.scenario.names import suggest
from standfast.scenario.privacy import person_columns
from standfast.scenario.tree import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

_MOST_PROBLEMS = 20
_FIELD_BYTES = 1_000_000


@dataclass
class Findings:
    """What was found wrong in a file; raised together.

    Attributes
    ----------
    origin
        What messages call the file.
    problems
        So far.
    """

    origin: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Remember a problem; give up when there are many, as the file is probably another one."""
        self.problems.append(problem)
        if len(self.problems) >= _MOST_PROBLEMS:
            self.settle()

    def settle(self) -> None:
        """Raise what was found, if anything was.

        Raises
        ------
        ScenarioError
            With every problem.
        """
        if self.problems:
            raise ScenarioError(self.origin, self.problems)


@dataclass(frozen=True)
class Row:
    """The columns of a row that were asked for.

    Attributes
    ----------
    line
        Line of the file on which the row ends, from 1.
    values
        Text by column.
    position
        Number of each column in the file, from 1.
    """

    line: int
    values: Mapping[str, str]
    position: Mapping[str, int]

    def problem(self, column: str, says: str, advice: str = "") -> Problem:
        """Return a problem with a cell of this row."""
        return Problem(column, says, advice, self.line, self.position[column])

    def number(self, column: str, low: float, high: float, findings: Findings) -> float | None:
        """Return the number in a cell, or None after noting what is wrong with it."""
        text = self.values[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            return value
        says = f'is "{printable(text)}", but a number between {low:g} and {high:g} is expected'
        findings.add(self.problem(column, says))
        return None


def read_rows(
    path: Path,
    columns: Collection[str],
    known: Collection[str],
    findings: Findings,
    *,
    aliases: Mapping[str, str] | None = None,
) -> Iterator[Row]:
    """Yield the rows of a CSV file with a header.

    Parameters
    ----------
    path
        The file, UTF-8, separated by commas or semicolons; a header may begin with ``#``.
    columns
        Those that are wanted; all must be there.
    known
        Every column of the published layout; of others, none may be about single persons.
    findings
        Where problems with single cells go.
    aliases
        Other headings for the same columns.

    Raises
    ------
    FileError
        When it cannot be read.
    ScenarioError
        When the header lacks a column, or names one about single persons.
    """
    csv.field_size_limit(_FIELD_BYTES)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            separator = ";" if first.count(";") > first.count(",") else ","
            cells = next(csv.reader([first], delimiter=separator), [])
            header = [(aliases or {}).get(name, name) for name in _header(cells)]
            position = _check_header(header, columns, known, findings)
            rows = csv.reader(file, delimiter=separator)
            for cells in rows:
                if cells and (row := _row(cells, rows.line_num + 1, position, findings)):
                    yield row
    except UnicodeDecodeError:
        raise FileError(path, "is not text in UTF-8", "Save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise FileError(path, f"is not CSV: {error}") from None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().strip('"').lower() for cell in cells]
    return [names[0].lstrip("#").strip().strip('"'), *names[1:]] if names else []


def _check_header(
    header: list[str], columns: Collection[str], known: Collection[str], findings: Findings
) -> dict[str, int]:
    if persons := person_columns(name for name in header if name not in known):
        _refuse(findings, persons)
    for name in columns:
        if name not in header:
            says = f'has no column "{name}"'
            findings.add(Problem("", says, suggest(name, header, "columns"), 1))
    findings.settle()
    return {name: header.index(name) + 1 for name in columns}


def _refuse(findings: Findings, persons: list[str]) -> NoReturn:
    says = f'has a column "{persons[0]}", which describes single persons'
    advice = "standfast takes aggregates only. Remove such columns; nothing of the file was kept."
    raise ScenarioError(findings.origin, [Problem("", says, advice, 1)])


def _row(
    cells: list[str], line: int, position: Mapping[str, int], findings: Findings
) -> Row | None:
    if len(cells) < max(position.values()):
        says = f"has {len(cells)} columns, but the header has more"
        findings.add(Problem("", says, "Is a line broken, or a quotation mark missing?", line))
        return None
    values = {name: cells[at - 1].strip() for name, at in position.items()}
    return Row(line, values, position)
