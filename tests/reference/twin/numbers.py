"""The few functions the equations are written in."""

from __future__ import annotations

import math
import statistics
import struct


def single(x):
    """Return x as it is after being stored in single precision."""
    return struct.unpack("f", struct.pack("f", x))[0]


def chance(exponent):
    """Return the probability that something of rate r happens within dt; `exponent` = r dt."""
    return -math.expm1(-exponent)


def fade(dt, tau):
    """Return what is left after dt of something that fades with time constant tau."""
    return math.exp(-dt / tau)


def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    return math.exp(x) / (1 + math.exp(x)) if x < 0 else 1 / (1 + math.exp(-x))


def hope(log_odds):
    """Return the logistic as read from a table with 32 points to a unit, linear in between."""
    left = math.floor(log_odds * 32) / 32
    part = (log_odds - left) * 32
    return logistic(left) + part * (logistic(left + 1 / 32) - logistic(left))


def towards_one(value, share):
    """Return a value in [0, 1] after a gain of a share of what is missing."""
    return value + (1 - value) * share


def normal_quantile(u):
    """Return the quantile of the standard normal distribution."""
    return statistics.NormalDist().inv_cdf(u)


def within(value, least, most):
    """Return the value, or the bound it is beyond."""
    return min(max(value, least), most)
