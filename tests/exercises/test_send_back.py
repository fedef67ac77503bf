"""Exercise 4.2: ways of sending dead letters back that beginners find."""

from typing import Any

from kit import Family, sqs

family = Family("4.2")


def receive(url: str, **more: Any) -> list[Any]:
    how = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], **more}
    return sqs.receive_message(QueueUrl=url, **how).get("Messages", [])


def all_of(url: str, **more: Any) -> list[Any]:
    letters = []
    while received := receive(url, **more):
        letters += received
    return letters


def send(url: str, letter: Any) -> None:
    attributes = letter.get("MessageAttributes", {})
    sqs.send_message(QueueUrl=url, MessageBody=letter["Body"], MessageAttributes=attributes)


def delete(url: str, letter: Any) -> None:
    sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])


def give_back(url: str, letter: Any) -> None:
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0)


@family.wrong("no_letters", "raised")
def counts_on_letters(dead_letter_url, queue_url, is_repaired):
    return [letter["Body"] for letter in sqs.receive_message(QueueUrl=dead_letter_url)["Messages"]]


@family.wrong("no_letters", "type")
def returns_a_number(dead_letter_url, queue_url, is_repaired):
    return len(all_of(dead_letter_url))


@family.wrong("no_letters", "not_empty")
def reports_an_empty_page(dead_letter_url, queue_url, is_repaired):
    return [[letter["Body"] for letter in receive(dead_letter_url)]]


@family.wrong("repaired_ones", "all_sent")
def sends_all(dead_letter_url, queue_url, is_repaired):
    letters = all_of(dead_letter_url)
    for letter in letters:
        send(queue_url, letter)
        delete(dead_letter_url, letter)
    return [letter["Body"] for letter in letters]


@family.wrong("repaired_ones", "not_sent")
def only_gives_back(dead_letter_url, queue_url, is_repaired):
    letters = all_of(dead_letter_url)
    for letter in letters:
        give_back(dead_letter_url, letter)
    return [letter["Body"] for letter in letters if is_repaired(letter["Body"])]


