"""Dead letters are looked at without harm, sent back without loss, and shown without trust."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

import labkit
from labkit.dead_letters import DeadLetters
from labkit.errors import LabError
from labkit.widgets.dead_letters import DeadLetterViewer

numbers = itertools.count(1)  # each test has queues of its own


@pytest.fixture
def sqs(lab: labkit.Lab) -> Any:
    return boto3.client("sqs")


@pytest.fixture
def pair(sqs: Any) -> tuple[str, DeadLetters]:
    """A queue that gives up after one receive, and its dead letters."""
    name = f"dying-{next(numbers)}"
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    return connect(sqs, name, dead), DeadLetters(sqs, dead)


def connect(sqs: Any, name: str, dead: str) -> str:
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    return str(sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"])


def let_die(sqs: Any, queue: str, *bodies: str, **parameters: Any) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=queue, MessageBody=body, **parameters)
    for _ in range(2 * len(bodies)):
        sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)


def watch(letters: DeadLetters) -> tuple[DeadLetters, list[str]]:
    """The same letters, and the names of the calls that are made to get at them."""
    calls: list[str] = []
    client = boto3.client("sqs")
    client.meta.events.register("before-call.sqs", lambda model, **_: calls.append(model.name))
    return DeadLetters(client, letters.queue_url), calls


def receive(sqs: Any, queue: str) -> list[Any]:
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return list(found.get("Messages", []))


def test_a_look_shows_all_and_leaves_them_to_others(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    bodies = [f"order {number}" for number in range(12)]
    let_die(sqs, queue, *bodies)
    looked = letters.look()
    assert sorted(letter.body for letter in looked) == sorted(bodies)
    assert {letter.received for letter in looked} == {2}
    assert len(receive(sqs, letters.queue_url)) == 10


def test_a_look_makes_few_calls_so_that_others_miss_its_letters_for_a_moment_only(
    sqs: Any, pair: tuple[str, DeadLetters]
) -> None:
    queue, letters = pair
    let_die(sqs, queue, *(f"order {number}" for number in range(12)))
    watched, calls = watch(letters)
    watched.look()
    assert calls == ["GetQueueAttributes", *["ReceiveMessage"] * 3, *["ChangeMessageVisibilityBatch"] * 2]


def test_what_is_found_is_looked_for_no_longer(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    let_die(sqs, queue, *(f"order {number}" for number in range(11)))
    first = letters.look()[0]
    watched, calls = watch(letters)
    watched.send_back(first.id, queue)
    assert calls.count("ReceiveMessage") == 1
    sqs.purge_queue(QueueUrl=letters.queue_url)
    let_die(sqs, queue, "order 12")
    calls.clear()
    watched.send_back(letters.look()[0].id, queue)
    assert calls == ["GetQueueAttributes", "ReceiveMessage", "SendMessage", "DeleteMessage"]  # and nothing to put back


def test_nobody_looks_at_very_many(sqs: Any, pair: tuple[str, DeadLetters], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labkit.dead_letters.MOST_LOOKED_AT", 10)
    queue, letters = pair
    let_die(sqs, queue, *(f"order {number}" for number in range(12)))
    assert len(letters.look()) == 10


def test_what_comes_again_and_again_does_not_hold_a_look_up(
    sqs: Any, pair: tuple[str, DeadLetters], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labkit.dead_letters.LOOK_TIMEOUT", 0)  # as if each receive took longer
    queue, letters = pair
    let_die(sqs, queue, "order 1")
    assert [letter.body for letter in letters.look()] == ["order 1"]


def test_a_look_that_is_broken_off_hides_letters_for_seconds_whatever_their_queue_says(
    lab: labkit.Lab, sqs: Any, pair: tuple[str, DeadLetters]
) -> None:
    queue, letters = pair
    sqs.set_queue_attributes(QueueUrl=letters.queue_url, Attributes={"VisibilityTimeout": "3600"})
    let_die(sqs, queue, "order 1")
    watched, _ = watch(letters)

    def break_off(**_: Any) -> None:
        raise KeyboardInterrupt

    watched.sqs.meta.events.register("before-call.sqs.ChangeMessageVisibilityBatch", break_off)
    with pytest.raises(KeyboardInterrupt):
        watched.look()
    lab.wait(seconds=21)
    assert [letter.body for letter in letters.look()] == ["order 1"]


def test_of_a_group_a_look_shows_ten(sqs: Any) -> None:
    queue = sqs.create_queue(QueueName="ten-of-a-group.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for number in range(12):
        of_group = {"MessageGroupId": "ana", "MessageDeduplicationId": str(number)}
        sqs.send_message(QueueUrl=queue, MessageBody=f"order {number}", **of_group)
    assert [letter.body for letter in DeadLetters(sqs, queue).look()] == [f"order {number}" for number in range(10)]


def test_nobody_looks_into_a_queue_that_throws_out_what_is_looked_at(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, _ = pair
    sqs.send_message(QueueUrl=queue, MessageBody="order 1")
    for act in (DeadLetters(sqs, queue).look, lambda: DeadLetters(sqs, queue).send_back("m-1", queue)):
        with pytest.raises(LabError, match="dead-letter queue of its own"):
            act()
    assert [message["Body"] for message in receive(sqs, queue)] == ["order 1"]  # its first receive, and its only one


def test_what_cannot_be_sent_stays_and_hides_nothing(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    let_die(sqs, queue, "order 1", "order 2")
    chosen = letters.look()[0]
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        letters.send_back(chosen.id, f"{queue}-which-is-not-there")
    assert sorted(message["Body"] for message in receive(sqs, letters.queue_url)) == ["order 1", "order 2"]


def test_one_goes_back_with_its_attributes_and_the_others_stay(
    lab: labkit.Lab, sqs: Any, pair: tuple[str, DeadLetters]
) -> None:
    queue, letters = pair
    kind = {"kind": {"DataType": "String", "StringValue": "express"}}
    let_die(sqs, queue, "order 1", "order 2", MessageAttributes=kind)
    chosen = next(letter for letter in letters.look() if letter.body == "order 2")
    letters.send_back(chosen.id, letters.source_of(chosen))
    (back,) = receive(sqs, queue)
    assert back["Body"] == "order 2"
    assert back["MessageAttributes"]["kind"]["StringValue"] == "express"
    lab.wait(minutes=1)  # what was only hidden would be there again
    assert [letter.body for letter in letters.look()] == ["order 1"]


def test_of_a_fifo_queue_it_goes_back_into_its_group_even_within_five_minutes(sqs: Any) -> None:
    fifo = {"FifoQueue": "true"}
    dead = sqs.create_queue(QueueName="letters-dead.fifo", Attributes=fifo)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    queue = sqs.create_queue(QueueName="letters.fifo", Attributes={**fifo, "RedrivePolicy": policy})["QueueUrl"]
    let_die(sqs, queue, "order 1", MessageGroupId="ana", MessageDeduplicationId="1")
    letters = DeadLetters(sqs, dead)
    (letter,) = letters.look()
    assert letter.group == "ana"
    assert '<th scope="col">group</th>' in DeadLetterViewer(letters).table.value
    letters.send_back(letter.id, queue)
    assert [message["Body"] for message in receive(sqs, queue)] == ["order 1"]
    assert not letters.look()


def test_all_go_back(sqs: Any, lab: labkit.Lab, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    let_die(sqs, queue, "order 1", "order 2")
    letters.send_all_back()
    lab.wait(seconds=60)
    assert sorted(message["Body"] for message in receive(sqs, queue)) == ["order 1", "order 2"]


def test_of_two_queues_each_letter_goes_back_to_its_own(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    other = connect(sqs, f"{queue.rpartition('/')[2]}-other", letters.queue_url)
    let_die(sqs, queue, "order 1")
    let_die(sqs, other, "order 2")
    where = {letter.body: letters.source_of(letter) for letter in letters.look()}
    assert {body: url.rpartition("/")[2] for body, url in where.items()} == {
        "order 1": queue.rpartition("/")[2],
        "order 2": other.rpartition("/")[2],
    }


def test_what_is_not_there_and_what_came_from_nowhere_are_one_sentence(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    with pytest.raises(LabError, match="no message m-1"):
        letters.send_back("m-1", queue)
    connect(sqs, f"{queue.rpartition('/')[2]}-other", letters.queue_url)
    sqs.send_message(QueueUrl=letters.queue_url, MessageBody="by hand")
    (letter,) = letters.look()
    assert letter.came_from == ""
    with pytest.raises(LabError, match="which queue"):
        letters.source_of(letter)


def test_what_was_sent_by_hand_goes_to_the_only_source(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    sqs.send_message(QueueUrl=letters.queue_url, MessageBody="by hand")
    (letter,) = letters.look()
    assert letters.source_of(letter).rpartition("/")[2] == queue.rpartition("/")[2]


def test_nothing_goes_to_a_queue_from_which_it_did_not_come(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    let_die(sqs, queue, "order 1")
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": ""})
    connect(sqs, f"{queue.rpartition('/')[2]}-other", letters.queue_url)
    with pytest.raises(LabError, match="which queue"):
        letters.source_of(letters.look()[0])


@pytest.fixture
def viewer_of(sqs: Any, pair: tuple[str, DeadLetters]) -> Callable[..., DeadLetterViewer]:
    def make(*bodies: str) -> DeadLetterViewer:
        let_die(sqs, pair[0], *bodies)
        return DeadLetterViewer(pair[1])

    return make


def test_the_viewer_sends_the_chosen_one_back(
    sqs: Any, pair: tuple[str, DeadLetters], viewer_of: Callable[..., DeadLetterViewer]
) -> None:
    viewer = viewer_of("order 1", "order 2")
    viewer.choice.value = dict(viewer.choice.options)["order 2"]
    viewer.send_one.click()
    assert "Sent back: order 2" in viewer.notice.value
    assert [label for label, _ in viewer.choice.options] == ["order 1"]
    assert [message["Body"] for message in receive(sqs, pair[0])] == ["order 2"]


def test_to_send_one_of_two_queues_letters_back_is_two_looks(sqs: Any, pair: tuple[str, DeadLetters]) -> None:
    queue, letters = pair
    connect(sqs, f"{queue.rpartition('/')[2]}-other", letters.queue_url)
    let_die(sqs, queue, "order 1", "order 2")
    viewer = DeadLetterViewer(letters)
    looks = letters.look()[0].received
    viewer.send_one.click()
    assert [letter.received for letter in letters.look()] == [looks + 3]  # to find it, to show what is left, and this


def test_one_is_always_chosen_and_stays_so_while_it_is_there(viewer_of: Callable[..., DeadLetterViewer]) -> None:
    viewer = viewer_of("order 1", "order 2")
    first, second = (message_id for _, message_id in viewer.choice.options)
    assert viewer.choice.value == first
    viewer.choice.value = second
    viewer.look.click()
    assert viewer.choice.value == second
    viewer.send_one.click()
    assert viewer.choice.value == first


def test_the_viewer_has_sqs_move_all_back(
    lab: labkit.Lab, sqs: Any, pair: tuple[str, DeadLetters], viewer_of: Callable[..., DeadLetterViewer]
) -> None:
    viewer = viewer_of("order 1", "order 2")
    viewer.send_all.click()
    assert "SQS is moving" in viewer.notice.value
    assert (viewer.table.value, viewer.choice.options) == ("", ())  # it does not know what is there
    lab.wait(seconds=60)
    viewer.look.click()
    assert "Nothing is in the dead-letter queue" in viewer.table.value
    assert len(receive(sqs, pair[0])) == 2


def test_the_viewer_says_what_went_wrong_and_keeps_it(viewer_of: Callable[..., DeadLetterViewer]) -> None:
    viewer = viewer_of()
    viewer.send_one.click()
    assert "No message was chosen" in viewer.notice.value
    assert [type(error) for error in viewer.errors] == [LabError]


def test_of_a_queue_that_is_gone_the_viewer_says_so(
    sqs: Any, pair: tuple[str, DeadLetters], viewer_of: Callable[..., DeadLetterViewer]
) -> None:
    viewer = viewer_of("order 1")
    sqs.delete_queue(QueueUrl=pair[1].queue_url)
    for button in (viewer.look, viewer.send_one, viewer.send_all):
        viewer.notice.value = ""
        button.click()
        assert "not there any more" in viewer.notice.value


def test_the_viewer_says_what_a_look_does_and_where_letters_come_from(
    pair: tuple[str, DeadLetters], viewer_of: Callable[..., DeadLetterViewer]
) -> None:
    table = viewer_of("order 1").table.value
    assert "100 at most). Each look is a receive" in table
    assert ">group<" not in table  # of a standard queue
    assert f"<td>{pair[0].rpartition('/')[2]}</td>" in table


def test_what_a_message_says_is_never_part_of_the_page(viewer_of: Callable[..., DeadLetterViewer]) -> None:
    viewer = viewer_of("<script>alert(1)</script>" + "x" * 500)
    shown = viewer.table.value + viewer._repr_mimebundle_()["text/html"]
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "x" * 300 not in shown
