"""SQS: making, finding, changing, emptying and removing queues."""

import json
from typing import Any

import boto3
import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, refused

import labkit

FIFO = {"FifoQueue": "true"}


@behaviour("fifo.suffix.required", "A FIFO queue's name ends in .fifo", source=API + "CreateQueue.html")
def test_a_fifo_queue_needs_the_suffix(sqs: Any) -> None:
    with refused("InvalidParameterValue", "must end with .fifo suffix"):
        sqs.create_queue(QueueName="no-suffix", Attributes=FIFO)


@behaviour(
    "fifo.suffix.standard_forbidden",
    "A standard queue's name must not end in .fifo",
    source=RECORDED + "test_standard_queue_cannot_have_fifo_suffix",
)
def test_a_standard_queue_must_not_have_the_suffix(sqs: Any) -> None:
    with refused("InvalidParameterValue", "Can only include alphanumeric characters"):
        sqs.create_queue(QueueName="standard.fifo")


@behaviour(
    "create.name",
    "A name has 1 to 80 letters, digits, hyphens and underscores",
    source=API + "CreateQueue.html",
)
@pytest.mark.parametrize("name", ["a" * 81, "with/slash", "with space", "with.dot", "ñ"])
def test_names_that_are_refused(sqs: Any, name: str) -> None:
    with refused("InvalidParameterValue", "1 to 80 in length"):
        sqs.create_queue(QueueName=name)


@behaviour(
    "create.fifoqueue_false_attr",
    "FifoQueue=false is refused: a standard queue has no such attribute",
    source=RECORDED + "test_create_standard_queue_with_fifo_attribute_raises_error",
)
def test_fifo_queue_cannot_be_false(sqs: Any) -> None:
    with refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
        sqs.create_queue(QueueName="not-fifo", Attributes={"FifoQueue": "false"})


@behaviour(
    "create.fifo_attributes_on_standard",
    "A standard queue takes none of the FIFO attributes",
    source=RECORDED + "test_create_standard_queue_with_fifo_attribute_raises_error",
)
@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("ContentBasedDeduplication", "false", "Unknown Attribute ContentBasedDeduplication."),
        ("DeduplicationScope", "queue", "only when FifoQueue is set to true"),
        ("FifoThroughputLimit", "perQueue", "only when FifoQueue is set to true"),
    ],
)
def test_fifo_attributes_on_a_standard_queue(sqs: Any, name: str, value: str, text: str) -> None:
    with refused("InvalidAttributeName", text):
        sqs.create_queue(QueueName="standard", Attributes={name: value})


@behaviour("create.idempotent_same_attrs", "Creating it again is no error", source=API + "CreateQueue.html")
def test_creating_the_same_queue_twice(sqs: Any, queue: MakeQueue) -> None:
    first = queue(DelaySeconds=5)
    for attributes in ({"DelaySeconds": "5"}, {}):
        assert sqs.create_queue(QueueName=first.name, Attributes=attributes)["QueueUrl"] == first.url


@behaviour(
    "create.different_attrs",
    "Creating it again with other attributes is one; its class and its code differ",
    source=RECORDED + "test_create_queue_with_different_attributes_raises_exception",
)
def test_creating_another_queue_of_the_same_name(sqs: Any, queue: MakeQueue) -> None:
    with refused("QueueAlreadyExists", "a different value for attribute DelaySeconds", sqs.exceptions.QueueNameExists):
        sqs.create_queue(QueueName=queue(DelaySeconds=5).name, Attributes={"DelaySeconds": "6"})


