"""Bad scenario files through the real command: exit code, line, seconds, megabytes, no traceback.

Seconds are counted on the processor, not on the clock, so that a busy machine fails no test.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

TOWN = (Path(__file__).parents[1] / "data" / "town.yaml").read_text()
MAX_SECONDS = 2.0
MAX_MEGABYTES = 300
#: stands for personal data; no message may hold it
SECRET = "Abd-al-Zyxwvut"  # noqa: S105  not a password


def changed(*pairs: str) -> str:
    text = TOWN
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    return text


ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
PERSONNEL = TOWN + f"personnel:\n  - {{rank: captain, name: {SECRET}, phone: {SECRET}}}\n"
NESTED = "a: " + "[" * 200_000 + "]" * 200_000

#: the first line that differs from the sound file
AT = -1
#: name of the file, content, line of a problem, words of its message
BAD = [
    ("typo-in-field.yaml", changed("horizon:", "horizno:"), AT, 'Did you mean "horizon"'),
    ("typo-in-section.yaml", changed("\nplaces:", "\nplacse:"), AT, 'Did you mean "places"'),
    ("typo-in-word.yaml", changed("branch: army", "branch: amry"), AT, 'Did you mean "army"'),
    ("unknown-place.yaml", changed("place: west", "place: wset"), AT, 'Did you mean "west"'),
    ("unknown-kind.yaml", changed("kind: attack", "kind: atack"), 55, 'Did you mean "attack"'),
    ("unknown-mechanism.yaml", changed("M40", "M42"), AT, "mechanisms.M42"),
    ("wrong-unit.yaml", changed("horizon: 10 d", "horizon: 10 km"), AT, 'has the unit "km"'),
    ("no-unit.yaml", changed("length: 55 km", "length: 55"), AT, "carries no unit"),
    ("metres-for-kilometres.yaml", changed("length: 55 km", "length: 550 m"), AT, "straight line"),
    ("negative.yaml", changed("population: 200000", "population: -200000"), AT, "between 0 and"),
    ("zero.yaml", changed("paper: 600", "paper: 0"), AT, "between 1 and"),
    (
        "too-big-a-share.yaml",
        changed("support: {value: 30 %", "support: {value: 30"),
        AT,
        "Write 30 %",
    ),
    ("not-a-number.yaml", changed("latitude: 35.0", "latitude: .nan"), AT, "not a finite number"),
    ("nan-as-text.yaml", changed("latitude: 35.0", "latitude: NaN"), AT, "not a finite number"),
    ("infinite.yaml", changed("latitude: 35.0", "latitude: .inf"), AT, "not a finite number"),
    ("infinite-with-unit.yaml", changed("horizon: 10 d", "horizon: 1e999 d"), AT, "finite"),
    (
        "huge-whole-number.yaml",
        changed("paper: 600", "paper: 1" + "0" * 100_000),
        AT,
        "100001 digits",
    ),
    ("duplicate-key.yaml", changed("paper: 600", "paper: 600\n    paper: 900"), AT, "stands twice"),
    ("nesting-bomb.yaml", NESTED, 1, "nested"),
    ("nesting-bomb.json", '{"a":' * 50_000, 1, "nested"),
    ("nesting-bomb.toml", "a = " + "[" * 200_000, None, "nested|characters|cannot be read"),
    ("alias-bomb.yaml", ALIAS_BOMB, 1, "anchor"),
    ("many-values.yaml", "- 1\n" * 400_000, 100_000, "more than 100,000 values"),
    ("personnel.yaml", PERSONNEL, AT, "single persons"),
    ("personnel.json", f'{{"soldiers": [{{"surname": "{SECRET}"}}]}}', 1, "single persons"),
    ("personnel.toml", f'[[members]]\nfirst_name = "{SECRET}"\n', 1, "single persons"),
    ("personnel-table.yaml", f"rank;surname;phone\n1;{SECRET};2\n", 1, "single persons"),
    ("binary.yaml", b"\x7fELF" + bytes(range(256)) * 100, 2, "control character|UTF-8"),
    ("wrong-encoding.yaml", changed("Two towns", "Zwei Städte").encode("latin-1"), 4, "UTF-8"),
    ("wrong-encoding-16.yaml", TOWN.encode("utf-16"), 1, "UTF-8"),
    ("empty.yaml", "", 1, "empty"),
    ("only-comments.yaml", "# nothing\n", 1, "empty"),
    ("a-list.yaml", "- standfast: 1\n", 1, "is a list"),
    ("prose.yaml", "It was a dark night.\n", 1, "is a text"),
    ("norway.yaml", changed("enabled: false", "enabled: no"), AT, "Write false"),
    ("base-sixty.yaml", changed("at: 96 h", "at: 1:30"), AT, "base 60"),
    ("octal.yaml", changed("paper: 600", "paper: 0600"), AT, "base 8"),
    ("missing-sections.yaml", "standfast: 1\nscenario: x\ntitle: X\n", 1, "forces: is missing"),
    ("bad-date.yaml", changed("at: 2020-03-03T02:30", "at: 2020-02-30T02:30"), AT, "calendar"),
    ("zoned-date.yaml", changed("06:00", "06:00+03:00"), AT, "without a zone"),
    ("event-too-late.yaml", changed("at: 96 h", "at: 9600 d"), AT, "days after"),
    ("shares.yaml", changed("south: 0.5", "south: 0.4"), AT, "add up to 0.9"),
    ("road-to-itself.yaml", changed("end: west", "end: east"), AT, "begins and ends"),
    ("broken-brackets.yaml", changed("{west: 1}", "{west: 1"), AT, "begun in line"),
    ("tabs.yaml", changed("  start:", "\tstart:"), AT, "cannot be read"),
    ("tag.yaml", changed("title: Two towns", "title: !!python/name:os.system x"), AT, "tag"),
    ("broken.json", '{"standfast": 1,,}', 1, "cannot be read"),
    ("broken.toml", "standfast = 1\nscenario = town\n", 2, "cannot be read"),
    ("other-format.yaml", changed("standfast: 1", "standfast: 9"), AT, "format 1"),
    ("too-large.yaml", "# " + "x" * 3_000_000, None, "2,000,000 bytes"),
]

# A process inherits the peak memory of the one it is forked from, and a test process may be large:
# the command is started, and measured, by a small one.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    file.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
sys.exit(code)
"""


