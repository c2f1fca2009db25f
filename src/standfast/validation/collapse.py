"""Facts of the collapse itself: how swift, against what odds, with how few dead. S01-S03 S08 S09 S14 L10."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.results.verdict import VERDICTS
from standfast.scenario.moments import hours_of
from standfast.validation.ensemble import DEAD
from standfast.validation.fact import CannotMeasureError, Part, chance_of, median_of, ratio
from standfast.validation.worlds import AS_IT_IS

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.validation.ensemble import Ensemble
    from standfast.validation.fact import Worlds

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

_HELD, _WITHDRAWN, _, _COLLAPSED = VERDICTS
#: events that everybody at a place notices at once, and that a probing attack is not
_ALARMS = ("mass_message", "intensify", "commanders_leave")
_DAYS_OF_PRESSURE = 48.0
_TWO_DAYS = 48.0
#: loss in casualties up to which it counts as few
_FEW = 0.1
_MOVES_OUT = ("evacuate", "withdraw")


def alarm_hour(case: Ensemble) -> float:
    """Return the hour of the first alarm at the main place after the reference event.

    An alarm is a mass message there, an assault that is pressed, or commanders leaving.
    """
    scenario, main = case.scenario, case.main
    hours = [
        hours_of(event.at, scenario.time.start)
        for event in scenario.events
        if event.kind in _ALARMS and main in (getattr(event, "place", None), *_places(event))
    ]
    later = [hour for hour in hours if hour > case.reference]
    if not later:
        says = f"no alarm reaches {main} after the reference event"
        raise CannotMeasureError(says)
    return min(later)


def _places(event: object) -> tuple[str, ...]:
    return tuple(getattr(event, "places", ()))


def swift(worlds: Worlds) -> list[Part]:
    """S01: days of pressure without collapse, then half gone within two days of the first alarm."""
    case = worlds[AS_IT_IS]
    alarm, half = alarm_hour(case), case.hour_of(case.main, "hours_to_half")
    before = case.at(case.gone(case.main), alarm)
    return [
        Part("from the first alarm to half gone", median_of(half - alarm), 1, _TWO_DAYS, "h"),
        Part(
            "from the assault to half gone",
            median_of(half - case.reference), _DAYS_OF_PRESSURE, np.inf, "h",
        ),
        Part("gone when the alarm came", median_of(before), most=0.5),
    ]  # fmt: skip


def outnumbering(worlds: Worlds) -> list[Part]:
    """S02: the place collapses although those present outnumber the attackers by ten to one."""
    case = worlds[AS_IT_IS]
    here = case.index(case.main)
    # an hour on, when the first attackers are there
    hour = case.reference + 2 * case.scenario.time.step
    present = case.at(case.series["present"][:, :, here], hour)
    fighters = case.at(case.series["fighters"][:, :, here], hour)
    return [
        Part("present for each attacker at the assault", median_of(ratio(present, fighters)), 10),
        Part("lost or collapsed", chance_of(_fell(case)), 0.5),
    ]


def _fell(case: Ensemble) -> Flags:
    return case.lost(case.main) | case.came(case.main, _COLLAPSED)


def few_die(worlds: Worlds) -> list[Part]:
    """S03: casualties are a small share of the loss, at the main place and in all."""
    case = worlds[AS_IT_IS]
    crowd, status, left_h = case.people()
    gone, dead = np.isfinite(left_h), status == DEAD
    here = crowd.place == case.index(case.main)
    return [
        Part(
            f"dead among the loss, {name}", median_of(_share(dead[:, who], gone[:, who])), most=_FEW
        )
        for name, who in ((case.main, here), ("everywhere", np.ones_like(here)))
    ]


def _share(part: Flags, whole: Flags) -> Floats:
    return ratio(part.sum(axis=1), whole.sum(axis=1))


def total_collapse(worlds: Worlds) -> list[Part]:
    """S08: total collapse, not organised withdrawal, at the main place."""
    case = worlds[AS_IT_IS]
    return [
        Part("total collapse", chance_of(case.came(case.main, _COLLAPSED)), 0.5),
        Part("organised withdrawal", chance_of(case.came(case.main, _WITHDRAWN)), most=0.1),
    ]


def had_the_will(worlds: Worlds) -> list[Part]:
    """S09: many of those who left had a resolve above the median."""
    case = worlds[AS_IT_IS]
    share = ratio(case.column("resolute_departures"), case.column("departures"))
    return [Part("of those who left, resolve above the median", median_of(share), 0.3)]


def ordered_out(worlds: Worlds) -> list[Part]:
    """S14: a determined unit stays until it is ordered out, and leaves then."""
    case = worlds[AS_IT_IS]
    scenario = case.scenario
    orders = [e for e in scenario.events if e.kind == "order" and e.order in _MOVES_OUT]
    if not orders:
        msg = "nobody is ordered out"
        raise CannotMeasureError(msg)
    order = orders[0]
    hour = hours_of(order.at, scenario.time.start)
    gone = case.gone(order.place)
    before, last = case.at(gone, hour), case.at(gone, min(hour + order.spread + 48, case.hours[-1]))
    return [
        Part(f"still serving at {order.place} when the order came", median_of(1 - before), 0.7),
        Part(
            "of all who left by two days after it, left after it",
            median_of(np.where(last > 0, ratio(last - before, last), 0.0)), 0.5,
        ),
    ]  # fmt: skip


#: the clock of June 2014 in hours from the assault, each within a factor 1.5
_FACTOR = 1.5
_HALF, _NINE_TENTHS, _TO_TIKRIT = 92.0, 105.0, 26.0
_LEAKAGE = 85.0


def by_the_clock(worlds: Worlds) -> list[Part]:
    """L10: slow leakage, a cliff, the next town a day later, and a halt."""
    case = worlds[AS_IT_IS]
    case.index("tikrit"), case.index("samarra")
    half = case.column(f"{case.main}.hours_to_half")
    ninety = case.column(f"{case.main}.hours_to_nine_tenths")
    leaked = case.at(case.gone(case.main), case.reference + _LEAKAGE)
    lag = case.hour_of("tikrit", "lost_at_h") - case.hour_of(case.main, "lost_at_h")
    tikrit = case.index("tikrit")
    crowd, status, _ = case.people()
    there = crowd.place == tikrit
    return [
        _clock("assault to half gone", half, _HALF),
        _clock("assault to nine tenths gone", ninety, _NINE_TENTHS),
        Part("gone after 85 h of leakage", median_of(leaked), most=0.4),
        _clock("loss of Mosul to loss of Tikrit", lag, _TO_TIKRIT),
        Part("dead at Tikrit", median_of((status[:, there] == DEAD).mean(axis=1)), most=0.05),
        Part("Samarra is lost", chance_of(case.lost("samarra")), most=0.5),
    ]


def _clock(says: str, hours: Floats, known: float) -> Part:
    never = np.where(np.isnan(hours), np.inf, hours)
    least, most = round(known / _FACTOR, 1), round(known * _FACTOR, 1)
    return Part(says, median_of(never), least, most, "h")
