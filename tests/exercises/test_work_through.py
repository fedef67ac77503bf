"""Exercise 3.2: answers that beginners give."""

from typing import Any

from kit import Family, sqs

family = Family("3.2")


def receive(queue_url: str, **more: Any) -> Any:
    """One message, or None."""
    return next(iter(sqs.receive_message(QueueUrl=queue_url, **more).get("Messages", [])), None)


def hide(queue_url: str, message: Any, seconds: int) -> None:
    sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds)


def delete(queue_url: str, message: Any) -> None:
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


def work(queue_url: str, message: Any, steps_of: Any, seconds: int = 30) -> None:
    for step in steps_of(message["Body"]):
        hide(queue_url, message, seconds)
        step()


@family.wrong("nothing_waits", "raised")
def counts_on_a_message(queue_url, steps_of):
    message = sqs.receive_message(QueueUrl=queue_url)["Messages"][0]
    work(queue_url, message, steps_of)
    delete(queue_url, message)
    return message["Body"]


@family.wrong("nothing_waits", "not_none")
def returns_a_list(queue_url, steps_of):
    message = receive(queue_url)
    return [message["Body"]] if message else []


@family.wrong("one_step", "not_done")
def forgets_to_call_the_steps(queue_url, steps_of):
    if message := receive(queue_url):
        for _ in steps_of(message["Body"]):
            hide(queue_url, message, 30)
        delete(queue_url, message)
        return message["Body"]


@family.wrong("one_step", "no_body")
def hands_over_the_whole_message(queue_url, steps_of):
    if message := receive(queue_url):
        for step in steps_of(message):
            step()
        delete(queue_url, message)
        return message["Body"]


@family.wrong("one_step", "raised")
def hands_the_body_to_each_step(queue_url, steps_of):
    if message := receive(queue_url):
        for step in steps_of(message["Body"]):
            step(message["Body"])
        delete(queue_url, message)
        return message["Body"]


@family.wrong("failing_step", "lets_through")
def expects_one_kind_of_failure(queue_url, steps_of):
    if message := receive(queue_url):
        try:
            work(queue_url, message, steps_of)
        except (ValueError, RuntimeError, OSError):
            hide(queue_url, message, 0)
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("one_step", "not_the_body")
def returns_the_whole_message(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, steps_of)
        delete(queue_url, message)
        return message


@family.wrong("one_step", "not_deleted")
def never_deletes(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, steps_of)
        return message["Body"]


@family.wrong("many_steps", "stolen")
def never_extends(queue_url, steps_of):
    if message := receive(queue_url):
        for step in steps_of(message["Body"]):
            step()
        delete(queue_url, message)
        return message["Body"]


@family.wrong("many_steps", "stolen")
def extends_once(queue_url, steps_of):
    if message := receive(queue_url):
        hide(queue_url, message, 60)
        for step in steps_of(message["Body"]):
            step()
        delete(queue_url, message)
        return message["Body"]


@family.wrong("many_steps", "stolen")
def extends_by_too_little(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, steps_of, seconds=15)
        delete(queue_url, message)
        return message["Body"]


@family.wrong("many_steps", "stolen")
def changes_the_queue_instead(queue_url, steps_of):
    if message := receive(queue_url):
        for step in steps_of(message["Body"]):
            sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"VisibilityTimeout": "300"})
            step()
        delete(queue_url, message)
        return message["Body"]


@family.wrong("many_steps", "out_of_order")
def begins_at_the_end(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, lambda body: reversed(steps_of(body)))
        delete(queue_url, message)
        return message["Body"]


@family.wrong("neighbours", "hoards")
def takes_ten_and_works_on_one(queue_url, steps_of):
    if message := receive(queue_url, MaxNumberOfMessages=10):
        work(queue_url, message, steps_of)
        delete(queue_url, message)
        return message["Body"]


@family.wrong("neighbours", "gone")
def purges(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, steps_of)
        sqs.purge_queue(QueueUrl=queue_url)
        return message["Body"]


@family.wrong("failing_step", "lets_through")
def does_not_expect_failures(queue_url, steps_of):
    if message := receive(queue_url):
        work(queue_url, message, steps_of)
        delete(queue_url, message)
        return message["Body"]


