"""The functions of metric math, and how an operator goes over lines.

A value is a number, a line (datapoints by the number of their period) or several lines. A missing datapoint counts as
0 beside one that exists; one that cannot be computed (a division by zero) is dropped.
"""

import itertools
import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Line = dict[int, float]
Value = float | Line | list[Line]


@dataclass(frozen=True)
class Grid:
    """The periods that an answer has datapoints for."""

    start: float  # epoch seconds
    period: int  # seconds
    count: int


def over(f: Callable[[float, float], float], a: Value, b: Value) -> Value:
    """`f` of each datapoint of `a` with that of `b`."""
    if isinstance(a, list):
        return [line for element in a if isinstance(line := over(f, element, b), dict)]
    if isinstance(b, list):
        return [line for element in b if isinstance(line := over(f, a, element), dict)]
    if isinstance(a, dict) or isinstance(b, dict):
        periods = (a.keys() if isinstance(a, dict) else set()) | (b.keys() if isinstance(b, dict) else set())
        return _cleaned((i, _compute(f, _at(a, i), _at(b, i))) for i in sorted(periods))
    return _compute(f, a, b)


def _at(value: float | Line, period: int) -> float:
    return value.get(period, 0.0) if isinstance(value, dict) else value


def _compute(f: Callable[..., float], *arguments: float) -> float:
    try:
        result = f(*arguments)
        return float(result) if not isinstance(result, complex) else math.nan
    except (ArithmeticError, ValueError):  # ValueError: the logarithm of a negative number
        return math.nan


def _cleaned(datapoints: Iterable[tuple[int, float]]) -> Line:
    return {period: value for period, value in datapoints if math.isfinite(value)}


def _each(f: Callable[[float], float]) -> Callable[..., Value]:
    """A function of every single datapoint."""

    def apply(grid: Grid, value: Line | list[Line]) -> Value:
        if isinstance(value, list):
            return [_cleaned((i, _compute(f, v)) for i, v in line.items()) for line in value]
        return _cleaned((i, _compute(f, v)) for i, v in value.items())

    return apply


def _fold(f: Callable[[list[float]], float], *, missing_is_zero: bool = False) -> Callable[..., Value]:
    """Of one line: a number. Of several: a line."""

    def apply(grid: Grid, value: Line | list[Line]) -> Value:
        if isinstance(value, dict):
            return _compute(f, list(value.values()))  # type: ignore[arg-type]
        periods = sorted({period for line in value for period in line})
        columns = ((i, [line.get(i, 0.0) for line in value if missing_is_zero or i in line]) for i in periods)
        return _cleaned((i, _compute(f, column)) for i, column in columns)  # type: ignore[arg-type]

    return apply


def _along(f: Callable[[Grid, Line], Line]) -> Callable[..., Value]:
    """A function of a line as a whole, or of each of several."""

    def apply(grid: Grid, value: Line | list[Line]) -> Value:
        return [f(grid, line) for line in value] if isinstance(value, list) else f(grid, value)

    return apply


def _steps(line: Line) -> list[tuple[int, int, float]]:
    """Each period with the one before it that has a datapoint, and by how much the value changed."""
    periods = sorted(line)
    return [(i, j, line[j] - line[i]) for i, j in itertools.pairwise(periods)]


def _running_sum(grid: Grid, line: Line) -> Line:
    total, sums = 0.0, {}
    for period in sorted(line):
        total += line[period]
        sums[period] = total
    return sums


def _fill(grid: Grid, value: Line | list[Line], filler: float | Line | str) -> Value:
    if isinstance(value, list):
        return [line for element in value if isinstance(line := _fill(grid, element, filler), dict)]
    if not isinstance(filler, str):
        return {i: v for i in range(grid.count) if (v := value.get(i, _filler(filler, i))) is not None}
    filled, known = {}, sorted(value)
    for i in range(grid.count):
        before = max((k for k in known if k <= i), default=None)
        after = min((k for k in known if k >= i), default=None)
        if before is None or (after is None and filler == "LINEAR"):
            continue
        if filler == "REPEAT" or after is None or before == after:
            filled[i] = value[before]
        else:
            filled[i] = value[before] + (value[after] - value[before]) * (i - before) / (after - before)
    return filled


def _filler(filler: float | Line, period: int) -> float | None:
    return filler.get(period) if isinstance(filler, dict) else filler


def _if(grid: Grid, condition: float | Line, then: float | Line, otherwise: float | Line | None = None) -> Value:
    if isinstance(condition, float):
        chosen = then if condition else otherwise
        return {} if chosen is None else chosen
    answer: Line = {}
    for period, holds in condition.items():
        chosen = then if holds else otherwise
        if chosen is not None:
            answer[period] = _at(chosen, period)
    return answer


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "ABS": _each(abs),
    "CEIL": _each(math.ceil),
    "FLOOR": _each(math.floor),
    "LOG": _each(math.log),
    "LOG10": _each(math.log10),
    "AVG": _fold(lambda values: math.fsum(values) / len(values), missing_is_zero=True),
    "SUM": _fold(math.fsum, missing_is_zero=True),
    "MAX": _fold(max),
    "MIN": _fold(min),
    "STDDEV": _fold(statistics.pstdev, missing_is_zero=True),
    "DATAPOINT_COUNT": _fold(lambda values: float(len(values))),
    "METRIC_COUNT": lambda grid, lines: float(len([*lines])),
    "FIRST": lambda grid, lines: lines[0],
    "LAST": lambda grid, lines: lines[-1],
    "REMOVE_EMPTY": lambda grid, lines: [line for line in lines if line],
    "PERIOD": lambda grid, line: float(grid.period),
    "TIME_SERIES": lambda grid, number: dict.fromkeys(range(grid.count), float(number)),
    "DIFF": _along(lambda grid, line: {j: change for _, j, change in _steps(line)}),
    "RATE": _along(lambda grid, line: {j: change / ((j - i) * grid.period) for i, j, change in _steps(line)}),
    "RUNNING_SUM": _along(_running_sum),
    "FILL": _fill,
    "IF": _if,
}
