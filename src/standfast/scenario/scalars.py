"""What an unquoted word of a scenario file means: YAML 1.2, and nothing that readers differ on."""

from __future__ import annotations

import math
import re

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_FIXED = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_SWITCH_WORDS = {"yes", "no", "on", "off"}
_NOT_FINITE = re.compile(r"[-+]?\.?(?:inf|infinity|nan)\Z", re.IGNORECASE)
_BASE_SIXTY = re.compile(r"[-+]?[0-9]+(?::[0-9]{1,2})+(?:\.[0-9]*)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(?:\.[0-9]*)?\Z")
_OTHER_BASE = re.compile(r"[-+]?0[xXoObB][0-9a-fA-F_]+\Z")
_GROUPED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?\Z")
_MAX_DIGITS = 40


class AmbiguousScalarError(ValueError):
    """A word that programs read differently; carries what to write instead.

    Parameters
    ----------
    says
        What is wrong, as the rest of a sentence whose subject is the field.
    advice
        What to write instead.
    """

    def __init__(self, says: str, advice: str) -> None:
        super().__init__(says, advice)
        self.says = says
        self.advice = advice


def read_plain(text: str) -> str | int | float | bool | None:
    """Read an unquoted word.

    Raises
    ------
    AmbiguousScalarError
        When YAML 1.1 and YAML 1.2 read it differently (``no``, ``1:30``, ``010``, ``1_000``), or
        when it is not a finite number.

    Examples
    --------
    >>> read_plain("1e3"), read_plain("true"), read_plain("2014-06-06"), read_plain("85 h")
    (1000.0, True, '2014-06-06', '85 h')
    >>> read_plain("010")
    Traceback (most recent call last):
        ...
    standfast.scenario.scalars.AmbiguousScalarError: ('is 010, ...', 'Write 10, or ...')
    """
    if text in _FIXED:
        return _FIXED[text]
    if _INTEGER.match(text):
        return _whole(text)
    _refuse_ambiguous(text)
    if _DECIMAL.match(text):
        number = float(text)
        if not math.isfinite(number):
            msg = "is too large a number"
            raise AmbiguousScalarError(msg, "Write a number below 1e300.")
        return number
    return text


def _whole(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        says = f"is a whole number of {len(text)} digits"
        raise AmbiguousScalarError(says, "No quantity of a scenario needs more than 12.")
    return int(text)


def _refuse_ambiguous(text: str) -> None:
    if text.lower() in _SWITCH_WORDS:
        meant = "true" if text.lower() in ("yes", "on") else "false"
        msg = f"is {text}, which some programs read as a text and others as {meant}"
        raise AmbiguousScalarError(
            msg,
            f'Write {meant}, or "{text}" in quotes when the word is meant.',
        )
    if _NOT_FINITE.match(text):
        msg = f"is {text}, which is not a finite number"
        raise AmbiguousScalarError(msg, "Write a number.")
    if _BASE_SIXTY.match(text):
        msg = f"is {text}, which some programs read as a number of base 60"
        raise AmbiguousScalarError(
            msg,
            'Write a duration with its unit, such as "90 min", or put a text in quotes.',
        )
    if _LEADING_ZERO.match(text):
        plain = text.lstrip("+-0") or "0"
        msg = f"is {text}, which some programs read as a number of base 8"
        raise AmbiguousScalarError(
            msg,
            f"Write {plain}, or put a text in quotes.",
        )
    if _OTHER_BASE.match(text):
        msg = f"is {text}, which is not a decimal number"
        raise AmbiguousScalarError(msg, "Write the number in base 10.")
    if _GROUPED.match(text):
        msg = f"is {text}, which only some programs read as a number"
        raise AmbiguousScalarError(
            msg,
            f"Write {text.replace('_', '')}.",
        )
