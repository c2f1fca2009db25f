"""Write the generated pages of the documentation; with --check, only say which are out of date.

Parameters and fields come from the schema, submodels from the docstrings of the kernels, tests
from the tree of tests. Whoever changes those runs `make model-docs`.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from model_code import EQUATIONS, ROOT, homes, modules, tests_of
from model_fields import bounds_of, default_of, fields_table, table, unit_of
from model_invariants import transitions
from standfast.engine.schedule import SCHEDULE
from standfast.scenario import events, forces, interventions, model, places
from standfast.scenario.evidence import GRADES
from standfast.scenario.mechanisms import MECHANISMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOTE = "<!-- Written by tools/make_model_docs.py; edit the source it reads, then run make model-docs. -->\n\n"


def families() -> dict[str, type[BaseModel]]:
    """Return the families of behavioural parameters by name."""
    return {
        name: field.annotation
        for name, field in model.Behaviour.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def extra(field: Any) -> dict[str, Any]:
    """Return what a parameter says about itself beyond its bounds."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def parameters() -> str:
    """Write the page of parameters."""
    total = assumed = 0
    body = ""
    for name, family in families().items():
        rows = []
        for key, field in family.model_fields.items():
            says = extra(field)
            total += 1
            assumed += says.get("source") == "assumed"
            rows.append([
                f"`{key}`", field.description or "", unit_of(field), default_of(field), bounds_of(field),
                f"{says['prior']}" if says.get("prior") else "", says.get("grade", ""),
                says.get("source", ""), " ".join(says.get("mechanisms", [])),
            ])  # fmt: skip
        header = [
            "parameter",
            "what it does",
            "unit",
            "default",
            "bounds",
            "prior",
            "grade",
            "source",
            "for",
        ]
        body += f"## {name}\n\n{(family.__doc__ or '').strip()}\nSet as `behaviour.{name}.<parameter>`.\n\n"
        body += table(header, rows) + "\n\n"
    grades = "; ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())
    return (
        NOTE + "# Parameters\n\n"
        f"All {total} behavioural parameters, one set for every case. Source and grade are of the *default*; "
        f"{assumed} of {total} are plainly assumed. Grades: {grades}. Values in files carry "
        "their own evidence; see [evidence](../guide/evidence.md). What the short names of sources mean is "
        "in [sources](sources.md).\n\n" + body
    ).rstrip() + "\n"


def parameters_of(mechanism: str) -> list[str]:
    """Return dotted names of the parameters of a mechanism."""
    return [
        f"{name}.{key}"
        for name, family in families().items()
        for key, field in family.model_fields.items()
        if mechanism in extra(field).get("mechanisms", [])
    ]


def mechanisms() -> str:
    """Write the page that leads from each mechanism to equation, code, parameters and tests."""
    rows = []
    for key, title in MECHANISMS.items():
        found = homes(key)
        rows.append([
            f"{key}", title, ", ".join(f"E{number}" for number in EQUATIONS[key]),
            "<br>".join(f"`{home.path}`" for home in found),
            "<br>".join(f"`{name}`" for name in parameters_of(key)),
            "<br>".join(f"`{test.removeprefix('tests/')}`" for test in tests_of(key)),
        ])  # fmt: skip
    return (
        NOTE + "# Mechanisms\n\n"
        "Every mechanism has a switch (`mechanisms.M13.enabled`), and this is where to find the rest of it. "
        "Code stands below `src/standfast`, parameters below `behaviour`, tests below `tests`. "
        "What each mechanism does is told in [submodels](submodels.md).\n\n"
        + table(["", "mechanism", "equations", "code", "parameters", "tests"], rows) + "\n"
    )  # fmt: skip


def markdown(text: str) -> str:
    """Turn the docstring's roles and backticks into Markdown with TeX between dollars."""
    text = re.sub(r":math:`([^`]+)`", lambda match: f"${' '.join(match[1].split())}$", text)
    return re.sub(r"(?<!`)`([^`]+)`(?!`)", r"`\1`", text)


def submodels() -> str:
    """Write the page of submodels from the docstrings of the kernels."""
    rules = [each for each in modules() if each.equations and each.path.startswith("kernels/")]
    rules.sort(key=lambda each: (len(each.equations) > 8, each.equations))
    body = ""
    for each in rules:
        numbers = ", ".join(f"E{number}" for number in each.equations)
        title = each.title[:1].upper() + each.title[1:]
        serves = "; ".join(f"{key} {MECHANISMS[key]}" for key in each.touched)
        body += (
            f"## {numbers}: {title}\n\n*{serves}* — `{each.path}`\n\n"
            if serves
            else f"## {numbers}: {title}\n\n"
        )
        rest = each.text.partition("\n")[2]
        # the last sentence of some heads is a list of mechanisms, which stands above already
        rest = re.sub(r"^(?:M\d\d[ ,.]*)+$", "", rest, flags=re.MULTILINE)
        body += markdown(rest).strip() + "\n\n"
    return (
        NOTE + "# Submodels\n\n"
        "The equations as the code computes them, taken from the head of each kernel. Letters: "
        "$F$ fear, $A$ credibility of threats, $Y$ perceived exposure, $V$ threat to the family, "
        "$T$ trust in command, $L$ belief as log-odds with $b=\\sigma(L)$, $R$ resolve, $Q$ suspicion, "
        "$S$ memory of departures, $O$ push of orders; $\\sigma(x)=1/(1+e^{-x})$. "
        "A rate $r$ acts in a step as $1-e^{-r\\Delta t}$.\n\n" + body + strength() + measures()
    ).rstrip() + "\n"


