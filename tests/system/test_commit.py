"""Putting files and folders in their place: whole or not at all, and right again after a death."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from standfast.results import commit
from standfast.results.commit import put_right, staging_for, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> None:
    with staging_for(folder) as staging:
        (staging / "a").write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_is_replaced_and_nothing_is_left(tmp_path, monkeypatch, can_exchange):
    if not can_exchange:
        monkeypatch.setattr(commit, "_exchange", lambda *_: False)
    for text in ("one", "two"):
        write(tmp_path / "out", text)
        assert (tmp_path / "out" / "a").read_text() == text
        assert names(tmp_path) == ["out"]


def test_this_system_exchanges_two_folders_in_one_step(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if sys.platform == "linux":
        assert commit._exchange(tmp_path / "a", tmp_path / "b")
        assert names(tmp_path / "a") == ["b"]


def test_what_a_dead_writer_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    (tmp_path / ".out.part-dead").mkdir()
    code = (
        "import sys; from pathlib import Path; from standfast.results.commit import staging_for\n"
        "with staging_for(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'a').write_text('theirs'); print(folder.name, flush=True); sys.stdin.read()\n"
    )
    line = [sys.executable, "-c", code, str(tmp_path / "out")]
    with subprocess.Popen(line, stdin=-1, stdout=-1, text=True) as other:
        theirs = other.stdout.readline().strip()
        write(tmp_path / "out", "ours")
        assert names(tmp_path) == [theirs, "out"]
        other.communicate("")
    assert names(tmp_path) == ["out"]
    assert (tmp_path / "out" / "a").read_text() == "theirs", "whoever ends last is there"


def test_a_death_between_two_renames_is_put_right(tmp_path):
    write(tmp_path / "out", "earlier")
    (tmp_path / "out").rename(tmp_path / ".out.old-1234")
    assert put_right(tmp_path / "out")
    assert (tmp_path / "out" / "a").read_text() == "earlier"
    assert not put_right(tmp_path / "out")


def test_a_name_with_brackets_and_letters_of_any_script(tmp_path):
    folder = tmp_path / "[1] نتيجة 结果"
    (tmp_path / f".{folder.name}.part-dead").mkdir()
    write(folder, "x")
    assert names(tmp_path) == [folder.name]


def test_a_file_is_the_old_one_when_writing_the_new_one_fails(tmp_path):
    def half(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", half)
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_every_point_is_passed_in_order(tmp_path):
    """The order that makes it safe: write, bring to the disk, rename, bring that to the disk."""
    code = (
        "import sys; from pathlib import Path; from standfast.results.commit import staging_for\n"
        "seen = []\n"
        "sys.addaudithook(lambda e, a: seen.append(a[0]) if e == 'standfast.commit' else None)\n"
        "with staging_for(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'a').write_text('x')\n"
        "print(*seen)\n"
    )
    line = [sys.executable, "-c", code, str(tmp_path / "out")]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.split() == ["write", "fsync", "fsync", "swap", "swapped", "fsync"]
