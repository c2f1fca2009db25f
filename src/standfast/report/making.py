"""How the result was made: what it takes to make it again, and nothing about who or where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standfast.report.words import count, hours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standfast.report.view import View

#: packages whose version may alter numbers
SHOWN = ("python", "numpy", "numba", "scipy")
VERSIONS = "versions"


def describe_making(view: View, provenance: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the last section lists; the command is replayable beside `scenario.yaml`.

    Threads and times are left out: the result does not depend on them.
    """
    summary = view.summary
    command = (
        f"standfast run scenario.yaml --replicates {view.n_replicate} --seed {summary['seed']}"
    )
    conserved = "in every run and at every hour" if summary["people_conserved"] else "NOT: a fault"
    rows: list[tuple[str, str, bool]] = [
        ("Again with", command, True),
        ("Scenario", f"{summary['scenario']} (scenario.yaml beside this page)", False),
        ("SHA-256 of the scenario", summary["scenario_sha256"], True),
        ("Seed", str(summary["seed"]), False),
        ("Replicates", str(view.n_replicate), False),
        ("Names on the payroll", f"{count(summary['n_agent'])}, ghosts included", False),
        ("Steps", f"{count(summary['n_step'])} of {_step(summary['dt_h'])}", False),
        ("People conserved", conserved, False),
        ("standfast", str(summary["standfast"]), False),
        ("With", describe_versions(provenance.get(VERSIONS, {})), False),
    ]
    return [{"name": name, "text": text, "code": code} for name, text, code in rows if text]


def describe_versions(versions: Mapping[str, str]) -> str:
    """Name the packages whose version may alter numbers.

    Examples
    --------
    >>> describe_versions({"python": "3.11.7", "numpy": "2.4.6", "rich": "13"})
    'python 3.11.7, numpy 2.4.6'
    """
    return ", ".join(f"{name} {versions[name]}" for name in SHOWN if versions.get(name))


def _step(dt: float) -> str:
    return f"{dt * 60:.0f} min" if dt < 1 else hours(dt)