@behaviour(
    "create.recently_deleted",
    "A deleted queue's name can be used again after 60 seconds",
    source=API + "DeleteQueue.html",
)
def test_the_name_of_a_deleted_queue(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    deleted = queue()
    sqs.delete_queue(QueueUrl=deleted.url)
    with refused("AWS.SimpleQueueService.QueueDeletedRecently", "wait 60 seconds", sqs.exceptions.QueueDeletedRecently):
        sqs.create_queue(QueueName=deleted.name)
    lab.wait(seconds=61)
    assert sqs.create_queue(QueueName=deleted.name)["QueueUrl"] == deleted.url


@behaviour(
    "nonexistent.code",
    "The class is QueueDoesNotExist, the code another",
    source=RECORDED + "test_non_existent_queue",
)
def test_a_queue_that_does_not_exist(sqs: Any) -> None:
    with refused(
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist.",
        sqs.exceptions.QueueDoesNotExist,
    ):
        sqs.get_queue_url(QueueName="nobody-made-this")


@behaviour(
    "nonexistent.receive_by_url",
    "It is the same for a URL whose queue is gone",
    source=RECORDED + "test_non_existent_queue",
)
def test_receiving_from_a_deleted_queue(sqs: Any, queue: MakeQueue) -> None:
    deleted = queue()
    sqs.delete_queue(QueueUrl=deleted.url)
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        deleted.receive()


@behaviour("attr.retention_range", "Messages are kept 60 s to 14 days", source=API + "SetQueueAttributes.html")
@behaviour("attr.visibility_range", "A visibility timeout is 0 to 12 hours", source=API + "SetQueueAttributes.html")
@behaviour("attr.delay_range", "A delay is 0 to 15 minutes", source=API + "SetQueueAttributes.html")
@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("MessageRetentionPeriod", ("59", "1209601", "x", "", "-1"), ("60", "1209600")),
        ("VisibilityTimeout", ("-1", "43201"), ("0", "43200")),
        ("DelaySeconds", ("-1", "901"), ("0", "900")),
        ("ReceiveMessageWaitTimeSeconds", ("-1", "21", "1.5"), ("0", "20")),
        ("MaximumMessageSize", ("1023", "1048577"), ("1024", "1048576")),
    ],
)
def test_the_range_of_an_attribute(
    sqs: Any, queue: MakeQueue, name: str, bad: tuple[str, ...], good: tuple[str, ...]
) -> None:
    changed = queue()
    for value in bad:
        with refused("InvalidAttributeValue", name):
            sqs.set_queue_attributes(QueueUrl=changed.url, Attributes={name: value})
    for value in good:
        sqs.set_queue_attributes(QueueUrl=changed.url, Attributes={name: value})
        assert changed.attribute(name) == value


@behaviour("attr.unknown", "Attributes that do not exist are refused", source=API + "SetQueueAttributes.html")
def test_an_unknown_attribute(sqs: Any, queue: MakeQueue) -> None:
    url = queue().url
    with refused("InvalidAttributeName", "Unknown Attribute Colour."):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Colour": "red"})
    with refused("InvalidAttributeName", "Unknown Attribute Colour."):
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Colour"])


@behaviour(
    "attr.all_set",
    "A new queue's attributes and their defaults",
    source=RECORDED + "test_set_queue_attributes_default_values",
)
def test_the_attributes_of_a_new_queue(sqs: Any, queue: MakeQueue) -> None:
    attributes = sqs.get_queue_attributes(QueueUrl=queue().url, AttributeNames=["All"])["Attributes"]
    assert {name: int(attributes.pop(name)) > 0 for name in ("CreatedTimestamp", "LastModifiedTimestamp")}
    assert attributes.pop("QueueArn").startswith("arn:aws:sqs:us-east-1:")
    assert attributes == {
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "DelaySeconds": "0",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "SqsManagedSseEnabled": "true",
        "VisibilityTimeout": "30",
    }


@behaviour(
    "attr.all_set.fifo",
    "A FIFO queue has four more",
    source=RECORDED + "test_fifo_set_content_based_deduplication_strategy",
)
def test_the_attributes_of_a_new_fifo_queue(sqs: Any, queue: MakeQueue) -> None:
    attributes = sqs.get_queue_attributes(QueueUrl=queue(fifo=True).url, AttributeNames=["All"])["Attributes"]
    assert (
        attributes.items()
        >= {
            "ContentBasedDeduplication": "false",
            "DeduplicationScope": "queue",
            "FifoQueue": "true",
            "FifoThroughputLimit": "perQueue",
        }.items()
    )


@behaviour(
    "attr.fifo_fixed",
    "A queue's type never changes",
    source=RECORDED + "test_set_unsupported_attribute_fifo",
)
def test_the_type_of_a_queue_is_fixed(sqs: Any, queue: MakeQueue) -> None:
    with refused("InvalidAttributeName", "Unknown Attribute FifoQueue."):
        sqs.set_queue_attributes(QueueUrl=queue().url, Attributes=FIFO)
    with refused("InvalidAttributeValue", "Modifying queue type is not supported."):
        sqs.set_queue_attributes(QueueUrl=queue(fifo=True).url, Attributes={"FifoQueue": "false"})


@behaviour(
    "attr.encryption",
    "A queue is encrypted by SQS or by a KMS key, not by both",
    source=RECORDED + "test_sse_kms_and_sqs_are_mutually_exclusive, test_sse_queue_attributes",
)
def test_one_kind_of_encryption(sqs: Any, queue: MakeQueue) -> None:
    encrypted = queue()
    with refused("InvalidAttributeName", "You can use one type of server-side encryption"):
        sqs.set_queue_attributes(
            QueueUrl=encrypted.url, Attributes={"KmsMasterKeyId": "key", "SqsManagedSseEnabled": "true"}
        )
    sqs.set_queue_attributes(QueueUrl=encrypted.url, Attributes={"KmsMasterKeyId": "key"})
    assert encrypted.attribute("SqsManagedSseEnabled") == "false"


