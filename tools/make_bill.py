"""Write what standfast is made of: the licences of every locked package, and a CycloneDX bill of materials.

    python tools/make_bill.py

From requirements.lock and what the installed packages say of themselves; `make lock` ends with it. Packages
that are not installed here, as only other systems need them, are in `ELSEWHERE`.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK, BILL = ROOT / "requirements.lock", ROOT / "sbom.cdx.json"
PAGE = ROOT / "docs" / "reference" / "licences.md"
_LINE = re.compile(r"^([\w.-]+)==([^ ;\\]+)(?: ; ([^\\]+))?", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "
#: licences of packages that only other systems or interpreters need, as read in these very versions
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "arviz-base": "Apache Software License",
    "arviz-plots": "Apache Software License",
    "arviz-stats": "Apache Software License",
    "lazy-loader": "BSD-3-Clause",
}
HEAD = """<!-- Written by tools/make_bill.py from requirements.lock. -->

# Licences

standfast is under Apache-2.0. What `make install` installs beside it, tools for development and documentation
included, is under the licences that the packages state themselves; the same list is in `sbom.cdx.json`, a
bill of materials in the form of CycloneDX 1.6. What the page of a report carries is listed in
`src/standfast/report/static/LICENCES.txt`.

| package | version | licence | needed where |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Package:
    """A locked package."""

    name: str
    version: str
    where: str
    licence: str


def packages() -> list[Package]:
    """Return every package of the lock, with its licence; empty where nobody states any."""
    found = []
    for name, version, where in _LINE.findall(LOCK.read_text(encoding="utf-8")):
        plain = re.sub(r"[-_.]+", "-", name).lower()
        found.append(Package(plain, version, where.strip(), licence_of(plain)))
    return sorted(found, key=lambda package: package.name)


def licence_of(name: str) -> str:
    """Return the licence that a package states: an expression, classifiers, or the first line of a text."""
    try:
        about = distribution(name)
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    return _stated(about) or ELSEWHERE.get(name, "")


def _stated(about: Distribution) -> str:
    expression = about.metadata.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = about.metadata.get_all("Classifier") or []
    named = [text.removeprefix(_CLASSIFIER) for text in classifiers if text.startswith(_CLASSIFIER)]
    if named:
        return ", ".join(sorted(named))
    text = str(about.metadata.get("License") or "").strip()
    return text.splitlines()[0].strip()[:80] if text else ""


def page(found: list[Package]) -> str:
    """Return the page."""
    rows = (
        f"| {x.name} | {x.version} | {x.licence} | {f'`{x.where}`' if x.where else 'everywhere'} |\n"
        for x in found
    )
    return HEAD + "".join(rows)


def bill(found: list[Package]) -> dict[str, Any]:
    """Return the bill of materials; nothing in it depends on when or where it was written."""
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = {"type": "application", "bom-ref": "standfast", "name": own["name"], "version": own["version"],
             "licenses": [{"expression": own["license"]}]}  # fmt: skip
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": about},
        "components": [
            {"type": "library", "bom-ref": f"pkg:pypi/{x.name}@{x.version}", "name": x.name, "version": x.version,
             "purl": f"pkg:pypi/{x.name}@{x.version}", "licenses": [{"license": {"name": x.licence}}]}
            for x in found
        ],
        "dependencies": [
            {"ref": "standfast", "dependsOn": [f"pkg:pypi/{x.name}@{x.version}" for x in found]}
        ],
    }  # fmt: skip


def main() -> int:
    """Write both; return 1 when a package states no licence."""
    found = packages()
    PAGE.write_text(page(found), encoding="utf-8")
    BILL.write_text(json.dumps(bill(found), indent=1) + "\n", encoding="utf-8")
    without = [package.name for package in found if not package.licence]
    print(f"{len(found)} packages", *(f"{name} states no licence" for name in without), sep="\n")
    return int(bool(without))


if __name__ == "__main__":
    sys.exit(main())
