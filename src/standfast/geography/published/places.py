"""Places and roads of a draft: from a scenario, from Flee's files, or from the reports themselves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from standfast.geography.distance import haversine

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from standfast.scenario.model import Scenario
    from standfast.scenario.tree import Plain

_MOST_LETTERS = 40
#: what no name of a place holds, but an address or a number of a person may
_PERSONAL = re.compile(r"@|\d[\d\s().-]{6,}\d")


@dataclass(frozen=True)
class DraftPlace:
    """A place of a draft.

    Attributes
    ----------
    title, latitude, longitude
        As published.
    more
        What else is known, by field of a scenario.
    remark
        What a reader should know of it.
    """

    title: str
    latitude: float
    longitude: float
    more: Mapping[str, Plain] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """Places by short name, and roads between them.

    Attributes
    ----------
    places
        In the order of the draft.
    roads
        Start, end and length [km].
    """

    places: Mapping[str, DraftPlace]
    roads: Sequence[tuple[str, str, float]] = ()

    def nearest(
        self, latitude: NDArray[np.float64], longitude: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return for each point the position of the nearest place, and how far it is.

        Parameters
        ----------
        latitude, longitude : (n,) float64
            Points [degrees].

        Returns
        -------
        place : (n,) int
            Position in `places`.
        distance : (n,) float64
            As the crow flies [km].
        """
        places = list(self.places.values())
        away = haversine(
            latitude[:, None],
            longitude[:, None],
            np.array([place.latitude for place in places])[None, :],
            np.array([place.longitude for place in places])[None, :],
        )
        nearest = away.argmin(axis=1)
        return nearest, away[np.arange(nearest.size), nearest]


def gazetteer_of(scenario: Scenario) -> Gazetteer:
    """Return places and roads of a scenario.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> list(gazetteer_of(load_scenario("garrison")).places)
    ['city', 'barracks', 'hinterland']
    """
    places = {}
    for slug, place in scenario.places.items():
        given = place.model_dump(mode="json", exclude_unset=True)
        fixed = {"title", "latitude", "longitude"}
        more = {key: value for key, value in given.items() if key not in fixed}
        places[slug] = DraftPlace(place.title, place.latitude, place.longitude, more)
    return Gazetteer(places, [(road.start, road.end, road.length) for road in scenario.roads])


def short_name(title: str, taken: Collection[str]) -> str:
    """Return a short name for a title that none other has.

    Examples
    --------
    >>> short_name("Ba'qūbah", []), short_name("Tall 'Afar", ["tall-afar"]), short_name("7", [])
    ('ba-qubah', 'tall-afar-2', 'place-7')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "place"
    name = (name if name[0].isalpha() else f"place-{name}")[:_MOST_LETTERS].rstrip("-")
    number, free = 2, name
    while free in taken:
        ending = f"-{number}"
        free = name[: _MOST_LETTERS - len(ending)] + ending
        number += 1
    return free


def is_no_place(title: str) -> bool:
    """Tell whether a text holds what no name of a place does: an e-mail address, a long number.

    Examples
    --------
    >>> is_no_place("Kilometre 60"), is_no_place("Mosul, 0770 123 4567")
    (False, True)
    """
    return bool(_PERSONAL.search(title))
