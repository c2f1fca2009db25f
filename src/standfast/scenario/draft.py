"""A scenario that may still be wrong, read without stumbling.

Rules look at drafts and not at validated scenarios, so that a misspelt place is reported in the
same breath as a number out of bounds elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from standfast.scenario.fields import view_at
from standfast.scenario.model import Scenario
from standfast.scenario.moments import MomentError, hours_of
from standfast.scenario.quantities import QuantityError, parse_quantity
from standfast.scenario.tree import Path

if TYPE_CHECKING:
    from standfast.scenario.tree import Plain

#: what a rule finds wrong: where, what, and what to do
Found = tuple[Path, str, str]
#: in a pattern: every key of a mapping or position of a list, and every key as a value
EACH, KEYS = "*", "@"


@dataclass(frozen=True)
class Draft:
    """The plain objects of a scenario file, with forgiving look-ups.

    Examples
    --------
    >>> draft = Draft({"time": {"horizon": "2 d"}, "roads": [{"start": "mosul"}]})
    >>> draft.number(("time", "horizon")), draft.number(("time", "step"))
    (48.0, 1.0)
    >>> list(draft.find(("roads", EACH, "start")))
    [(('roads', 0, 'start'), 'mosul')]
    """

    data: Plain

    def get(self, path: Path) -> Plain:
        """Return what stands at a path, or None."""
        here = self.data
        for step in path:
            if isinstance(here, Mapping):
                here = here.get(step)
            elif isinstance(here, (list, tuple)) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def entries(self, path: Path) -> Iterator[tuple[Path, Mapping[str, Plain]]]:
        """Yield path and content of each well-formed entry of a mapping or list."""
        for inner, value in self.find((*path, EACH)):
            if isinstance(value, Mapping):
                yield inner, value

    def names(self, path: Path) -> list[str]:
        """Return the keys of a mapping; none when it is no mapping."""
        here = self.get(path)
        return [str(key) for key in here] if isinstance(here, Mapping) else []

    def text(self, path: Path) -> str | None:
        """Return the text at a path, its default, or None."""
        value = self._or_default(path)
        return value if isinstance(value, str) else None

    def number(self, path: Path) -> float | None:
        """Return the number at a path in its base unit, its default, or None when unreadable."""
        view = view_at(Scenario, path, self.data)
        value = self.get(path)
        if view is None or value is None:
            default = view.default if view else None
            return float(default) if isinstance(default, (int, float)) else None
        try:
            return parse_quantity(value, view.dimension or "1")
        except QuantityError:
            return None

    def start(self) -> datetime | None:
        """Return the first hour, when it can be read."""
        try:
            value = datetime.fromisoformat(str(self.get(("time", "start"))))
        except ValueError:
            return None
        return value if value.tzinfo is None else None

    def hours(self, path: Path) -> float | None:
        """Return the moment at a path in hours since the start, or None when unreadable."""
        when = self.text(path)
        if when is None:
            return None
        try:
            # durations can be read without a start
            return hours_of(when, self.start() or datetime.min)  # noqa: DTZ901  scenarios have no zone
        except MomentError:
            return None

    def find(self, pattern: Path, path: Path = ()) -> Iterator[tuple[Path, Plain]]:
        """Yield path and value of everything that fits a pattern with `EACH` and `KEYS` in it."""
        here = self.get(path)
        if not pattern:
            if here is not None:
                yield path, here
            return
        step, rest = pattern[0], pattern[1:]
        if step == KEYS:
            # a number may stand where a mapping should; the schema says so
            keys = here if isinstance(here, Mapping) else ()
            yield from (((*path, key), key) for key in keys)
        elif step != EACH:
            yield from self.find(rest, (*path, step))
        elif isinstance(here, Mapping):
            for key in here:
                yield from self.find(rest, (*path, key))
        elif isinstance(here, (list, tuple)):
            for i in range(len(here)):
                yield from self.find(rest, (*path, i))

    def _or_default(self, path: Path) -> Plain:
        value = self.get(path)
        if value is not None:
            return value
        view = view_at(Scenario, path, self.data)
        return view.default if view and not view.required else None


#: a small function that ties one field to another, and yields what is wrong
Rule = Callable[[Draft], Iterator[Found]]
