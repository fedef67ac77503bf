"""Metric math from inside: what a hostile expression cannot do, and that the pieces agree with plain arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.core.exceptions import ServiceException

from labkit.embedded.metrics.math_functions import Grid, Line
from labkit.embedded.metrics.metric_math import Expression, Surroundings
from labkit.embedded.metrics.queries import Queries
from labkit.embedded.metrics.series import Metric, Store, single

GRID = Grid(0, 60, 6)
STORE = Store()
STORE.put(Metric("N", "M"), single(0, 3.0))
STORE.put(Metric("N", "M"), single(180, 0.0))
numbers = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)
lines = st.dictionaries(st.integers(0, 5), numbers)


def value_of(text: str, **named: Line) -> object:
    return Expression(text).evaluate(Surroundings(named, tuple(named), GRID))


@given(lines, lines)
def test_two_lines_meet_in_every_period_that_one_of_them_has(a: Line, b: Line) -> None:
    assert value_of("a + b", a=a, b=b) == {i: a.get(i, 0) + b.get(i, 0) for i in a.keys() | b.keys()}
    divided = value_of("a / b", a=a, b=b)
    assert isinstance(divided, dict)
    assert divided.keys() == {i for i in a.keys() | b.keys() if b.get(i, 0)}
    assert value_of("SUM([a, b])", a=a, b=b) == value_of("a + b", a=a, b=b)


@given(lines)
def test_functions_along_a_line(a: Line) -> None:
    periods = sorted(a)
    assert value_of("RUNNING_SUM(a)", a=a) == {
        i: pytest.approx(sum(a[j] for j in periods[: n + 1])) for n, i in enumerate(periods)
    }
    filled = value_of("FILL(a, 0)", a=a)
    assert filled == {i: a.get(i, 0) for i in range(6)}
    assert value_of("IF(a, a)", a=a) == {i: v for i, v in a.items() if v}
    assert value_of("a - a * METRIC_COUNT(METRICS())", a=a) == dict.fromkeys(a, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 ^ 3 ^ 0 * a", {0: 2.0}),
        ("-a + 3", {0: 2.0}),
        ("(a >= 1) AND (a < 2) || 0 > a", {0: 1.0}),
        ("a == 1 && a != 1", {0: 0.0}),
        ("TIME_SERIES(AVG(a)) * 2", dict.fromkeys(range(6), 2.0)),
        ("a / PERIOD(a)", {0: 1 / 60}),
        ("LOG(a - 1)", {}),
        ("MAX([a, a * 2])", {0: 2.0}),
        ("FIRST([a, 2 * a])", {0: 1.0}),
        ('SUM(METRICS("a"))', {0: 1.0}),
        ("a / 0", {}),
        ("a + 1 / 0", {}),
        ("10 ^ 400 * a", {}),
    ],
)
def test_spelling_and_precedence(text: str, expected: Line) -> None:
    assert value_of(text, a={0: 1.0}) == expected


@pytest.mark.parametrize("name", ["if", "in", "class", "lambda", "none", "and"])
def test_a_word_of_pythons_is_a_good_id(name: str) -> None:
    assert value_of(f"{name} * 2", **{name: {0: 1.0}}) == {0: 2.0}


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.__class__",
        "a[0]",
        "[x for x in a]",
        "lambda: a",
        "a := 1",
        "f'{a}'",
        "'a'",
        "a b",
        "SUM(*a)",
        "SUM(a=a)",
        "a < a < a",
        "NOT a",
        "METRICS(a)",
        "(" * 2000 + "a" + ")" * 2000,
        "-" * 5000 + "a",
        "a" + "+a" * 5000,
        "9" * 5000,
        "a;a",
        "a\n\nimport os",
        "\x00",
        "é",
    ],
)
def test_whatever_it_is_it_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(ServiceException) as caught:
        value_of(text, a={0: 1.0})
    assert caught.value.code == "ValidationError"


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    assert_is_line_or_refusal(text)


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                "1",
                "+",
                "-",
                "*",
                "/",
                "^",
                "(",
                ")",
                ",",
                "SUM",
                "FILL",
                "REPEAT",
                "IF",
                "METRICS",
                "AND",
                "<",
                "==",
                "[",
                "]",
            ]
        ),
        max_size=12,
    )
)
def test_any_row_of_tokens_is_an_expression_or_refused(tokens: list[str]) -> None:
    assert_is_line_or_refusal(" ".join(tokens))


def assert_is_line_or_refusal(text: str) -> None:
    metric = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}
    requests = [{"Id": name, "MetricStat": metric} for name in "ab"] + [{"Id": "e", "Expression": text}]
    try:
        queries = Queries(requests)
        found = queries.lines(queries.all[-1], STORE, GRID)
    except ServiceException as refusal:
        found = refusal.code
    assert found == "ValidationError" or all(math.isfinite(value) for line in found for value in line.values())
