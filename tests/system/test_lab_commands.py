"""Every command of the laboratory, from the words typed to the files written, on a small garrison.

That the numbers are right is asserted elsewhere; here, that they are the same again, that everybody
is followed, and that what is written can be read.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import standfast
from standfast.cli.main import run_command
from standfast.errors import RunError, ScenarioError
from standfast.experiment import twin_tipping
from standfast.experiment.axes import place_at
from standfast.experiment.compare import NOTHING, compare
from standfast.experiment.execute import execute
from standfast.experiment.followed import MOVES, Garrisons, follow
from standfast.experiment.hysteresis import find_gap, sweep_there_and_back
from standfast.experiment.keys import RunRequest
from standfast.experiment.measures import read_measure
from standfast.experiment.outlook import WHOLE, look_at
from standfast.experiment.sensitivity import sensitivity
from standfast.experiment.sweep import sweep
from standfast.experiment.tipping import tip
from standfast.experiment.tipping_shown import show_twin
from standfast.experiment.trials import world
from standfast.experiment.vary import read_axis
from standfast.experiment.why import GROUPS, why
from standfast.meanfield.run import run_meanfield
from standfast.results.verdict import VERDICTS
from standfast.scenario.load import load_scenario
from standfast.scenario.mechanisms import MECHANISMS
from standfast.scenario.vocabulary import EXITS, SERVING, STATUS

#: a tenth of the garrison, eight days
SMALL = ["forces.brigade.paper=200", "forces.police.paper=180", "forces.reserve.paper=120",
         "events.assault.fighters=25", "adversary.fighters.city=6", "time.horizon=8 d"]  # fmt: skip
GARRISON = load_scenario("garrison", overrides=SMALL)
OPTIONS = [word for change in SMALL for word in ("--set", change)] + ["--no-progress"]
COMMANDS = {
    "compare": ["--with", "keep-leaders", "--with", "keep-leaders+answer-calls", "--replicates", "3"],
    "why": ["--mechanism", "M15", "--replicates", "2", "--no-groups"],
    "sweep": ["--vary", "commitment=7:10:3", "--vary", "keep-leaders=0:1:2", "--replicates", "2"],
    "tip": ["--vary", "commitment=5:14", "--runs", "24", "--no-mean-field"],
    "sensitivity": ["--vary", "commitment=7:9", "--vary", "trust=0.2:0.8", "--size", "2",
                    "--replicates", "2"],
    "discover": ["--vary", "commitment=5:12", "--vary", "trust=0.2:0.8", "--points", "40",
                 "--replicates", "1"],
    "portfolio": ["--with", "keep-leaders", "--with", "answer-calls:cost=2", "--replicates", "2",
                  "--method", "search", "--sets", "4"],
    "warning": ["--vary", "commitment=5:12", "--runs", "40", "--lead", "12 h", "--lead", "24 h"],
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_writes_what_can_be_read(name, tmp_path, capsys):
    folder = tmp_path / name
    words = [name, "garrison", *COMMANDS[name], *OPTIONS, "--out", str(folder)]
    assert run_command(words) == 0
    printed = capsys.readouterr().out
    assert "garrison under threat" in printed
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["experiment"] == name
    assert summary["runs"] == len(pd.read_parquet(folder / "runs.parquet"))
    assert len(pd.read_parquet(folder / "table.parquet"))
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["seed"] == 1
    assert set(provenance["sha256"]) | {"provenance.json"} == {x.name for x in folder.iterdir()}
    assert run_command(words) == 0, "an answer is replaced by the next one"
    assert json.loads((folder / "summary.json").read_text()) == summary


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["compare", "garrison", "--with", "keep-leader"], 2, 'Did you mean "keep-leaders"?'),
        (["compare", "garrison"], 3, "nothing to compare"),
        (["sweep", "garrison", "--vary", "comitment=1:2:3"], 2, 'Did you mean "commitment"?'),
        (["sweep", "garrison", "--vary", "commitment=1:2:3", "--hours", "1e-9"], 3, "take"),
        (
            ["tip", "garrison", "--vary", "commitment=7:8", "--hysteresis", "--hold", "3"],
            2,
            "no unit",
        ),
        (["why", "garrison", "--mechanism", "M99"], 2, "M99"),
        (["discover", "garrison", "--vary", "comitment=1:2"], 2, 'Did you mean "commitment"?'),
        (["discover", "garrison"], 2, "nothing is varied"),
        (
            ["discover", "garrison", "--vary", "trust=0:1", "--figure", "gif"],
            2,
            "no kind of figure",
        ),
        (
            ["sweep", "garrison", "--vary", "trust=0:1:2", "--figure", "pgn"],
            2,
            'Did you mean "png"?',
        ),
        (
            ["portfolio", "garrison", "--with", "adversary.columns=9"],
            2,
            "no measure of the defender",
        ),
        (["portfolio", "garrison", "--parameters", "nowhere.csv"], 4, "does not exist"),
        (["portfolio", "garrison", "--hours", "1e-9"], 3, "are allowed"),
        (["warning", "garrison", "--lead", "12"], 2, "no unit"),
        (["warning", "garrison", "--runs", "3"], 3, "runs is 3"),
        (["sensitivity", "garrison", "--by", "famly"], 2, 'Did you mean "family"?'),
        (["sensitivity", "garrison", "--method", "sobol", "--size", "5"], 3, "Ask for 4"),
    ],
)
def test_what_is_wrong_is_said_with_its_exit_code(words, code, says, tmp_path, capsys):
    assert run_command([*words, "--no-progress", "--out", str(tmp_path / "x")]) == code
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--processes", "2", "--cluster", "local"], "processes and a cluster were both asked for"),
        (["--processes", "2", "--threads", "2"], "threads were asked for, and processes"),
        (["--cluster", "tcp://10.0.0.7:8786"], "on another machine without TLS"),
    ],
)
def test_who_computes_is_chosen_once(options, says, tmp_path, capsys):
    words = [
        "compare",
        "garrison",
        "--with",
        "keep-leaders",
        *OPTIONS,
        "--out",
        str(tmp_path / "x"),
    ]
    assert run_command([*words, *options]) == 3
    assert says in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("means", [["--processes", "2"], ["--cluster", "local"]])
def test_processes_and_dask_give_the_same_answer(means, tmp_path, capsys):
    words = ["compare", "garrison", *COMMANDS["compare"], *OPTIONS]
    for name, options in {"here": [], "there": means}.items():
        assert run_command([*words, *options, "--out", str(tmp_path / name)]) == 0
    for name in ("summary.json", "runs.parquet", "table.parquet"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    capsys.readouterr()


def test_people_are_followed_one_by_one():
    """Counted from the agents again, the obvious way; those who moved make up the difference."""
    measure = {"interventions": [{"kind": "keep_leaders"}]}
    worlds = {"without": GARRISON, "with": GARRISON.with_(measure)}
    runs = execute(
        [RunRequest(s, 1, k, label) for label, s in worlds.items() for k in range(2)],
        keep_agents=True, progress=False,
    )  # fmt: skip
    table = runs.table
    pairs = [
        (a, b) for a, b in zip(world(table, "without").key, world(table, "with").key, strict=True)
    ]
    garrisons = Garrisons(GARRISON, 1)
    moves = follow(runs, pairs, garrisons)
    assert moves["stayed"].sum() > 0
    for k, (a, b) in enumerate(pairs):
        before, after = (runs.agents(key).status for key in (a, b))
        left = np.isin(before, [STATUS.index(way) for way in EXITS])
        serves = np.isin(after, [STATUS.index(way) for way in SERVING])
        assert moves["stayed"][k].sum() == (left & serves).sum()
        serving = [
            np.isin(x, [STATUS.index(way) for way in SERVING]).sum() for x in (before, after)
        ]
        gained = sum(int(moves[name][k].sum()) for name in ("stayed", "spared"))
        lost = sum(int(moves[name][k].sum()) for name in ("left", "fell"))
        assert serving[1] - serving[0] == gained - lost
    assert set(moves) == set(MOVES)
    same = follow(runs, [(a, a) for a, _ in pairs], garrisons)
    assert all(not counts.any() for counts in same.values())


def test_other_people_are_not_followed():
    garrisons = Garrisons(GARRISON, 1)
    assert garrisons.has_same_people(GARRISON.with_({"mechanisms.M15.enabled": False}))
    assert not garrisons.has_same_people(GARRISON.with_({"forces.police.leave": 0.5}))
    assert not garrisons.has_same_people(GARRISON.with_({"forces.police.place": "barracks"}))


def test_compare_is_the_difference_of_two_ensembles():
    answer = compare(GARRISON, ["keep-leaders", "sanction:size=0"], replicates=3, progress=False)
    base, other = world(answer.runs, NOTHING), world(answer.runs, "keep-leaders")
    told = answer.summary["measures"]["keep-leaders"]
    gone = (other["city.share_gone"] - base["city.share_gone"]).mean()
    assert told["share_gone"]["change"] == pytest.approx(gone, abs=1e-9)
    nothing = answer.summary["measures"]["sanction:size=0"]
    assert nothing["hours_gained"]["change"] == 0
    assert all(each["value"] == 0 for each in nothing["people"].values())
    assert answer.summary["measures"]["keep-leaders"]["people"]["stayed"]["value"] > 0
    people = answer.tables["people"]
    assert people[people.measure == "keep-leaders"].stayed.sum() == pytest.approx(
        told["people"]["stayed"]["value"]
    )
    assert "keep-leaders" in answer._repr_html_()


def test_why_tells_the_two_kinds_apart():
    groups = {"command": ["M13", "M14", "M15", "M17"], "front": GROUPS["front"]}
    answer = why(GARRISON, 3, mechanisms=["M15", "M05"], groups=groups, progress=False)
    table = answer.table
    proximate = table[table.kind == "proximate"]
    assert proximate.value.sum() == pytest.approx(1)
    singles = table[table.kind == "causal, one off"].set_index("name")
    assert set(singles.index) == {"M15", "M05"}
    shapley = table[table.kind == "causal, Shapley"]
    whole = answer.summary["nothing_acts"]
    made = whole["share_gone_with_all"]["value"] - whole["share_gone_with_none"]["value"]
    assert shapley.value.sum() == pytest.approx(made)
    assert shapley.set_index("name").value["front"] > 0.1
    assert "proximate" in answer._repr_html_()
    assert "causal" in answer._repr_html_()


def test_every_reason_to_leave_is_in_one_group():
    members = [key for group in GROUPS.values() for key in group]
    assert len(members) == len(set(members))
    outside = set(MECHANISMS) - set(members)
    assert outside == {"M12", "M27", "M28", "M29", "M30", "M31", "M32", "M41"}  # ways out, verdict


def test_a_sweep_is_labelled(tmp_path):
    axes = ["commitment=7:10:3", "mechanisms.M15.enabled=true,false"]
    answer = sweep(GARRISON, axes, replicates=2, progress=False)
    folder = answer.save(tmp_path / "sweep")
    data = xr.load_dataset(folder / "table.nc", engine="h5netcdf")
    assert dict(data.sizes) == {"commitment": 3, "mechanisms.M15.enabled": 2}
    total = sum(data[f"P({verdict})"] for verdict in VERDICTS)
    assert np.allclose(total, 1)
    assert (folder / "phase.png").read_bytes().startswith(b"\x89PNG")
    alone = execute([RunRequest(GARRISON.with_({"behaviour.decision.commitment": 8.5}), 1, 1)])
    row = answer.runs[(answer.runs.point == 2) & (answer.runs.replicate == 1)].iloc[0]
    assert row["key"] == alone.table["key"][0]


def test_figures_are_drawn_as_asked(tmp_path):
    answer = sweep(GARRISON, ["commitment=7:10:2"], replicates=1, figure="svg", progress=False)
    pictures = [(answer.save(tmp_path / name) / "phase.svg").read_bytes() for name in "ab"]
    assert pictures[0] == pictures[1]
    assert b"synthetic people" in pictures[0]


def test_random_designs_stay_within_their_ranges():
    for design in ("lhs", "sobol"):
        answer = sweep(
            GARRISON, ["commitment=7:10", "trust=0.2:0.8"], replicates=1, design=design, points=4,
            progress=False,
        )  # fmt: skip
        assert len(answer.table) == 4
        assert answer.table["commitment"].between(7, 10).all()
        assert answer.table["commitment"].nunique() == 4


def test_a_tipping_point_is_found_between_the_ends():
    answer = tip(GARRISON, "commitment=5:15", runs=40, within=0.2, mean_field=False, progress=False)
    told = answer.summary["tipping_point"]
    assert answer.summary["stopped"] in {"found", "used up"}
    assert 5 < told["low"] < told["value"] < told["high"] < 15
    assert told["rising"] < 0.05
    table = answer.table
    assert table.runs.sum() == answer.summary["runs"] == len(answer.runs)
    again = tip(GARRISON, "commitment=5:15", runs=40, within=0.2, mean_field=False, threads=1)
    assert again.summary["seed"] == answer.summary["seed"]
    other = again.runs.iloc[:10]["key"].tolist()
    assert other == answer.runs.iloc[:10]["key"].tolist()


def test_the_twin_tips_where_it_says(monkeypatch):
    """Its verdict is of one kind under the value and of the other above it."""
    monkeypatch.setattr(twin_tipping, "_N_FIRST", 3)
    monkeypatch.setattr(twin_tipping, "_N_HALVING", 3)
    axis, outlook = read_axis("commitment=5:15", GARRISON), look_at(GARRISON)
    found = twin_tipping.find_twin_tipping(GARRISON, axis, outlook)
    assert found.at_low
    assert not found.at_high
    for value, collapses in ((found.value - 1, True), (found.value + 1, False)):
        run = run_meanfield(place_at(GARRISON, [axis], [value]))
        verdict = run.judgement.verdict[run.places.index("city")]
        assert (verdict == outlook.verdict) == collapses
    assert found.margin_at_low < found.margin_at_high
    shown = show_twin(axis, found)
    assert "turns at commitment" in shown.title


def test_the_way_back_is_not_the_way_there():
    axis = read_axis("commitment=5:10", GARRISON)
    outlook = look_at(GARRISON)
    table = sweep_there_and_back(
        GARRISON, axis, outlook, [10.0, 7.0, 5.0], hold_h=96.0, replicates=2
    )
    gap = find_gap(table)
    assert gap.widest > 0.1
    there = table[table.way == "there"].groupby("value").serving.mean()
    assert there[10.0] > 0.9 > there[5.0]


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ("events.assault.fighters=10:90", "of an event"),
        ("move-families=0:1", "acts once"),
        ("adversary.fighters.city=1:50", "how a run starts"),
    ],
)
def test_what_cannot_be_swept_there_and_back_is_refused(vary, says):
    axis = read_axis(vary, GARRISON)
    with pytest.raises(RunError, match=says):
        sweep_there_and_back(GARRISON, axis, look_at(GARRISON), [axis.low, axis.high], hold_h=1.0)


def test_sensitivity_finds_what_matters():
    """Punishment hardly acts on a garrison this small; commitment decides who goes, and when."""
    answer = sensitivity(
        GARRISON, ["commitment=6:12", "weight_punishment=0:0.1"], size=3, replicates=2,
        progress=False,
    )  # fmt: skip
    table = answer.table
    hours = table[(table.outcome == "log hours") & (table["index"] == "mu*")]
    found = hours.set_index("factor").value
    assert found["commitment"] > 5 * found["weight_punishment"]
    assert len(answer.tables["points"]) == answer.summary["points"]


def test_the_whole_can_be_asked_about():
    answer = sweep(GARRISON, ["commitment=7:10:2"], replicates=1, place=WHOLE, progress=False)
    assert answer.summary["place"] == WHOLE
    with pytest.raises(ScenarioError, match="nobody serves"):
        sweep(GARRISON, ["commitment=7:10:2"], replicates=1, place="hinterland")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param("discover", marks=pytest.mark.slow),
        "portfolio",
        pytest.param("early_warning", marks=pytest.mark.slow),
    ],
)
def test_the_same_answer_for_any_number_of_threads(ask):
    """Summaries and tables, cell by cell."""
    asked = {
        "discover": {"vary": ["commitment=5:12"], "points": 40, "replicates": 1},
        "portfolio": {"measures": ["keep-leaders", "answer-calls:cost=2"], "replicates": 2,
                      "method": "search", "sets": 4},
        "early_warning": {"vary": ["commitment=5:12"], "runs": 24, "leads": [12.0]},
    }[ask]  # fmt: skip
    put = getattr(standfast, ask)
    one, two = (put(GARRISON, threads=threads, progress=False, **asked) for threads in (1, 2))
    assert one.summary == two.summary
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.runs, two.runs)


def test_a_set_is_cheap_enough_by_the_runs_of_compare():
    """The risk of each set by enumeration is that of the same world run by itself."""
    asked = ["keep-leaders", "answer-calls:cost=2"]
    answer = standfast.portfolio(GARRISON, asked, replicates=3, progress=False)
    both = execute(
        [RunRequest(read_measure("keep-leaders + answer-calls", GARRISON).apply(GARRISON), 1, k)
         for k in range(3)],
        progress=False,
    ).table  # fmt: skip
    row = answer.table.set_index("set").loc["keep-leaders + answer-calls:cost=2"]
    assert row["risk_chosen_by"] == (both["city.verdict"] == "total collapse").mean()
    assert row["cost"] == 3
    assert sorted(answer.table["cost"]) == [0, 1, 2, 3]


def test_draws_of_parameters_are_the_worlds_a_set_must_do_in(tmp_path):
    draws = tmp_path / "draws.csv"
    pd.DataFrame({"commitment": [5.0, 12.0]}).to_csv(draws, index=False)
    asked = {"measures": ["keep-leaders"], "parameters": draws, "replicates": 2, "progress": False}
    mean = standfast.portfolio(GARRISON, **asked)
    worst = standfast.portfolio(GARRISON, robust="worst", **asked)
    assert mean.summary["cases"] == ["draw 0", "draw 1"]
    risks = mean.tables["cases"].groupby("set")["risk"]
    for answer, expected in ((mean, risks.mean()), (worst, risks.max())):
        judged = answer.table[answer.table["judged"]].set_index("set")["risk"]
        assert judged.to_dict() == pytest.approx(expected.loc[list(judged.index)].to_dict())
    assert risks.max()["nothing"] > risks.mean()["nothing"], "the draws must differ"
