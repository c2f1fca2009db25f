"""Facts of worlds in which one thing was otherwise, run by run. S10-S12 L03 L08."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from standfast.results.verdict import VERDICTS
from standfast.validation.fact import Part, chance_of, median_of, ratio
from standfast.validation.worlds import (
    ANSWERED,
    AS_IT_IS,
    BOTH,
    DEFEAT,
    DOUBLED,
    HARM,
    MESSAGES,
    NEITHER,
    SILENT,
    THREAT,
    UNEXPOSED,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from standfast.validation.ensemble import Ensemble
    from standfast.validation.fact import Worlds

    Floats = npt.NDArray[np.float64]

#: "markedly fewer": at most this share of those who leave as it is
_MARKEDLY = 0.8
#: "several times"
_SEVERAL = 3.0


def answered(worlds: Worlds) -> list[Part]:
    """S10: with calls answered and leaders staying the main place holds in most runs."""
    case = worlds[ANSWERED]
    return [Part("held", chance_of(case.came(case.main, VERDICTS[0])), 0.5)]


def unexposed(worlds: Worlds) -> list[Part]:
    """S11: with records and families safe markedly fewer leave, police most of all."""
    case, other = worlds[AS_IT_IS], worlds[UNEXPOSED]
    police = _left(other, "local_police") / _left(case, "local_police")
    army = _left(other, "army") / _left(case, "army")
    return [
        Part(
            "those who leave, over those as it is", median_of(_times(other, case)), most=_MARKEDLY
        ),
        Part("that ratio of army less that of local police", median_of(army - police), 0.0),
    ]


def _times(other: Ensemble, case: Ensemble) -> Floats:
    return ratio(other.column("share_gone"), case.column("share_gone"))


def _left(case: Ensemble, branch: str) -> Floats:
    """Return how many of a branch are gone, by the shares of its garrisons and their starts."""
    total = np.zeros(case.n_run)
    for force in case.scenario.forces.values():
        if force.branch != branch:
            continue
        share = case.column(f"{force.place}.{branch}.share_gone")
        total += np.where(np.isnan(share), 0.0, share) * force.paper * (1 - force.ghosts)
    return np.where(total > 0, total, np.nan)


def doubled(worlds: Worlds) -> list[Part]:
    """S12: twice the attackers without infiltration and alarm do less harm than the real case."""
    case, other = worlds[AS_IT_IS], worlds[DOUBLED]
    return [
        Part(
            "those who leave, over those as it is",
            median_of(_times(other, case)),
            most=np.nextafter(1.0, 0.0),
        )
    ]


def together(worlds: Worlds) -> list[Part]:
    """L03: threat and defeat together do more than the sum of each alone."""
    neither, threat, defeat, both = (
        worlds[name].column("share_gone") for name in (NEITHER, THREAT, DEFEAT, AS_IT_IS)
    )
    alone = (threat - neither) + (defeat - neither)
    return [
        Part(
            "what both add, over the sum of what each adds",
            median_of(ratio(both - neither, alone)),
            1.3,
        )
    ]


def messages(worlds: Worlds) -> list[Part]:
    """L08: mass messages alone move few; after harm that all could see, the same move several times that."""
    silence, texts, harm, both = (
        worlds[name].column("share_gone") for name in (SILENT, MESSAGES, HARM, BOTH)
    )
    return [
        Part("moved by messages alone", median_of(texts - silence), most=0.1),
        Part(
            "moved by the same after verified harm, over that",
            median_of(ratio(both - harm, texts - silence)),
            _SEVERAL,
        ),
    ]
