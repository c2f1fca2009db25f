"""ABC-SMC: generations of candidates that come ever nearer to what was observed.

Candidate i of generation t is a function of (seed, t, i) and of the generation before. It is accepted
when its distance is at most the tolerance of the generation, and a generation is made of the first
candidates, by number, that are accepted. So neither who computes a candidate nor when it is finished
matters: taking those that finish first would favour parameters whose runs are short (Klinger,
Rickert and Hasenauer 2018), and differ from machine to machine.

Sisson, Fan and Tanaka 2007; Toni, Welch, Strelkowa, Ipsen and Stumpf 2009; Beaumont and others 2009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from standfast.errors import RunError
from standfast.experiment.calibration.keyed import uniforms
from standfast.experiment.calibration.proposals import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

#: candidates handed out at a time, at least
_LEAST_BATCH = 8
LAST, NO_NEARER = "its last generation", "no candidate came nearer"
USED_UP, TOO_FEW = "its candidates were used up", "too few were accepted"
REACHED = "the tolerance was reached"


class Simulate(Protocol):
    """Whatever measures the model at candidates."""

    def __call__(self, generation: int, indices: range, latent: Floats) -> Floats:
        """Return the measurements of candidates, shape (n, n_target); pure, by number and place."""
        ...


@dataclass(frozen=True)
class Settings:
    """How long to look, and how closely.

    Attributes
    ----------
    population
        Candidates accepted in a generation.
    generations
        Generations at most, that from the prior included.
    quantile
        Of the distances of a generation, which becomes the tolerance of the next.
    tolerance
        A generation accepted at this distance is the last.
    most
        Candidates over all generations.
    least_rate
        A generation of which fewer are accepted is given up.
    tolerances
        Of each generation, where they are given and not found.
    """

    population: int = 200
    generations: int = 6
    quantile: float = 0.5
    tolerance: float = 0.0
    most: int = 4000
    least_rate: float = 0.01
    tolerances: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name, low, high in (
            ("population", 10, 100_000), ("generations", 1, 60), ("quantile", 0.05, 0.95),
            ("tolerance", 0.0, math.inf), ("most", self.population, 10_000_000),
            ("least_rate", 1e-4, 1.0),
        ):  # fmt: skip
            value = getattr(self, name)
            if not low <= value <= high:
                says = f"{name} is {value:g}, but lies between {low:g} and {high:g}"
                raise RunError(says)


@dataclass(frozen=True, eq=False)
class Generation:
    """The candidates of a generation up to the last that was needed, by number.

    Attributes
    ----------
    number
        Counted from 0.
    tolerance
        Distance up to which they were accepted.
    latent : (n, n_parameter) float64
        Candidates in the space in which the prior is standard normal.
    found : (n, n_target) float64
        Measurements.
    distance : (n,) float64
        From the targets.
    log_weight : (n,) float64
        Logarithm of prior over proposal.
    accepted : (n,) bool
        Whether each is part of the generation.
    """

    number: int
    tolerance: float
    latent: Floats
    found: Floats
    distance: Floats
    log_weight: Floats
    accepted: Flags

    @property
    def weights(self) -> Floats:
        """Weights of those accepted, with sum 1."""
        raw = np.exp(self.log_weight[self.accepted])
        return np.asarray(raw / raw.sum())

    @property
    def rate(self) -> float:
        """Share of the candidates that was accepted."""
        return float(self.accepted.mean())

    @property
    def effective(self) -> float:
        """As how many equal ones those accepted count (Kish)."""
        return float(1 / (self.weights**2).sum())


@dataclass(frozen=True, eq=False)
class Fit:
    """What came of an ABC-SMC.

    Attributes
    ----------
    seed
        It was done with.
    generations
        Those that were finished.
    stopped
        Why there are no more.
    candidates
        How many were looked at, those of a generation that was given up included.
    """

    seed: int
    generations: tuple[Generation, ...]
    stopped: str
    candidates: int

    @property
    def last(self) -> Generation:
        """The generation that is the posterior."""
        return self.generations[-1]

    def draws(self, n: int | None = None) -> npt.NDArray[np.int64]:
        """Return rows of the last generation as draws of equal weight; by systematic resampling.

        Parameters
        ----------
        n
            How many; by default as many as were accepted.
        """
        last = self.last
        rows = np.flatnonzero(last.accepted)
        n = n or rows.size
        points = (np.arange(n) + uniforms(self.seed, "posterior", n=1)) / n
        heaped = np.cumsum(last.weights)
        chosen: npt.NDArray[np.int64] = rows[
            np.minimum(np.searchsorted(heaped, points * heaped[-1]), rows.size - 1)
        ]
        # shuffled, so that the first few draws are a sample too
        return np.asarray(chosen[np.argsort(uniforms(self.seed, "posterior", 2, n=n))])

    def central(self) -> int:
        """Return the row of the accepted candidate with the least weighted distance to the others."""
        last = self.last
        points = last.latent[last.accepted]
        away = [(last.weights * np.sqrt(((points - y) ** 2).sum(axis=1))).sum() for y in points]
        return int(np.flatnonzero(last.accepted)[int(np.argmin(away))])


def sample(
    simulate: Simulate,
    measure: Callable[[Floats], Floats],
    n_parameter: int,
    settings: Settings,
    seed: int,
    *,
    start: Proposal | None = None,
    tell: Callable[[Generation], object] | None = None,
) -> Fit:
    """Return the posterior by generations.

    Parameters
    ----------
    simulate
        The model.
    measure
        Gives the distance of measurements, (n, n_target) to (n,).
    n_parameter
        How many are fitted.
    settings
        When to stop.
    seed
        Of everything drawn here.
    start
        What the first candidates are drawn from; by default the prior. The posterior does not depend
        on it, as the weights take it out.
    tell
        Hears of each generation.

    Raises
    ------
    RunError
        When not even the first generation could be filled.
    """
    proposal = start or Proposal.prior(n_parameter)
    tolerance, used, done = (*settings.tolerances, math.inf)[0], 0, []
    stopped = LAST
    for number in range(settings.generations):
        search = _Search(simulate, measure, proposal, settings, seed, number, tolerance)
        stopped = search.fill(settings.most - used)
        used += search.considered
        if stopped:
            break
        generation = search.generation()
        done.append(generation)
        if tell is not None:
            tell(generation)
        if tolerance <= settings.tolerance:
            stopped = REACHED
            break
        nearer = next_tolerance(generation, settings)
        if nearer is None:
            stopped = NO_NEARER
            break
        tolerance = nearer
        proposal = Proposal.around(generation.latent[generation.accepted], generation.weights)
    if not done:
        says = f"the first generation came to nothing: {stopped}"
        raise RunError(says, "Look at the targets and priors: hardly a run can be measured.")
    return Fit(seed, tuple(done), stopped or LAST, used)


def next_tolerance(generation: Generation, settings: Settings) -> float | None:
    """Return the tolerance of the next generation; None when none can be nearer.

    The weighted quantile of the distances. Where many distances are equal, as with counts, that may
    be the tolerance there was: then it is the next smaller distance.
    """
    if settings.tolerances:
        later = settings.tolerances[generation.number + 1 :]
        return later[0] if later else None
    distance = generation.distance[generation.accepted]
    order = np.argsort(distance, kind="stable")
    heaped = np.cumsum(generation.weights[order])
    place = min(int(np.searchsorted(heaped, settings.quantile)), order.size - 1)
    value = float(distance[order[place]])
    if value >= generation.tolerance:
        smaller = distance[distance < generation.tolerance]
        if not smaller.size:
            return None
        value = float(smaller.max())
    return max(value, settings.tolerance)


def accept(distance: Floats, tolerance: float, wanted: int) -> Flags:
    """Return which candidates are accepted: the first, by number, that are near enough.

    Examples
    --------
    >>> accept(np.array([3.0, 0.5, 9.0, 1.0, 0.1]), 1.0, 2).tolist()
    [False, True, False, True, False]
    """
    near = (distance <= tolerance) & np.isfinite(distance)
    return near & (np.cumsum(near) <= wanted)


class _Search:
    """Looks at candidates of one generation, in the order of their numbers, until it is full."""

    def __init__(
        self,
        simulate: Simulate,
        measure: Callable[[Floats], Floats],
        proposal: Proposal,
        settings: Settings,
        seed: int,
        number: int,
        tolerance: float,
    ) -> None:
        self._simulate, self._measure, self._proposal = simulate, measure, proposal
        self._settings, self._seed = settings, seed
        self._number, self._tolerance = number, tolerance
        self._latent: list[Floats] = []
        self._found: list[Floats] = []
        self._distance: Floats = np.empty(0)

    @property
    def considered(self) -> int:
        """How many candidates were looked at."""
        return self._distance.size

    def fill(self, most: int) -> str:
        """Look until the generation is full; return why it cannot be, or nothing."""
        wanted, given_up = self._settings.population, self._settings.least_rate
        while (near := int(self._accepted().sum())) < wanted:
            batch = min(self._batch(wanted - near, near), most - self.considered)
            if batch <= 0:
                return USED_UP
            if self.considered >= wanted / given_up:
                return TOO_FEW
            self._look(range(self.considered, self.considered + batch))
        return ""

    def _look(self, indices: range) -> None:
        latent = self._proposal.draw(self._seed, "candidate", self._number, indices)
        found = self._simulate(self._number, indices, latent)
        self._latent.append(latent)
        self._found.append(found)
        self._distance = np.concatenate([self._distance, self._measure(found)])

    def _batch(self, missing: int, near: int) -> int:
        """Return how many to look at next: rather too few, as those beyond the last are not used."""
        if not self.considered:
            return missing
        rate = (near + 1) / (self.considered + 1)
        return min(
            max(_LEAST_BATCH, math.ceil(0.9 * missing / rate)), 2 * self._settings.population
        )

    def _accepted(self) -> Flags:
        return accept(self._distance, self._tolerance, self._settings.population)

    def generation(self) -> Generation:
        """Return the generation, up to the last candidate that was needed."""
        accepted = self._accepted()
        end = int(np.flatnonzero(accepted)[-1]) + 1
        latent = np.concatenate(self._latent)[:end]
        return Generation(
            number=self._number,
            tolerance=self._tolerance,
            latent=latent,
            found=np.concatenate(self._found)[:end],
            distance=self._distance[:end],
            log_weight=self._proposal.log_weight(latent),
            accepted=accepted[:end],
        )
