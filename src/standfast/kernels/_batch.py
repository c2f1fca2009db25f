"""Kernels called one after another in one go, without a return to Python in between.

To hand an array from Python to a kernel takes as long as to advance several people, and a step hands over
hundreds; and where replicates run on threads of one interpreter, every kernel that returns may have to wait
until another thread lets go of it. A batch writes down once where its arrays lie. Compiled code finds
them there and calls the kernels by their addresses, so that none is compiled a second time.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
from numba.core import cgutils, types
from numba.core.datamodel.models import OpaqueModel, register_default
from numba.extending import NativeValue, intrinsic, unbox
from numba.np.arrayobj import populate_array
from numba.np.numpy_support import as_dtype

from standfast.kernels._jit import kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORD = cgutils.intp_t
#: what every kernel returns
DONE = types.int64


class BatchType(types.Type):
    """Type of a table of words: for each call the type of every argument, and where it is written.

    The table begins with two words for each call: the address of its kernel, 0 for one that is passed over, and
    what it returned.
    """

    def __init__(self, calls: tuple[tuple[tuple[types.Type, int], ...], ...]) -> None:
        self.calls = calls
        super().__init__(name=f"Batch({hashlib.sha256(repr(calls).encode()).hexdigest()[:16]})")

    @property
    def key(self) -> tuple[tuple[tuple[types.Type, int], ...], ...]:
        """What two types must have in common to be the same."""
        return self.calls


register_default(BatchType)(OpaqueModel)


@unbox(BatchType)
def _take_address(_, address, c):
    return NativeValue(c.pyapi.long_as_voidptr(address))


@intrinsic
def _call_each(_, batch):
    def generate(context, builder, signature, values):
        table = builder.bitcast(values[0], WORD.as_pointer())
        for number, arguments in enumerate(signature.args[0].calls):
            _call(context, builder, table, number, arguments)
        return context.get_dummy_value()

    return types.none(batch), generate


def _call(context, builder, table, number, arguments):
    """Write the call of a kernel: if it has an address, read its arguments and keep what it returns."""
    address = _word(builder, table, 2 * number)
    with builder.if_then(builder.icmp_unsigned("!=", address, WORD(0))):
        kinds = [kind for kind, _ in arguments]
        values = [_read(context, builder, table, *argument) for argument in arguments]
        shape = context.call_conv.get_function_type(DONE, kinds)
        callee = builder.inttoptr(address, shape.as_pointer())
        state, done = context.call_conv.call_function(builder, callee, DONE, kinds, values)
        with cgutils.if_unlikely(builder, state.is_error):
            context.call_conv.return_status_propagate(builder, state)
        builder.store(done, builder.gep(table, [WORD(2 * number + 1)]))


def _word(builder, table, at):
    return builder.load(builder.gep(table, [WORD(at)]))


def _read(context, builder, table, kind, at):
    """Return an argument: a number, or an array put together from its words."""
    if not isinstance(kind, types.Array):
        place = builder.gep(table, [WORD(at)])
        model = context.data_model_manager[kind]
        return model.load_from_data_pointer(
            builder, builder.bitcast(place, model.get_data_type().as_pointer())
        )
    array = context.make_array(kind)(context, builder)
    address, *shape = [_word(builder, table, at + k) for k in range(1 + kind.ndim)]
    itemsize = WORD(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides = [itemsize]  # row after row, without gaps
    for length in shape[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=builder.inttoptr(address, array.data.type),
        shape=shape,
        strides=strides,
        itemsize=itemsize,
        meminfo=None,
    )
    return array._getvalue()


@kernel
def _call_all(batch):
    """Call every kernel of a batch, in order, that has an address."""
    _call_each(batch)
    return 0


class Call(NamedTuple):
    """A kernel, the names of its arguments, and whether it acts; else it is passed over."""

    kernel: Any
    names: tuple[str, ...]
    acts: bool


class _Layout(NamedTuple):
    """What batches of the same kernels and kinds of arrays share."""

    entry: Callable[[int], int]
    addresses: list[int]
    numbers: dict[str, tuple[int, Any]]


#: laid out in this process, by calls and by what their arrays are like
_layouts: dict[tuple[Any, ...], _Layout] = {}


class Batch:
    """Kernels bound to arrays.

    Parameters
    ----------
    calls
        In the order in which they are called.
    arrays : mapping of arrays
        By name, row after row without gaps; a later array of the same name is not seen.
    scalars : mapping of numbers
        By name; of the types that the kernels are handed.

    Examples
    --------
    >>> from standfast.kernels.resting import wake_all
    >>> rest = np.ones(3, dtype=np.uint8)
    >>> batch = Batch([Call(wake_all, ("company_rest",), acts=True)], {"company_rest": rest}, {})
    >>> batch.call({})
    >>> rest.tolist(), batch.returned(0)
    ([0, 0, 0], 3)
    """

    def __init__(
        self, calls: Sequence[Call], arrays: Mapping[str, Any], scalars: Mapping[str, Any]
    ) -> None:
        names = (name for call in calls for name in call.names)
        # what lies at an address must stay there
        self._arrays = {name: arrays[name] for name in names if name not in scalars}
        layout = _laid_out(calls, self._arrays, scalars)
        self._entry = layout.entry
        words = list(layout.addresses)
        for array in self._arrays.values():
            words += (array.ctypes.data, *array.shape)
        table = np.array([*words, *[0] * len(layout.numbers)], dtype=np.intp)
        self._address = table.ctypes.data
        # a view of memory is written to in half the time that numpy takes
        self._words = table.data
        self._numbers = [
            (name, self._words.cast("B").cast(dtype.char), at * table.itemsize // dtype.itemsize)
            for name, (at, dtype) in layout.numbers.items()
        ]

    def call(self, scalars: Mapping[str, Any]) -> None:
        """Call the kernels with these numbers."""
        for name, place, at in self._numbers:
            place[at] = scalars[name]
        self._entry(self._address)

    def returned(self, number: int) -> int:
        """Return what the kernel at a position returned when it was last called."""
        return self._words[2 * number + 1]


def _laid_out(
    calls: Sequence[Call], arrays: Mapping[str, Any], scalars: Mapping[str, Any]
) -> _Layout:
    traits = tuple(
        (a.dtype, a.ndim, a.flags.writeable, a.flags.c_contiguous, a.flags.aligned)
        for a in arrays.values()
    )
    key = (tuple(calls), traits, tuple((name, type(value)) for name, value in scalars.items()))
    if key not in _layouts:
        _layouts[key] = _lay_out(calls, arrays, scalars)
    return _layouts[key]


def _lay_out(
    calls: Sequence[Call], arrays: Mapping[str, Any], scalars: Mapping[str, Any]
) -> _Layout:
    """Compile what is not yet, and give every argument its place in the table: calls, arrays, numbers."""
    for name, array in arrays.items():
        if not array.flags.c_contiguous:
            says = f"{name} has gaps: a batch takes arrays that lie row after row"
            raise TypeError(says)
    named = {name for call in calls for name in call.names}
    numbers = {name: numba.typeof(value) for name, value in scalars.items() if name in named}
    kinds = {name: numba.typeof(array.view(np.ndarray)) for name, array in arrays.items()} | numbers
    places, size = {}, 2 * len(calls)
    for name, kind in kinds.items():
        places[name] = size
        size += 1 + getattr(kind, "ndim", 0)
    addresses = []
    for call in calls:
        handed = tuple(kinds[name] for name in call.names)
        addresses += [_address_of(call.kernel, handed) if call.acts else 0, 0]
    batch = BatchType(tuple(tuple((kinds[name], places[name]) for name in call.names) for call in calls))
    entry = _compiled(_call_all, (batch,)).entry_point
    return _Layout(
        entry, addresses, {name: (places[name], as_dtype(kind)) for name, kind in numbers.items()}
    )


def _address_of(one: Any, kinds: tuple[types.Type, ...]) -> int:
    """Return where the compiled code of a kernel lies for arguments of these types."""
    compiled = _compiled(one, kinds)
    returned = numba.types.unliteral(compiled.signature.return_type)
    if returned != DONE:
        says = f"{one.__name__} returns {returned}, and a kernel of a batch {DONE}"
        raise TypeError(says)
    return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))


def _compiled(one: Any, kinds: tuple[types.Type, ...]) -> Any:
    one.compile(kinds)
    return one.overloads[kinds]