def check(*names: str | Path, cwd: Path) -> tuple[int, str, float, float]:
    """Run `standfast check`; return exit code, what it printed, its seconds and megabytes."""
    output, measured = cwd / "output.txt", cwd / "measured.txt"
    command = [sys.executable, "-m", "standfast.cli", "check", *names]
    with output.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-I", "-c", LAUNCHER, str(measured), *command],
            stdout=file,
            stderr=file,
            cwd=cwd,
            check=False,
        )
    seconds, megabytes = map(float, measured.read_text(encoding="utf-8").split())
    return done.returncode, output.read_text(encoding="utf-8"), seconds, megabytes


def expected_line(content: str | bytes, line: int | None) -> int | None:
    if line != AT or isinstance(content, bytes):
        return line
    pairs = zip((TOWN + "\n").splitlines(), content.splitlines(), strict=False)
    return next(
        (i for i, (old, new) in enumerate(pairs, start=1) if old != new), TOWN.count("\n") + 1
    )


def judge(name: str, content: str | bytes, line: int | None, words: str, shown: str) -> None:
    """Check what was printed about one bad file."""
    expected = expected_line(content, line)
    assert re.match(rf"ScenarioError: {name} has \d+ problem", shown)
    assert re.search(words, shown)
    assert expected is None or f"line {expected}" in shown
    assert "Traceback" not in shown
    assert SECRET not in shown
    assert len(shown) < 10_000


def write(folder: Path, name: str, content: str | bytes) -> None:
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


ALONE = [
    bad
    for bad in BAD
    if re.search(
        "typo-in-f|unknown-p|wrong|negative|number|infin|dup|bomb|many|pers|bin|empty|large", bad[0]
    )
]


@pytest.mark.parametrize(("name", "content", "line", "words"), ALONE, ids=[bad[0] for bad in ALONE])
def test_a_bad_file_is_refused_quickly_and_cheaply(tmp_path, name, content, line, words):
    write(tmp_path, name, content)
    code, shown, seconds, megabytes = check(name, cwd=tmp_path)
    judge(name, content, line, words, shown)
    assert code == 2
    assert seconds < MAX_SECONDS
    assert megabytes < MAX_MEGABYTES


def test_every_bad_file_gives_a_clear_error(tmp_path):
    for name, content, _, _ in BAD:
        write(tmp_path, name, content)
    code, shown, _, megabytes = check(*(name for name, *_ in BAD), cwd=tmp_path)
    parts = ["ScenarioError: " + part for part in shown.split("ScenarioError: ")[1:]]
    for bad, part in zip(BAD, parts, strict=True):
        judge(*bad, part)
    assert code == 2
    assert megabytes < MAX_MEGABYTES


def test_files_that_cannot_be_read_have_their_own_code(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    code, shown, _, _ = check("gone.yaml", "folder.yaml", "table.csv", "mosul-2015", cwd=tmp_path)
    assert code == 4
    assert shown.count("FileError") == 4
    assert "Traceback" not in shown


def test_a_sound_file_passes_the_same_way(tmp_path):
    (tmp_path / "town.yaml").write_text(TOWN)
    code, shown, seconds, megabytes = check("town.yaml", cwd=tmp_path)
    assert code == 0
    assert "nothing wrong" in shown
    assert seconds < MAX_SECONDS
    assert megabytes < MAX_MEGABYTES
