r"""V18: credibility of threats learns as Rescorla and Wagner (1972) say, through whole runs.

:math:`\Delta V=\alpha\beta(\lambda-\sum V)`. With one cue and :math:`\lambda=1`,
:math:`V_n=1-(1-\alpha\beta)^n` and, unreinforced, :math:`V_n=V_0(1-\alpha\beta)^n`. In the engine V is the
credibility A of threats. A home under the adversary hears an ultimatum an hour (`ultimatum_period`);
carried out (`ultimatum_kept` 1) it is a trial with :math:`\alpha\beta` = `ultimatum_gain`, empty (0) one
of extinction with `credibility_loss`. Harm to a contact is a second kind of trial, at
`credibility_gain`: here one man of each squad is exposed, and his house burns about every hour.

**A is one number a person**: of several cues only the sum :math:`\sum V` is kept, which is all that
the others' error term needs. So what each cue adds can be read off as long as the engine tells the
cues apart in time: with both in every hour, harm is felt before the ultimatum, and they add
:math:`\alpha_h(1-A)` and :math:`\alpha_u(1-A)(1-\alpha_h)`. The sum goes to 1, not 2, and the parts are
as :math:`\alpha_h:\alpha_u(1-\alpha_h)`, which is overshadowing, :math:`\alpha_h:\alpha_u`, in the limit of small
rates; the order within an hour is the engine's own. Blocking: whoever believes already learns nothing
from a new cue, :math:`(1-A)\alpha_u`. What a cue was worth alone (say, extinction of one cue and not of
the other) **cannot be expressed**.

Everything here is without chance: exact to float32, 3e-7 a trial. Wrong twin: gains that add up,
:math:`n\alpha\beta`, or cues that learn apart, each to 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from contacts import people_with

from standfast.engine.compile import compile_plan
from standfast.engine.run import Run
from standfast.scenario.model import Scenario
from standfast.testing.limits import crowd

pytestmark = pytest.mark.theory

PEOPLE, SQUAD = 200, 10
FLOAT32 = 3e-7
SOURCE = "Rescorla and Wagner 1972"


def lessons(
    kept: float,
    gain: float,
    loss: float = 0.0,
    harm: float = 0.0,
    trials: int = 20,
    credible: float = 0.0,
) -> np.ndarray:
    """Return credibility, (trials + 1, PEOPLE), when an ultimatum comes at the end of each hour.

    With `harm`, its `credibility_gain`, the first of every squad is harmed hour by hour.
    """
    scenario = crowd(
        PEOPLE,
        on=["M09", "M11"] + ["M01"] * (harm > 0.0),
        scheme={"squad": SQUAD, "company": SQUAD, "battalion": SQUAD},
        behaviour={
            "decision": {"rate_max": "0 / h", "weight_family": 0.0},
            "exposure": {
                "ultimatum_period": "1 h", "ultimatum_kept": kept, "ultimatum_gain": gain,
                "credibility_loss": loss, "credibility_gain": harm, "harm_killed_share": 0.0,
                "harm_rate": "1 / h" if harm else "0 / h",
            },
            "information": {"campaign_contested": 100.0, "broadcast_rate": "0 / h"},
            "fear": {"shock_harm": 0.0},
        },
        population={"credibility": credible},
    )  # fmt: skip
    home = {
        "title": "Home",
        "latitude": 1.0,
        "longitude": 1.0,
        "control": "adversary",
        "infiltration": 1.0,
    }
    force = scenario.forces["all"].model_copy(update={"homes": {"home": 1.0}})
    changes = {"places": dict(scenario.places) | {"home": home}, "forces": {"all": force}}
    scenario = Scenario.model_validate(dict(scenario) | changes, strict=False)
    run = Run(compile_plan(scenario, 1, people=people_with(scenario, means=0)), 0)
    run.arrays["exposed"][:] = (np.arange(PEOPLE) % SQUAD == 0) if harm else 0
    believed = [run.arrays["credibility"].astype(float)]
    for _ in range(trials):
        run.advance()
        believed.append(run.arrays["credibility"].astype(float))
    return np.array(believed)


@pytest.mark.parametrize(
    ("trials", "value"), [(1, 0.1), (5, 0.40951), (10, 0.651322), (20, 0.878423)]
)
def test_acquisition(verified, trials, value):
    believed = lessons(1.0, 0.1)[trials]
    assert np.ptp(believed) == 0.0
    verified(
        "V18", f"V after {trials} trials at 0.1", measured=believed[0], expected=value,
        tolerance=5e-7 + FLOAT32 * trials, tolerance_from="digits given, and float32",
        wrong=0.1 * trials if trials > 1 else 1.0 - np.exp(-0.1),
        wrong_twin="gains add up" if trials > 1 else "gain for a rate", source=SOURCE,
    )  # fmt: skip


@pytest.mark.parametrize("trials", [1, 5, 20])
def test_extinction(verified, trials):
    """Each from his own start, which is drawn."""
    believed = lessons(0.0, 0.1, loss=0.15, credible=0.6)
    there = believed[0] > 0.1
    assert there.sum() > 0.5 * PEOPLE
    assert np.ptp(believed[0][there]) > 0.5
    left = believed[trials][there] / believed[0][there]
    assert np.ptp(left) < 4 * FLOAT32 * trials
    verified(
        "V18", f"share of V left after {trials} trials of extinction at 0.15", measured=left.mean(),
        expected=0.85**trials, tolerance=FLOAT32 * trials, tolerance_from="float32",
        wrong=max(0.0, 1.0 - 0.15 * trials) if trials > 1 else 0.9,
        wrong_twin="losses add up" if trials > 1 else "extinction at the rate of learning", source=SOURCE,
    )  # fmt: skip


def taught_twice(harm: float, gain: float, trials: int) -> tuple[float, float]:
    """Return what harm and ultimatum add in all, by what each would change in turn."""
    by_harm = by_word = value = 0.0
    for n in range(trials):
        if n > 0:  # harm of an hour reaches the squad in the next
            by_harm += harm * (1.0 - value)
            value += harm * (1.0 - value)
        by_word += gain * (1.0 - value)
        value += gain * (1.0 - value)
    return by_harm, by_word


@pytest.mark.parametrize(("harm", "gain"), [(0.06, 0.03), (0.02, 0.1)])
def test_two_cues_share_what_can_be_believed(verified, harm, gain):
    together = lessons(1.0, gain, harm=harm, trials=40)
    mates = np.arange(PEOPLE) % SQUAD > 0
    # with chance exp(-10) an hour the exposed man is spared: the median is of squads where he is not
    value = np.median(together[40][mates])
    by_harm, by_word = taught_twice(harm, gain, 40)
    assert by_harm + by_word == pytest.approx(1.0 - (1.0 - gain) ** 40 * (1.0 - harm) ** 39)
    verified(
        "V18", f"two cues, {harm} and {gain}: their sum after 40 trials", measured=value,
        expected=by_harm + by_word, tolerance=80 * FLOAT32, tolerance_from="float32", source=SOURCE,
        wrong=2.0 - (1.0 - gain) ** 40 - (1.0 - harm) ** 39, wrong_twin="each cue learns by itself",
    )  # fmt: skip


def test_the_part_of_each_cue(verified):
    """Overshadowing: the sum without the other cue and with it gives back the parts, step by step."""
    harm, gain, trials = 0.06, 0.03, 40
    value = lessons(1.0, gain, harm=harm, trials=trials)
    mate = int(np.argmax(value[trials] == np.median(value[trials][np.arange(PEOPLE) % SQUAD > 0])))
    path = value[:, mate]
    # within an hour harm comes first: (1 - A') = (1 - A)(1 - harm)(1 - gain)
    by_harm = harm * (1.0 - path[1:-1])
    by_word = np.diff(path[1:]) - by_harm
    verified(
        "V18", "V_A : V_B of two cues together", measured=by_harm.sum() / by_word.sum(),
        expected=harm / (gain * (1.0 - harm)), tolerance=1e-3, tolerance_from="float32 of 80 differences",
        wrong=(1.0 - (1.0 - harm) ** 39) / (1.0 - (1.0 - gain) ** 40),
        wrong_twin="each cue learns by itself", source=SOURCE,
    )  # fmt: skip


def test_a_learnt_cue_blocks_a_new_one(verified):
    """Ultimatums teach whoever has seen harm for 40 hours next to nothing, others much."""
    naive = lessons(1.0, 0.03, trials=41)[1, 1]
    harmed = lessons(0.0, 0.03, harm=0.1, trials=40)
    mate = int(np.argmax(harmed[40] == np.median(harmed[40][np.arange(PEOPLE) % SQUAD > 0])))
    learnt = harmed[40, mate]
    assert learnt == pytest.approx(1.0 - 0.9**39, abs=80 * FLOAT32)
    both = lessons(1.0, 0.03, harm=0.1, trials=40)
    later = both[40, mate] - both[39, mate]
    harm_only = 0.1 * (1.0 - both[39, mate])
    assert naive == pytest.approx(0.03, abs=FLOAT32)
    verified(
        "V18", "what a new cue adds after a learnt one, per trial", measured=later - harm_only,
        expected=0.03 * 0.9 * (1.0 - both[39, mate]), tolerance=4 * FLOAT32, tolerance_from="float32",
        wrong=naive, wrong_twin="no blocking: as for the naive", source=SOURCE,
    )  # fmt: skip
