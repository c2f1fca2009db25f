"""Figures of a result for papers: `result.plot.strength("mosul")`, drawn by matplotlib.

For looking around, the report and the dashboard do more; these are plain, small and one's own to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.errors import Problem, ScenarioError
from standfast.results.groups import split_groups
from standfast.results.picture import Picture, new_figure
from standfast.results.verdict import VERDICTS
from standfast.scenario.names import suggest
from standfast.scenario.vocabulary import SERVING

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

    from standfast.results.result import Result

    Shares = npt.NDArray[np.float64]

#: verdict -> its colour on the page
COLOURS = dict(zip(VERDICTS, ("#23689b", "#6bb0c9", "#e0a11b", "#b5391f"), strict=True))
_BAR = "#57524a"
_WIDE, _SMALL = (6.4, 3.4), (6.4, 3.0)


class Plots:
    """What can be drawn of a result.

    Every method draws into `ax` where one is given, and returns a `Picture`, which a notebook shows
    and `save` writes.

    Parameters
    ----------
    result
        To be drawn.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def strength(self, place: str | None = None, *, ax: Axes | None = None) -> Picture:
        """Draw the share of a garrison still serving by hour: every run, and the middle of each group.

        Where the runs end in two groups, each has its own middle and band; no average is drawn
        between them.

        Parameters
        ----------
        place
            Name of a place with a garrison; the whole force where none is given.
        ax
            Where to draw.

        Raises
        ------
        ScenarioError
            When there is no such place.
        RunError
            Where matplotlib is not installed.
        """
        hours, shares = self._hours(), self._serving(place)
        picture, ax = _room(ax, _WIDE)
        bounds = self._result.scenario.verdict
        for members in split_groups(shares[:, -1]):
            low, middle, high = np.quantile(shares[members], (0.05, 0.5, 0.95), axis=0)
            end = float(middle[-1])
            verdict = (
                VERDICTS[0]
                if end >= bounds.held
                else VERDICTS[3]
                if end < bounds.collapse
                else VERDICTS[2]
            )
            colour = COLOURS[verdict]
            ax.plot(hours, shares[members].T, color=colour, alpha=0.25, linewidth=0.6)
            ax.fill_between(hours, low, high, color=colour, alpha=0.18, linewidth=0)
            ax.plot(
                hours,
                middle,
                color=colour,
                linewidth=2,
                label=f"{members.size} of {len(shares)} runs",
            )
        ax.set(xlabel=self._clock(), ylabel="share still serving", ylim=(-0.02, 1.02))
        ax.set_title(self._title(place), loc="left", fontsize=10)
        ax.legend(frameon=False, fontsize=8)
        return picture

    def readings(self, place: str) -> Picture:
        """Draw trust, fear and wavering at a place by hour: the middle run, and nine runs in ten.

        Parameters
        ----------
        place
            Name of a place.
        """
        self._check(place)
        figure = new_figure((7.6, 2.6))
        picture = Picture(figure)
        chosen = self._result.series.sel(place=place).transpose("replicate", "hour", ...)
        present = chosen["present"].to_numpy() > 0
        for ax, name in zip(
            figure.subplots(1, 3, sharey=True), ("trust", "fear", "wavering"), strict=True
        ):
            values = np.where(present, chosen[name].to_numpy(), np.nan)
            known = np.isfinite(values).any(axis=0)
            low, middle, high = np.nanquantile(values[:, known], (0.05, 0.5, 0.95), axis=0)
            hours = self._hours()[known]
            ax.fill_between(hours, low, high, color=_BAR, alpha=0.2, linewidth=0)
            ax.plot(hours, middle, color=_BAR, linewidth=1.6)
            ax.set_title(name, loc="left", fontsize=9)
            ax.set(xlabel=self._clock(), ylim=(-0.02, 1.02))
        return picture

    def verdicts(self, *, ax: Axes | None = None) -> Picture:
        """Draw how each garrison ended, as shares of the runs."""
        table = self._result.verdicts.reindex(columns=list(VERDICTS), fill_value=0.0)
        titles = [self._result.scenario.places[name].title for name in table.index]
        picture, ax = _room(ax, (6.4, 1.0 + 0.22 * len(titles)))
        left = np.zeros(len(table))
        for verdict in VERDICTS:
            shares = table[verdict].to_numpy(dtype=float)
            ax.barh(titles, shares, left=left, color=COLOURS[verdict], label=verdict)
            left += shares
        ax.invert_yaxis()
        ax.set(xlabel="share of the runs", xlim=(0, 1))
        ax.tick_params(axis="y", labelsize=8)
        ax.legend(ncols=4, frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1))
        return picture

    def causes(self, *, ax: Axes | None = None) -> Picture:
        """Draw what weighed on people at the moment they left: proximate, not causal."""
        return _bars(self._result.causes(), "share of the pressure to leave", ax)

    def exits(self, *, ax: Axes | None = None) -> Picture:
        """Draw the ways out, as shares of all departures."""
        return _bars(self._result.exits(), "share of all departures", ax)

    def _hours(self) -> Shares:
        since = float(self._result.series.attrs["reference_hour"])
        return np.asarray(self._result.series["hour"].to_numpy() - since, dtype=np.float64)

    def _clock(self) -> str:
        event = self._result.scenario.time.reference_event
        return f"hours since {event}" if event else "hours"

    def _title(self, place: str | None) -> str:
        title = self._result.scenario.title
        return title if place is None else f"{title}: {self._result.scenario.places[place].title}"

    def _check(self, place: str) -> None:
        names = [str(name) for name in self._result.series["place"].to_numpy()]
        if place not in names:
            says, where = f'"{place}" is not a place of this result', "plot"
            raise ScenarioError(where, [Problem("", says, suggest(place, names, "places"))])

    def _serving(self, place: str | None) -> Shares:
        count = self._result.series["count"].sel(status=list(SERVING)).sum(["status", "branch"])
        if place is None:
            chosen = count.sum("place")
        else:
            self._check(place)
            chosen = count.sel(place=place)
        people = chosen.transpose("replicate", "hour").to_numpy().astype(np.float64)
        return np.asarray(people / np.maximum(people[:, :1], 1.0))


def _room(ax: Axes | None, inches: tuple[float, float]) -> tuple[Picture, Any]:
    """Return where to draw, and the picture that it is part of."""
    if ax is not None:
        figure = ax.get_figure(root=True)
        assert figure is not None  # noqa: S101 - axes without a figure cannot be made
        return Picture(figure), ax
    figure = new_figure(inches)
    return Picture(figure), figure.subplots()


def _bars(table: Any, label: str, ax: Axes | None) -> Picture:  # noqa: ANN401 - a data frame
    picture, ax = _room(ax, _SMALL)
    names = [str(name).replace("_", " ") for name in table.index]
    middle = table["median"].to_numpy(dtype=float)
    spread = np.abs(np.vstack([middle - table["q05"], table["q95"] - middle]))
    ax.barh(names, middle, xerr=spread, color=_BAR, alpha=0.85, ecolor="black", capsize=2)
    ax.invert_yaxis()
    ax.set(xlabel=label)
    ax.tick_params(axis="y", labelsize=8)
    return picture
