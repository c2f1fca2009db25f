"""Settings of the whole suite, and the register of what was verified.

Random cases are the same in every run, and skipping can be refused.

A test of a number that is known beforehand takes the fixture `verified` and says::

    verified(
        "V13", "square law: survivors of 1,000 against 800",
        measured=path[-1], expected=600.0, tolerance=0.5,
        tolerance_from="step of 0.001 h",
        wrong=200.0, wrong_twin="linear law", source="Lanchester 1916",
    )

It fails unless the measured value is within the tolerance (0: exact) **and** further than that from
`wrong`, what a careless author would have had; `relation=">="` or `"<="` make a bound of the
expected value, less or more the tolerance. It returns the measured value. Every call is a row of
`pytest --verification FILE`, held or not, also with several processes; `tools/make_verification.py`
makes docs/validation/verification.md of these.
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, settings

# what the suite starts reads the same guard against connections as this process
GUARD = str(Path(__file__).parent / "guard")
sys.path.insert(0, GUARD)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [GUARD, os.environ.get("PYTHONPATH")]))

from stay_here import stay_here  # noqa: E402 - found by the lines above

if TYPE_CHECKING:
    from collections.abc import Callable

RELATIONS = {
    "=": lambda x, expected, tolerance: abs(x - expected) <= tolerance,
    ">=": lambda x, expected, tolerance: x >= expected - tolerance,
    "<=": lambda x, expected, tolerance: x <= expected + tolerance,
}
ROW = "verified"
ROWS = pytest.StashKey[list[dict[str, object]]]()


@dataclass(frozen=True)
class Verified:
    """A number that was compared: what it should be, how near, and what it is."""

    target: str
    says: str
    relation: str
    expected: float
    tolerance: float
    tolerance_from: str
    measured: float
    wrong: float
    wrong_twin: str
    source: str
    test: str

    def problems(self) -> list[str]:
        """Return in a sentence each what does not hold."""
        holds, found = RELATIONS[self.relation], []
        what = f"{self.target}, {self.says}"
        margin = f"{self.relation} {self.expected:.7g} within {self.tolerance:.3g}"
        if not holds(self.measured, self.expected, self.tolerance):
            found.append(f"{what}: is {self.measured:.7g}, not {margin} ({self.tolerance_from})")
        if holds(self.wrong, self.expected, self.tolerance) or (
            self.relation == "=" and abs(self.wrong - self.measured) <= self.tolerance
        ):
            found.append(
                f"{what}: {self.wrong_twin} gives {self.wrong:.7g}, which is not told from {margin}"
            )
        return found


settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")


sys.addaudithook(stay_here)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="a skipped test fails: a gate that is not run is open",
    )
    parser.addoption(
        "--verification", type=Path, help="write what was verified, row by row, to this JSON file"
    )


def pytest_configure(config: pytest.Config) -> None:
    # a shell lets what it starts in the background ignore Ctrl-C, and so would the commands under test
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[ROWS] = []
    config.pluginmanager.register(Collector(config), "collector of what was verified")


@pytest.fixture
def verified(request: pytest.FixtureRequest) -> Callable[..., float]:
    """Return the function that compares a number and enters it in the register; see above."""

    def compare(
        target: str, says: str, *, measured: float, expected: float, tolerance: float,
        tolerance_from: str, wrong: float, wrong_twin: str, source: str = "",
        relation: Literal["=", ">=", "<="] = "=",
    ) -> float:  # fmt: skip
        row = Verified(
            target, says, relation, float(expected), float(tolerance), tolerance_from,
            float(measured), float(wrong), wrong_twin, source, request.node.nodeid,
        )  # fmt: skip
        problems = row.problems()
        request.node.user_properties.append((ROW, {**asdict(row), "held": not problems}))
        assert not problems, "\n".join(problems)
        assert math.isfinite(row.measured)
        return row.measured

    return compare


class Collector:
    """Gathers the rows of all tests, wherever they ran, and writes them once."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            rows = [row for name, row in report.user_properties if name == ROW]
            self.config.stash[ROWS].extend(rows)

    def pytest_sessionfinish(self) -> None:
        path = self.config.getoption("--verification")
        if path is None or hasattr(self.config, "workerinput"):
            return
        rows = sorted(self.config.stash[ROWS], key=lambda row: (row["test"], row["says"]))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {report.longrepr}"
    return report
