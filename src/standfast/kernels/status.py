"""Codes that kernels read and write; each list is in the order of `standfast.scenario.vocabulary`."""

from __future__ import annotations

# status of an agent
DUTY, LEAVE, HIDING, DISPLACED, RENOUNCED, ABROAD, DEFECTED, DEAD, CAPTURED, BACK, GHOST = range(11)
N_STATUS = 11
N_EXIT = 5  # HIDING .. DEFECTED

# who rules a place
GOVERNMENT, CONTESTED, ADVERSARY = range(3)

# where a family is
FAMILY_HOME, FAMILY_MOVED, FAMILY_ABROAD = range(3)

# where a home lies
HOME_LOCAL, HOME_INFLUENCED, HOME_ELSEWHERE = range(3)

# marks of what happened to somebody in a step, one bit each
LEFT, HARMED = 1, 2

# terms of the pressure to leave
(
    TERM_FEAR,
    TERM_FAMILY,
    TERM_BELIEF,
    TERM_TRUST,
    TERM_COMRADES,
    TERM_SUSPICION,
    TERM_ORDER,
    TERM_RESOLVE,
    TERM_SAFETY,
    TERM_CROSS,
    TERM_BASE,
) = range(11)
N_TERM = 11

# kinds of news that can go round
FALL, ALARM, FLIGHT, PRISON, TREACHERY = range(5)
N_SLOT = 8  # pieces of news in circulation at once, one bit each

# the log, in the order of vocabulary.LOG_KINDS
(
    LOG_ATTACK,
    LOG_ASSAULT,
    LOG_LOST,
    LOG_SETS_OUT,
    LOG_ARRIVES,
    LOG_HALT,
    LOG_CALL,
    LOG_ANSWERED,
    LOG_REFUSED,
    LOG_UNANSWERED,
    LOG_REINFORCED,
    LOG_COMMANDERS,
    LOG_MESSAGE,
    LOG_ORDER,
    LOG_EVACUATION,
    LOG_ROUT,
    LOG_CALL_UP,
    LOG_BREACH,
    LOG_PRISON,
    LOG_MOBILISATION,
    LOG_ULTIMATUM,
    LOG_SAFETY,
    LOG_TREACHERY,
    LOG_INTERVENTION,
    LOG_BREAKS_OFF,
    LOG_INTENSIFY,
) = range(26)
