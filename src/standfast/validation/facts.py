"""The facts: S01 to S14 from the source article, L01 to L10 from the literature, with their windows."""

from __future__ import annotations

from standfast.errors import Problem, ScenarioError
from standfast.scenario.names import suggest
from standfast.scenario.tree import printable
from standfast.validation import aftermath, collapse, counterfactual, front, people
from standfast.validation.fact import Fact
from standfast.validation.worlds import (
    ANSWERED,
    AS_IT_IS,
    BOTH,
    DEFEAT,
    DOUBLED,
    EROSION,
    HARM,
    MESSAGES,
    NEITHER,
    QUIET,
    SILENT,
    SPARED,
    THREAT,
    TIPPING,
    UNEXPOSED,
)

_CASE = (AS_IT_IS,)

FACTS: tuple[Fact, ...] = (
    Fact(
        "S01",
        "Swift: from the first mass alarm to half of the force gone, after days of pressure without collapse",
        "hours to about two days",
        _CASE,
        collapse.swift,
    ),
    Fact(
        "S02",
        "Superior numbers do not save it: it collapses although those present outnumber the attackers",
        "by 10:1 or more",
        _CASE,
        collapse.outnumbering,
    ),
    Fact(
        "S03",
        "Few die: most of the loss is people leaving",
        "casualties are a small share",
        _CASE,
        collapse.few_die,
    ),
    Fact(
        "S04",
        "Local police worst, then police living elsewhere, then army; at each branch those with home and "
        "family under adversary influence worse than the rest",
        "in this order",
        _CASE,
        people.branch_and_home,
    ),
    Fact(
        "S05",
        "Cascade across units: places not yet attacked lose people after news of the fall",
        "more than before",
        _CASE,
        front.news_ahead,
    ),
    Fact(
        "S06",
        "The front runs south through towns with little resistance and halts short of the capital, with "
        "militias",
        "halts short of it",
        _CASE,
        front.runs_and_halts,
    ),
    Fact(
        "S07",
        "Two weeks on: many gone, some wavering in every remaining unit, trust low and barely recovering",
        "all of it",
        _CASE,
        aftermath.after_two_weeks,
    ),
    Fact(
        "S08",
        "Total collapse, not organised withdrawal",
        "the verdict",
        _CASE,
        collapse.total_collapse,
    ),
    Fact(
        "S09",
        "Many of those who left had the will to fight",
        "resolve above the median",
        _CASE,
        collapse.had_the_will,
    ),
    Fact(
        "S10",
        "Calls for reinforcement answered, leaders staying: it holds",
        "in most runs",
        (ANSWERED,),
        counterfactual.answered,
    ),
    Fact(
        "S11",
        "Exposure removed (records and families safe): fewer leave",
        "markedly, police most of all",
        (AS_IT_IS, UNEXPOSED),
        counterfactual.unexposed,
    ),
    Fact(
        "S12",
        "Double the attackers with no infiltration and no alarm does less harm than the real case",
        "less",
        (AS_IT_IS, DOUBLED),
        counterfactual.doubled,
    ),
    Fact(
        "S13",
        "Bimodal: near the tipping point the ensemble splits into runs that hold and runs that collapse",
        "few between",
        (TIPPING,),
        aftermath.bimodal,
    ),
    Fact(
        "S14",
        "Determined units that fight on until ordered out leave only after the order",
        "only after it",
        _CASE,
        collapse.ordered_out,
    ),
    Fact(
        "L01",
        "Two regimes: quiet loss; a rout of a garrison; hazard ratio",
        "1-4 % a month; 60-95 % in 24-96 h; 10^2.5 to 10^3.5",
        (AS_IT_IS, QUIET),
        aftermath.two_regimes,
    ),
    Fact(
        "L02",
        "Clustering: departures per squad overdispersed against the binomial; company intraclass correlation",
        "variance ratio at least 2; 0.05-0.4",
        _CASE,
        people.clustered,
    ),
    Fact(
        "L03",
        "Threat and defeat together do more than the sum of each alone",
        "ratio at least 1.3",
        (AS_IT_IS, THREAT, DEFEAT, NEITHER),
        counterfactual.together,
    ),
    Fact(
        "L04",
        "Force ratio predicts poorly: at paper ratios of 10-40 to 1 the chance of falling spans; casualties "
        "before the break in most falls",
        "0.2-0.8; under 10 %",
        _CASE,
        front.odds_say_little,
    ),
    Fact(
        "L05",
        "A front wave that halts inside the country: towns within days, then a halt, not 0 and not all",
        "3-6 towns, 2-14 days, at least 10 % of fallen runs",
        _CASE,
        front.halts_inside,
    ),
    Fact(
        "L06",
        "Intention leads acts: the wavering share against the cumulative departures in the week before",
        "at least twice, lead 1-7 d",
        _CASE,
        people.intention_leads,
    ),
    Fact(
        "L07",
        "Hysteresis: after the threat is gone trust and strength take longer to recover half-way than they "
        "took to fall",
        "ratio at least 5",
        (SPARED,),
        aftermath.slow_to_mend,
    ),
    Fact(
        "L08",
        "Mass messages alone move few; the same messages after verified harm move several times that",
        "at most 10 %; several times",
        (SILENT, MESSAGES, HARM, BOTH),
        counterfactual.messages,
    ),
    Fact(
        "L09",
        "The slow, identity-selective erosion of Syria 2011-12 is reachable with other settings",
        "half in 18 months, no rout",
        (EROSION,),
        aftermath.slow_erosion,
    ),
    Fact(
        "L10",
        "Mosul June 2014 by the clock: about 85 h of slow leakage, then a cliff; half gone by about 92 h, "
        "nine tenths by about 105 h; Tikrit about 26 h after Mosul with almost no fighting; halt at Samarra",
        "within a factor 1.5",
        _CASE,
        collapse.by_the_clock,
    ),
)


def choose_facts(wanted: tuple[str, ...]) -> tuple[Fact, ...]:
    """Return facts by id, in their order; all where none is named.

    Raises
    ------
    ScenarioError
        When there is no such fact, with the nearest one.

    Examples
    --------
    >>> [fact.id for fact in choose_facts(("L10", "S01"))]
    ['S01', 'L10']
    """
    known = {fact.id: fact for fact in FACTS}
    problems = [
        Problem("", f'"{printable(name)}" is no fact', suggest(name, known, "facts"))
        for name in wanted
        if name not in known
    ]
    if problems:
        msg = "--fact"
        raise ScenarioError(msg, problems)
    return tuple(fact for fact in FACTS if not wanted or fact.id in wanted)
