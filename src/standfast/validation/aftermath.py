"""Facts of regimes and of time: quiet and rout, two sides of a tipping point, slow recovery. S07 S13 L01 L07 L09."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.validation.fact import CannotMeasureError, Part, chance_of, median_of, ratio
from standfast.validation.people import peak_loss
from standfast.validation.worlds import AS_IT_IS, EROSION, QUIET, SPARED, TIPPING

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.validation.ensemble import Ensemble
    from standfast.validation.fact import Worlds

    Floats = npt.NDArray[np.float64]

_DAY, _WEEK, _FORTNIGHT = 24.0, 168.0, 336.0
_MONTH = 30.4375 * _DAY
#: a garrison with fewer present is empty
_SOME = 50.0


def after_two_weeks(worlds: Worlds) -> list[Part]:
    """S07: two weeks on many are gone, some waver everywhere, trust is low and hardly recovers."""
    case = worlds[AS_IT_IS]
    lost = case.hour_of(case.main, "lost_at_h")
    # the end of the run will do where it comes a day sooner
    inside = lost + _FORTNIGHT - _DAY <= case.hours[-1]
    then = np.where(inside, np.minimum(lost + _FORTNIGHT, case.hours[-1]), np.inf)
    if not inside.any():
        says = f"it ends before {case.main} has been lost for about two weeks"
        raise CannotMeasureError(says)
    serving = case.series["serving"].astype(float)
    whole = serving.sum(axis=2)
    present, wavering = case.series["present"], case.series["wavering"]
    rows = np.searchsorted(case.hours, np.where(inside, then, 0.0) - 1e-9)
    everywhere = [
        (wavering[r, rows[r]][present[r, rows[r]] >= _SOME] > 0).mean() if inside[r] else np.nan
        for r in range(case.n_run)
    ]
    trust = _mean_trust(case)
    start, now = trust[:, 0], case.at(trust, then)
    lowest = np.array([trust[r, : rows[r] + 1].min() for r in range(case.n_run)])
    back = ratio(now - lowest, start - lowest)
    return [
        Part("gone of the whole", median_of(case.at(1 - whole / whole[:, :1], then)), 0.25),
        Part("garrisons still manned in which some waver", median_of(everywhere), 0.9),
        Part("trust in command", median_of(np.where(inside, now, np.nan)), most=0.5),
        Part("of the trust lost, come back", median_of(np.where(inside, back, np.nan)), most=0.25),
    ]


def _mean_trust(case: Ensemble) -> Floats:
    present = case.series["present"].astype(float)
    return ratio((case.series["trust"] * present).sum(axis=2), present.sum(axis=2))


def bimodal(worlds: Worlds) -> list[Part]:
    """S13: at the tipping point runs hold or collapse, and few end between."""
    case = worlds[TIPPING]
    gone = case.column(f"{case.main}.share_gone")
    bounds = case.scenario.verdict
    held, collapsed = gone <= 1 - bounds.held, gone > 1 - bounds.collapse
    return [
        Part("runs that hold", chance_of(held), 0.15),
        Part("runs that collapse", chance_of(collapsed), 0.15),
        Part("runs that end between", chance_of(~held & ~collapsed), most=0.2),
    ]


def two_regimes(worlds: Worlds) -> list[Part]:
    """L01: 1 to 4 % a month in quiet; in a rout 60 to 95 % within 24 to 96 h."""
    case, calm = worlds[AS_IT_IS], worlds[QUIET]
    horizon = calm.scenario.time.horizon
    quiet = -np.log1p(-np.minimum(calm.column("share_gone"), 0.999)) / horizon
    day, four = (peak_loss(case, case.main, hours) for hours in (24.0, 96.0))
    rout = -np.log1p(-np.minimum(four, 0.999)) / 96.0
    n = min(quiet.size, rout.size)
    return [
        Part("lost a month in quiet", median_of(-np.expm1(-quiet * _MONTH)), 0.01, 0.04),
        Part("lost in the worst 96 h of the rout", median_of(four), 0.6),
        Part("lost in its worst 24 h", median_of(day), most=0.95),
        Part(
            "log10 of the hazard of the rout over that in quiet",
            median_of(np.log10(ratio(rout[:n], quiet[:n]))), 2.5, 3.5,
        ),
    ]  # fmt: skip


def slow_to_mend(worlds: Worlds) -> list[Part]:
    """L07: when the threat is gone, strength and trust take five times as long half-way back as to fall."""
    case = worlds[SPARED]
    return [
        Part(f"{name}: hours half-way back over hours to fall", median_of(times), 5.0)
        for name, times in (
            ("strength", recovery(case, 1 - case.gone(case.main))),
            (
                "trust",
                recovery(case, case.series["trust"][:, :, case.index(case.main)].astype(float)),
            ),
        )
    ]


def recovery(case: Ensemble, level: Floats) -> Floats:
    """Return hours from the lowest level to half-way back, over hours from the assault to the lowest.

    Parameters
    ----------
    case
        Whose assault and hours.
    level : (n_run, n_hour)
        What fell and recovers.

    Returns
    -------
    (n_run,) float64
        Infinite where it never came half-way back; NaN where it did not fall.
    """
    begin = int(np.searchsorted(case.hours, case.reference - 1e-9))
    found = np.full(case.n_run, np.nan)
    for run, values in enumerate(level):
        lowest = begin + int(np.argmin(values[begin:]))
        fallen = values[begin] - values[lowest]
        if fallen <= 0 or lowest == begin:
            continue
        back = values[lowest:] >= values[lowest] + fallen / 2
        hours = (
            case.hours[lowest + int(np.argmax(back))] - case.hours[lowest] if back.any() else np.inf
        )
        found[run] = hours / (case.hours[lowest] - case.hours[begin])
    return found


def slow_erosion(worlds: Worlds) -> list[Part]:
    """L09: with other settings a force loses half in 18 months, and no four days are a rout."""
    case = worlds[EROSION]
    whole = case.series["serving"].sum(axis=2).astype(float)
    at = min(case.hours[-1], 18 * _MONTH)
    gone = 1 - case.at(whole, at) / whole[:, 0]
    scaled = -np.expm1(np.log1p(-np.minimum(gone, 0.999)) * 18 * _MONTH / at)
    rows = max(1, round(96.0 / (case.hours[1] - case.hours[0])))
    worst = ((whole[:, :-rows] - whole[:, rows:]) / whole[:, :1]).max(axis=1)
    return [
        Part("lost in 18 months", median_of(scaled), 0.4, 0.6),
        Part("lost in the worst four days", median_of(worst), most=0.1),
    ]
