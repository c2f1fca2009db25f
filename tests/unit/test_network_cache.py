"""The cache of people and ties: found again, built anew when damaged, never in the way."""

from __future__ import annotations

import os
import tempfile

import numpy as np
import pytest

from standfast.network import archive, cache
from standfast.network.archive import DamagedArchive, load_arrays, save_arrays
from standfast.network.cache import content_key, people_and_network
from standfast.testing.scenarios import tiny_scenario

SCENARIO = tiny_scenario()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STANDFAST_CACHE", str(tmp_path))
    return tmp_path


def files(folder):
    return sorted(folder.rglob("*.arrays"))


def content(scenario, seed):
    people, network = people_and_network(scenario, seed)
    arrays = dict(people.to_arrays())
    for name in cache.LAYERS:
        layer = getattr(network, name)
        arrays |= {f"{name}.indptr": layer.indptr, f"{name}.indices": layer.indices}
    return {name: (array.dtype, array.tobytes()) for name, array in arrays.items()}


def forbid_building(monkeypatch):
    def build(*_):
        pytest.fail("built again")

    monkeypatch.setattr(cache, "build_people", build)


def test_what_was_built_once_is_found_again(folder, monkeypatch):
    built = content(SCENARIO, 1)
    assert len(files(folder)) == 1
    forbid_building(monkeypatch)
    assert content(SCENARIO, 1) == built


def test_titles_come_from_the_scenario_that_asks(monkeypatch):
    people_and_network(SCENARIO, 1)
    forces = SCENARIO.model_dump(mode="json")["forces"]
    forces["first-army"]["title"] = "Renamed"
    forbid_building(monkeypatch)
    people, _ = people_and_network(tiny_scenario(forces=forces), 1)
    assert people.battalion_title(0) == "Renamed, battalion 1"


def test_what_is_found_is_typed_as_what_is_built():
    built, found = (people_and_network(SCENARIO, 1)[0] for _ in range(2))
    for name, array in built.to_arrays().items():
        other = getattr(found, name)
        assert array.dtype == other.dtype, name
        assert not other.flags.writeable
        assert other.flags.aligned
        assert other.flags.c_contiguous


@pytest.mark.parametrize("damage", ["truncated", "emptied", "altered", "replaced", "longer"])
def test_a_damaged_file_is_built_anew(folder, damage):
    built = content(SCENARIO, 1)
    (file,) = files(folder)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        {
            "truncated": whole[:middle],
            "emptied": b"",
            "altered": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "replaced": b"something else" * 100,
            "longer": whole + b"x",
        }[damage]
    )
    assert content(SCENARIO, 1) == built
    assert file.read_bytes() == whole


@pytest.mark.parametrize("place", [0, 20, 60, 200, -1])
def test_any_altered_byte_is_noticed(folder, place):
    file = folder / "x.arrays"
    save_arrays(file, {"a": np.arange(10), "b": np.ones(3, np.float32)})
    whole = bytearray(file.read_bytes())
    whole[place] ^= 4
    file.write_bytes(whole)
    with pytest.raises(DamagedArchive):
        load_arrays(file)


def test_arrays_of_all_shapes_come_back(folder):
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.empty(0, np.int8), "c": np.float32([1.5])}
    save_arrays(folder / "x.arrays", arrays)
    found = load_arrays(folder / "x.arrays")
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_a_file_that_cannot_be_written_costs_no_run(folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(archive.tempfile, "mkstemp", refuse)
    people, network = people_and_network(SCENARIO, 1)
    assert people.n_agent == network.phone.n_agent
    assert files(folder) == []


def test_a_folder_that_cannot_be_made_costs_no_run(folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("STANDFAST_CACHE", str(folder / "file"))
    people, _ = people_and_network(SCENARIO, 1)
    assert people.n_agent == 7500
    people_and_network(SCENARIO, 2)
    assert len(list(folder.glob("standfast-*"))) == 1
    assert len(files(folder)) == 2


def test_a_write_that_fails_leaves_nothing_behind(folder, monkeypatch):
    def refuse(*_, **__):
        raise OSError

    monkeypatch.setattr(archive.os, "fsync", refuse)
    people_and_network(SCENARIO, 1)
    assert [file for file in folder.rglob("*") if file.is_file()] == []


def test_what_a_killed_writer_left_is_removed_after_a_day(folder):
    people_and_network(SCENARIO, 1)
    old, new = (files(folder)[0].with_name(f".partial-{x}") for x in ("old", "new"))
    for file, age in ((old, 2 * 86_400), (new, 60)):
        file.write_text("half")
        written = files(folder)[0].stat().st_mtime - age
        os.utime(file, (written, written))
    people_and_network(SCENARIO, 2)
    assert not old.exists()
    assert new.exists()


def test_old_files_are_removed(folder, monkeypatch):
    monkeypatch.setattr(cache, "N_KEPT", 2)
    for seed in range(4):
        people_and_network(SCENARIO, seed)
    assert len(files(folder)) == 2


FORCES = SCENARIO.model_dump(mode="json")["forces"]
MATTERS = {
    "paper": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"paper": 2999}}},
    "branch": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"branch": "militia"}}},
    "ghosts": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"ghosts": 0.2}}},
    "leave": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"leave": 0.2}}},
    "homes": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"homes": {"alpha": 1.0}}}},
    "cohesion": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"cohesion": 0.2}}},
    "volunteers": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"volunteers": 0.2}}},
    "service": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"service": "9 h"}}},
    "scheme": {"forces": FORCES | {"first-army": FORCES["first-army"] | {"unit_scheme": "police"}}},
    "order of forces": {"forces": dict(reversed(FORCES.items()))},
    "phones": {"population": {"phones": 0.5}},
    "means": {"population": {"means": 0.5}},
    "openness": {"population": {"openness": (3.0, 3.0)}},
    "contacts": {"network": {"phone_mean": 4.0}},
    "clustering": {"network": {"kin_clustering": 0.5}},
    "groups": {"groups": {"hill": {"title": "Hill"}}},
}


@pytest.mark.parametrize("change", MATTERS)
def test_what_matters_is_in_the_key(change):
    assert content_key(tiny_scenario(**MATTERS[change]), 1) != content_key(SCENARIO, 1)


def test_the_seed_is_in_the_key():
    assert content_key(SCENARIO, 1) != content_key(SCENARIO, 2)


def test_what_does_not_matter_is_not_in_the_key(folder):
    changed = {
        "title": "T", "place": "beta", "quality": 0.1, "corruption": 0.9, "commitment": 2.0,
        "reserve": True,
    }  # fmt: skip
    other = tiny_scenario(
        forces=FORCES | {"first-army": FORCES["first-army"] | changed},
        events=(),
        population={"exposed": 0.9, "credibility": 0.9, "perceived_exposure": 0.9},
        time={"start": "2015-01-01T00:00", "horizon": "5 d"},
    )
    assert content_key(other, 1) == content_key(SCENARIO, 1)
    built = content(SCENARIO, 1)
    files(folder)[0].unlink()
    assert content(other, 1) == built
