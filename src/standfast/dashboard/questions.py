"""Questions put from the page: read from a form, checked field by field, put, and their answers saved."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from standfast.dashboard.drafts import problems_of
from standfast.dashboard.told import Told, ToldShare
from standfast.errors import Problem, ScenarioError
from standfast.experiment.compare import compare
from standfast.experiment.measures import read_measure
from standfast.experiment.search import LEAST
from standfast.experiment.stopping import stopped_by
from standfast.experiment.tipping import tip
from standfast.experiment.vary import ALIASES, read_axis
from standfast.experiment.why import why
from standfast.results.provenance import without_paths
from standfast.scenario.plugins import acting_plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from standfast.dashboard.jobs import Job
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario

ORIGIN = "the question"
#: what may be asked from the page -> replicates at least and at most; of tip, runs in all
BOUNDS = {"compare": (2, 1000), "why": (2, 1000), "tip": (LEAST, 10_000)}
#: a page counts in doubles, which hold no larger whole number exactly
_MOST_SEED = 2**53 - 1
_MOST_MEASURES = 40
_MOST_TEXT = 300


@dataclass(frozen=True)
class Question:
    """One question, checked.

    Attributes
    ----------
    kind
        One of `BOUNDS`.
    scenario
        What it is asked of, with the horizon that was asked for.
    source
        What the scenario is called in a command.
    horizon
        As typed; empty for the scenario's own.
    replicates
        Of each world; of ``tip``, runs at most.
    seed
        Of people, ties and everything drawn.
    measures
        Of ``compare``, as `standfast.experiment.measures.read_measure` reads them.
    vary
        Of ``tip``, as `standfast.experiment.vary.read_axis` reads it.
    """

    kind: str
    scenario: Scenario
    source: str
    horizon: str
    replicates: int
    seed: int
    measures: tuple[str, ...] = ()
    vary: str = ""

    @property
    def command(self) -> list[str]:
        """The words that ask the same on a command line.

        Examples
        --------
        >>> from standfast.scenario.load import load_scenario
        >>> asked = Question("compare", load_scenario("garrison"), "garrison", "", 8, 1, ("amnesty",))
        >>> " ".join(asked.command)
        'standfast compare garrison --with amnesty --replicates 8 --seed 1'
        """
        words = ["standfast", self.kind, self.source]
        if self.kind == "tip":
            words += ["--vary", self.vary, "--runs", str(self.replicates)]
            words += ["--no-mean-field"] if acting_plugins(self.scenario) else []
        else:
            words += [word for text in self.measures for word in ("--with", text)]
            words += ["--replicates", str(self.replicates)]
        words += ["--seed", str(self.seed)]
        return words + (["--horizon", self.horizon] if self.horizon else [])

    def put(self, job: Job) -> Answer:
        """Ask it, tell a job how far it is, and end when the job is asked to stop."""
        shown = ToldShare(job)
        with stopped_by(job.stop.is_set):
            if self.kind == "compare":
                return compare(
                    self.scenario, self.measures, self.replicates, self.seed, progress=shown
                )
            if self.kind == "why":
                return why(self.scenario, self.replicates, self.seed, progress=shown)
            return tip(
                self.scenario, self.vary, self.replicates, self.seed, progress=Told(job),
                mean_field=not acting_plugins(self.scenario),
            )  # fmt: skip

    def save(self, answer: Answer, folder: Path) -> Path:
        """Write the answer below a folder under a name that is free, and return where it is.

        Examples
        --------
        The second answer of `compare` on the garrison goes to ``garrison-compare-2``.
        """
        name, number = f"{self.scenario.scenario}-{self.kind}", 1
        while (free := folder / (name if number == 1 else f"{name}-{number}")).exists():
            number += 1
        return answer.save(free, without_paths(self.command, [self.source]))


def read_question(asked: dict[str, Any], scenario: Scenario, source: str) -> Question:
    """Return what a form asks.

    Parameters
    ----------
    asked
        `question`, `replicates`, `seed`, `horizon`; of compare `measures`, a list of texts; of tip
        `field`, `low` and `high`, texts.
    scenario, source
        What it is asked of, and what a command calls that.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each under the name of its field.
    """
    form = _Form(asked)
    kind = form.kind()
    horizon = form.text("horizon")
    if horizon:
        with form.under("horizon"):
            scenario = scenario.with_({"time.horizon": horizon})
    replicates = form.whole("replicates", *BOUNDS[kind])
    seed = form.whole("seed", 0, _MOST_SEED)
    measures = form.measures(scenario) if kind == "compare" else ()
    vary = form.vary(scenario) if kind == "tip" else ""
    if form.problems:
        raise ScenarioError(ORIGIN, form.problems)
    return Question(kind, scenario, source, horizon, replicates, seed, measures, vary)


def check_question(read: Callable[[], Question]) -> dict[str, Any]:
    """Return what is wrong with a question by field, and the command line that asks the same."""
    try:
        question = read()
    except ScenarioError as error:
        return {"problems": problems_of(error), "command": ""}
    return {"problems": [], "command": shlex.join(question.command)}


def fields_to_vary() -> list[str]:
    """Return the short names of fields that a page offers to vary."""
    return list(ALIASES)


class _Form:
    """What a page sent, read field by field; what is wrong is gathered."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._asked = asked
        self.problems: list[Problem] = []

    def wrong(self, field: str, says: str, advice: str = "") -> None:
        self.problems.append(Problem(field, says, advice))

    @contextmanager
    def under(self, field: str) -> Iterator[None]:
        """Put the problems that are found inside under a field."""
        try:
            yield
        except ScenarioError as error:
            for each in error.problems:
                self.wrong(field, f"{each.path} {each.says}".strip(), each.advice)

    def kind(self) -> str:
        kind = self._asked.get("question")
        if isinstance(kind, str) and kind in BOUNDS:
            return kind
        # without it nobody knows which other fields there are
        says = "is none that can be asked from here"
        raise ScenarioError(
            ORIGIN, [Problem("question", says, f"Choose one of {', '.join(BOUNDS)}.")]
        )

    def text(self, field: str) -> str:
        value = self._asked.get(field) or ""
        if isinstance(value, str) and len(value) <= _MOST_TEXT and value.isprintable():
            return value.strip()
        self.wrong(field, "is no line of text", f"Write at most {_MOST_TEXT} characters.")
        return ""

    def whole(self, field: str, least: int, most: int) -> int:
        value = self._asked.get(field)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(field, "is not a whole number", f"Write {least:,} to {most:,}.")
        elif not least <= value <= most:
            self.wrong(field, f"is {value:,}, but lies between {least:,} and {most:,}")
        else:
            return value
        return least

    def measures(self, scenario: Scenario) -> tuple[str, ...]:
        given = self._asked.get("measures")
        texts = [text.strip() for text in given if _is_line(text)] if _is_list(given) else []
        if not texts or len(texts) > _MOST_MEASURES:
            says = f"names {len(texts) or 'no'} measures"
            self.wrong("measures", says, f"Choose 1 to {_MOST_MEASURES} of them.")
            return ()
        for text in texts:
            with self.under("measures"):
                read_measure(text, scenario).apply(scenario)
        return tuple(dict.fromkeys(texts))

    def vary(self, scenario: Scenario) -> str:
        field, low, high = (self.text(name) for name in ("field", "low", "high"))
        if not field or "=" in field:
            self.wrong("field", "names no field", "Write one such as answer.")
            return ""
        if bool(low) != bool(high):
            self.wrong("low", "is one end of a range", "Write both ends, or none for the usual.")
            return ""
        text = f"{field}={low}:{high}" if low else field
        with self.under("field"):
            if read_axis(text, scenario).listed:
                self.wrong("field", "holds no number, and only numbers tip", "Choose another.")
        return text


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_line(value: object) -> TypeGuard[str]:
    return (
        isinstance(value, str)
        and 0 < len(value.strip()) <= _MOST_TEXT
        and value.strip().isprintable()
    )
