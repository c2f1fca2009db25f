r"""E10, E23: trust in command T and suspicion Q. M14 M16 M21 M03 M18.

A broken promise of severity o: :math:`T\leftarrow(1-\eta_-o)T`; a promise kept:
:math:`T\leftarrow T+\eta_+(1-T)`, with :math:`\eta_->\eta_+` (trust is lost faster than won);
recovery towards :math:`T_0` = start - corruption within months. Suspicion jumps and fades, lowers the
weight of the squad and raises the loss of belief.
"""

from __future__ import annotations

from standfast.kernels._jit import rule


@rule
def broken(trust, loss, severity):
    """Return trust after a broken promise."""
    return trust * (1.0 - loss * severity)


@rule
def kept(trust, gain):
    """Return trust after a promise kept."""
    return trust + gain * (1.0 - trust)


@rule
def jump(value, size):
    """Return a value in [0, 1] moved towards 1 by a share of what is missing."""
    return value + (1.0 - value) * size
