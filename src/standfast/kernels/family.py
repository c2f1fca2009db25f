r"""E7: threat to the family, and moving it. M09 M10.

:math:`V_i=A_iY_i\,\kappa(\text{control of the home}, Z_i)`: credibility times perceived exposure
times perceived reach, which is felt even far behind the front; a family moved away feels little
of it, one abroad none. With means, it is moved at rate :math:`\lambda_Z b_i V_i`.
"""

from __future__ import annotations

from standfast.kernels import status
from standfast.kernels._jit import rule


@rule
def threat(credibility, perceived, reach_home, family, reach_moved):
    """Return the threat V in [0, 1]; `reach_home` is the reach under the home's control."""
    if family == status.FAMILY_ABROAD:
        return 0.0
    reach = reach_home if family == status.FAMILY_HOME else min(reach_home, reach_moved)
    return credibility * perceived * reach
