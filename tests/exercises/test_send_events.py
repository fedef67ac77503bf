"""Exercise 2.1: answers that beginners give."""

import hashlib
import json
import time
import uuid
from typing import Any

from kit import Family, sqs

from labkit.checks import check
from labkit.checks.exercise import exercise

family = Family("2.1")


def entry(place: int, event: dict[str, str], **changed: str) -> dict[str, str]:
    return {
        "Id": str(place),
        "MessageBody": json.dumps(event),
        "MessageGroupId": event["customer"],
        "MessageDeduplicationId": event["id"],
        **changed,
    }


def send_all(queue_url: str, events: list[dict[str, str]], make_entry: Any = entry) -> list[str]:
    refused = []
    for start in range(0, len(events), 10):
        batch = events[start : start + 10]
        entries = [make_entry(place, event) for place, event in enumerate(batch)]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        refused += [batch[int(failed["Id"])]["id"] for failed in answer.get("Failed", [])]
    return refused


@family.wrong("nothing_to_send", "raised")
def sends_an_empty_batch(queue_url, events):
    return send_all(queue_url, events) if events else sqs.send_message_batch(QueueUrl=queue_url, Entries=[])


@family.wrong("three_events", "type")
def returns_nothing(queue_url, events):
    send_all(queue_url, events)


@family.wrong("nothing_to_send", "something")
def has_a_word_for_nothing(queue_url, events):
    return send_all(queue_url, events) if events else ["no events"]


@family.wrong("three_events", "not_the_event")
def sends_the_text_only(queue_url, events):
    return send_all(queue_url, events, lambda place, event: entry(place, event, MessageBody=event["text"]))


@family.wrong("three_events", "not_the_event")
def sends_python_s_own_form(queue_url, events):
    return send_all(queue_url, events, lambda place, event: entry(place, event, MessageBody=str(event)))


@family.wrong("three_events", "raised")
def takes_the_event_s_id_for_the_entry_s(queue_url, events):
    return send_all(queue_url, events, lambda place, event: entry(place, event, Id=event["id"]))


@family.wrong("three_events", "raised")
def gives_no_deduplication_id(queue_url, events):
    def make(place, event):
        return {name: value for name, value in entry(place, event).items() if name != "MessageDeduplicationId"}

    return send_all(queue_url, events, make)


@family.wrong("three_events", "swallowed")
def makes_the_id_from_the_text(queue_url, events):
    def make(place, event):
        return entry(place, event, MessageDeduplicationId=hashlib.sha256(event["text"].encode()).hexdigest())

    return send_all(queue_url, events, make)


@family.wrong("three_events", "swallowed")
def takes_the_customer_for_both_ids(queue_url, events):
    return send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=event["customer"])
    )


@family.wrong("refused", "not_told")
def counts_the_places_of_the_first_batch(queue_url, events):
    refused = []
    for start in range(0, len(events), 10):
        entries = [entry(place, event) for place, event in enumerate(events[start : start + 10])]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        refused += [events[int(failed["Id"])]["id"] for failed in answer.get("Failed", [])]
    return refused


@family.wrong("refused", "others_missing")
def sends_no_more_once_something_failed(queue_url, events):
    for start in range(0, len(events), 10):
        if refused := send_all(queue_url, events[start : start + 10]):
            return refused
    return []


@family.wrong("three_events", "swallowed")
def takes_a_part_of_the_id(queue_url, events):
    return send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=event["id"].split("/")[1])
    )


@family.wrong("three_events", "no_failed")
def expects_that_something_failed(queue_url, events):
    refused = []
    for start in range(0, len(events), 10):
        entries = [entry(place, event) for place, event in enumerate(events[start : start + 10])]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        refused += [events[start + int(failed["Id"])]["id"] for failed in answer["Failed"]]
    return refused


@family.wrong("three_events", "list_changed")
def empties_the_list(queue_url, events):
    refused = []
    while events:
        refused += send_all(queue_url, [events.pop(0) for _ in events[:10]])
    return refused


