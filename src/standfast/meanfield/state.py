"""What changes in a run of the twin, laid out by unit of account: formations, cells and places.

A *formation* is a force of the scenario, or the part of one that was sent elsewhere. A *cell* is the
people of a formation who live at one place; its home region is either the post or not, which matters
for commitment. Every array of `Formations` and `Cells` has its unit as the last axis, so that a part
of a formation can be split off by copying columns.

Axes before the last: status (duty, leave), class (has learned of something bad, or not yet), kind (node
of the random effect of units, and within it node of commitment), node of openness to fear.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Columns:
    """Arrays whose last axis is one unit of account."""

    def columns(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """Yield every array by its name."""
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            yield field.name, getattr(self, field.name)

    def copy_columns(self, chosen: Ints) -> None:
        """Append copies of the chosen columns to every array."""
        for name, array in list(self.columns()):
            setattr(self, name, np.concatenate([array, array.take(chosen, axis=-1)], axis=-1))


@dataclass
class Formations(Columns):
    """Arrays over formations, shape (..., n_formation).

    Attributes
    ----------
    force, branch, place, origin, target : int64
        Index in the scenario; `target` is where it is on its way to, -1 for nowhere.
    people : (n_effect, n) float64
        Who really serves at the start, by node of the random effect of units.
    squad, n_company, n_battalion : float64
        People in a squad; number of companies and battalions.
    full : float64
        Share of the names on the list of a company who really serve.
    touched : (slot, n) float64
        Share of its squads in which somebody knows a piece of news.
    uneven : (2, n) float64
        Variance of U between companies from calls lost: by orders, and by belief and trust.
    gone, noise : (n_effect, n) float64
        Memory of departures S of squads, 0 to 1, and its variance from the size of a squad.
    left : (n_effect, n) float64
        Share of a squad lost from duty in the last step.
    fear, trust, hope : float64
        Means of F, T and b over those on duty.
    led : float64
        Share of its battalions that have commanders.
    told, abandoned : float64
        Chance that one of these lost them in this step; share of all battalions that did.
    waiting : float64
        Share of its companies with an open call.
    blocked : (n_lag, n) float64
        Share of its companies that have called lately, by when.
    order, stand, call_up : float64
        Pushes of orders; `order` by class, shape (2, n).
    hit, gain, shift : float64
        Pulses of the step: severity of promises broken, promises kept, change of belief.
    arrives : float64
        Hour at which it reaches `target` [h]; infinite if it is not on its way.
    """

    force: Ints
    branch: Ints
    place: Ints
    origin: Ints
    target: Ints
    people: Floats
    squad: Floats
    n_company: Floats
    n_battalion: Floats
    full: Floats
    quality: Floats
    skill: Floats
    cohesion: Floats
    trust_start: Floats
    leave_rate: Floats
    fear: Floats
    trust: Floats
    hope: Floats
    touched: Floats
    uneven: Floats
    gone: Floats
    noise: Floats
    left: Floats
    led: Floats
    told: Floats
    abandoned: Floats
    waiting: Floats
    blocked: Floats
    order: Floats
    stand: Floats
    call_up: Floats
    hit: Floats
    gain: Floats
    shift: Floats
    relief: Flags
    reserve: Flags
    routed: Flags
    dissolved: Flags
    arrives: Floats

    def settle(self) -> None:
        """Count the people of each formation at the start, all units together: `size`."""
        self.size: Floats = self.people.sum(axis=0)


@dataclass
class Cells(Columns):
    """Arrays over cells, shape (..., n_cell); people are sums, everything felt is a mean.

    Attributes
    ----------
    formation, home : int64
        Index of the formation, and of the place where they live.
    people, mass, count, out : float64
        People at the start; those serving, shape (status, class, kind, n), and their sum over kinds;
        those who do not, shape (8, n).
    commitment : (kind, n) float64
        Commitment a of the kinds of people [1].
    fear : (status, class, openness, n) float64
        Mean fear F, 0 to 1.
    noise, base : float64
        Variance of fear from shocks, shape (status, class, n); weight that the personal baseline
        still has in fear, shape (class, n).
    alike : (status, class, n) float64
        Covariance of fear and credibility between people.
    belief, trust, suspicion : (class, n) float64
        L as log-odds, T and Q.
    credibility, perceived, exposed, resolve : float64
        A, Y, X, R.
    credibility_noise, perceived_noise : float64
        Variance of A and Y between people.
    movable, settled : float64
        Share of families at home of those with means, and of those without.
    discount : float64
        Mean weight of a further piece of news, after those known, for the aware.
    knows, spreads : (slot, n) float64
        Share of the aware who know a piece of news, and who spread it.
    gone_knows, gone_spreads : (slot, n) float64
        People who left and know a piece of news, and who spread it.
    absent : (kind, n) float64
        People who left by a way out, by kind.
    seeds : (slot, n) float64
        Chance that somebody ignorant learns of a piece of news in this step, without being told.
    harmed : float64
        Share of those serving whose family or house was attacked in this step.
    departed : float64
        People who left by a way out in this step.
    harm_near, friends_gone : float64
        Mean number of contacts harmed, and who left, in the last step.
    phone_gone, kin_gone : float64
        Memory of the shares of phone contacts and of kin who left.
    """

    formation: Ints
    home: Ints
    people: Floats
    commitment: Floats
    legitimacy_start: Floats
    legitimacy: Floats
    extra: Floats
    mass: Floats
    count: Floats
    out: Floats
    fear: Floats
    noise: Floats
    base: Floats
    alike: Floats
    belief: Floats
    trust: Floats
    suspicion: Floats
    credibility: Floats
    credibility_noise: Floats
    perceived: Floats
    perceived_noise: Floats
    exposed: Floats
    resolve: Floats
    movable: Floats
    settled: Floats
    discount: Floats
    knows: Floats
    spreads: Floats
    gone_knows: Floats
    gone_spreads: Floats
    absent: Floats
    seeds: Floats
    harmed: Floats
    departed: Floats
    harm_near: Floats
    friends_gone: Floats
    phone_gone: Floats
    kin_gone: Floats

    def recount(self) -> None:
        """Sum over kinds of people: `count`, `serving` by class and `all_serving`."""
        self.count = self.mass.sum(axis=2)
        self.serving: Floats = self.count[0] + self.count[1]
        self.all_serving: Floats = self.serving[0] + self.serving[1]

    def settle(self) -> None:
        """Find where formations begin; cells of a formation stand together."""
        self.starts = np.flatnonzero(np.diff(self.formation, prepend=-1))
        self.recount()

    def by_formation(self, values: Floats) -> Floats:
        """Sum over the cells of each formation, along the last axis."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=-1))

    def of(self, values: Floats) -> Floats:
        """Give each cell the value of its formation, along the last axis."""
        return np.asarray(values.take(self.formation, axis=-1))


@dataclass
class News:
    """A piece of news: its kind, its place, and its weight by post and home, shape (n_place, n_place)."""

    kind: str
    place: int
    weight: Floats


@dataclass
class Column:
    """Fighters on the road."""

    end: int
    men: float
    arrives: float
    km: float
