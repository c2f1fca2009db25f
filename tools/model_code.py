"""What the code says about itself: titles, equations and mechanisms from docstrings; tests by M-number."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("kernels", "engine", "network", "population", "results")

#: which equations each mechanism acts through; M41 is no equation but a classification of the end
EQUATIONS = {
    "M01": (1, 8), "M02": (8, 9), "M03": (8, 23), "M04": (8,), "M05": (8,), "M06": (2, 3, 4),
    "M07": (5,), "M08": (5, 6), "M09": (2, 7), "M10": (7,), "M11": (2, 14), "M12": (14,), "M13": (11,),
    "M14": (10, 11), "M15": (17,), "M16": (10, 24), "M17": (17,), "M18": (23,), "M19": (13,),
    "M20": (13,), "M21": (10, 12), "M22": (9, 13, 15), "M23": (12, 13), "M24": (9, 13),
    "M25": (13, 16), "M26": (5, 7, 13), "M27": (14,), "M28": (14,), "M29": (14,), "M30": (14,),
    "M31": (14,), "M32": (22,), "M33": (18,), "M34": (18,), "M35": (19,), "M36": (19,), "M37": (19,),
    "M38": (20,), "M39": (21,), "M40": (8, 20), "M41": (),
}  # fmt: skip

_SPAN = re.compile(r"\bM(\d\d)\s?(?:-|–|\.\.)\s?M(\d\d)\b")
_ONE = re.compile(r"(?<![A-Za-z0-9])[Mm](\d\d)(?!\d)")
_EQUATION = re.compile(r"\bE(\d+)\b")
_EQUATION_SPAN = re.compile(r"\bE(\d+)\s?[-–]\s?E(\d+)\b")


@dataclass(frozen=True)
class Module:
    """One source file: its path below the package, and its docstring."""

    path: str
    text: str

    @property
    def head(self) -> str:
        """The first line, which names equations and mechanisms."""
        return self.text.partition("\n")[0]

    @property
    def title(self) -> str:
        """The first line without its equations and mechanisms."""
        first = _SPAN.sub("", self.head)
        first = re.sub(r"\((?:[^)]*M\d\d|layers of)[^)]*\)", "", first)
        first = re.sub(r"\bM\d\d\b", "", first)
        first = re.sub(r"^[E\d,\s–-]*(?:and the [\w ]+ of E\d+)?:\s*", "", first)
        first = re.sub(r":\s*E\d.*$|\s*\(weights of[^)]*\)", "", first)
        return " ".join(first.split()).strip(" .,;")

    @property
    def equations(self) -> list[int]:
        """Numbers of the equations in the first line."""
        return sorted(numbers(self.head, _EQUATION_SPAN, _EQUATION))

    @property
    def mechanisms(self) -> list[str]:
        """Mechanisms the docstring claims as its own, outside parentheses."""
        return names(re.sub(r"\([^)]*\)", "", self.text))

    @property
    def touched(self) -> list[str]:
        """Every mechanism that the docstring mentions."""
        return names(self.text)


def numbers(text: str, span: re.Pattern[str], one: re.Pattern[str]) -> set[int]:
    """Return the numbers a text mentions singly or as spans."""
    found = {int(match[1]) for match in one.finditer(text)}
    for match in span.finditer(text):
        found |= set(range(int(match[1]), int(match[2]) + 1))
    return found


def names(text: str) -> list[str]:
    """Return the mechanisms a text mentions, sorted, spans written out."""
    return [f"M{number:02}" for number in sorted(numbers(text, _SPAN, _ONE)) if 1 <= number <= 41]


@cache
def modules() -> tuple[Module, ...]:
    """Return the modules of the model that have a docstring."""
    base = ROOT / "src" / "standfast"
    found = []
    for package in PACKAGES:
        for path in sorted((base / package).glob("*.py")):
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
            if text and not path.name.startswith("_"):
                found.append(Module(path.relative_to(base).as_posix(), text))
    return tuple(found)


def homes(mechanism: str) -> list[Module]:
    """Return where a mechanism lives: modules that claim it, else modules that mention it."""
    single = [module for module in modules() if not module.path.endswith("/agents.py")]
    claimed = [module for module in single if mechanism in module.mechanisms]
    kernels = [module for module in claimed if module.path.startswith("kernels/")]
    touched = [module for module in single if mechanism in module.touched]
    return kernels or claimed or touched or [m for m in modules() if mechanism in m.touched]


@cache
def _mentions() -> tuple[tuple[str, str], ...]:
    """Return (mechanism, test) pairs, tests as path::function, or the path for a table in a module."""
    pairs = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "architecture" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        short = path.relative_to(ROOT).as_posix()
        rest = source.splitlines()
        for node in ast.parse(source).body:
            last = node.end_lineno or node.lineno
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(each.lineno for each in decorators)])
            text = "\n".join(source.splitlines()[first - 1 : last])
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                pairs += [(name, f"{short}::{node.name}") for name in names(text.replace("_", " "))]
                rest[first - 1 : last] = [""] * (last - first + 1)
        pairs += [(name, short) for name in names("\n".join(rest).replace("_", " "))]
    return tuple(dict.fromkeys(pairs))


def tests_of(mechanism: str) -> list[str]:
    """Return tests whose name, docstring, parameters or table carry the M-number."""
    return [test for name, test in _mentions() if name == mechanism]
