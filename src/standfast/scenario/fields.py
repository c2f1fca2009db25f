"""What the scenario format says about the field at a path: type, unit, bounds, default, meaning."""

from __future__ import annotations

import copy
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from standfast.scenario.quantities import Quantity, format_quantity

if TYPE_CHECKING:
    from standfast.scenario.tree import Plain

_BOUNDS: dict[str, Callable[[list[float]], float]] = {"ge": max, "gt": max, "le": min, "lt": min}


@dataclass(frozen=True)
class FieldView:
    """One field of the format.

    Attributes
    ----------
    type
        The bare type: a class, or a generic such as ``dict[str, float]``; no annotations, no None.
    info
        Default, description, bounds and extra facts, as pydantic keeps them.
    optional
        Whether None may stand there.
    """

    type: Any
    info: FieldInfo
    optional: bool = False

    @property
    def dimension(self) -> str | None:
        """Dimension of a quantity, such as ``"h"``; None for everything else."""
        return next((m.dimension for m in self.info.metadata if isinstance(m, Quantity)), None)

    @property
    def bounds(self) -> dict[str, float]:
        """Limits in the base unit, by ``ge``, ``gt``, ``le``, ``lt``; the narrowest of each."""
        found: dict[str, float] = {}
        for name, narrower in _BOUNDS.items():
            limits = [getattr(m, name) for m in self.info.metadata if hasattr(m, name)]
            if limits:
                found[name] = narrower(limits)
        return found

    @cached_property
    def models(self) -> tuple[type[BaseModel], ...]:
        """The models whose fields may stand here: one, or several told apart by ``kind``."""
        options: tuple[Plain, ...] = get_args(self.type) if _is_union(self.type) else (self.type,)
        return tuple(o for o in options if isinstance(o, type) and issubclass(o, BaseModel))

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that may stand here; empty when it is no closed list."""
        return tuple(map(str, get_args(self.type))) if get_origin(self.type) is Literal else ()

    @cached_property
    def item(self) -> FieldView | None:
        """What each item of a list, or value of a mapping, is."""
        arguments = get_args(self.type)
        if get_origin(self.type) is dict:
            return view_of(arguments[1])
        return view_of(arguments[0]) if get_origin(self.type) is tuple else None

    @property
    def key(self) -> FieldView | None:
        """What the keys of a mapping are; None for everything else."""
        return view_of(get_args(self.type)[0]) if get_origin(self.type) is dict else None

    @property
    def fixed_length(self) -> int | None:
        """Number of items of a list that always has as many."""
        arguments = get_args(self.type) if get_origin(self.type) is tuple else ()
        return len(arguments) if arguments and arguments[-1] is not Ellipsis else None

    @property
    def text_limits(self) -> dict[str, int | str]:
        """Limits of a text in the words of JSON Schema."""
        words = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}
        return {
            word: getattr(m, name)
            for m in self.info.metadata
            for name, word in words.items()
            if getattr(m, name, None) is not None
        }

    @property
    def default(self) -> Plain:
        """Default value, or `PydanticUndefined` for a field that must be given."""
        return self.info.get_default(call_default_factory=True)

    @property
    def required(self) -> bool:
        """Whether the field must be given."""
        return self.default is PydanticUndefined

    def written(self, value: Plain) -> Plain:
        """Return a value the way a scenario file writes it."""
        return format_quantity(value, self.dimension) if self.dimension else value

    def show(self, value: float) -> str:
        """Write a number in the unit of this field."""
        number = format_quantity(value, self.dimension or "1")
        if isinstance(number, str):
            return number
        return f"{number:,.0f}" if float(number).is_integer() else f"{number:g}"

    def range_text(self) -> str:
        """Say within what bounds a value lies; empty when there are none."""
        low = self.bounds.get("ge", self.bounds.get("gt"))
        high = self.bounds.get("le", self.bounds.get("lt"))
        if low is not None and high is not None and "gt" not in self.bounds:
            return f"between {self.show(low)} and {self.show(high)}"
        parts = (
            [f"{'above' if 'gt' in self.bounds else 'at least'} {self.show(low)}"]
            if low is not None
            else []
        )
        parts += [f"at most {self.show(high)}"] if high is not None else []
        return " and ".join(parts)


def view_of(annotation: Plain) -> FieldView:
    """Return the view of a bare annotation, such as the values of a mapping."""
    return _unfold(FieldInfo.from_annotation(annotation))


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, FieldView]:
    """Return the fields of a model by name; worked out once, as a check asks for them a thousand times.

    Examples
    --------
    >>> from standfast.scenario.places import Road
    >>> fields_of(Road)["length"].range_text()
    'between 0.1 km and 5000 km'
    """
    return types.MappingProxyType(
        {name: _unfold(info) for name, info in model.model_fields.items()}
    )


def view_at(
    model: type[BaseModel], path: Sequence[str | int], data: Plain = None
) -> FieldView | None:
    """Return the field at a path, or None where the format has none.

    Parameters
    ----------
    model
        Where the path starts.
    path
        Keys and list positions.
    data
        What the file holds there; needed to know which kind an item of a list of kinds is.
    """
    view = _whole(model)
    for step in path:
        found = _step(view, step, data)
        if found is None:
            return None
        view, data = found, _below(data, step)
    return view


@cache
def _whole(model: type[BaseModel]) -> FieldView:
    """Return the view of a whole model."""
    return FieldView(model, FieldInfo(annotation=model))


def model_for(section: object, view: FieldView) -> type[BaseModel] | None:
    """Return the model of a section: the only one, or the one its ``kind`` chooses."""
    models: tuple[type[BaseModel], ...] = view.models
    if len(models) == 1:
        return models[0]
    kind = section.get("kind") if isinstance(section, Mapping) else None
    return next((m for m in models if fields_of(m)["kind"].choices == (kind,)), None)


def _step(view: FieldView, step: str | int, data: Plain) -> FieldView | None:
    if not view.models:
        return view.item
    chosen = model_for(data, view)
    for model in (chosen,) if chosen else view.models:
        if step in model.model_fields:
            return fields_of(model)[str(step)]
    return None


def _below(data: Plain, step: str | int) -> Plain:
    if isinstance(data, Mapping):
        return data.get(step)
    inside = isinstance(data, (list, tuple)) and isinstance(step, int) and 0 <= step < len(data)
    return data[step] if inside else None


def _is_union(annotation: object) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _unfold(info: FieldInfo) -> FieldView:
    """Take Annotated and None off a type, and collect the metadata they carried."""
    annotation: Any = info.annotation
    optional = False
    metadata = list(info.metadata)
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *extra = get_args(annotation)
            inner = FieldInfo.from_annotation(Annotated[annotation, *extra])
            metadata = [*inner.metadata, *metadata]
        elif _is_union(annotation) and type(None) in get_args(annotation):
            rest = tuple(a for a in get_args(annotation) if a is not type(None))
            annotation = rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007  built at run time
            optional = True
        else:
            break
    merged = copy.copy(info)
    merged.metadata = metadata
    return FieldView(annotation, merged, optional)