@family.wrong("failing_step", "kept")
def leaves_what_failed_in_flight(queue_url, steps_of):
    if message := receive(queue_url):
        try:
            work(queue_url, message, steps_of)
        except Exception:
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("failing_step", "deleted")
def deletes_in_any_case(queue_url, steps_of):
    if message := receive(queue_url):
        try:
            work(queue_url, message, steps_of)
            return message["Body"]
        except Exception:
            return None
        finally:
            delete(queue_url, message)


@family.wrong("failing_step", "goes_on")
def goes_on_after_a_failure(queue_url, steps_of):
    if message := receive(queue_url):
        failed = False
        for step in steps_of(message["Body"]):
            hide(queue_url, message, 30)
            try:
                step()
            except Exception:
                failed = True
        if failed:
            hide(queue_url, message, 0)
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("failing_step", "claims")
def returns_the_body_in_any_case(queue_url, steps_of):
    if message := receive(queue_url):
        try:
            work(queue_url, message, steps_of)
            delete(queue_url, message)
        except Exception:
            hide(queue_url, message, 0)
        return message["Body"]


@family.wrong("failing_step", "endless")
def tries_again_until_it_works(queue_url, steps_of):
    while message := receive(queue_url):
        try:
            work(queue_url, message, steps_of)
        except Exception:
            hide(queue_url, message, 0)
            continue
        delete(queue_url, message)
        return message["Body"]


@family.wrong("dies", "lost")
def deletes_first(queue_url, steps_of):
    message = receive(queue_url)
    if message is None:
        return None
    try:
        steps, last = steps_of(message["Body"]), len(steps_of(message["Body"])) - 1
        for number, step in enumerate(steps):
            hide(queue_url, message, 30)
            if number == last:  # the dangerous part is over, it thinks
                delete(queue_url, message)
            step()
    except Exception:
        hide(queue_url, message, 0)
        return None
    return message["Body"]


@family.wrong("failing_step", "tries_again")
def tries_each_step_three_times(queue_url, steps_of):
    if message := receive(queue_url):
        for step in steps_of(message["Body"]):
            for _ in range(3):
                hide(queue_url, message, 30)
                try:
                    step()
                    break
                except Exception:
                    continue
            else:
                hide(queue_url, message, 0)
                return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("dies", "late")
def asks_for_all_steps_at_once(queue_url, steps_of):
    if message := receive(queue_url):
        steps = steps_of(message["Body"])
        hide(queue_url, message, 20 * len(steps) + 10)
        try:
            for step in steps:
                step()
        except Exception:
            hide(queue_url, message, 0)
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("dies", "late")
def asks_for_an_hour(queue_url, steps_of):
    if message := receive(queue_url):
        hide(queue_url, message, 3600)
        try:
            for step in steps_of(message["Body"]):
                step()
        except Exception:
            hide(queue_url, message, 0)
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("dies", "late")
def asks_for_two_minutes_each_time(queue_url, steps_of):
    if message := receive(queue_url):
        try:
            work(queue_url, message, steps_of, seconds=120)
        except Exception:
            hide(queue_url, message, 0)
            return None
        delete(queue_url, message)
        return message["Body"]


@family.wrong("dies", "stays")
def never_deletes_what_comes_again(queue_url, steps_of):
    message = receive(queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
    if message is None:
        return None
    try:
        work(queue_url, message, steps_of)
    except Exception:
        hide(queue_url, message, 0)
        return None
    if message["Attributes"]["ApproximateReceiveCount"] == "1":
        delete(queue_url, message)
    return message["Body"]


@family.right
def extends_before_each_step(queue_url, steps_of):
    message = receive(queue_url, WaitTimeSeconds=5)
    if message is None:
        return None
    try:
        work(queue_url, message, steps_of)
    except Exception:
        hide(queue_url, message, 0)
        return None
    delete(queue_url, message)
    return message["Body"]


@family.right
def extends_after_each_step(queue_url, steps_of):
    for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
        try:
            for step in steps_of(message["Body"]):
                step()
                hide(queue_url, message, 45)
        except Exception as error:
            print(error)
            hide(queue_url, message, 0)
        else:
            delete(queue_url, message)
            return message["Body"]
    return None


@family.right
def asks_for_a_minute_when_it_receives(queue_url, steps_of):
    message = receive(queue_url, VisibilityTimeout=60)
    if not message:
        return None
    done = 0
    for step in steps_of(message["Body"]):
        try:
            step()
        except Exception:
            hide(queue_url, message, 0)
            break
        hide(queue_url, message, 60)
        done += 1
    else:
        delete(queue_url, message)
        return message["Body"]


test_wrong, test_right = family.tests()
