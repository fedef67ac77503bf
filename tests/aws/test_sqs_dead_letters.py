"""SQS: dead-letter queues, who may use them, and the way back."""

import json
from typing import Any

import pytest
from behaviours import behaviour
from sqs_calls import API, GUIDE, RECORDED, MakeQueue, QueueUnderTest, redrive_to, refused

import labkit

DEAD_LETTERS = GUIDE + "sqs-dead-letter-queues.html"
REDRIVE = GUIDE + "sqs-configure-dead-letter-queue-redrive.html"
MOVED = "recorded on AWS by LocalStack's validated tests of move tasks: "

Pair = tuple[QueueUnderTest, QueueUnderTest]


@pytest.fixture
def pair(queue: MakeQueue) -> Pair:
    """A queue and its dead-letter queue, where messages go after two receives."""
    dead = queue()
    return queue(VisibilityTimeout=5, RedrivePolicy=redrive_to(dead, 2)), dead


def let_die(lab: labkit.Lab, source: QueueUnderTest, *bodies: str, group: str | None = None) -> None:
    """Send messages and receive them too often."""
    for body in bodies:
        source.send(body, group)
    for _ in range(3):
        source.receive()
        lab.wait(seconds=6)


@behaviour("dlq.moved_when", "After maxReceiveCount receives, the next one moves the message", source=DEAD_LETTERS)
def test_when_a_message_is_moved(lab: labkit.Lab, pair: Pair) -> None:
    source, dead = pair
    source.send("poison")
    for _ in range(2):
        assert source.bodies() == ["poison"]
        lab.wait(seconds=6)
    assert source.bodies(WaitTimeSeconds=0) == []
    assert dead.bodies() == ["poison"]


@behaviour("dlq.moved_without_receive", "Nothing moves while nobody receives", source=DEAD_LETTERS)
def test_nothing_moves_by_itself(lab: labkit.Lab, pair: Pair) -> None:
    source, dead = pair
    source.send("poison")
    for _ in range(2):
        source.receive_one()
        lab.wait(seconds=6)
    lab.wait(seconds=60)
    assert (source.counts()[0], dead.counts()[0]) == (1, 0)


@behaviour(
    "dlq.preserves_ids",
    "The message keeps its id, its time of sending and its count, and shows where it comes from",
    source=RECORDED + "test_dead_letter_queue_message_attributes",
)
def test_what_a_dead_letter_shows(lab: labkit.Lab, pair: Pair) -> None:
    source, dead = pair
    source.send("poison")
    for _ in range(2):
        original = source.receive_one()
        lab.wait(seconds=6)
    source.receive()
    letter = dead.receive_one()
    assert letter["MessageId"] == original["MessageId"]
    assert letter["Attributes"]["SentTimestamp"] == original["Attributes"]["SentTimestamp"]
    assert letter["Attributes"]["ApproximateReceiveCount"] == "3"
    assert letter["Attributes"]["DeadLetterQueueSourceArn"] == source.arn


@behaviour(
    "dlq.receive_returns_next_in_same_call",
    "The receive that moves a message returns the next healthy one",
    source=DEAD_LETTERS,
)
def test_the_next_message_comes_in_the_same_call(lab: labkit.Lab, pair: Pair) -> None:
    source, _ = pair
    source.send("poison")
    for _ in range(2):
        source.receive_one()
        lab.wait(seconds=6)
    source.send("healthy")
    assert source.bodies(1) == ["healthy"]


@behaviour(
    "dlq.fifo_group_continues",
    "When a FIFO message is moved, its group goes on without it",
    source=RECORDED + "test_dead_letter_queue_with_fifo_and_content_based_deduplication",
)
def test_a_fifo_group_goes_on(lab: labkit.Lab, queue: MakeQueue) -> None:
    dead = queue(fifo=True)
    source = queue(fifo=True, ContentBasedDeduplication="true", VisibilityTimeout=5, RedrivePolicy=redrive_to(dead, 1))
    poison = source.send("poison", "g")
    source.send("healthy", "g")
    source.receive_one()
    lab.wait(seconds=6)
    assert source.bodies() == ["healthy"]
    letter = dead.receive_one()
    assert letter["MessageId"] == letter["Attributes"]["MessageDeduplicationId"] == poison["MessageId"]


