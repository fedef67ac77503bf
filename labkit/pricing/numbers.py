"""Numbers that somebody gave, judged before they are reckoned with."""

from __future__ import annotations

import math
import reprlib
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from labkit.errors import LabError
from labkit.texts import pricing as texts


def checked_amount(name: str, value: Any) -> Decimal:
    """An amount from 0 on. Raises LabError for what is none."""
    is_number = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or value < 0:
        raise LabError(texts.AMOUNT_IS_BAD.format(name=name, example=1000, value=reprlib.repr(value)))
    return Decimal(str(value))


def checked_whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    """A whole number within these limits. Raises LabError for what is none."""
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        template = texts.WHOLE_IS_BAD_OPEN if most is None else texts.WHOLE_IS_BAD
        raise LabError(template.format(name=name, least=least, most=most, value=reprlib.repr(value)))
    return int(value)
