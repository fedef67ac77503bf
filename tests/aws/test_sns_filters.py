"""Filter policies: which messages reach a subscriber, and which policies SNS does not accept."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from access_kit import refused
from behaviours import behaviour
from sns_kit import GUIDE, RECORDED, TopicUnderTest, attributes

STRINGS = GUIDE + "string-value-matching.html"
NUMBERS = GUIDE + "numeric-value-matching.html"
KEYS = GUIDE + "attribute-key-matching.html"
AND_OR = GUIDE + "and-or-logic.html"
LIMITS = GUIDE + "subscription-filter-policy-constraints.html"
BODY = GUIDE + "sns-message-filtering-scope.html"

Case = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]
"""A policy, messages that it lets through, and messages that it does not. They fit both scopes."""

OPERATORS: dict[str, tuple[str, str, list[Case]]] = {
    "exact": (
        "A text matches itself, in the same case, and any element of an array",
        STRINGS,
        [
            (
                {"kind": ["rugby", "tennis"]},
                [{"kind": "rugby"}, {"kind": "tennis", "more": "x"}, {"kind": ["golf", "tennis"]}],
                [{"kind": "Rugby"}, {"kind": "rugby "}, {"kind": ["golf"]}, {"other": "rugby"}, {}],
            )
        ],
    ),
    "and": (
        "Every key of a policy has to match, by any of its values",
        AND_OR,
        [({"a": ["1", "2"], "b": ["3"]}, [{"a": "2", "b": "3"}], [{"a": "2"}, {"b": "3"}, {"a": "3", "b": "3"}])],
    ),
    "or": (
        "$or lets through what matches one of its branches, besides the other keys",
        AND_OR,
        [
            (
                {"source": ["shop"], "$or": [{"kind": ["order"]}, {"amount": [{"numeric": [">", 100]}]}]},
                [{"source": "shop", "kind": "order"}, {"source": "shop", "kind": "visit", "amount": 101}],
                [{"source": "shop"}, {"kind": "order"}, {"source": "shop", "kind": "visit", "amount": 100}],
            )
        ],
    ),
    "prefix": (
        "prefix matches how a text begins",
        STRINGS,
        [({"kind": [{"prefix": "bas"}]}, [{"kind": "baseball"}, {"kind": "bas"}], [{"kind": "rugby"}, {"kind": 8}])],
    ),
    "suffix": (
        "suffix matches how a text ends",
        STRINGS,
        [({"kind": [{"suffix": "ball"}]}, [{"kind": "baseball"}, {"kind": ["x", "ball"]}], [{"kind": "balls"}, {}])],
    ),
    "equals_ignore_case": (
        "equals-ignore-case takes upper and lower case for the same, in the policy as in the message",
        STRINGS,
        [({"kind": [{"equals-ignore-case": "Tennis"}]}, [{"kind": "tennis"}, {"kind": "TENNIS"}], [{"kind": "ten"}])],
    ),
    "wildcard": (
        "wildcard: an asterisk stands for any text, also none",
        STRINGS,
        [
            (
                {"file": [{"wildcard": "*/src/*.js"}]},
                [{"file": "app/src/a.js"}, {"file": "/src/.js"}],
                [{"file": "app/src/a.ts"}, {"file": "src/a.js"}, {"file": "a/src/b.js2"}],
            )
        ],
    ),
    "anything_but": (
        "anything-but matches what has the key with another value; an array needs one other element",
        STRINGS,
        [
            (
                {"kind": [{"anything-but": ["rugby", "tennis"]}]},
                [{"kind": "golf"}, {"kind": ["rugby", "golf"]}],
                [{"kind": "rugby"}, {"kind": ["tennis"]}, {}],
            ),
            ({"n": [{"anything-but": [100, 500]}]}, [{"n": 101}, {"n": 100.1}], [{"n": 100}, {"n": 500.0}, {}]),
        ],
    ),
    "anything_but_prefix": (
        "anything-but with a prefix matches what begins in another way",
        STRINGS,
        [({"kind": [{"anything-but": {"prefix": "order-"}}]}, [{"kind": "visit"}], [{"kind": "order-new"}, {}])],
    ),
    "anything_but_wildcard": (
        "anything-but with a wildcard matches what does not fit the pattern",
        STRINGS,
        [({"kind": [{"anything-but": {"wildcard": "*-test-*"}}]}, [{"kind": "a-b"}], [{"kind": "a-test-b"}, {}])],
    ),
    "exists": (
        "exists asks for the key, or for its absence, whatever the value",
        KEYS,
        [
            ({"store": [{"exists": True}]}, [{"store": "x"}, {"store": 1, "more": "y"}], [{"other": "x"}, {}]),
            ({"store": [{"exists": False}]}, [{"other": "x"}, {}], [{"store": "x"}]),
            ({"store": [{"exists": False}, "x"]}, [{"store": "x"}, {"other": "y"}], [{"store": "y"}]),
        ],
    ),
    "numeric": (
        "numeric compares numbers, alone or as a range; a text of digits is no number",
        NUMBERS,
        [
            ({"price": [{"numeric": ["=", 301.5]}]}, [{"price": 301.5}], [{"price": 301.6}, {"price": "301.5"}]),
            (
                {"price": [{"numeric": [">", 0, "<=", 150]}]},
                [{"price": 0.1}, {"price": 150}],
                [{"price": 0}, {"price": 150.1}, {"price": -1}, {}],
            ),
            ({"price": [301.5, 1]}, [{"price": 301.5}, {"price": 1.0}], [{"price": 2}, {"price": "1"}]),
        ],
    ),
    "cidr": (
        "cidr matches addresses of a network, also of IPv6",
        STRINGS,
        [
            ({"ip": [{"cidr": "10.0.0.0/24"}]}, [{"ip": "10.0.0.255"}], [{"ip": "10.0.1.0"}, {"ip": "10.0.0.256"}]),
            ({"ip": [{"cidr": "2001:db8:1234:1a00::/64"}]}, [{"ip": "2001:db8:1234:1a00::1"}], [{"ip": "::1"}]),
        ],
    ),
}


def filtered(topic: TopicUnderTest, policy: dict[str, Any], scope: str, messages: list[dict[str, Any]]) -> list[int]:
    """Which of the messages, by number, a subscriber with this policy gets."""
    inbox = topic.inbox(FilterPolicy=policy, FilterPolicyScope=scope)
    on_body = scope == "MessageBody"
    topic.publish_batch(
        {
            "Message": json.dumps({**message, "number": number} if on_body else {"number": number}),
            "MessageAttributes": {} if on_body else attributes(message),
        }
        for number, message in enumerate(messages)
    )
    return sorted(json.loads(body)["number"] for body in inbox.bodies(len(messages)))


def _in_both_scopes() -> Iterator[Any]:
    for scope, word in (("MessageAttributes", "attributes"), ("MessageBody", "body")):
        for name, (statement, source, cases) in OPERATORS.items():
            mark = behaviour(f"sns.filter.{word}.{name}", f"On {word}: {statement}", source=source)
            yield pytest.param(scope, cases, marks=mark, id=f"{word}-{name}")


@pytest.mark.parametrize(("scope", "cases"), list(_in_both_scopes()))
def test_operators(topic: TopicUnderTest, scope: str, cases: list[Case]) -> None:
    for policy, through, stopped in cases:
        assert filtered(topic, policy, scope, through + stopped) == list(range(len(through))), policy


@behaviour("sns.filter.attributes.none", "Without a filter policy a subscriber gets everything", source=GUIDE)
def test_no_policy(topic: TopicUnderTest) -> None:
    assert filtered(topic, {}, "MessageAttributes", [{}, {"kind": "x"}]) == [0, 1]


@behaviour(
    "sns.filter.attributes.types",
    "Attributes of type Binary, or of a type with a label of one's own, are not compared",
    source=LIMITS,
)
def test_other_types(topic: TopicUnderTest) -> None:
    inbox = topic.inbox(FilterPolicy={"kind": ["x"]})
    topic.publish("binary", MessageAttributes=attributes({"kind": b"x"}))
    topic.publish("labelled", MessageAttributes={"kind": {"DataType": "String.Mine", "StringValue": "x"}})
    topic.publish("plain", MessageAttributes=attributes({"kind": "x"}))
    assert inbox.bodies() == ["plain"]


@behaviour(
    "sns.filter.attributes.not_on_body",
    "Attributes are compared by default, and the body is not looked at",
    source=BODY,
)
def test_default_scope(topic: TopicUnderTest) -> None:
    inbox = topic.inbox(FilterPolicy={"kind": ["x"]})
    topic.publish('{"kind": "x"}')
    assert inbox.bodies(0) == []


@behaviour(
    "sns.filter.body.nested",
    "A policy on the body may be nested, and so may $or; keys with dots mean the same as nested ones",
    source=RECORDED + "test_filter_policy_on_message_body_dot_attribute",
)
def test_nested(topic: TopicUnderTest) -> None:
    policy: dict[str, Any] = {"detail": {"scope": ["s"], "$or": [{"source": ["a"]}, {"type": ["b"]}]}}
    good = [{"scope": "s", "source": "a"}, {"scope": "s", "type": "b"}]
    bad = [{"scope": "s"}, {"source": "a"}, {"scope": "t", "type": "b"}, {"scope": "s", "type": "a"}]
    messages = [{"detail": detail} for detail in good + bad]
    assert filtered(topic, policy, "MessageBody", messages) == [0, 1]
    assert filtered(
        topic,
        {"a.b": {"c": ["x"]}},
        "MessageBody",
        [{"a": {"b": {"c": "x"}}}, {"a.b.c": "x"}, {"a": {"b.c": "x"}}, {"a": {"b": "x"}}, {"a": {"b": {"c": "y"}}}],
    ) == [0, 1, 2]


@behaviour(
    "sns.filter.body.arrays",
    "Arrays in the body are looked into, also arrays of objects and of arrays",
    source=RECORDED + "test_filter_policy_on_message_body_array_of_object_attributes",
)
def test_arrays(topic: TopicUnderTest) -> None:
    policy = {"Records": {"key": [{"prefix": "auto-"}], "name": ["made"]}}
    match, other = {"key": "auto-1", "name": "made"}, {"key": "home-1", "name": "removed"}
    messages: list[dict[str, Any]] = [
        {"Records": [match]},
        {"Records": [other, match]},
        {"Records": [[match]]},
        {"Records": [other]},
        {"Records": []},
        {"Records": [{**match, "name": "removed"}]},
    ]
    assert filtered(topic, policy, "MessageBody", messages) == [0, 1, 2]


@behaviour(
    "sns.filter.body.other_values",
    "true, false and null in the body match themselves",
    source=LIMITS,
)
def test_other_values(topic: TopicUnderTest) -> None:
    messages = [{"a": True}, {"a": None}, {"a": 1}, {"a": "true"}, {"a": False}, {"a": 0}, {"a": ""}]
    assert filtered(topic, {"a": [True, None]}, "MessageBody", messages) == [0, 1]


@behaviour(
    "sns.filter.body.no_json",
    "A body that is no JSON object does not get through a policy on the body",
    source=RECORDED + "test_filter_policy_on_message_body",
)
@pytest.mark.parametrize("body", ["plain text", '"a text in JSON"', "[1]", "{", "[" * 50_000])
def test_no_json(topic: TopicUnderTest, body: str) -> None:
    inbox = topic.inbox(FilterPolicy={"a": [{"exists": False}]}, FilterPolicyScope="MessageBody")
    topic.publish(body)
    assert inbox.bodies(0) == []


@behaviour(
    "sns.filter.changed",
    "SetSubscriptionAttributes changes a filter policy; an empty one takes it away. Without one no scope is shown",
    source=RECORDED + "test_set_subscription_filter_policy_scope",
)
def test_changing_a_policy(sns: Any, topic: TopicUnderTest) -> None:
    def set_to(name: str, value: str) -> dict[str, str]:
        sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=name, AttributeValue=value)
        shown: dict[str, str] = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return {name: value for name, value in shown.items() if name.startswith("Filter")}

    arn = topic.subscribe_with(Protocol="sms", Endpoint="+15555550100")["SubscriptionArn"]
    assert set_to("FilterPolicyScope", "MessageBody") == {}
    policy = '{"a": {"b": ["c"]}}'
    assert set_to("FilterPolicy", policy) == {"FilterPolicy": policy, "FilterPolicyScope": "MessageBody"}
    assert set_to("FilterPolicy", "") == {}
    assert set_to("FilterPolicyScope", "MessageAttributes") == {}
    assert set_to("FilterPolicy", '{"a":["c"]}')["FilterPolicyScope"] == "MessageAttributes"
    assert set_to("FilterPolicy", "{}") == {}  # as in the guide's code example for SetSubscriptionAttributes


POLICY_TESTS = RECORDED + "TestSNSFilterPolicyConditions"
TOO_COMPLEX = "Filter policy is too complex"
INVALID: list[tuple[Any, str]] = [
    ({"key": "value"}, '"key" must be an object or an array'),
    ({"key": []}, "Empty arrays are not allowed"),
    ({"key": [["value"]]}, "Match value must be String, number, true, false, or null"),
    ({"key": [{"wrong-operator": True}]}, "Unrecognized match type wrong-operator"),
    ({"key": [{"suffix": "a", "prefix": "b"}]}, "Only one key allowed in match expression"),
    ({"key": [{"suffix": 100}]}, "suffix match pattern must be a string"),
    ({"key": [{"prefix": None}]}, "prefix match pattern must be a string"),
    ({"key": [{"wildcard": ["*"]}]}, "wildcard match pattern must be a string"),
    ({"key": [{"exists": "no"}]}, "exists match pattern must be either true or false."),
    ({"key": [{"anything-but": {"suffix": "x"}}]}, "Unsupported anything-but pattern: suffix"),
    ({"key": [{"anything-but": {"exists": False}}]}, "Unsupported anything-but pattern: exists"),
    ({"key": [{"anything-but": {"prefix": False}}]}, "prefix match pattern must be a string"),
    ({"key": [{"cidr": "bad"}]}, "Malformed CIDR, one '/' required"),
    ({"key": [{"cidr": "bad-/64x"}]}, "Malformed CIDR, mask bits must be an integer"),
    ({"key": [{"cidr": "xx.11.xx/8"}]}, "Nonstandard IP address: xx.11.xx"),
    ({"key": [{"numeric": []}]}, "Invalid member in numeric match: ]"),
    ({"key": [{"numeric": ["operator"]}]}, "Unrecognized numeric range operator: operator"),
    ({"key": [{"numeric": [1, "<="]}]}, "Invalid member in numeric match: 1"),
    ({"key": [{"numeric": ["=", "000"]}]}, "Value of equals must be numeric"),
    ({"key": [{"numeric": [">="]}]}, "Value of >= must be numeric"),
    ({"key": [{"numeric": ["<", 100, ">", 10]}]}, "Too many elements in numeric expression"),
    ({"key": [{"numeric": [">=", 1, ">", 2]}]}, "Bad numeric range operator: >"),
    ({"key": [{"numeric": [">", 3, "<", 1]}]}, "Bottom must be less than top"),
    ({"key": [{"numeric": [">", 20, 30]}]}, "Bad value in numeric range: 30"),
    ({"key": [{"numeric": [">", 20, "<", 30, "<", 50]}]}, "Too many terms in numeric range expression"),
    ({f"key{n}": ["value"] for n in range(6)}, "Filter policy can not have more than 5 keys"),
    ({"key": [f"value{n}" for n in range(151)]}, TOO_COMPLEX),
    ({"a": [f"{n}" for n in range(100)], "b": ["x", "y"]}, TOO_COMPLEX),
]


@behaviour(
    "sns.filter.invalid",
    "A filter policy that makes no sense is refused: InvalidParameter, with what is wrong with it",
    source=POLICY_TESTS,
)
@pytest.mark.parametrize(("policy", "why"), INVALID, ids=lambda value: json.dumps(value)[:60])
def test_invalid_policies(topic: TopicUnderTest, policy: Any, why: str) -> None:
    request = {"Protocol": "sms", "Endpoint": "+15555550100", "Attributes": {"FilterPolicy": json.dumps(policy)}}
    code, message = refused(topic.subscribe_with, **request)
    assert code == "InvalidParameter"
    assert message.split("\n")[0] == f"Invalid parameter: Attributes Reason: FilterPolicy: {why}"


@behaviour(
    "sns.filter.invalid_json",
    "What is no JSON, or no object, is no filter policy",
    source=RECORDED + "test_subscribe_invalid_filter_policy",
)
@pytest.mark.parametrize("policy", ["{not json", "[]", '"text"', "[" * 50_000])
def test_no_policy_at_all(sns: Any, topic: TopicUnderTest, policy: str) -> None:
    request = {"Protocol": "sms", "Endpoint": "+15555550100"}
    code, message = refused(topic.subscribe_with, **request, Attributes={"FilterPolicy": policy})
    assert code == "InvalidParameter"
    assert message.startswith("Invalid parameter: Attributes Reason: FilterPolicy: ")
    arn = topic.subscribe_with(**request)["SubscriptionArn"]
    setting = {"SubscriptionArn": arn, "AttributeName": "FilterPolicy", "AttributeValue": policy}
    assert refused(sns.set_subscription_attributes, **setting)[1].startswith("Invalid parameter: FilterPolicy: ")


@behaviour(
    "sns.filter.nested_on_attributes",
    "A nested policy needs the scope MessageBody",
    source=RECORDED + "test_sub_filter_policy_nested_property",
)
def test_nested_on_attributes(sns: Any, topic: TopicUnderTest) -> None:
    arn = topic.subscribe_with(Protocol="sms", Endpoint="+15555550100")["SubscriptionArn"]
    setting = {"SubscriptionArn": arn, "AttributeName": "FilterPolicy", "AttributeValue": '{"a":{"b":["c"]}}'}
    sentence = "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy"
    assert refused(sns.set_subscription_attributes, **setting) == ("InvalidParameter", sentence)


@behaviour(
    "sns.filter.scope_values",
    "A filter policy's scope is MessageAttributes or MessageBody",
    source=RECORDED + "test_set_subscription_filter_policy_scope",
)
def test_scopes(sns: Any, topic: TopicUnderTest) -> None:
    arn = topic.subscribe_with(Protocol="sms", Endpoint="+15555550100")["SubscriptionArn"]
    setting = {"SubscriptionArn": arn, "AttributeName": "FilterPolicyScope", "AttributeValue": "Random"}
    why = "Invalid value [Random]. Please use either MessageBody or MessageAttributes"
    assert refused(sns.set_subscription_attributes, **setting) == (
        "InvalidParameter",
        f"Invalid parameter: FilterPolicyScope: {why}",
    )


@behaviour(
    "sns.filter.complexity",
    "The combinations of a policy's values, each array times its depth and the branches of $or added, are at most 150",
    source=RECORDED + "test_policy_complexity_with_or",
)
def test_complexity(topic: TopicUnderTest) -> None:
    def flat(source: int, metric: int, space: int) -> dict[str, Any]:
        numbers = list(range(100))
        inner = {"type": numbers[:4], "$or": [{"id": numbers[:4]}, {"space": numbers[:space]}]}
        return {"source": numbers[:source], "$or": [{"metric": numbers[:metric]}, inner]}

    def subscribe(policy: dict[str, Any], scope: str = "MessageAttributes") -> Any:
        given = {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope}
        return topic.subscribe_with(Protocol="sms", Endpoint="+15555550100", Attributes=given)

    sentence = f"Invalid parameter: Attributes Reason: FilterPolicy: {TOO_COMPLEX}"
    assert refused(subscribe, policy=flat(4, 6, 4))[1] == sentence  # 4×6 + 4×4×4 + 4×4×4 = 152
    detail = {"scope": ["s", "t"], "$or": [{"source": ["a"]}, {"type": ["b", "c", "d"]}]}
    nested = {"$or": [{"metric": [1, 2, 3]}, {"namespace": [1, 2]}], "detail": detail}
    assert refused(subscribe, policy=nested, scope="MessageBody")[1] == sentence  # (3+2) × (2×2) × (2+6) = 160
    assert subscribe(flat(3, 6, 7))["SubscriptionArn"]  # 3×6 + 3×4×4 + 3×4×7 = 150


@behaviour(
    "sns.filter.wildcard_limits",
    "A pattern may have three wildcards, none beside another; all of a policy's count at most 100 points",
    source=LIMITS,
)
@pytest.mark.parametrize(
    "rules",
    [
        [{"wildcard": "a*b*c*d*"}],
        [{"wildcard": "a**b"}],
        [{"wildcard": f"{n}*"} for n in range(11)],  # 11 points × 11 patterns
        [{"anything-but": {"wildcard": f"{n}*x*"}} for n in range(5)],  # 5 × 6 points × 5 patterns
    ],
)
def test_wildcard_limits(topic: TopicUnderTest, rules: list[Any]) -> None:
    def subscribe(rules: list[Any]) -> Any:
        given = {"FilterPolicy": json.dumps({"a": rules})}
        return topic.subscribe_with(Protocol="sms", Endpoint="+15555550100", Attributes=given)

    assert refused(subscribe, rules=rules)[0] == "InvalidParameter"
    assert subscribe([{"wildcard": "a*b*c*"}, {"wildcard": "d*"}])["SubscriptionArn"]