@family.wrong("three_events", "nothing")
def sends_full_batches_only(queue_url, events):
    return send_all(queue_url, events[: len(events) // 10 * 10])


@family.wrong("three_events", "none_refused")
def returns_the_ids_that_were_sent(queue_url, events):
    send_all(queue_url, events)
    return [event["id"] for event in events]


@family.wrong("many_events", "missing")
def sends_the_first_ten(queue_url, events):
    return send_all(queue_url, events[:10])


@family.wrong("many_events", "raised")
def sends_all_in_one_call(queue_url, events):
    if not events:
        return []
    entries = [entry(place, event) for place, event in enumerate(events)]
    sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
    return []


@family.wrong("many_events", "missing")
def forgets_the_rest_behind_whole_tens(queue_url, events):
    return send_all(queue_url, events[: len(events) // 10 * 10] if len(events) > 10 else events)


@family.wrong("many_events", "order")
def sends_the_newest_first(queue_url, events):
    return send_all(queue_url, events[::-1])


@family.wrong("many_events", "order")
def sorts_by_id_as_text(queue_url, events):
    return send_all(queue_url, sorted(events, key=lambda event: event["id"]))


@family.wrong("many_events", "calls")
def sends_one_by_one(queue_url, events):
    refused = []
    for event in events:
        message = {name: value for name, value in entry(0, event).items() if name != "Id"}
        try:
            sqs.send_message(QueueUrl=queue_url, **message)
        except Exception:
            refused.append(event["id"])
    return refused


@family.wrong("groups", "waits")
def puts_all_into_one_group(queue_url, events):
    return send_all(queue_url, events, lambda place, event: entry(place, event, MessageGroupId="events"))


@family.wrong("groups", "overtakes")
def gives_each_event_a_group_of_its_own(queue_url, events):
    return send_all(queue_url, events, lambda place, event: entry(place, event, MessageGroupId=event["id"]))


@family.wrong("refused", "not_told")
def believes_the_200(queue_url, events):
    send_all(queue_url, events)
    return []


@family.wrong("refused", "not_told")
def returns_the_entries_ids(queue_url, events):
    refused = []
    for start in range(0, len(events), 10):
        entries = [entry(place, event) for place, event in enumerate(events[start : start + 10])]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        refused += [failed["Id"] for failed in answer.get("Failed", [])]
    return refused


@family.wrong("refused", "raised")
def raises_when_one_is_refused(queue_url, events):
    if refused := send_all(queue_url, events):
        raise RuntimeError(f"refused: {refused}")
    return []


@family.wrong("refused", "endless")
def tries_until_none_is_refused(queue_url, events):
    while events:
        refused = send_all(queue_url, events)
        events = [event for event in events if event["id"] in refused]
    return []


@family.wrong("refused", "others_missing")
def leaves_out_long_ones_and_what_follows(queue_url, events):
    refused = []
    for number, event in enumerate(events):
        if len(json.dumps(event)) > 1000:
            refused = [event["id"]]
            events = events[:number]
            break
    return refused + send_all(queue_url, events)


@family.wrong("called_again", "doubled")
def takes_a_random_id(queue_url, events):
    return send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=uuid.uuid4().hex)
    )


@family.wrong("called_again", "doubled")
def puts_the_time_into_the_id(queue_url, events):
    now = f"{time.time():.0f}"
    return send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=f"{event['id']}-{now}")
    )


@family.wrong("next_list", "swallowed")
def takes_the_place_in_the_list(queue_url, events):
    numbers = {event["id"]: str(number) for number, event in enumerate(events)}
    return send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=numbers[event["id"]])
    )


noted: set[str] = set()


@family.wrong("crash", "missing")
def notes_what_it_is_about_to_send(queue_url, events):
    fresh = [event for event in events if queue_url + event["id"] not in noted]
    refused = []
    for start in range(0, len(fresh), 10):
        batch = fresh[start : start + 10]
        noted.update(queue_url + event["id"] for event in fresh[start:])
        refused += send_all(queue_url, batch)
    return refused


attempts: list[str] = []


@family.wrong("crash", "doubled")
def numbers_its_attempts_when_one_did_not_end(queue_url, events):
    attempt = attempts.count(queue_url)
    attempts.append(queue_url)
    refused = send_all(
        queue_url, events, lambda place, event: entry(place, event, MessageDeduplicationId=f"{event['id']}-{attempt}")
    )
    attempts.remove(queue_url)
    return refused


@family.right
def ten_by_ten(queue_url, events):
    return send_all(queue_url, events)


@family.right
def customer_by_customer_with_a_hash_of_the_whole_event(queue_url, events):
    def make(place, event):
        content = json.dumps(event, sort_keys=True)
        return entry(
            place, event, MessageBody=content, MessageDeduplicationId=hashlib.sha256(content.encode()).hexdigest()
        )

    refused = []
    for customer in dict.fromkeys(event["customer"] for event in events):
        refused += send_all(queue_url, [event for event in events if event["customer"] == customer], make)
    return refused


@family.right
def with_an_iterator_and_entries_numbered_throughout(queue_url, events):
    refused, waiting = [], list(enumerate(events))
    while waiting:
        now, waiting = waiting[:10], waiting[10:]
        entries = [entry(number, event, Id=f"event-{number}") for number, event in now]
        for failed in sqs.send_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed", ()):
            refused.append(events[int(failed["Id"].rpartition("-")[2])]["id"])
    return refused


test_wrong, test_right = family.tests()


def test_an_error_that_any_exercise_can_have_is_asked_about_as_this_one_does() -> None:
    report = check("2.1", sends_an_empty_batch)
    assert report.question == exercise("2.1").texts["nothing_to_send"]["ask_raised"][0]