@behaviour("dlq.retention_from_enqueue", "A standard queue's dead letter keeps its age", source=DEAD_LETTERS)
def test_the_age_of_a_standard_dead_letter(lab: labkit.Lab, queue: MakeQueue) -> None:
    dead = queue(MessageRetentionPeriod=300)
    source = queue(VisibilityTimeout=5, RedrivePolicy=redrive_to(dead, 1))
    source.send("poison")
    source.receive_one()
    lab.wait(seconds=200)
    source.receive()
    assert dead.bodies(VisibilityTimeout=0) == ["poison"]
    lab.wait(seconds=101)
    assert dead.bodies(WaitTimeSeconds=0) == []


@behaviour("dlq.retention_from_enqueue.fifo", "A FIFO queue's dead letter starts anew", source=DEAD_LETTERS)
def test_the_age_of_a_fifo_dead_letter(lab: labkit.Lab, queue: MakeQueue) -> None:
    dead = queue(fifo=True, MessageRetentionPeriod=300)
    source = queue(fifo=True, ContentBasedDeduplication="true", VisibilityTimeout=5, RedrivePolicy=redrive_to(dead, 1))
    source.send("poison", "g")
    source.receive_one()
    lab.wait(seconds=200)
    source.receive()
    lab.wait(seconds=101)
    assert dead.bodies() == ["poison"]


@behaviour("dlq.fifo_needs_fifo", "A FIFO queue's dead-letter queue is FIFO", source=DEAD_LETTERS)
@behaviour("dlq.std_needs_std", "A standard queue's is standard", source=DEAD_LETTERS)
@pytest.mark.parametrize("fifo", [True, False])
def test_both_are_of_one_type(queue: MakeQueue, fifo: bool) -> None:
    with refused("InvalidParameterValue", "same type"):
        queue(fifo=fifo, RedrivePolicy=redrive_to(queue(fifo=not fifo), 1))


@behaviour("dlq.missing_target", "A dead-letter queue must exist", source=API + "SetQueueAttributes.html")
def test_a_dead_letter_queue_that_does_not_exist(queue: MakeQueue) -> None:
    policy = json.dumps({"deadLetterTargetArn": queue().arn + "-missing", "maxReceiveCount": 1})
    with refused("InvalidParameterValue", "RedrivePolicy"):
        queue(RedrivePolicy=policy)


@behaviour(
    "dlq.maxreceive_range",
    "maxReceiveCount is 1 to 1,000",
    source=RECORDED + "test_redrive_policy_attribute_validity",
)
@pytest.mark.parametrize("count", [0, 1001, -1, "invalid", None])
def test_the_range_of_max_receive_count(queue: MakeQueue, count: object) -> None:
    with refused("InvalidParameterValue", "maxReceiveCount"):
        queue(RedrivePolicy=redrive_to(queue(), count))


@behaviour(
    "dlq.policy_text",
    "maxReceiveCount may be a number or a text; an empty policy removes it",
    source=RECORDED + "test_set_empty_redrive_policy",
)
def test_the_redrive_policy_can_be_removed(sqs: Any, queue: MakeQueue) -> None:
    dead, source = queue(), queue()
    policy = redrive_to(dead, "42")
    sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"RedrivePolicy": policy})
    assert json.loads(source.attribute("RedrivePolicy"))["deadLetterTargetArn"] == dead.arn
    sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"RedrivePolicy": ""})
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=source.url, AttributeNames=["RedrivePolicy"])


