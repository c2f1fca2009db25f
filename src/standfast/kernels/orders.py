r"""E17: moving a unit out, in good order or not. M17 M34.

An evacuation, withdrawal or loss of the place takes a battalion out in good order with probability
:math:`e_u\cdot 2T\cdot(\tfrac12+\text{quality})`, capped at one: trust and training make it orderly. A battalion
that fails an evacuation is released by the order (O = 1); one that is overrun runs.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import rule


@rule
def goes_in_order(u, skill, trust, quality):
    """Return whether a battalion leaves in good order."""
    return u < skill * 2.0 * trust * (0.5 + quality)


@rule
def refuge_for_unit(place, control, road_indptr, road_indices, is_region):
    """Return the first neighbouring place under the government, or -1."""
    for at in range(road_indptr[place], road_indptr[place + 1]):
        other = road_indices[at]
        if control[other] == status.GOVERNMENT and is_region[other] == 0:
            return other
    return -1
