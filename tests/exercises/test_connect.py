"""Exercise 5.2: queues connected to topics as beginners do it."""

import json
from typing import Any

from kit import Family, sns, sqs

family = Family("5.2")
SNS = {"Service": "sns.amazonaws.com"}


def attributes_of(url: str) -> dict[str, str]:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "Policy"])["Attributes"]


def subscribe(topic: str, url: str, raw: str = "true") -> str:
    given = {"RawMessageDelivery": raw}
    answer = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=attributes_of(url)["QueueArn"],
        Attributes=given,
        ReturnSubscriptionArn=True,
    )
    return answer["SubscriptionArn"]


def statement(topic: str | list[str], url: str, **other: Any) -> dict[str, Any]:
    """The right one, unless something is said otherwise; what is None is left out."""
    right = {
        "Effect": "Allow",
        "Principal": SNS,
        "Action": "sqs:SendMessage",
        "Resource": attributes_of(url)["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return {name: value for name, value in {**right, **other}.items() if value is not None}


def statements(url: str) -> list[dict[str, Any]]:
    return json.loads(attributes_of(url).get("Policy") or '{"Statement": []}')["Statement"]


def write(url: str, found: list[dict[str, Any]]) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": found})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def add(topic: str, url: str, **other: Any) -> None:
    """What is there stays, and the same is not there twice."""
    found, new = statements(url), statement(topic, url, **other)
    write(url, found if new in found else [*found, new])


@family.wrong("arrives", "not_there")
def forgets_the_policy(topic_arn, queue_url):
    return subscribe(topic_arn, queue_url)


@family.wrong("arrives", "not_there")
def lets_its_own_account_in(topic_arn, queue_url):
    add(topic_arn, queue_url, Principal={"AWS": topic_arn.split(":")[4]})
    return subscribe(topic_arn, queue_url)


@family.wrong("arrives", "not_there")
def has_the_queue_for_its_source(topic_arn, queue_url):
    add(attributes_of(queue_url)["QueueArn"], queue_url)
    return subscribe(topic_arn, queue_url)


@family.wrong("arrives", "not_raw")
def leaves_the_envelope(topic_arn, queue_url):
    add(topic_arn, queue_url)
    return subscribe(topic_arn, queue_url, raw="false")


@family.wrong("arrives", "number")
def publishes_something_to_try_it(topic_arn, queue_url):
    add(topic_arn, queue_url)
    arn = subscribe(topic_arn, queue_url)
    sns.publish(TopicArn=topic_arn, Message="to try it")
    return arn


@family.wrong("arrives", "type")
def returns_the_whole_answer(topic_arn, queue_url):
    add(topic_arn, queue_url)
    return {"SubscriptionArn": subscribe(topic_arn, queue_url)}


@family.wrong("arrives", "raised")
def takes_the_url_for_the_endpoint(topic_arn, queue_url):
    return sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=queue_url)["SubscriptionArn"]


@family.wrong("returns_arn", "other")
def returns_the_topics_arn(topic_arn, queue_url):
    add(topic_arn, queue_url)
    subscribe(topic_arn, queue_url)
    return topic_arn


@family.wrong("only_this_topic", "let_in")
def lets_every_topic_in(topic_arn, queue_url):
    add(topic_arn, queue_url, Condition=None)
    return subscribe(topic_arn, queue_url)


@family.wrong("only_this_topic", "let_in")
def lets_in_what_begins_like_it(topic_arn, queue_url):
    add(topic_arn, queue_url, Condition={"ArnLike": {"aws:SourceArn": f"{topic_arn}*"}})
    return subscribe(topic_arn, queue_url)


@family.wrong("only_this_topic", "let_in")
def lets_the_accounts_topics_in(topic_arn, queue_url):
    add(topic_arn, queue_url, Condition={"StringEquals": {"aws:SourceAccount": topic_arn.split(":")[4]}})
    return subscribe(topic_arn, queue_url)


@family.wrong("only_this_topic", "stranger")
def lets_in_what_comes_from_no_topic(topic_arn, queue_url):
    add(topic_arn, queue_url, Principal="*", Condition={"ArnEqualsIfExists": {"aws:SourceArn": topic_arn}})
    return subscribe(topic_arn, queue_url)


@family.wrong("keeps_policy", "lost")
def writes_a_whole_policy(topic_arn, queue_url):
    write(queue_url, [statement(topic_arn, queue_url)])
    return subscribe(topic_arn, queue_url)


@family.wrong("keeps_policy", "denial_lost")
def keeps_only_what_is_allowed(topic_arn, queue_url):
    allowed = [found for found in statements(queue_url) if found["Effect"] == "Allow"]
    new = statement(topic_arn, queue_url)
    write(queue_url, allowed if new in allowed else [*allowed, new])
    return subscribe(topic_arn, queue_url)


@family.wrong("keeps_policy", "not_let_in")
def looks_for_the_arn_in_the_text(topic_arn, queue_url):
    if topic_arn not in attributes_of(queue_url).get("Policy", ""):
        add(topic_arn, queue_url)
    return subscribe(topic_arn, queue_url)


@family.wrong("keeps_policy", "raised")
def takes_it_that_every_statement_has_a_sid(topic_arn, queue_url):
    if "topic" not in [found["Sid"] for found in statements(queue_url)]:
        add(topic_arn, queue_url, Sid="topic")
    return subscribe(topic_arn, queue_url)


@family.wrong("two_topics", "number")
def has_one_sid_for_all_topics(topic_arn, queue_url):
    if "topic" not in [found.get("Sid") for found in statements(queue_url)]:
        add(topic_arn, queue_url, Sid="topic")
    return subscribe(topic_arn, queue_url)


@family.wrong("again", "statement")
def adds_a_statement_each_time(topic_arn, queue_url):
    write(queue_url, [*statements(queue_url), statement(topic_arn, queue_url)])
    return subscribe(topic_arn, queue_url)


@family.wrong("again", "stopped")
def takes_its_statement_out_again(topic_arn, queue_url):
    mine, found = statement(topic_arn, queue_url), statements(queue_url)
    if found == [mine]:
        sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": ""})
    else:
        write(queue_url, [*found, mine])
    return subscribe(topic_arn, queue_url)


@family.wrong("again", "subscription")
def subscribes_anew_each_time(topic_arn, queue_url):
    add(topic_arn, queue_url)
    sns.unsubscribe(SubscriptionArn=subscribe(topic_arn, queue_url))
    return subscribe(topic_arn, queue_url)


@family.wrong("again", "subscription")
def says_that_it_is_connected_already(topic_arn, queue_url):
    queue = attributes_of(queue_url)["QueueArn"]
    known = sns.list_subscriptions_by_topic(TopicArn=topic_arn)["Subscriptions"]
    if any(subscription["Endpoint"] == queue for subscription in known):
        return "connected already"
    add(topic_arn, queue_url)
    return subscribe(topic_arn, queue_url)


@family.right
def with_one_statement_for_all_topics(topic_arn, queue_url):
    found = statements(queue_url)
    mine = next((one for one in found if one.get("Sid") == "topics"), None)
    if mine is None:
        mine = statement([], queue_url, Sid="topics")
        found.append(mine)
    topics = mine["Condition"]["ArnEquals"]["aws:SourceArn"]
    topics = [topics] if isinstance(topics, str) else topics
    mine["Condition"]["ArnEquals"]["aws:SourceArn"] = sorted({*topics, topic_arn})
    write(queue_url, found)
    return subscribe(topic_arn, queue_url)


@family.right
def the_statement_itself_is_compared(topic_arn, queue_url):
    add(topic_arn, queue_url)
    return subscribe(topic_arn, queue_url)


@family.right
def by_a_sid_for_each_topic(topic_arn, queue_url):
    sid = topic_arn.rpartition(":")[2].title().replace("-", "")
    others = [found for found in statements(queue_url) if found.get("Sid") != sid]
    write(queue_url, [*others, statement(topic_arn, queue_url, Sid=sid)])
    return subscribe(topic_arn, queue_url)


@family.right
def subscribed_first_and_raw_later(topic_arn, queue_url):
    arn = sns.subscribe(TopicArn=topic_arn, Protocol="sqs", Endpoint=attributes_of(queue_url)["QueueArn"])
    sns.set_subscription_attributes(
        SubscriptionArn=arn["SubscriptionArn"], AttributeName="RawMessageDelivery", AttributeValue="true"
    )
    add(topic_arn, queue_url)
    return arn["SubscriptionArn"]


@family.right
def for_whoever_sends_for_the_topic(topic_arn, queue_url):
    """Everybody is the principal, as AWS's older examples have it; the condition is true for the topic only."""
    add(topic_arn, queue_url, Principal="*", Action="sqs:*")
    return subscribe(topic_arn, queue_url)


test_wrong, test_right = family.tests()