@family.wrong("repaired_ones", "changed")
def wraps_the_body(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            sqs.send_message(QueueUrl=queue_url, MessageBody=f"again: {letter['Body']}")
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("repaired_ones", "in_both")
def never_deletes(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("repaired_ones", "hidden")
def leaves_the_others_in_flight(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
    return sent


@family.wrong("repaired_ones", "thrown_away")
def deletes_what_is_not_repaired(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            sent.append(letter["Body"])
        delete(dead_letter_url, letter)
    return sent


@family.wrong("repaired_ones", "sent_anew")
def gives_back_by_sending(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        good = is_repaired(letter["Body"])
        send(queue_url if good else dead_letter_url, letter)
        delete(dead_letter_url, letter)
        sent += [letter["Body"]] if good else []
    return sent


@family.wrong("repaired_ones", "not_the_bodies")
def returns_ids(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["MessageId"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("repaired_ones", "endless")
def gives_back_too_early(dead_letter_url, queue_url, is_repaired):
    sent = []
    while letters := receive(dead_letter_url):
        for letter in letters:
            if is_repaired(letter["Body"]):
                send(queue_url, letter)
                delete(dead_letter_url, letter)
                sent.append(letter["Body"])
            else:
                give_back(dead_letter_url, letter)
    return sent


@family.wrong("attributes", "lost")
def forgets_the_attributes(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url, MessageAttributeNames=[]):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("attributes", "altered")
def takes_every_attribute_for_a_text(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            attributes = letter.get("MessageAttributes", {})
            texts = {name: str(a.get("StringValue") or a["BinaryValue"]) for name, a in attributes.items()}
            letter["MessageAttributes"] = {n: {"DataType": "String", "StringValue": text} for n, text in texts.items()}
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("more_than_ten", "left")
def takes_a_page_without_a_repaired_one_for_the_last(dead_letter_url, queue_url, is_repaired):
    sent, others = [], []
    while True:
        letters = receive(dead_letter_url)
        good = [letter for letter in letters if is_repaired(letter["Body"])]
        others += [letter for letter in letters if letter not in good]
        if not good:
            break
        for letter in good:
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
    for letter in others:
        give_back(dead_letter_url, letter)
    return sent


@family.wrong("more_than_ten", "sent_twice")
def sends_what_came_before_with_each_page(dead_letter_url, queue_url, is_repaired):
    letters, good = [], []
    while received := receive(dead_letter_url):
        letters += received
        good += [letter for letter in received if is_repaired(letter["Body"])]
        for letter in good:
            send(queue_url, letter)
    for letter in letters:
        (delete if letter in good else give_back)(dead_letter_url, letter)
    return [letter["Body"] for letter in good]


@family.wrong("more_than_ten", "hidden")
def gives_back_those_of_the_last_page(dead_letter_url, queue_url, is_repaired):
    sent, others = [], []
    while letters := receive(dead_letter_url):
        others = [letter for letter in letters if not is_repaired(letter["Body"])]
        for letter in letters:
            if letter not in others:
                send(queue_url, letter)
                delete(dead_letter_url, letter)
                sent.append(letter["Body"])
    for letter in others:
        give_back(dead_letter_url, letter)
    return sent


@family.wrong("more_than_ten", "left")
def receives_once(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in receive(dead_letter_url):
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            delete(dead_letter_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.wrong("more_than_ten", "twice")
def counts_by_page(dead_letter_url, queue_url, is_repaired):
    letters, bodies = [], []
    while received := receive(dead_letter_url):
        letters += received
        bodies += [letter["Body"] for letter in letters if is_repaired(letter["Body"])]
    for letter in letters:
        if is_repaired(letter["Body"]):
            send(queue_url, letter)
            delete(dead_letter_url, letter)
        else:
            give_back(dead_letter_url, letter)
    return bodies


@family.wrong("crash", "lost")
def deletes_first(dead_letter_url, queue_url, is_repaired):
    sent = []
    for letter in all_of(dead_letter_url):
        if is_repaired(letter["Body"]):
            delete(dead_letter_url, letter)
            send(queue_url, letter)
            sent.append(letter["Body"])
        else:
            give_back(dead_letter_url, letter)
    return sent


@family.right
def all_at_once(dead_letter_url, queue_url, is_repaired):
    letters = all_of(dead_letter_url)
    good = [letter for letter in letters if is_repaired(letter["Body"])]
    for letter in good:
        send(queue_url, letter)
    for letter in letters:
        (delete if letter in good else give_back)(dead_letter_url, letter)
    return [letter["Body"] for letter in good]


@family.right
def in_batches(dead_letter_url, queue_url, is_repaired):
    sent, others = [], []
    while letters := receive(dead_letter_url):
        good = [letter for letter in letters if is_repaired(letter["Body"])]
        others += [letter for letter in letters if letter not in good]
        if good:
            entries = [
                {"Id": str(n), "MessageBody": m["Body"], "MessageAttributes": m.get("MessageAttributes", {})}
                for n, m in enumerate(good)
            ]
            sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(good)]
            sqs.delete_message_batch(QueueUrl=dead_letter_url, Entries=entries)
        sent += [letter["Body"] for letter in good]
    for letter in others:
        give_back(dead_letter_url, letter)
    return sent


@family.right
def until_one_comes_again(dead_letter_url, queue_url, is_repaired):
    sent, seen = [], {}
    while letters := receive(dead_letter_url, VisibilityTimeout=300):
        for letter in letters:
            if is_repaired(letter["Body"]):
                send(queue_url, letter)
                delete(dead_letter_url, letter)
                sent.append(letter["Body"])
            else:
                seen[letter["MessageId"]] = letter
    for letter in seen.values():
        give_back(dead_letter_url, letter)
    return sent


test_wrong, test_right = family.tests()
