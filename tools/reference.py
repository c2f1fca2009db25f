"""Mend what the reference of Python shows of docstrings; named in mkdocs.yml.

A docstring may describe several parameters at once, and each has its own type. A default that is a constant is
shown as its value. What has a public name is called by it, and the name leads to its place on the page.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from griffe import Alias, DocstringSectionParameters, Extension, Function, GriffeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from griffe import Module, Object

_PATH = re.compile(r"`(standfast(?:\.\w+)+)`")


class Reference(Extension):
    """Walks a package once it is read."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Mend every docstring of a package."""
        public = {
            each.target_path: f"standfast.{name}"
            for name, each in pkg.members.items()
            if isinstance(each, Alias)
        }
        for each in _everything(pkg):
            if each.docstring is not None:
                each.docstring.value = _PATH.sub(partial(_linked, public), each.docstring.value)
            if isinstance(each, Function):
                _mend(each)


def _everything(above: Object) -> Iterator[Object]:
    for each in above.members.values():
        if not isinstance(each, Alias):
            yield each
            yield from _everything(each)


def _linked(public: dict[str, str], found: re.Match[str]) -> str:
    name = public.get(found[1])
    return f"[`{name}`][{name}]" if name else found[0]


def _mend(function: Function) -> None:
    for parameter in function.parameters:
        parameter.default = _value(function, parameter.default)
    described = function.docstring.parsed if function.docstring else []
    for section in described:
        if isinstance(section, DocstringSectionParameters):
            for row in section.value:
                name = row.name.lstrip("*")
                if name in function.parameters:
                    own = function.parameters[name]
                    row.annotation, row.value = own.annotation, own.default


def _value(function: Function, default: Any) -> Any:
    """Return what a constant stands for, or the default itself."""
    if not str(default).isupper():
        return default
    try:
        return function.modules_collection[function.resolve(str(default))].value
    except (GriffeError, KeyError, AttributeError):
        return default
