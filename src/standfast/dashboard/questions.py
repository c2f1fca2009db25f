"""Questions put from the page: read from a form, checked field by field, put, and their answers saved."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from standfast.dashboard.asked import Asked
from standfast.dashboard.drafts import problems_of
from standfast.dashboard.told import Told, ToldShare
from standfast.errors import Problem, ScenarioError
from standfast.experiment.compare import compare
from standfast.experiment.measures import read_measure
from standfast.experiment.outlook import WHOLE, list_garrisons, look_at, main_place
from standfast.experiment.search import LEAST
from standfast.experiment.stopping import stopped_by
from standfast.experiment.tipping import DEFAULT_LEVEL, check_level, tip
from standfast.experiment.vary import ALIASES, read_axis
from standfast.experiment.why import choose_mechanisms, why
from standfast.results.provenance import without_paths
from standfast.scenario.plugins import acting_plugins, mechanism_titles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from standfast.dashboard.jobs import Job
    from standfast.experiment.answer import Answer
    from standfast.scenario.model import Scenario

ORIGIN = "the question"
#: what may be asked from the page -> replicates at least and at most; of tip, runs in all
BOUNDS = {"compare": (2, 1000), "why": (2, 1000), "tip": (LEAST, 10_000)}
#: a page counts in doubles, which hold no larger whole number exactly
_MOST_SEED = 2**53 - 1
_MOST_MEASURES, _MOST_MECHANISMS = 40, 100


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
    place
        Garrison that is judged, or ``"whole"``; empty for that of the reference event.
    verdict
        Of ``tip``; empty for total collapse.
    level
        Of ``tip``: the probability whose crossing is sought.
    mechanisms
        Of ``why``: those switched off in turn; none for all that act.
    """

    kind: str
    scenario: Scenario
    source: str
    horizon: str
    replicates: int
    seed: int
    measures: tuple[str, ...] = ()
    vary: str = ""
    place: str = ""
    verdict: str = ""
    level: float = DEFAULT_LEVEL
    mechanisms: tuple[str, ...] = ()

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
        words += [word for text in self.measures for word in ("--with", text)]
        words += [word for name in self.mechanisms for word in ("--mechanism", name)]
        if self.kind == "tip":
            words += ["--vary", self.vary, "--runs", str(self.replicates)]
            words += ["--level", str(self.level)] if self.level != DEFAULT_LEVEL else []
            words += ["--no-mean-field"] if acting_plugins(self.scenario) else []
        else:
            words += ["--replicates", str(self.replicates)]
        words += ["--seed", str(self.seed)]
        for option in ("place", "verdict", "horizon"):
            words += [f"--{option}", getattr(self, option)] if getattr(self, option) else []
        return words

    def put(self, job: Job) -> Answer:
        """Ask it, tell a job how far it is, and end when the job is asked to stop."""
        shown = ToldShare(job)
        with stopped_by(job.stop.is_set):
            if self.kind == "compare":
                return compare(
                    self.scenario, self.measures, self.replicates, self.seed,
                    place=self.place or None, progress=shown,
                )  # fmt: skip
            if self.kind == "why":
                return why(
                    self.scenario, self.replicates, self.seed, place=self.place or None,
                    mechanisms=self.mechanisms or None, progress=shown,
                )  # fmt: skip
            return tip(
                self.scenario, self.vary, self.replicates, self.seed, place=self.place or None,
                verdict=self.verdict or None, level=self.level, progress=Told(job),
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
        `question`, `replicates`, `seed`, `horizon`, `place`; of compare `measures`, of why
        `mechanisms`, lists of texts; of tip `field`, `low`, `high`, `verdict`, texts, and `level`.
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
    place, verdict = form.outlook(kind, scenario)
    question = Question(
        kind, scenario, source, horizon, replicates, seed, place=place, verdict=verdict,
        measures=form.measures(scenario) if kind == "compare" else (),
        mechanisms=form.mechanisms(scenario) if kind == "why" else (),
        vary=form.vary(scenario, place) if kind == "tip" else "",
        level=form.level() if kind == "tip" else DEFAULT_LEVEL,
    )  # fmt: skip
    if form.problems:
        raise ScenarioError(ORIGIN, form.problems)
    return question


def check_question(
    asked: dict[str, Any], find: Callable[[], tuple[Scenario, str]]
) -> dict[str, Any]:
    """Return what is wrong by field, the command line that asks the same, and what can be chosen.

    Parameters
    ----------
    asked
        As for `read_question`.
    find
        Gives its scenario and source, or raises.
    """
    choices: dict[str, Any] = {"places": [], "mechanisms": []}
    try:
        scenario, source = find()
        choices = list_choices(scenario)
        question = read_question(asked, scenario, source)
    except ScenarioError as error:
        return {"problems": problems_of(error), "command": "", "choices": choices}
    return {"problems": [], "command": shlex.join(question.command), "choices": choices}


def list_choices(scenario: Scenario) -> dict[str, Any]:
    """Return the places of a scenario that can be judged, the main one first, and its mechanisms.

    Examples
    --------
    >>> from standfast.scenario.load import load_scenario
    >>> [each["id"] for each in list_choices(load_scenario("garrison"))["places"]]
    ['city', 'whole', 'barracks']
    """
    main = main_place(scenario)
    others = [name for name in list_garrisons(scenario) if name != main]
    titles = {name: place.title for name, place in scenario.places.items()} | {
        WHOLE: "All places together"
    }
    acting = mechanism_titles(scenario)
    return {
        "places": [{"id": name, "title": titles[name]} for name in (main, WHOLE, *others)],
        "mechanisms": [
            {"id": name, "title": acting[name]} for name in choose_mechanisms(None, scenario)
        ],
    }


def fields_to_vary() -> list[str]:
    """Return the short names of fields that a page offers to vary."""
    return list(ALIASES)


class _Form(Asked):
    """The fields of a question."""

    def kind(self) -> str:
        kind = self.text("question")
        if kind in BOUNDS:
            return kind
        # without it nobody knows which other fields there are
        says = "is none that can be asked from here"
        raise ScenarioError(
            ORIGIN, [Problem("question", says, f"Choose one of {', '.join(BOUNDS)}.")]
        )

    def outlook(self, kind: str, scenario: Scenario) -> tuple[str, str]:
        place, verdict = self.text("place"), self.text("verdict") if kind == "tip" else ""
        try:
            look_at(scenario, place or None, verdict or None)
        except ScenarioError as error:
            for each in error.problems:
                self.wrong(each.path.removeprefix("--"), each.says, each.advice)
            return "", ""
        return place, verdict

    def measures(self, scenario: Scenario) -> tuple[str, ...]:
        texts = self.texts("measures", _MOST_MEASURES)
        if not texts:
            self.wrong("measures", "names no measures", f"Choose 1 to {_MOST_MEASURES} of them.")
        for text in texts:
            with self.under("measures"):
                read_measure(text, scenario).apply(scenario)
        return texts

    def mechanisms(self, scenario: Scenario) -> tuple[str, ...]:
        names = self.texts("mechanisms", _MOST_MECHANISMS)
        with self.under("mechanisms"):
            choose_mechanisms(names, scenario)
        return names

    def level(self) -> float:
        level = self.number("level", DEFAULT_LEVEL)
        with self.under("level"):
            check_level(level)
        return level

    def vary(self, scenario: Scenario, place: str) -> str:
        field, low, high = (self.text(name) for name in ("field", "low", "high"))
        if not field or "=" in field:
            self.wrong("field", "names no field", "Write one such as answer.")
            return ""
        if bool(low) != bool(high):
            self.wrong("low", "is one end of a range", "Write both ends, or none for the usual.")
            return ""
        text = f"{field}={low}:{high}" if low else field
        with self.under("field"):
            if read_axis(text, scenario, None if place == WHOLE else place or None).listed:
                self.wrong("field", "holds no number, and only numbers tip", "Choose another.")
        return text
