"""The credibility card: eight factors after NASA-STD-7009, each with its level, evidence and ceiling.

Levels go from 0 (nothing that would convince anybody) to 4. The card is about the program and its shipped
parameters, not about one result; the lowest level comes first, since a chain is as strong as that. Levels are
this project's own assessment and were reviewed by nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

HIGHEST = 4


@dataclass(frozen=True)
class Factor:
    """One of the eight factors.

    Attributes
    ----------
    name, group
        As in the standard.
    level
        Reached, 0 to 4.
    ceiling
        Highest that can be reached for this subject, however much is done.
    evidence
        Why it is not lower.
    lacks
        Why it is not higher.
    limit
        Why the ceiling is where it is.
    page
        Page of the documentation that has the evidence; empty where there is none.
    """

    name: str
    group: str
    level: int
    ceiling: int
    evidence: str
    lacks: str
    limit: str
    page: str = ""


#: in the order of the standard
FACTORS: tuple[Factor, ...] = (
    Factor(
        "Verification",
        "Development",
        3,
        4,
        "Every submodel is compared with numbers known from theory, the engine with a slow twin and with other "
        "programs, results with kept ones, and planted faults show which tests notice.",
        "Nobody outside the project has repeated it, and some planted faults go unnoticed.",
        "What the equations say can be checked as exactly as wanted.",
        "validation/verification.md",
    ),
    Factor(
        "Validation",
        "Development",
        1,
        2,
        "Facts of the case and outcome classes of seven other cases are measured, with windows, and what fails is "
        "listed.",
        "Parameters were chosen with several of these facts in view; several numbers are wrong; nothing was "
        "predicted before it happened.",
        "Collapses are few, reported by hearsay, and cannot be repeated.",
        "validation/cases.md",
    ),
    Factor(
        "Input pedigree",
        "Operations",
        1,
        2,
        "Every value carries its source and grade, and reports say which share is assumed.",
        "Most behavioural parameters and most values of the cases are assumed; part of the sources is recalled "
        "and was not looked up again.",
        "Strengths, fears and ties of a force in war are known as press figures at best.",
        "model/parameters.md",
    ),
    Factor(
        "Results uncertainty",
        "Operations",
        2,
        3,
        "Every number comes with its spread over replicates, which share draws between the worlds compared.",
        "The spread is that of luck alone; doubt about parameters and about the form of the model is larger, and "
        "enters only where it is asked for.",
        "Doubt about the form of the model cannot be counted.",
        "start/read-the-result.md",
    ),
    Factor(
        "Results robustness",
        "Operations",
        2,
        3,
        "Sensitivity, tipping points and regions of inputs that collapse can be computed for any outcome, and were "
        "for the shipped cases.",
        "Not every conclusion was tested against every assumed value, and interactions of many at once hardly.",
        "With some two hundred parameters not all combinations can be tried.",
        "guide/discover.md",
    ),
    Factor(
        "Use history",
        "Supporting",
        0,
        1,
        "None: the program is new.",
        "It has supported no decision, and nobody has seen whether it was right.",
        "Whether it is right about an event to come can be known only afterwards, and of few.",
    ),
    Factor(
        "Management",
        "Supporting",
        2,
        3,
        "Versions, locked packages, kept results, an account of every change that alters numbers, and a run that "
        "names its commit and can be repeated byte by byte.",
        "There is no board, no audit and no accreditation.",
        "A project of volunteers is not run as the standard asks for flight.",
        "guide/reproduce.md",
    ),
    Factor(
        "People qualifications",
        "Supporting",
        0,
        3,
        "None that could be shown: it says nothing about who made it or who runs it.",
        "No expert on the case has reviewed model, parameters or cases.",
        "Those who use it can be trained; most will not have been where it happened.",
    ),
)


def card() -> tuple[Factor, ...]:
    """Return the factors, the lowest level first and otherwise in the order of the standard.

    Examples
    --------
    >>> [(factor.name, factor.level) for factor in card()][:3]
    [('Use history', 0), ('People qualifications', 0), ('Validation', 1)]
    """
    return tuple(sorted(FACTORS, key=lambda factor: factor.level))


def in_a_sentence() -> str:
    """Say the lowest level and what has it.

    Examples
    --------
    >>> in_a_sentence()
    'At its weakest the credibility is 0 of 4: use history and people qualifications.'
    """
    lowest = card()[0].level
    names = [factor.name.lower() for factor in card() if factor.level == lowest]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"At its weakest the credibility is {lowest} of {HIGHEST}: {listed}."