@behaviour("dlq.redrive_allow_policy_attr", "A redrive allow policy can be read back", source=DEAD_LETTERS)
@behaviour("dlq.redrive_allow_policy_enforced", "Queues that it does not allow are refused", source=DEAD_LETTERS)
def test_the_redrive_allow_policy(sqs: Any, queue: MakeQueue) -> None:
    dead, friend, stranger = queue(), queue(), queue()

    def allow(policy: dict[str, Any]) -> None:
        sqs.set_queue_attributes(QueueUrl=dead.url, Attributes={"RedriveAllowPolicy": json.dumps(policy)})
        assert json.loads(dead.attribute("RedriveAllowPolicy")) == policy

    def use(source: QueueUnderTest) -> None:
        sqs.set_queue_attributes(QueueUrl=source.url, Attributes={"RedrivePolicy": redrive_to(dead, 1)})

    allow({"redrivePermission": "denyAll"})
    with refused("InvalidParameterValue"):
        use(friend)
    allow({"redrivePermission": "byQueue", "sourceQueueArns": [friend.arn]})
    use(friend)
    with refused("InvalidParameterValue"):
        use(stranger)


@behaviour("dlq.list_sources", "A dead-letter queue knows its sources", source=API + "ListDeadLetterSourceQueues.html")
def test_listing_the_sources(sqs: Any, queue: MakeQueue) -> None:
    dead = queue()
    sources = {queue(RedrivePolicy=redrive_to(dead, 1)).url for _ in range(2)}
    assert set(sqs.list_dead_letter_source_queues(QueueUrl=dead.url)["queueUrls"]) == sources
    assert sqs.list_dead_letter_source_queues(QueueUrl=queue().url)["queueUrls"] == []


@behaviour(
    "dlq.move_task",
    "A move task takes dead letters back to their sources",
    source=MOVED + "test_move_task_workflow_with_multiple_sources_as_default_destination",
)
def test_back_to_the_sources(lab: labkit.Lab, sqs: Any, queue: MakeQueue) -> None:
    dead = queue()
    first, second = (queue(VisibilityTimeout=5, RedrivePolicy=redrive_to(dead, 2)) for _ in range(2))
    let_die(lab, first, "a", "b")
    let_die(lab, second, "c")
    sqs.start_message_move_task(SourceArn=dead.arn)
    lab.wait(seconds=10)
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 3)
    assert "TaskHandle" not in task
    assert (sorted(first.bodies()), second.bodies(), dead.bodies()) == (["a", "b"], ["c"], [])


@behaviour("dlq.move_task.as_new", "Moved messages are new: id, time, count", source=REDRIVE)
def test_moved_messages_are_new(lab: labkit.Lab, sqs: Any, pair: Pair) -> None:
    source, dead = pair
    let_die(lab, source, "poison")
    letter = dead.receive_one(VisibilityTimeout=0)
    sqs.start_message_move_task(SourceArn=dead.arn)
    lab.wait(seconds=10)
    message = source.receive_one()
    assert message["MessageId"] != letter["MessageId"]
    assert message["Attributes"]["SentTimestamp"] > letter["Attributes"]["SentTimestamp"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"


@behaviour(
    "dlq.move_task.destination",
    "They can be moved elsewhere",
    source=MOVED + "test_basic_move_task_workflow",
)
def test_to_another_queue(lab: labkit.Lab, sqs: Any, queue: MakeQueue, pair: Pair) -> None:
    source, dead = pair
    other = queue()
    let_die(lab, source, "poison")
    sqs.start_message_move_task(SourceArn=dead.arn, DestinationArn=other.arn)
    lab.wait(seconds=10)
    assert sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"][0]["DestinationArn"] == other.arn
    assert (other.bodies(), source.bodies()) == (["poison"], [])


@behaviour(
    "dlq.move_task.rate_and_cancel",
    "A task moves at the rate asked for, can be watched, and cancelled: what it has moved stays moved",
    source=MOVED + "test_move_task_with_throughput_limit, test_move_task_cancel",
)
def test_a_slow_task_is_cancelled(lab: labkit.Lab, sqs: Any, pair: Pair) -> None:
    source, dead = pair
    let_die(lab, source, *"abcdefghij")
    handle = sqs.start_message_move_task(SourceArn=dead.arn, MaxNumberOfMessagesPerSecond=1)["TaskHandle"]
    lab.wait(seconds=3)
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["TaskHandle"]) == ("RUNNING", handle)
    assert task["ApproximateNumberOfMessagesToMove"] == 10
    assert 1 <= sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] <= 4
    lab.wait(seconds=20)
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert task["Status"] == "CANCELLED"
    moved = task["ApproximateNumberOfMessagesMoved"]
    assert (len(source.bodies()), dead.counts()[0]) == (moved, 10 - moved)
    with refused("ResourceNotFoundException"):
        sqs.cancel_message_move_task(TaskHandle=handle)


