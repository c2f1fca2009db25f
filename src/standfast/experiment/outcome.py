"""What one run leaves behind in a sweep: a row of figures, and on request people and series.

It is text and bytes, so that it can be written to disk, or sent between processes and machines,
and compared byte by byte.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from standfast.engine.run import run_replicate
from standfast.errors import RunError
from standfast.experiment.observed import OBSERVED, Observer
from standfast.results.clock import reference_hour
from standfast.results.frames import run_row
from standfast.scenario.vocabulary import PLACE_READINGS, SERVING, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from standfast.engine.compile import Plan
    from standfast.results.recording import Recording

#: people serving by garrison of origin; the others are readings of places and what is observed of units
SERVING_SERIES = "serving"
SERIES = (SERVING_SERIES, *PLACE_READINGS, *OBSERVED)
_SERVING = [STATUS.index(status) for status in SERVING]
_LEVEL = 1  # zlib: quick, and within a tenth of the best
_STATUS_TYPE, _STEP_TYPE = np.dtype("u1"), np.dtype("<i4")


@dataclass(frozen=True)
class Keep:
    """What is kept of every run beside its row.

    Attributes
    ----------
    agents
        Whether the final status and the last step of service of every agent are kept.
    series
        Names in `SERIES` that are kept hour by hour for every place.
    """

    agents: bool = False
    series: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse series that there are not."""
        unknown = [name for name in self.series if name not in SERIES]
        if unknown:
            says = f"there is no series {', '.join(unknown)}"
            raise RunError(says, f"The series are {', '.join(SERIES)}.")


@dataclass(frozen=True)
class Outcome:
    """What came of one run.

    Attributes
    ----------
    row
        JSON object: the columns of `standfast.results.frames.run_row`, null where missing.
    agents
        Final status and last step of service of every agent, packed; None unless kept.
    series
        Series by hour and place, packed in the order of `Keep.series`; None unless kept.
    seconds
        How long it took; says nothing about what happened and is not compared.
    """

    row: str
    agents: bytes | None = None
    series: bytes | None = None
    seconds: float = field(default=0.0, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the outcome as it is packed here, with which a damaged one is noticed."""
        parts = (self.row.encode(), self.agents or b"", self.series or b"")
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
        return digest.hexdigest()

    def is_same(self, other: Outcome) -> bool:
        """Tell whether nothing but the time it took differs, however it was compressed."""
        return self._content() == other._content()

    def _content(self) -> tuple[str | bytes | None, ...]:
        return self.row, unpacked(self.agents), unpacked(self.series)


@dataclass(frozen=True)
class Agents:
    """How every agent ended, in the order of the people of the scenario and seed.

    Attributes
    ----------
    status : (n_agent,) uint8
        Final status, as index in `standfast.scenario.vocabulary.STATUS`; ghosts included.
    departure_step : (n_agent,) int32
        Step [index] at which they last ceased to serve, by leaving, death or capture; -1 for those
        who never did.
    """

    status: npt.NDArray[np.uint8]
    departure_step: npt.NDArray[np.int32]

    def to_bytes(self) -> bytes:
        """Return all statuses as bytes, then all steps as little-endian int32."""
        status = self.status.astype(_STATUS_TYPE).tobytes()
        return status + self.departure_step.astype(_STEP_TYPE).tobytes()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Agents:
        """Return what `to_bytes` wrote.

        Examples
        --------
        >>> ended = Agents(np.array([0, 5], np.uint8), np.array([-1, 7], np.int32))
        >>> Agents.from_bytes(ended.to_bytes()).departure_step.tolist()
        [-1, 7]
        """
        n_agent = len(raw) // (_STATUS_TYPE.itemsize + _STEP_TYPE.itemsize)
        steps = np.frombuffer(raw, _STEP_TYPE, n_agent, offset=n_agent)
        status = np.frombuffer(raw, _STATUS_TYPE, n_agent)
        return cls(status, steps.astype(np.int32, copy=False))


def compute(
    plan: Plan, replicate: int, keep: Keep, should_stop: Callable[[], bool] | None = None
) -> Outcome:
    """Run a replicate and return what is kept of it.

    Parameters
    ----------
    plan
        The compiled scenario.
    replicate
        Which one.
    keep
        What is kept beside the row.
    should_stop
        Asked at every step.
    """
    kept: list[bytes | None] = []

    def pack(arrays: dict[str, Any]) -> None:
        ended = Agents(arrays["agent_status"], arrays["departure_step"])
        kept.append(packed(ended.to_bytes()))

    observer = Observer(plan) if set(keep.series) & set(OBSERVED) else None
    recording = run_replicate(
        plan,
        replicate,
        should_stop=should_stop,
        on_record=observer.see if observer else None,
        on_end=pack if keep.agents else None,
    )
    row = run_row(recording, plan.scenario, reference_hour(plan.scenario))
    return Outcome(
        row=pack_row(row),
        agents=kept[0] if kept else None,
        series=packed(_series_bytes(recording, observer, keep.series)) if keep.series else None,
        seconds=recording.simulate_s,
    )


def pack_row(row: dict[str, Any]) -> str:
    """Return a row as JSON, with null for what is missing.

    Examples
    --------
    >>> pack_row({"share_gone": 0.25, "lost_at_h": float("nan"), "replicate": np.int64(3)})
    '{"share_gone":0.25,"lost_at_h":null,"replicate":3}'
    """
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, allow_nan=False, separators=(",", ":"))


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any column
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def packed(raw: bytes | None) -> bytes | None:
    """Return bytes as an outcome holds them, or None for nothing."""
    return None if raw is None else zlib.compress(raw, _LEVEL)


def unpacked(packed: bytes | None) -> bytes | None:
    """Return what was packed, or None for nothing."""
    return None if packed is None else zlib.decompress(packed)


def _series_bytes(recording: Recording, observer: Observer | None, names: tuple[str, ...]) -> bytes:
    observed = observer.finish(recording) if observer else {}
    return b"".join(_series(recording, observed, name).astype("<f4").tobytes() for name in names)


def _series(
    recording: Recording, observed: Mapping[str, npt.NDArray[Any]], name: str
) -> npt.NDArray[Any]:
    if name == SERVING_SERIES:
        serving: npt.NDArray[Any] = recording.count[..., _SERVING].sum(axis=(2, 3))
        return serving
    return observed[name] if name in OBSERVED else recording.readings[name]


def series_from_bytes(
    raw: bytes, names: tuple[str, ...], n_place: int
) -> dict[str, npt.NDArray[np.float32]]:
    """Return the series of a run by name, each (n_hour, n_place).

    Parameters
    ----------
    raw
        All values of the first series by hour and place, then those of the next, as float32.
    names
        As in the `Keep` it was kept by.
    n_place
        Number of places of the scenario.
    """
    values = np.frombuffer(raw, "<f4").astype(np.float32, copy=False)
    return dict(zip(names, values.reshape(len(names), -1, n_place), strict=True))
