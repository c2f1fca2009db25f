"""The questions that an experiment file may put: one frozen model a kind, and where its answer is worked out.

A new kind is a class here and a line in `KINDS`. Its fields are the arguments of the function that
answers, less those that say with what means: threads, progress, store and hours are no part of a
question, because the answer does not depend on them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from standfast.scenario.base import Part
from standfast.scenario.places import Slug
from standfast.scenario.quantities import Duration, Number

if TYPE_CHECKING:
    from collections.abc import Callable

#: arguments of a function that say with what means, and not what is asked
MEANS = ("threads", "progress", "store", "hours")

Texts = tuple[str, ...]
Seed = Annotated[int, Field(ge=0, le=2**64 - 1, description="Same seed, same answer.")]
Runs = Annotated[int, Field(ge=1, le=100_000, description="Runs of each world or point.")]


class Question(Part):
    """What every experiment file says."""

    #: module and name of what answers
    answered_by: ClassVar[str] = ""
    #: fields that name a scenario file beside the experiment file
    scenarios: ClassVar[Texts] = ()
    #: fields that name another file beside it
    files: ClassVar[Texts] = ()
    #: argument of the function for a field that is called otherwise
    renamed: ClassVar[dict[str, str]] = {}

    standfast: Literal[1] = Field(description="Version of the format: 1.")
    kind: str = Field(description="Which question is put.")
    scenario: str = Field(description="A built-in scenario, or a file beside this one.")
    set: Texts = Field((), description="Changes, each as PATH=VALUE.")
    model: dict[str, str] | None = Field(
        None, description="What computed it before; another model is refused."
    )
    seed: Seed = 1

    @classmethod
    def function(cls) -> Callable[..., Any]:
        """Return what answers; loads the engine."""
        module, name = cls.answered_by.split(":")
        found: Callable[..., Any] = getattr(import_module(module), name)
        return found

    def asked(self) -> dict[str, Any]:
        """Return the fields of this kind as the arguments of its function."""
        common = Question.model_fields.keys() - {"seed"}
        fields = type(self).model_fields.keys() - common
        return {self.renamed.get(name, name): getattr(self, name) for name in sorted(fields)}


class Run(Question):
    """An ensemble of one scenario, or over draws of its parameters."""

    answered_by = "standfast.experiment.ensemble:run_ensemble"
    files = ("parameters",)

    replicates: Runs = 20
    parameters: str | None = Field(
        None, description="A posterior, or the word for ours; replicate k takes its draw k."
    )


class Compare(Question):
    """What measures would have helped."""

    answered_by = "standfast.experiment.compare:compare"
    renamed: ClassVar[dict[str, str]] = {"measures": "interventions"}

    measures: Texts = Field(description="Each as for --with.")
    replicates: Annotated[Runs, Field(ge=2)] = 50
    place: str | None = None


class Why(Question):
    """Why people left."""

    answered_by = "standfast.experiment.why:why"

    replicates: Runs = 20
    mechanisms: Texts | None = Field(None, description="Those switched off in turn; null for all.")
    groups: dict[str, Texts] | None = Field(
        None, description="Names of groups with their mechanisms; null for the five usual ones."
    )
    place: str | None = None


class Sweep(Question):
    """A scenario over ranges of its fields."""

    answered_by = "standfast.experiment.sweep:sweep"

    vary: Texts = Field(description="Each as for --vary.")
    design: str = "grid"
    points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    replicates: Runs = 10
    place: str | None = None
    verdict: str | None = None
    measures: Texts = ()
    figure: str | None = None


class Tip(Question):
    """Where a verdict tips."""

    answered_by = "standfast.experiment.tipping:tip"
    renamed: ClassVar[dict[str, str]] = {"hold": "hold_h"}

    vary: str = Field(description="As for --vary: PATH=LOW:HIGH.")
    runs: Annotated[int, Field(ge=24, le=100_000)] = 300
    place: str | None = None
    verdict: str | None = None
    level: Annotated[Number, Field(ge=0.05, le=0.95)] = 0.5
    within: Annotated[Number, Field(gt=0, le=1)] = 0.05
    measures: Texts = ()
    mean_field: bool = True
    hysteresis: bool = False
    hold: Annotated[Duration, Field(gt=0)] = 240.0


class Sensitivity(Question):
    """Which fields matter."""

    answered_by = "standfast.experiment.sensitivity:sensitivity"

    vary: Texts = ()
    method: str = "morris"
    size: Annotated[int, Field(ge=2, le=1_000_000)] | None = None
    replicates: Runs = 4
    by: str | None = None
    place: str | None = None
    verdict: str | None = None
    measures: Texts = ()


class Calibrate(Question):
    """Which parameters reproduce what was observed."""

    answered_by = "standfast.experiment.calibrate:calibrate"
    scenarios = ("cases",)

    fit: Texts = Field(description="Parameters, each as for --fit.")
    targets: Texts = Field(description="What is to be reproduced, each as for --target.")
    cases: dict[Slug, str] = Field(  # a file of the answer is called after each
        default={}, description="Further scenarios by name, built in or files beside this one."
    )
    rivals: dict[str, Texts] = Field(
        default={}, description="Rival models by name, each with its changes as PATH=VALUE."
    )
    replicates: Annotated[int, Field(ge=1, le=1000)] = 1
    population: Annotated[int, Field(ge=10, le=100_000)] = 200
    generations: Annotated[int, Field(ge=1, le=60)] = 6
    quantile: Annotated[Number, Field(ge=0.05, le=0.95)] = 0.5
    tolerance: Annotated[Number, Field(ge=0)] = 0.0
    candidates: Annotated[int, Field(ge=10, le=10_000_000)] | None = None
    waves: Annotated[int, Field(ge=0, le=20)] = 0
    wave_points: Annotated[int, Field(ge=20, le=100_000)] = 100
    trials: Annotated[int, Field(ge=0, le=100_000)] = 0


class Discover(Question):
    """In which plain conditions a verdict comes."""

    answered_by = "standfast.experiment.discover:discover"

    vary: Texts = Field(description="Each as for --vary.")
    points: Annotated[int, Field(ge=40, le=1_000_000)] = 256
    replicates: Runs = 4
    design: str = "lhs"
    density: Annotated[Number, Field(gt=0, le=1)] = 0.8
    boxes: Annotated[int, Field(ge=1, le=100)] = 2
    place: str | None = None
    verdict: str | None = None
    measures: Texts = ()
    figure: str | None = None


class Portfolio(Question):
    """The cheapest set of measures that keeps a risk within a bound."""

    answered_by = "standfast.experiment.portfolio:portfolio"
    scenarios = ("variants",)
    files = ("parameters",)

    measures: Texts = Field((), description="What may be chosen, each as for --with.")
    bound: Annotated[Number, Field(gt=0, lt=1)] = 0.05
    replicates: Runs = 10
    method: str = "auto"
    sets: Annotated[int, Field(ge=2, le=1_000_000)] = 128
    parameters: str | None = Field(
        None, description="Draws of what is uncertain, or posterior for ours."
    )
    variants: Texts = Field((), description="Cases to do in, built in or files beside this one.")
    cases: Annotated[int, Field(ge=1, le=100_000)] = 8
    robust: str = "mean"
    place: str | None = None
    figure: str | None = None


class Warn(Question):
    """Which series warn of a verdict, and how early."""

    answered_by = "standfast.experiment.warning:early_warning"
    files = ("parameters",)

    vary: Texts = ()
    runs: Annotated[int, Field(ge=20, le=1_000_000)] = 200
    leads: tuple[Annotated[Duration, Field(gt=0)], ...] = (6.0, 12.0, 24.0, 48.0, 72.0)
    parameters: str | None = Field(
        None, description="Draws of what is uncertain, or posterior for ours."
    )
    place: str | None = None
    verdict: str | None = None
    measures: Texts = ()
    figure: str | None = None


KINDS: dict[str, type[Question]] = {
    "run": Run,
    "compare": Compare,
    "why": Why,
    "sweep": Sweep,
    "tip": Tip,
    "sensitivity": Sensitivity,
    "calibrate": Calibrate,
    "discover": Discover,
    "portfolio": Portfolio,
    "warning": Warn,
}
