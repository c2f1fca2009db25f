"""Our own exp, log, logistic and normal quantile, from + and x and tables.

The CPU's and the C library's functions differ between machines in the last bits, and a last bit
can decide whether somebody leaves; these do not.
"""

from __future__ import annotations

import math

import numpy as np

from standfast.kernels._jit import index, kernel, rule

LOG2E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # ends in zero bits: k * LN2_HIGH is exact
LN2_LOW = 1.90821492927058770002e-10
LN2 = 0.6931471805599453
POWERS_OF_TWO = np.array([math.ldexp(1.0, k) for k in range(-1022, 1024)])
EXP_LEAST = -708.0
EXP_MOST = 709.0

#: logistic(x) at x = -24 .. 24 in steps of 1/32, from exactly rounded decimal values of exp
GRID = 32
GRID_REACH = 24.0
LOGISTIC = np.array(
    [1.0 / (1.0 + math.exp(-k / GRID)) for k in range(-int(GRID_REACH) * GRID, int(GRID_REACH) * GRID + 2)]
).round(15)


@kernel
def exp(x):
    """Return e**x to about 1e-15 relative; 0 below -708, and e**709 above 709.

    x = k ln 2 + r with |r| <= ln 2 / 2, and e**r by its Taylor polynomial of degree 13.
    """
    if x < EXP_LEAST:
        return 0.0
    if x > EXP_MOST:
        x = EXP_MOST
    k = int(math.floor(x * LOG2E + 0.5))
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    total = 1.0 / 6227020800.0
    total = total * r + 1.0 / 479001600.0
    total = total * r + 1.0 / 39916800.0
    total = total * r + 1.0 / 3628800.0
    total = total * r + 1.0 / 362880.0
    total = total * r + 1.0 / 40320.0
    total = total * r + 1.0 / 5040.0
    total = total * r + 1.0 / 720.0
    total = total * r + 1.0 / 120.0
    total = total * r + 1.0 / 24.0
    total = total * r + 1.0 / 6.0
    total = total * r + 0.5
    total = total * r + 1.0
    total = total * r + 1.0
    return total * POWERS_OF_TWO[k + 1022]


@rule
def log(x):
    """Return ln x for x > 0 to about 1e-15 absolute; halves or doubles x into [0.7, 1.41] first."""
    k = 0
    while x > 1.4142135623730951:
        x *= 0.5
        k += 1
    while x < 0.7071067811865476:
        x *= 2.0
        k -= 1
    s = (x - 1.0) / (x + 1.0)
    square = s * s
    total = 0.0
    for odd in range(23, 0, -2):
        total = total * square + 1.0 / odd
    return 2.0 * s * total + k * LN2


@kernel
def chance(rate_times_dt):
    """Return 1 - exp(-x), the probability that a rate acts within a step."""
    if rate_times_dt < 1e-5:  # the series avoids the cancellation of 1 - exp(-x)
        return rate_times_dt * (1.0 - 0.5 * rate_times_dt)
    return 1.0 - exp(-rate_times_dt)


@kernel
def fill_chance(rate_times_dt, factors, out):
    """Fill `out` (n,) with the probability that a rate times each factor acts within a step."""
    for i in range(factors.size):
        out[i] = chance(rate_times_dt * factors[i])
    return factors.size


@kernel
def logistic(x):
    """Return 1 / (1 + exp(-x)) to about 1e-15 relative."""
    if x < 0.0:
        e = exp(x)
        return e / (1.0 + e)
    return 1.0 / (1.0 + exp(-x))


@rule
def logistic_by_table(x):
    """Return 1 / (1 + exp(-x)) to 1.3e-5 absolute, linear between the points of a table.

    For readings and beliefs, where speed matters more; decisions use `logistic`.
    """
    position = (min(max(x, -GRID_REACH), GRID_REACH) + GRID_REACH) * GRID
    k = int(position)
    low, high = LOGISTIC[index(k)], LOGISTIC[index(k + 1)]
    return low + (position - k) * (high - low)


@rule
def normal_quantile(u):
    """Return the standard normal quantile of u in (0, 1) (Acklam's rational form, 1.2e-9 relative).

    Used for log-normal delays only.
    """
    if u < 0.02425:
        q = math.sqrt(-2.0 * log(u))
        return _tail(q)
    if u > 1.0 - 0.02425:
        q = math.sqrt(-2.0 * log(1.0 - u))
        return -_tail(q)
    q = u - 0.5
    r = q * q
    top = -3.969683028665376e01
    for c in (2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02,
              -3.066479806614716e01, 2.506628277459239e00):
        top = top * r + c
    bottom = -5.447609879822406e01
    for c in (1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01,
              -1.328068155288572e01, 1.0):
        bottom = bottom * r + c
    return top * q / bottom


@rule
def _tail(q):
    top = -7.784894002430293e-03
    for c in (-3.223964580411365e-01, -2.400758277161838e00, -2.549732539343734e00,
              4.374664141464968e00, 2.938163982698783e00):
        top = top * q + c
    bottom = 7.784695709041462e-03
    for c in (3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00, 1.0):
        bottom = bottom * q + c
    return top / bottom
