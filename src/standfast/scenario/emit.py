"""YAML text from plain objects: the same text for the same objects, read back unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.scenario.scalars import AmbiguousScalarError, read_plain

if TYPE_CHECKING:
    from standfast.scenario.tree import Plain

_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./+%()-]*(?<! )\Z")
_WIDTH = 96


def scalar(value: Plain) -> str:
    """Write one value.

    Examples
    --------
    >>> scalar(None), scalar(True), scalar("no"), scalar("85 h"), scalar(0.35), scalar("a: b")
    ('null', 'true', '"no"', '85 h', '0.35', '"a: b"')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value)
    return text if _stays_text(text) else _quoted(text)


def _stays_text(text: str) -> bool:
    if not _BARE.match(text):
        return False
    try:
        return read_plain(text) == text
    except AmbiguousScalarError:
        return False


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def flow(value: Plain) -> str:
    """Write a value on one line.

    Examples
    --------
    >>> flow({"east": 0.5, "to": ["a", "b"]})
    '{east: 0.5, to: [a, b]}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def block(value: Plain, indent: int = 0) -> list[str]:
    """Write a mapping or list as lines; what is short and flat inside it stays on one line.

    Examples
    --------
    >>> block({"time": {"step": "1 h"}, "roads": [{"start": "a", "end": "b"}]})
    ['time: {step: 1 h}', 'roads:', '  - {start: a, end: b}']
    """
    space = " " * indent
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, item in value.items():
            lines += entry(scalar(key), item, indent)
        return lines
    for item in value:
        if fits(item, indent + 2) or not item:
            lines.append(f"{space}- {flow(item)}")
        else:
            first, *rest = block(item, indent + 2)
            lines += [f"{space}- {first.lstrip()}", *rest]
    return lines


def entry(key: str, item: Plain, indent: int) -> list[str]:
    """Write one key and its value as lines."""
    space = " " * indent
    if not isinstance(item, (Mapping, list, tuple)) or not item or fits(item, indent + len(key)):
        return [f"{space}{key}: {flow(item)}"]
    return [f"{space}{key}:", *block(item, indent + 2)]


def fits(item: Plain, indent: int) -> bool:
    """Tell whether a value is flat and short enough to stand on one line."""
    if isinstance(item, Mapping):
        flat = not any(isinstance(inner, Mapping) for inner in item.values())
    elif isinstance(item, (list, tuple)):
        flat = not any(isinstance(inner, (Mapping, list, tuple)) for inner in item)
    else:
        return True
    return flat and indent + len(flow(item)) <= _WIDTH
