"""Write the credibility card for the documentation: docs/validation/credibility.md."""

from __future__ import annotations

import sys

from machine import ROOT
from standfast.validation.credibility import HIGHEST, card, in_a_sentence

PAGE = ROOT / "docs" / "validation" / "credibility.md"

HEAD = f"""<!-- Written by tools/make_credibility.py. -->

# Credibility

{in_a_sentence()}

The eight factors of NASA-STD-7009, each with its level from 0 to {HIGHEST}, the lowest first: a chain is as strong as its
weakest part, and no mean is taken. This is the project's own assessment of the program and its shipped
parameters, and nobody else has reviewed it. The same card stands in every report and in the dashboard. It is
about the program; a result of yours is at most as credible, and less so the more of its values are assumed.

| factor | part | level | ceiling |
|---|---|---|---|
"""


def page() -> str:
    """Write the page."""
    text = HEAD + "".join(
        f"| {f.name} | {f.group.lower()} | {f.level} | {f.ceiling} |\n" for f in card()
    )
    for factor in card():
        where = f" See [the evidence](../{factor.page})." if factor.page else ""
        text += (
            f"\n## {factor.name}: {factor.level} of {HIGHEST}, at most {factor.ceiling}\n\n"
            f"- **Why not lower.** {factor.evidence}{where}\n"
            f"- **Why not higher.** {factor.lacks}\n"
            f"- **Why no higher than {factor.ceiling}.** {factor.limit}\n"
        )
    return text


def main() -> int:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