@behaviour(
    "attr.policy_empty",
    "An empty policy removes the policy",
    source=RECORDED + "test_set_empty_queue_policy",
)
def test_an_empty_policy_removes_it(sqs: Any, queue: MakeQueue) -> None:
    url = queue().url
    sqs.add_permission(QueueUrl=url, Label="x", AWSAccountIds=["668614515564"], Actions=["ReceiveMessage"])
    assert "Attributes" in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])


@behaviour(
    "permission",
    "AddPermission writes a statement into the queue's policy, RemovePermission takes it out",
    source=RECORDED + "test_sqs_permission_lifecycle",
)
def test_permissions(sqs: Any, queue: MakeQueue) -> None:
    shared = queue()
    permission = {"QueueUrl": shared.url, "AWSAccountIds": ["668614515564"], "Actions": ["ReceiveMessage"]}
    sqs.add_permission(Label="other-account", **permission)
    (statement,) = json.loads(shared.attribute("Policy"))["Statement"]
    assert statement == {
        "Sid": "other-account",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::668614515564:root"},
        "Action": "SQS:ReceiveMessage",
        "Resource": shared.arn,
    }
    with refused("InvalidParameterValue", "Already exists."):
        sqs.add_permission(Label="other-account", **permission)
    sqs.remove_permission(QueueUrl=shared.url, Label="other-account")
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=shared.url, AttributeNames=["Policy"])
    with refused("InvalidParameterValue", "can't find label."):
        sqs.remove_permission(QueueUrl=shared.url, Label="other-account")


@behaviour("tags", "A queue can be tagged, its tags listed and removed", source=API + "TagQueue.html")
def test_tags(sqs: Any, queue: MakeQueue) -> None:
    url = queue().url
    sqs.tag_queue(QueueUrl=url, Tags={"team": "blue", "course": "aws"})
    sqs.tag_queue(QueueUrl=url, Tags={"team": "red"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["course", "never-set"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "red"}
    sqs.untag_queue(QueueUrl=url, TagKeys=["team"])
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)


@behaviour("list_queues.prefix_paging", "Queues are listed by prefix and in pages", source=API + "ListQueues.html")
def test_listing(sqs: Any, make_queue: Any) -> None:
    made = sorted(make_queue("listed") for _ in range(5))
    make_queue("other")
    assert sorted(sqs.list_queues(QueueNamePrefix="listed")["QueueUrls"]) == made
    pages = list(sqs.get_paginator("list_queues").paginate(QueueNamePrefix="listed", PaginationConfig={"PageSize": 2}))
    assert [len(page["QueueUrls"]) for page in pages] == [2, 2, 1]
    assert sorted(url for page in pages for url in page["QueueUrls"]) == made
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="nothing-begins-so")


@behaviour("purge.empties", "A purge removes every message, in flight and delayed too", source=API + "PurgeQueue.html")
def test_purge(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    purged = queue(VisibilityTimeout=5)
    for delay in (0, 0, 5):
        purged.send("gone", DelaySeconds=delay)
    purged.receive(1)
    sqs.purge_queue(QueueUrl=purged.url)
    lab.wait(seconds=60)
    assert purged.receive() == []


@behaviour("purge.twice_60s", "A queue is purged once in 60 seconds", source=API + "PurgeQueue.html")
def test_two_purges(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    url = queue().url
    sqs.purge_queue(QueueUrl=url)
    with refused(
        "AWS.SimpleQueueService.PurgeQueueInProgress",
        "is allowed every 60 seconds.",
        sqs.exceptions.PurgeQueueInProgress,
    ):
        sqs.purge_queue(QueueUrl=url)
    lab.wait(seconds=61)
    sqs.purge_queue(QueueUrl=url)


@behaviour(
    "url.name_only",
    "A queue's name does for its URL",
    source=RECORDED + "test_posting_to_queue_via_queue_name, and " + GUIDE + "sqs-queue-message-identifiers.html",
)
def test_a_name_in_place_of_the_url(sqs: Any, queue: MakeQueue) -> None:
    named = queue()
    sqs.send_message(QueueUrl=named.name, MessageBody="hello")
    assert named.bodies() == ["hello"]


@behaviour("region.apart", "Each Region has its own queues", source=GUIDE + "sqs-queue-message-identifiers.html")
def test_regions(sqs: Any, queue: MakeQueue) -> None:
    elsewhere = boto3.client("sqs", region_name="eu-west-1")
    with pytest.raises(elsewhere.exceptions.QueueDoesNotExist):
        elsewhere.get_queue_url(QueueName=queue().name)
