"""A pytest plugin that counts tests, random cases and failures by file; see tools/soak.py.

Loaded with `-p count_cases`; writes JSON to the file that STANDFAST_SOAK names. A test without random
cases counts as one; one that says how many it holds, by `record_property("cases", n)`, as so many.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis.statistics
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


class Counter:
    """Counts of one run of the tests, by test file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, dict[str, float]] = defaultdict(
            lambda: {"tests": 0, "cases": 0, "failures": 0, "seconds": 0.0}
        )
        self.failed: list[str] = []
        self.cases = 0
        describe = hypothesis.statistics.describe_statistics

        def count_and_describe(stats: dict[str, Any]) -> str:
            self.count(stats)
            return describe(stats)

        # for tests that are themselves random; those that hold a random case inside are counted below
        hypothesis.statistics.describe_statistics = count_and_describe

    def count(self, stats: dict[str, Any]) -> None:
        """Add the cases of one random test that were run, not those that were refused."""
        for phase in stats.values():
            if isinstance(phase, dict):
                cases = phase.get("test-cases", [])
                self.cases += sum(case["status"] in {"valid", "interesting"} for case in cases)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """Count the cases of a test."""
        with hypothesis.statistics.collector.with_value(self.count):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a test to its file."""
        if report.when == "call" or report.failed:
            file = self.files[report.nodeid.partition("::")[0]]
            file["tests"] += report.when == "call"
            said = dict(report.user_properties).get("cases", 0)
            file["cases"] += max(1, self.cases, said) if report.when == "call" else 0
            file["failures"] += report.failed
            file["seconds"] += report.duration
            self.cases = 0
            if report.failed:
                self.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write the counts."""
        found = {"files": dict(sorted(self.files.items())), "failed": self.failed}
        self.path.write_text(json.dumps(found), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Register the counter."""
    config.pluginmanager.register(Counter(Path(os.environ["STANDFAST_SOAK"])), "count-cases")