def strength() -> str:
    """Write E24, which is spread over people, trust and combat rather than one kernel."""
    return (
        "## E24: Strength on paper and in the field\n\n*M16 corruption, ghosts, training* — "
        "`population/traits.py`, `engine/compile.py`\n\n"
        "A force of paper strength $N$ has $N(1-g)$ people, of whom a share is on leave; ghosts ($g$) are "
        "drawn name by name, close the list of each company and never serve. Trust starts at $T_0=$ `trust.trust_start` less "
        "`trust.trust_lost_to_corruption` times corruption; quality $q$ sets skill, "
        "$1+s(q-\\tfrac12)$ with $s$ = `combat.skill_range`, and commitment, by "
        "`decision.commitment_of_quality` times $q-\\tfrac12$. Headquarters counts names on "
        "the list: where those alone would be no reason to call for help, it answers the less often "
        "(E11); units judge by those who are there.\n\n"
    )


def measures() -> str:
    """Write E25 from the functions that put interventions into effect."""
    path = ROOT / "src/standfast/engine/interventions.py"
    says = {
        node.name: (ast.get_docstring(node) or "").split("\n\n")[0]
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    rows = [
        [f"`{kind}`", size, says.get(kind, "")] for kind, size in interventions.SIZE_MEANS.items()
    ]
    return (
        "## E25: Interventions\n\n*all are a defender's* — `engine/interventions.py`\n\n"
        + table(["kind", "size", "what it does"], rows) + "\n\n"
    )  # fmt: skip


def schedule() -> str:
    """Write the order of a step from the engine's own list."""
    rows = [
        [f"{number}", each.name, each.says, _spaced(each.equations), _spaced(each.mechanisms)]
        for number, each in enumerate(SCHEDULE, 1)
    ]
    return (
        NOTE + "# Order of a step\n\nThe list that the engine runs through in every step, and that "
        "`standfast schedule` prints.\n\n"
        + table(["", "phase", "what happens", "equations", "mechanisms"], rows) + "\n"
    )  # fmt: skip


def _spaced(names: str | Sequence[str]) -> str:
    return names if isinstance(names, str) else " ".join(names)


def scenario_format() -> str:
    """Write the reference of the scenario file."""
    parts: list[tuple[str, str, type[BaseModel]]] = [
        ("The whole file", "", model.Scenario),
        ("time", "", model.Time),
        ("places", "A mapping from a short name to a place.", places.Place),
        ("places.*.prison", "", places.Prison),
        ("roads", "A list; every road goes both ways.", places.Road),
        ("groups", "A mapping from a short name to a group.", forces.Group),
        ("forces", "A mapping from a short name to a force.", forces.Force),
        ("population", "", forces.Population),
        ("network", "", forces.Network),
        ("adversary", "", model.Adversary),
        ("verdict", "", model.Verdict),
    ]
    body = ""
    for name, note, part in parts:
        body += f"## {name}\n\n{(part.__doc__ or '').strip()} {note}\n\n{fields_table(part)}\n\n"
    body += "## events\n\nA list. Every event has these fields, and those of its kind.\n\n"
    for part in get_args(get_args(events.Event)[0]):
        kind = get_args(part.model_fields["kind"].annotation)[0]
        body += f"### {kind}\n\n{(part.__doc__ or '').strip()}\n\n{fields_table(part)}\n\n"
    body += f"## interventions\n\n{interventions.Intervention.__doc__}\n\n"
    body += fields_table(interventions.Intervention) + "\n\n"
    body += table(
        ["kind", "what `size` means"], [[f"`{k}`", v] for k, v in interventions.SIZE_MEANS.items()]
    )
    return (
        NOTE + "# The scenario file\n\n"
        "YAML, JSON or TOML. Unknown keys are refused. A value with a dimension carries its unit: `85 h`, "
        "`20 d`, `12 km`, `0.02 / h`, `18 km/h`, `35 %`. Any value may be written "
        "`{value: ..., source: ..., grade: B, range: [low, high]}`; see [evidence](../guide/evidence.md). "
        "`behaviour` has its own page of [parameters](../model/parameters.md), `mechanisms` a "
        "[table](../model/mechanisms.md).\n\n" + body
    ).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/model/parameters.md": parameters,
    "docs/model/mechanisms.md": mechanisms,
    "docs/model/schedule.md": schedule,
    "docs/model/submodels.md": submodels,
    "docs/model/transitions.md": lambda: NOTE + transitions(),
    "docs/reference/scenario.md": scenario_format,
}


def main() -> int:
    """Write or compare every page; return 1 when a compared page is out of date."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name, write in PAGES.items():
        path, text = ROOT / name, write()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} {'is out of date; run make model-docs' if check else 'written'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
