"""Values and expressions: what must hold for any of them."""

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.embedded.tables import conditions, matching, paths, syntax, updates
from labkit.embedded.tables.errors import TableError
from labkit.embedded.tables.syntax import Placeholders
from labkit.embedded.tables.values import canonical_number, checked, value_size

WORDS = ["a", "#n", ":v", ":s", "SET", "REMOVE", "ADD", "AND", "OR", "NOT", "IN", "BETWEEN", "(", ")", "=", "<>", "<",
         "+", "-", ",", ".", "[", "]", "0", "size", "contains", "begins_with", "if_not_exists", "status", "é", "?"]  # fmt: skip
EXPRESSIONS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=12)
SCALARS = st.builds(lambda n: {"N": str(n)}, st.integers(-(10**30), 10**30)) | st.builds(lambda s: {"S": s}, st.text())
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.builds(lambda v: {"L": v}, st.lists(inner, max_size=3))
        | st.builds(lambda v: {"M": v}, st.dictionaries(st.sampled_from(["a", "b"]), inner))
    ),
    max_leaves=8,
)


def placeholders() -> Placeholders:
    return Placeholders({"#n": "b"}, {":v": {"N": "1"}, ":s": {"S": "x"}})


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, st.dictionaries(st.sampled_from(["a", "b"]), VALUES))
def test_any_expression_is_read_or_refused(text: str, attributes: dict[str, Any]) -> None:
    """Never another exception, and never a change of the item that was there."""
    before = repr(attributes)
    for use in (
        lambda: matching.holds(conditions.parse("FilterExpression", text, placeholders()), attributes),
        lambda: updates.apply(updates.parse(text, placeholders()), attributes),
        lambda: paths.project(attributes, syntax.projection(text, placeholders())),
    ):
        with contextlib.suppress(TableError):
            use()
    assert repr(attributes) == before


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=10))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    text = canonical_number(str(number))
    assert Decimal(text) == number
    assert canonical_number(text) == text
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_a_value_that_is_kept_stays_the_same(value: dict[str, Any]) -> None:
    kept = checked(value)
    assert checked(kept) == kept
    assert value_size(kept) >= 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"SS": ["b", "a"]}, {"SS": ["a", "b"]}),
        ({"NS": ["10", "9.0"]}, {"NS": ["9", "1e1"]}),
        ({"BS": ["AQ==", "AA=="]}, {"BS": ["AA==", "AQ=="]}),
        ({"L": [{"M": {"a": {"N": "1"}, "b": {"N": "2"}}}]}, {"L": [{"M": {"b": {"N": "2.0"}, "a": {"N": "1"}}}]}),
    ],
)
def test_equal_values_are_kept_alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert checked(one) == checked(other)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "ñ"}, 2),
        ({"N": "0"}, 1),
        ({"N": "100"}, 2),
        ({"N": "-0.012"}, 2),
        ({"N": "123.45"}, 4),
        ({"B": "AAEC"}, 3),
        ({"B": "AA=="}, 1),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "22"]}, 4),
        ({"BS": ["AAEC", "AA=="]}, 4),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + 1 + 2 + 1 + 2),
        ({"M": {"k": {"S": "ab"}}}, 3 + 1 + 1 + 2),
    ],
)
def test_sizes(value: dict[str, Any], size: int) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    assert value_size(checked(value)) == size
