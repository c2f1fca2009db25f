"""Values that only single persons have, whatever the column over them is called.

Each finding is a few words such as "e-mail addresses"; no value is ever repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from standfast.scenario.person_words import RANKS, normal

if TYPE_CHECKING:
    from standfast.scenario.tree import Plain

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
#: with the country in front; elsewhere a row of digits may be anything
_CALL = re.compile(r"(?<![\w.])(?:\+|00)\d[\d ()./-]{7,18}\d(?!\w)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?!\w)")
_PHONE = re.compile(r"\(?0\d{2,4}\)?[ ./-]?\d[\d ./-]{5,10}")
# a day written as 2014-06-10 is no number of somebody
_NUMBER = re.compile(r"[A-Z]{0,3}[ -]?\d{8,18}|(?!\d{4}-\d\d-\d\d$)\d{2,4}(?:-\d{2,7}){2,3}")
_FINE = re.compile(r"-?\d{1,3}\.\d{4,}")
_CARD = re.compile(r"^(?:BEGIN:VCARD|FN[;:]|TEL[;:]|EMAIL[;:])", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?[./]\d\d?[./]\d{4}")
_DIGITS = str.maketrans({chr(base + d): str(d) for base in (0x660, 0x6F0) for d in range(10)})
_ROWS = 4  # fewer may be anything
_MOST_ROWS = 200
_TEXT = 400  # characters of a text that are looked at in a column


def personal_text(text: str) -> str | None:
    """Return what about persons a text holds, wherever it stands; None for nothing.

    Examples
    --------
    >>> personal_text("ask a.b@example.org"), personal_text("call +964 770 000 0000")
    ('an e-mail address', 'a telephone number')
    >>> personal_text("ISBN 978-0-19-000000-1, p. 12")
    """
    text = text.translate(_DIGITS)
    if _EMAIL.search(text):
        return "an e-mail address"
    if _CALL.search(text):
        return "a telephone number"
    return "an account number" if _IBAN.search(text) else None


def personal_records(value: Plain) -> str | None:
    """Return what makes a list or mapping of records one of persons; None when nothing does.

    Parameters
    ----------
    value
        What stands at a place of a file: records may be mappings or lists, and a mapping of records
        may have the name of a person for every key.
    """
    return personal_rows(list(_rows(value)))


def personal_rows(rows: Sequence[Sequence[str]]) -> str | None:
    """Return what makes rows of cells those of persons; None when nothing does.

    Parameters
    ----------
    rows
        Cells as text. Rows of other lengths than most are left out.

    Examples
    --------
    >>> personal_rows([["Sgt", f"{a} Bravo", "2"] for a in ("Alfa", "Echo", "Kilo", "Lima")])
    'ranks with names'
    >>> personal_rows([["2014-06-10", "mosul", "0.4"]] * 9)
    """
    if len(rows) < _ROWS:
        return None
    lengths = [len(row) for row in rows]
    width = max(set(lengths), key=lengths.count)
    table = [[cell.translate(_DIGITS).strip() for cell in row] for row in rows if len(row) == width]
    columns = list(zip(*table, strict=True))
    if len(table) < _ROWS or not columns:
        return None
    return _judge(columns)


def _judge(columns: Sequence[Sequence[str]]) -> str | None:
    for says, pattern in (("e-mail addresses", _EMAIL), ("telephone numbers", _PHONE), ("numbers of persons", _NUMBER)):  # fmt: skip
        if any(_most(column, pattern) and _differ(column) for column in columns):
            return says
    if sum(_most(column, _FINE) and _differ(column) for column in columns) >= 2:
        return "coordinates of single addresses"
    names = [column for column in columns if _are_names(column)]
    # beside a rank no place is meant, so that names may repeat
    if any(_differ(column, 0.3) for column in names) and any(map(_are_ranks, columns)):
        return "ranks with names"
    if any(map(_differ, names)) and any(
        _most(column, _DATE) and _differ(column) for column in columns
    ):
        return "names with dates"
    return None


def _most(column: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return sum(pattern.fullmatch(cell) is not None for cell in column) >= 0.6 * len(column)


def _differ(column: Sequence[str], share: float = 0.8) -> bool:
    return len(set(column)) >= share * len(column)


def _are_names(column: Sequence[str]) -> bool:
    """Tell whether cells are two to five words of letters."""
    named = 0
    for cell in column:
        words = cell.replace(",", " ").split()
        letters = all(word.strip(".-'’").replace("-", "").isalpha() for word in words)
        # scripts without spaces write a name as two to four signs
        one = len(words) == 1 and 2 <= len(cell) <= 4 and "\u4e00" <= cell[0] <= "\u9fff"
        named += one or (letters and 2 <= len(words) <= 5)
    return named >= 0.7 * len(column)


def _are_ranks(column: Sequence[str]) -> bool:
    return sum(normal(cell) in RANKS for cell in column) >= 0.6 * len(column)


def _rows(value: Plain) -> Iterator[list[str]]:
    if isinstance(value, Mapping):
        items: list[tuple[list[str], Plain]] = [([str(key)], item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)):
        items = [([], item) for item in value]
    else:
        return
    for before, item in items[:_MOST_ROWS]:
        if isinstance(item, Mapping):
            yield before + [_cell(x) for x in item.values()]
        elif isinstance(item, (list, tuple)):
            yield before + [_cell(x) for x in item]
        elif isinstance(item, str) and re.search(r"[,;\t|]", item):
            yield before + re.split(r"\s*[,;\t|]\s*", item[:_TEXT])
        else:
            yield [*before, _cell(item)]


def _cell(value: Plain) -> str:
    return str(value)[:_TEXT] if isinstance(value, (str, int, float)) else ""


def is_card(line: str) -> bool:
    """Tell whether a line is one of an address card."""
    return _CARD.match(line) is not None
