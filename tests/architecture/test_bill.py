"""The list of licences and the bill of materials hold every locked package, each with its licence."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKED = re.findall(
    r"^([\w.-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
)
PLAIN = {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in LOCKED}
PAGE = ROOT / "docs" / "reference" / "licences.md"


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return cells[2:]


def test_every_locked_package_has_its_licence():
    assert len(PLAIN) > 150
    assert {(name, version) for name, version, *_ in rows()} == PLAIN, "run tools/make_bill.py"
    assert all(licence for _, _, licence, _ in rows())


def test_no_licence_asks_that_what_uses_it_be_given_away():
    """Copyleft that reaches beyond the package itself would bind whoever uses standfast."""
    strong = [row for row in rows() if re.search(r"(?<![A-Z])A?GPL|GNU (?!Lesser)", row[2])]
    assert strong == []


def test_the_bill_of_materials_is_whole_and_of_the_form_it_names():
    bill = json.loads((ROOT / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert {(part["name"], part["version"]) for part in bill["components"]} == PLAIN
    references = [part["bom-ref"] for part in bill["components"]]
    assert len(set(references)) == len(references)
    assert bill["dependencies"][0]["dependsOn"] == references
    for part in bill["components"]:
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        assert part["licenses"][0]["license"]["name"]
