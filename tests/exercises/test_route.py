"""Exercise 5.3: filter policies as beginners write them."""

import json
from typing import Any

from kit import Family, sns, sqs

family = Family("5.3")
RULES: dict[str, Any] = {
    "companies": {"kind": ["company"]},
    "big_companies": {"kind": ["company"], "employees": [{"numeric": [">=", 100]}]},
    "new_users": {"kind": ["user"], "event": ["created"]},
    "not_closed": {"event": [{"anything-but": "closed"}]},
}


def subscribe(topic: str, url: str, policy: Any, scope: str = "MessageBody") -> str:
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    given = {"FilterPolicy": json.dumps(policy), "FilterPolicyScope": scope} if policy else {}
    answer = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=given, ReturnSubscriptionArn=True)
    return answer["SubscriptionArn"]


def connect(topic: str, queues: dict[str, str], scope: str = "MessageBody", **other: Any) -> None:
    """The right policies, unless something is said otherwise."""
    for name, url in queues.items():
        subscribe(topic, url, {**RULES, **other}[name], scope)


def wrong(name: str, reason: str, broken: str = "each_to_its_queues", **other: Any) -> None:
    family.add_wrong(name, lambda topic_arn, queues: connect(topic_arn, queues, **other), broken, reason)


wrong("filters_on_attributes", "not_there", scope="MessageAttributes")
wrong("has_no_policies", "too_much", **dict.fromkeys(RULES))
wrong("writes_the_kind_in_capitals", "not_there", companies={"kind": ["Company"]})
wrong("takes_more_than_100", "not_there", big_companies={"kind": ["company"], "employees": [{"numeric": [">", 100]}]})
wrong("takes_100_as_a_text", "not_there", big_companies={"kind": ["company"], "employees": ["100"]})
wrong("takes_all_that_are_big", "too_much", big_companies={"employees": [{"numeric": [">=", 100]}]})
wrong("takes_all_users_for_new", "too_much", new_users={"kind": ["user"]})
wrong("takes_all_that_is_created", "too_much", new_users={"event": ["created"]})
wrong("takes_or_for_and", "too_much", new_users={"$or": [{"kind": ["user"]}, {"event": ["created"]}]})
wrong("has_the_opposite", "too_much", not_closed={"event": ["closed"]})
wrong("writes_no_list", "raised", companies={"kind": "company"})
wrong("lists_the_sizes_it_knows", "not_there", big_companies={"kind": ["company"], "employees": [100, 450]})
up_to_1000 = {"kind": ["company"], "employees": [{"numeric": [">=", 100, "<=", 1000]}]}
wrong("knows_no_company_above_1000", "not_there", big_companies=up_to_1000)
wrong("lists_the_events_it_knows", "not_there", not_closed={"event": ["created", "changed"]})
wrong("takes_all_that_are_no_users", "too_much", companies={"kind": [{"anything-but": "user"}]})
first_60 = {"kind": ["company"], "id": [{"numeric": ["<=", 60]}]}
wrong("knows_only_the_events_of_the_lesson", "number", broken="a_thousand", companies=first_60)


@family.wrong("each_to_its_queues", "no_subscription")
def subscribes_the_first_only(topic_arn, queues):
    connect(topic_arn, dict(list(queues.items())[:1]))


@family.wrong("each_to_its_queues", "twice")
def sends_something_to_try_it(topic_arn, queues):
    connect(topic_arn, queues)
    for url in queues.values():
        sqs.send_message(QueueUrl=url, MessageBody="to try it")


@family.right
def one_after_the_other(topic_arn, queues):
    connect(topic_arn, queues)


@family.right
def with_one_employee_less(topic_arn, queues):
    more_than_99 = {"kind": ["company"], "employees": [{"numeric": [">", 99]}]}
    connect(topic_arn, queues, big_companies=more_than_99)


@family.right
def set_later(topic_arn, queues):
    for name, url in queues.items():
        arn = subscribe(topic_arn, url, None)
        for key, value in {"FilterPolicyScope": "MessageBody", "FilterPolicy": json.dumps(RULES[name])}.items():
            sns.set_subscription_attributes(SubscriptionArn=arn, AttributeName=key, AttributeValue=value)


test_wrong, test_right = family.tests()
