"""Experiment files: a question read from YAML, everything wrong with it told at once, and put."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from standfast.errors import FileError, RunError, ScenarioError
from standfast.experiment.questions import KINDS
from standfast.results.store import CASE
from standfast.scenario.check import as_tuples, scenario_error
from standfast.scenario.dump import dump_yaml
from standfast.scenario.emit import block
from standfast.scenario.load import list_library, load_scenario, read_bytes
from standfast.scenario.names import suggest
from standfast.scenario.reading import ReadingError, decode, read_yaml
from standfast.scenario.translate import translate
from standfast.scenario.tree import Tree, printable, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from standfast.errors import Problem
    from standfast.experiment.answer import Answer
    from standfast.experiment.questions import Question
    from standfast.scenario.model import Scenario

EXPERIMENT = "experiment.yaml"
_ENDINGS = (".yaml", ".yml", ".json")
_HEADER = "# An experiment that standfast can do again: standfast experiment FILE."
#: options, which messages name, of fields of an experiment file that are called otherwise
_FIELDS = {
    "--with": "measures", "--target": "targets", "--rival": "rivals", "--case": "cases",
    "--mechanism": "mechanisms", "--group": "groups",
}  # fmt: skip


@dataclass(frozen=True)
class Experiment:
    """An experiment file that was read.

    Attributes
    ----------
    question
        What is asked.
    scenario
        Of what, its changes made.
    origin
        The file as the user named it.
    folder
        Beside which other files are found.
    tree
        What it held, and where.
    """

    question: Question
    scenario: Scenario
    origin: str
    folder: Path
    tree: Tree

    def arguments(self) -> dict[str, Any]:
        """Return what its function is given beside the scenario: files and scenarios found."""
        from standfast.experiment.drawn import draws_file  # noqa: PLC0415  loads the engine

        asked = self.question.asked()
        for name in self.question.scenarios:
            asked[name] = _each(asked[name], lambda each: load_scenario(beside(self.folder, each)))
        for name in self.question.files:
            if asked[name] is not None:
                asked[name] = self.folder / draws_file(asked[name])
        return asked

    def put(self, **means: Any) -> Any:  # noqa: ANN401  an answer, or a result
        """Put the question and return the answer.

        Parameters
        ----------
        **means
            Threads, progress, store and hours, as far as the function takes them.

        Raises
        ------
        StandfastError
            As the function does; what is wrong with a field of the file is told with its line.
        """
        function = self.question.function()
        given = self.means(**means)
        try:
            answer = function(self.scenario, **self.arguments(), **given)
        except ScenarioError as error:
            raise placed(error, self.tree, self.origin) from None
        return answer

    def means(self, **means: Any) -> dict[str, Any]:  # noqa: ANN401  numbers, folders, booleans
        """Return the means that were given.

        Raises
        ------
        RunError
            When what answers this kind cannot use one of them.
        """
        known = signature(self.question.function()).parameters
        given = {name: value for name, value in means.items() if value is not None}
        useless = sorted(given.keys() - known)
        if useless:
            says = f"{self.question.kind} takes no {' and no '.join(useless)}"
            raise RunError(says, f"Leave out --{' and --'.join(useless)}.")
        return given


def placed(error: ScenarioError, tree: Tree, origin: str) -> ScenarioError:
    """Return an error about a text of an experiment file with the line on which it stands.

    Parameters
    ----------
    error
        As it names an option of the command line.
    tree, origin
        What the file held, and its name.
    """
    problems = []
    asked, _, about = error.origin.partition(" ")
    for problem in error.problems:
        option, _, rest = problem.path.partition(" ")
        named = rest if option.startswith("--") else problem.path
        field = _field(asked) or _field(option)
        if not field or field not in tree.data:
            return error
        says = f"{named} {problem.says}" if named else problem.says
        path = _place_of(field, about if _field(asked) and about else named, problem, tree)
        problems.append(tree.problem(path, says, problem.advice))
    return scenario_error(origin, problems)


def _field(option: str) -> str:
    """Return the field that an option of the command line stands for; empty for what is no option."""
    if not option.startswith("--"):
        return ""
    return _FIELDS.get(option) or option.removeprefix("--").replace("-", "_")


def _place_of(field: str, named: str, problem: Problem, tree: Tree) -> tuple[str | int, ...]:
    """Return the path of the text or of the name that a problem is about, or of all of its field."""
    texts = tree.data[field]
    path: tuple[str | int, ...] = (field,)
    if isinstance(texts, Mapping) and named in texts:
        texts, path = texts[named], (field, named)
    for place, text in walk(texts, path):
        found = isinstance(text, str) and (text == named or _is_about(text, problem))
        if found and place != (field,):
            return place
    return path


def _is_about(text: str, problem: Problem) -> bool:
    name = text.partition("=")[0].strip()
    return bool(name) and (
        name in problem.path or f'"{name}"' in problem.says or problem.path.endswith(f".{name}")
    )


def _named(several: Mapping[str, str] | Sequence[str]) -> list[tuple[str, str]]:
    """Return scenarios by name, or by number where they are listed."""
    if isinstance(several, Mapping):
        return list(several.items())
    return [(str(number), each) for number, each in enumerate(several)]


def _each(several: Any, change: Callable[[str], Any]) -> Any:  # noqa: ANN401  a mapping or a list
    if isinstance(several, Mapping):
        return {key: change(each) for key, each in several.items()}
    return [change(each) for each in several]


def beside(folder: Path, name: str) -> str | Path:
    """Return a built-in name as it is, and a file as found beside the experiment file."""
    return name if name in list_library() else folder / name


def read_experiment(path: str | Path) -> Experiment:
    """Read and check an experiment file and the scenario it names.

    Parameters
    ----------
    path
        A .yaml, .yml or .json file.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    FileError
        When it, or a file that it names, cannot be read.
    StoreError
        When it was computed by another model than is here.
    """
    path, origin = Path(path), printable(path, 200)
    if path.suffix.lower() not in _ENDINGS:
        raise FileError(origin, "is not an experiment file", f"They end in {', '.join(_ENDINGS)}.")
    try:
        tree = read_yaml(decode(read_bytes(path, origin)))
    except ReadingError as error:
        raise ScenarioError(origin, [error.problem]) from None
    question = check_question(tree, origin)
    check_same_model(path, question.model)
    changes = list(question.set)
    try:
        scenario = load_scenario(beside(path.parent, question.scenario), overrides=changes)
    except ScenarioError as error:
        raise placed(error, tree, origin) from None
    return Experiment(question, scenario, origin, path.parent, tree)


def check_question(tree: Tree, origin: str) -> Question:
    r"""Return the question that a tree describes.

    Parameters
    ----------
    tree
        What a file holds.
    origin
        What messages call the file.

    Raises
    ------
    ScenarioError
        With every problem at once, in the order of the file.

    Examples
    --------
    >>> tree = read_yaml("standfast: 1\nkind: swep\nscenario: garrison\n")
    >>> check_question(tree, "a.yaml")
    Traceback (most recent call last):
        ...
    standfast.errors.ScenarioError: a.yaml has 1 problem
      line 2, kind: is "swep", which is no kind of experiment
        Did you mean "sweep"? The kinds are run, compare, why, sweep, tip, sensitivity, calibrate, discover, portfolio, warning.
    """
    if not isinstance(tree.data, dict):
        says = "is no experiment, which is a mapping of fields"
        raise ScenarioError(origin, [tree.problem((), says, 'Begin with the line "standfast: 1".')])
    kind = tree.data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        says = f'is "{printable(kind)}", which is no kind of experiment' if kind else "is missing"
        advice = suggest(printable(kind or ""), KINDS, "kinds")
        raise scenario_error(origin, [*tree.problems, tree.problem(("kind",), says, advice)])
    try:
        question = KINDS[kind].model_validate(as_tuples(tree.data))
    except ValidationError as error:
        found = [*tree.problems, *translate(error, KINDS[kind], tree)]
        raise scenario_error(origin, found) from None
    if tree.problems:
        raise scenario_error(origin, tree.problems)
    return question


def check_same_model(path: Path, model: Mapping[str, str] | None) -> None:
    """Refuse what was computed by another model than is here.

    Raises
    ------
    StoreError
        With what differs.
    """
    # loads numba's version, which a bad file need not wait for
    from standfast.experiment.opening import check_model  # noqa: PLC0415

    check_model(path, None if model is None else json.dumps(dict(model)))


def with_question(answer: Answer, experiment: Experiment) -> Answer:
    """Return an answer whose folder holds the question, so that it can be put again from there."""
    extra = question_files(experiment, answer.provenance["model"])

    def writer(text: str) -> Any:  # noqa: ANN401  what pathlib returns
        return lambda path: path.write_text(text, encoding="utf-8", newline="\n")

    added = {name: writer(text) for name, text in extra.items()}
    for field in experiment.question.files:
        own = experiment.arguments()[field]
        if own is not None:
            added[_kept_as(field, own)] = partial(copyfile, own)
    return replace(answer, figures=answer.figures | added)


def _kept_as(field: str, path: str | Path) -> str:
    return f"{field}{Path(path).suffix}"


def put_again(folder: Path, out: Path, **means: Any) -> None:  # noqa: ANN401  as for `put`
    """Put the question that the folder of an answer holds, and write the answer elsewhere.

    Parameters
    ----------
    folder
        Of the answer; holds `experiment.yaml`.
    out
        Folder for the new answer.
    **means
        As for `Experiment.put`.
    """
    experiment = read_experiment(folder / EXPERIMENT)
    with_question(experiment.put(**means), experiment).save(out)


def question_files(experiment: Experiment, model: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file that states the question, by name, the scenario's left out.

    The scenario stands beside it with its changes made, and so does every further case.
    """
    question = experiment.question
    data = question.model_dump(mode="json", exclude={"set", "model"})
    data["scenario"] = "scenario.yaml"
    files = {}
    for field in question.scenarios:
        written = {}
        for key, each in _named(data[field]):
            name = f"{CASE}{key}.yaml"
            files[name] = dump_yaml(load_scenario(beside(experiment.folder, each)))
            written[each] = name
        data[field] = _each(data[field], written.__getitem__)
    for field in question.files:
        if data[field] is not None:
            data[field] = _kept_as(field, data[field])
    lines = [_HEADER, *block({**data, "model": dict(model)})]
    return {EXPERIMENT: "\n".join(lines) + "\n", **files}
