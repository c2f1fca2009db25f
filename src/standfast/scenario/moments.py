"""Hours since the start of a scenario, from a date and time or from a duration."""

from __future__ import annotations

import re
from datetime import datetime

from standfast.scenario.quantities import QuantityError, parse_quantity

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?\Z")
EXPECTED = "a date and time such as 2014-06-06T02:30, or a duration since the start such as 48 h"


class MomentError(ValueError):
    """A text that is neither a date and time nor a duration; its message says why."""


def hours_of(when: str, start: datetime) -> float:
    """Return the hours from the start of a scenario to a moment; negative before the start.

    Raises
    ------
    MomentError
        When the text is neither a date and time without a zone, nor a duration with its unit.

    Examples
    --------
    >>> from datetime import datetime
    >>> hours_of("2014-06-06T02:30", datetime(2014, 6, 4)), hours_of("2 d", datetime(2014, 6, 4))
    (50.5, 48.0)
    """
    if re.match(r"\s*\d{4}-\d", when):
        return (_date(when.strip()) - start).total_seconds() / 3600
    try:
        return parse_quantity(when, "h")
    except QuantityError as error:
        raise MomentError(str(error)) from None


def _date(text: str) -> datetime:
    if not _DATE.match(text):
        msg = "is not a date and time without a zone"
        raise MomentError(msg)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        msg = "is not a date and time of the calendar"
        raise MomentError(msg) from None
