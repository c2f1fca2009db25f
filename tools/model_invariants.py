"""The page of changes of status and of what holds at every step, from the tables that tests use."""

from __future__ import annotations

from model_fields import table
from standfast.scenario.vocabulary import STATUS
from standfast.testing.invariants import INVARIANTS
from standfast.testing.transitions import TRANSITIONS, allowed_transitions, final_statuses


def transitions() -> str:
    """Write the page of changes of status and of invariants."""
    allowed = allowed_transitions()
    rows = [
        [f"`{each.start}`", f"`{each.end}`", each.says, each.mechanisms] for each in TRANSITIONS
    ]
    matrix = [
        [
            f"`{start}`",
            *("" if k == j else "yes" if allowed[k, j] else "–" for j in range(len(STATUS))),
        ]
        for k, start in enumerate(STATUS)
    ]
    held = [[f"`{name}`", each.says, each.when] for name, each in INVARIANTS.items()]
    final = ", ".join(f"`{name}`" for name in final_statuses())
    return (
        "# Changes of status, and what always holds\n\n"
        "## Changes of status within a step\n\n"
        f"These {len(TRANSITIONS)} are possible, and no others. Those with a mechanism need its switch, "
        "or one of them. "
        f"{final} are left by nobody within a run.\n\n"
        + table(["from", "to", "when somebody", "by"], rows)
        + "\n\nRows are the status before a step, columns the status after it:\n\n"
        + table(["", *(f"`{name}`" for name in STATUS)], matrix)
        + "\n\n## Invariants\n\n"
        f"These {len(INVARIANTS)} hold at every step of every run; `standfast.testing.invariants.watch` "
        "checks them while a run advances. The tests watch random small scenarios, a built-in case "
        "and the proving ground, show every invariant a violation that it catches, and see "
        "every change of status above happen.\n\n"
        + table(["name", "what holds", "looked at"], held)
        + "\n\nInterpreted, the tests also look at each probability that any rule works out, for everybody at "
        "every step, before it is drawn against.\n"
    )