@behaviour(
    "dlq.move_task.one_at_a_time",
    "A queue has one active task",
    source=MOVED + "test_start_multiple_move_tasks",
)
def test_one_task_at_a_time(lab: labkit.Lab, sqs: Any, pair: Pair) -> None:
    source, dead = pair
    let_die(lab, source, "a", "b")
    sqs.start_message_move_task(SourceArn=dead.arn, MaxNumberOfMessagesPerSecond=1)
    with refused("InvalidParameterValue", "There is already a task running."):
        sqs.start_message_move_task(SourceArn=dead.arn)


@behaviour(
    "dlq.move_task.fails",
    "A task whose destination is deleted fails, and what it has not moved stays",
    source=MOVED + "test_move_task_delete_destination_queue_while_running",
)
def test_a_destination_is_deleted(lab: labkit.Lab, sqs: Any, queue: MakeQueue, pair: Pair) -> None:
    source, dead = pair
    other = queue()
    let_die(lab, source, "a", "b", "c")
    sqs.start_message_move_task(SourceArn=dead.arn, DestinationArn=other.arn, MaxNumberOfMessagesPerSecond=1)
    sqs.delete_queue(QueueUrl=other.url)
    lab.wait(seconds=20)
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "AWS.SimpleQueueService.NonExistentQueue")
    assert dead.bodies()


@behaviour(
    "dlq.move_task.unknown_source",
    "A message sent to the dead-letter queue by hand has no source to go back to",
    source=GUIDE + "troubleshooting-dlq-redrive.html",
)
def test_a_message_without_a_source(lab: labkit.Lab, sqs: Any, pair: Pair) -> None:
    _, dead = pair
    dead.send("by hand")
    sqs.start_message_move_task(SourceArn=dead.arn)
    lab.wait(seconds=10)
    (task,) = sqs.list_message_move_tasks(SourceArn=dead.arn)["Results"]
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert dead.bodies() == ["by hand"]


@behaviour(
    "dlq.move_task.needs_dlq",
    "Only a dead-letter queue can be moved from",
    source=MOVED + "test_source_needs_redrive_policy",
)
def test_the_source_is_a_dead_letter_queue(sqs: Any, queue: MakeQueue) -> None:
    with refused("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."):
        sqs.start_message_move_task(SourceArn=queue().arn)


@behaviour(
    "dlq.move_task.missing_queues",
    "Both ends must exist",
    source=MOVED + "test_destination_needs_to_exist, test_cancel_with_invalid_task_handle",
)
def test_what_a_task_needs(sqs: Any, pair: Pair) -> None:
    _, dead = pair
    missing = sqs.exceptions.ResourceNotFoundException
    with refused("ResourceNotFoundException", "SourceArn parameter doesn't exist.", missing):
        sqs.start_message_move_task(SourceArn=dead.arn + "-missing")
    with refused("ResourceNotFoundException", "DestinationArn parameter doesn't exist.", missing):
        sqs.start_message_move_task(SourceArn=dead.arn, DestinationArn=dead.arn + "-missing")
    with refused("InvalidParameterValue", "Value for parameter TaskHandle is invalid."):
        sqs.cancel_message_move_task(TaskHandle="foobared")
