"""A change of the golden numbers is announced in a `results` fragment, or in the change log.

The announcement quotes the first twelve digits of the digest of `tests/golden`, so that an old
announcement cannot stand for a new change.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def digest(folder: Path) -> str:
    """Return the digest of the data files of a folder, by name and content."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:12]


def announced(root: Path) -> bool:
    """Tell whether the present golden numbers are named where readers look."""
    golden = root / "tests" / "golden"
    if digest(golden) == digest(root / "nothing"):
        return True
    places = [root / "CHANGELOG.md", *(root / "changes").glob("*.results.md")]
    return any(digest(golden) in path.read_text() for path in places if path.exists())


def test_golden_numbers_are_announced():
    assert announced(ROOT), (
        f"name the digest {digest(ROOT / 'tests' / 'golden')} in changes/*.results.md"
    )


def test_a_quiet_change_is_caught(tmp_path):
    golden = tmp_path / "tests" / "golden"
    golden.mkdir(parents=True)
    (tmp_path / "changes").mkdir()
    assert announced(tmp_path)
    (golden / "garrison.json").write_text('{"gone": 0.31}')
    assert not announced(tmp_path)
    fragment = tmp_path / "changes" / "fear.results.md"
    fragment.write_text(f"Fear fades faster (golden {digest(golden)}).")
    assert announced(tmp_path)
    (golden / "garrison.json").write_text('{"gone": 0.32}')
    assert not announced(tmp_path)
