"""Cases of other places and times: the outcome class that each had, and what is measured beside it.

Behaviour is the same in all of them. A case is right in a run when the class is; numbers beside the
class say how well, and fail where they fail. Which facts of a case were judged with its outcome in view
is said in its file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from standfast.scenario.load import load_scenario
from standfast.scenario.moments import hours_of
from standfast.validation.ensemble import run_ensemble
from standfast.validation.fact import Part, chance_of, median_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from standfast.experiment.trials import Means
    from standfast.validation.ensemble import Ensemble

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: least share of replicates in which the class should be right
WANTED = 0.8
_FOUR_DAYS = 96.0
_STATIONS = "mosul"
_GUARDED = "damascus"


@dataclass(frozen=True)
class Case:
    """What happened somewhere, as a class of outcome.

    Attributes
    ----------
    name
        Of the built-in scenario.
    happened
        What happened, in words.
    outcome
        The class, in words.
    right
        In which runs the class is right.
    numbers
        What is measured beside it, with windows.
    """

    name: str
    happened: str
    outcome: str
    right: Callable[[Ensemble], Flags]
    numbers: Callable[[Ensemble], list[Part]]


@dataclass(frozen=True)
class CaseFinding:
    """What became of a case.

    Attributes
    ----------
    case
        Which.
    share
        Share of the replicates in which the class is right, wanted at least `WANTED`.
    numbers
        What was measured beside it.
    """

    case: Case
    share: Part
    numbers: tuple[Part, ...]


def measure_case(case: Case, replicates: int, means: Means) -> CaseFinding:
    """Run a case and tell in how many runs its outcome class is right.

    Examples
    --------
    >>> from standfast.experiment.trials import Means
    >>> found = measure_case(find_case("samarra-2014"), 2, Means(progress=False))
    >>> found.share.found.value, found.share.holds
    (1.0, True)
    """
    return judge_case(case, run_ensemble(load_scenario(case.name), replicates, means))


def judge_case(case: Case, ensemble: Ensemble) -> CaseFinding:
    """Tell in how many of some runs the outcome class is right."""
    share = Part(case.outcome, chance_of(case.right(ensemble)), least=WANTED)
    return CaseFinding(case, share, tuple(case.numbers(ensemble)))


def find_case(name: str) -> Case:
    """Return a case by the name of its scenario."""
    return next(case for case in CASES if case.name == name)


# ------------------------------------------------------------------------------- what is measured


def lost_within(ensemble: Ensemble, place: str, hours: float) -> Floats:
    """Return the share of those serving at the reference event who are gone some hours later."""
    serving = ensemble.series["serving"][:, :, ensemble.index(place)]
    before = ensemble.at(serving, ensemble.reference)
    share: Floats = 1.0 - ensemble.at(serving, ensemble.reference + hours) / before
    return share


def gone_of_all(ensemble: Ensemble) -> Floats:
    """Return the share of the whole force gone, by run and hour."""
    whole = ensemble.series["serving"].sum(axis=2).astype(float)
    share: Floats = 1.0 - whole / whole[:, :1]
    return share


def worst_four_days(ensemble: Ensemble) -> Floats:
    """Return the largest share of the force that went within any 96 hours, by run."""
    gone = gone_of_all(ensemble)
    rows = max(1, round(_FOUR_DAYS / (ensemble.hours[1] - ensemble.hours[0])))
    worst: Floats = (gone[:, rows:] - gone[:, :-rows]).max(axis=1)
    return worst


def half_way(ensemble: Ensemble) -> Floats:
    """Return the days by which half of the loss at the end had come about, by run."""
    gone = gone_of_all(ensemble)
    first = (gone >= gone[:, -1:] / 2).argmax(axis=1)
    days: Floats = ensemble.hours[first] / 24.0
    return days


def _between(values: Floats, least: float, most: float) -> Flags:
    flags: Flags = (values >= least) & (values <= most)
    return flags


def _keeps(ensemble: Ensemble, place: str) -> Floats:
    """Return the share of a garrison that serves at the end."""
    return 1.0 - ensemble.gone(place)[:, -1]


def _others(ensemble: Ensemble) -> Floats:
    """Return the share gone at the end outside the guarded capital."""
    serving = ensemble.series["serving"].astype(float)
    rest = serving.sum(axis=2) - serving[:, :, ensemble.index(_GUARDED)]
    share: Floats = 1.0 - rest[:, -1] / rest[:, 0]
    return share


def _left_after_the_passage(ensemble: Ensemble) -> Floats:
    """Return which share of those still there at the passage is gone two days later."""
    serving = ensemble.series["serving"][:, :, ensemble.index("baiji-refinery")]
    passage = next(event for event in ensemble.scenario.events if event.id == "passage")
    hour = hours_of(passage.at, ensemble.scenario.time.start)
    share: Floats = 1.0 - ensemble.at(serving, hour + 48.0) / ensemble.at(serving, hour)
    return share


# --------------------------------------------------------------------------------- the outcome classes


def _police_rout(ensemble: Ensemble) -> Flags:
    return lost_within(ensemble, _STATIONS, 48.0) >= 0.6


def _held(place: str) -> Callable[[Ensemble], Flags]:
    return lambda ensemble: ensemble.came(place, "held")


def _splits(ensemble: Ensemble) -> Flags:
    kept = _between(_keeps(ensemble, "baiji-refinery"), 0.05, 0.5)
    return kept & ~ensemble.lost("baiji-refinery")


def _quiet_loss(ensemble: Ensemble) -> Flags:
    return _between(gone_of_all(ensemble)[:, -1], 0.01, 0.04)


def _erodes(ensemble: Ensemble) -> Flags:
    half = _between(gone_of_all(ensemble)[:, -1], 0.35, 0.65)
    return half & (worst_four_days(ensemble) < 0.1)


def _one_in_ten(ensemble: Ensemble) -> Flags:
    neighbours, strangers = (
        ensemble.gone(place)[:, -1] for place in ("camp-of-neighbours", "camp-of-strangers")
    )
    return _between(gone_of_all(ensemble)[:, -1], 0.05, 0.15) & (neighbours < strangers)


def _killed(most: float) -> Callable[[Ensemble], list[Part]]:
    return lambda ensemble: [
        Part("killed, of all", median_of(ensemble.column("killed_share")), most=most)
    ]


def _of_mosul(ensemble: Ensemble) -> list[Part]:
    share = median_of(lost_within(ensemble, _STATIONS, 48.0))
    return [Part("gone within 48 hours of the attack", share, 0.7, 0.9), *_killed(0.05)(ensemble)]


def _of_samarra(ensemble: Ensemble) -> list[Part]:
    return [
        Part(
            "gone of the garrison at the end", median_of(ensemble.gone("samarra")[:, -1]), most=0.1
        )
    ]


def _of_the_refinery(ensemble: Ensemble) -> list[Part]:
    return [
        Part("who stay, of all", median_of(_keeps(ensemble, "baiji-refinery")), 0.1, 0.2),
        Part("gone in the two days of the passage, of those there",
             median_of(_left_after_the_passage(ensemble)), least=0.5),
    ]  # fmt: skip


def _of_iraq(ensemble: Ensemble) -> list[Part]:
    return [Part("gone in the month", median_of(gone_of_all(ensemble)[:, -1]), 0.01, 0.02)]


def _of_syria(ensemble: Ensemble) -> list[Part]:
    core = ensemble.gone(_GUARDED)[:, -1]
    return [
        Part("gone after eighteen months", median_of(gone_of_all(ensemble)[:, -1]), 0.4, 0.6),
        Part("gone in the worst four days", median_of(worst_four_days(ensemble)), most=0.05),
        Part(
            "gone of the guard, against the others", median_of(core / _others(ensemble)), most=0.5
        ),
        Part("by when half of the loss has come", median_of(half_way(ensemble)), 180, 370, "d"),
    ]


def _of_the_union(ensemble: Ensemble) -> list[Part]:
    people = ensemble.series["serving"][:, 0].sum(axis=1)
    neighbours, strangers = (
        ensemble.gone(place)[:, -1] for place in ("camp-of-neighbours", "camp-of-strangers")
    )
    return [
        Part("gone at the end", median_of(gone_of_all(ensemble)[:, -1]), 0.05, 0.15),
        Part("departures, of all", median_of(ensemble.column("departures") / people), 0.05, 0.2),
        Part("gone of strangers, against neighbours", median_of(strangers / neighbours), 1.05, 1.4),
    ]


CASES: tuple[Case, ...] = (
    Case(
        "mosul-2004",
        "10 and 11 November 2004: 3,200 of 4,000 police gone within 48 hours",
        "at least 60 % gone within 48 hours",
        _police_rout,
        _of_mosul,
    ),
    Case(
        "samarra-2014",
        "5 June 2014: attacked at night, reinforced the same day, held",
        "held",
        _held("samarra"),
        _of_samarra,
    ),
    Case(
        "amerli-2014",
        "June to August 2014: cut off for eleven weeks, held by its residents",
        "held",
        _held("amerli"),
        _killed(0.1),
    ),
    Case(
        "baiji-refinery-2014",
        "23 June 2014: about 400 leave by agreement, 50 to 75 refuse and keep the site",
        "5 to 50 % stay and the site is kept",
        _splits,
        _of_the_refinery,
    ),
    Case(
        "iraq-quiet-2007",
        "2007: about 24,500 of some 160,000 dropped from the rolls, 1.3 % a month",
        "1 to 4 % gone in the month",
        _quiet_loss,
        _of_iraq,
    ),
    Case(
        "syria-2012",
        "spring 2011 to autumn 2012: 220,000 to about 110,000, by identity, without a rout",
        "35 to 65 % gone, under 10 % in any four days",
        _erodes,
        _of_syria,
    ),
    Case(
        "union-army",
        "1861 to 1865: about 200,000 deserters, one in ten; companies of men alike lose fewer",
        "5 to 15 % gone, and fewer from companies of neighbours",
        _one_in_ten,
        _of_the_union,
    ),
)


def measure_cases(
    replicates: int, means: Means, names: Sequence[str] = ()
) -> tuple[CaseFinding, ...]:
    """Run cases, all where none is named, and tell in how many runs each is right."""
    wanted = [case for case in CASES if not names or case.name in names]
    return tuple(measure_case(case, replicates, means) for case in wanted)
