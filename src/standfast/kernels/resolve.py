r"""E12: resolve R, the personal will to fight. M23.

:math:`R^*=R_0+r_T\min(0,T-T_0)`, :math:`R\leftarrow R^*+(R-R^*)e^{-\Delta t/\tau_R}`, and combat
wears it down so that it is spent after about 220 days of combat (Appel and Beebe 1946).
"""

from __future__ import annotations

from standfast.kernels._jit import rule


@rule
def advance_resolve(resolve, start, trust_lost, of_trust, kept, worn):
    """Return resolve after a step; `worn` is the loss of a step in combat, 0 elsewhere."""
    target = start - of_trust * trust_lost
    value = target + (resolve - target) * kept - worn
    return min(max(value, 0.0), 1.0)
