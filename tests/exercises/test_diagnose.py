"""Exercise 3.3: answers that beginners give."""

from statistics import mean

from kit import Family

family = Family("3.3")


def waiting(metrics):
    return metrics["ApproximateNumberOfMessagesVisible"]


def in_flight(metrics):
    return metrics["ApproximateNumberOfMessagesNotVisible"]


def total(metrics, what, last=60):
    return sum(metrics[f"NumberOf{what}"][-last:])


def right_answer(metrics):
    if waiting(metrics)[-1] and not total(metrics, "MessagesReceived", 10) + total(metrics, "EmptyReceives", 10):
        return "nobody receives"
    if total(metrics, "MessagesReceived") and not total(metrics, "MessagesDeleted"):
        return "never deleted"
    if total(metrics, "MessagesDeleted") > total(metrics, "MessagesSent"):
        return "timeout too short"
    if waiting(metrics)[-1] > waiting(metrics)[40] > waiting(metrics)[20]:
        return "too slow"
    if total(metrics, "MessagesReceived") > total(metrics, "MessagesDeleted") + in_flight(metrics)[-1]:
        return "stuck message"
    return "healthy"


@family.wrong("words", "raised")
def asks_for_a_number_by_another_name(metrics):
    return "too slow" if metrics["ApproximateNumberOfMessages"][-1] > 100 else "healthy"


@family.wrong("words", "type")
def says_yes_or_no(metrics):
    return not any(waiting(metrics))


@family.wrong("words", "no_word")
def has_words_of_its_own(metrics):
    return "fine" if right_answer(metrics) == "healthy" else right_answer(metrics)


@family.wrong("healthy", "mistaken")
def takes_every_rush_for_trouble(metrics):
    return "too slow" if max(waiting(metrics)) > 50 else right_answer(metrics)


@family.wrong("healthy", "mistaken")
def takes_long_work_for_trouble(metrics):
    return "too slow" if max(metrics["ApproximateAgeOfOldestMessage"]) > 60 else right_answer(metrics)


@family.wrong("healthy", "mistaken")
def takes_every_empty_receive_for_trouble(metrics):
    return "nobody receives" if total(metrics, "MessagesReceived") < 10 else right_answer(metrics)


@family.wrong("nobody", "missed")
def looks_only_at_big_backlogs(metrics):
    return "healthy" if max(waiting(metrics)) < 10 else right_answer(metrics)


@family.wrong("nobody", "missed")
def is_always_content(metrics):
    return "healthy"


@family.wrong("nobody", "mistaken")
def adds_up_the_whole_hour(metrics):
    if waiting(metrics)[-1] and not total(metrics, "MessagesReceived") + total(metrics, "EmptyReceives"):
        return "nobody receives"
    found = right_answer(metrics)
    return "too slow" if found == "nobody receives" else found


@family.wrong("too_slow", "missed")
def waits_for_a_thousand(metrics):
    found = right_answer(metrics)
    return "healthy" if found == "too slow" and max(waiting(metrics)) < 1000 else found


@family.wrong("too_slow", "mistaken")
def takes_any_difference_for_a_stuck_message(metrics):
    found = right_answer(metrics)
    if found in ("too slow", "stuck message"):
        return "stuck message" if total(metrics, "MessagesReceived") > total(metrics, "MessagesDeleted") else "too slow"
    return found


@family.wrong("never_deleted", "mistaken")
def takes_a_growing_queue_for_slow_workers(metrics):
    if waiting(metrics)[-1] > waiting(metrics)[40] > waiting(metrics)[20] and total(metrics, "MessagesReceived", 10):
        return "too slow"
    return right_answer(metrics)


@family.wrong("never_deleted", "missed")
def looks_only_at_what_waits(metrics):
    return right_answer(metrics) if any(waiting(metrics)[-30:]) else "healthy"


@family.wrong("stuck", "missed")
def trusts_the_age(metrics):
    found = right_answer(metrics)
    if found == "stuck message" and metrics["ApproximateAgeOfOldestMessage"][-1] < 600:
        return "healthy"
    return found


@family.wrong("stuck", "mistaken")
def takes_a_second_delivery_for_a_short_timeout(metrics):
    found = right_answer(metrics)
    return "timeout too short" if found == "stuck message" else found


@family.wrong("too_short", "missed")
def knows_nothing_of_short_timeouts(metrics):
    found = right_answer(metrics)
    return "healthy" if found == "timeout too short" else found


@family.wrong("too_short", "mistaken")
def takes_every_second_delivery_for_a_stuck_message(metrics):
    found = right_answer(metrics)
    if found in ("healthy", "timeout too short"):
        return "stuck message" if total(metrics, "MessagesReceived") > total(metrics, "MessagesSent") else "healthy"
    return found


family.right(right_answer)


@family.right
def by_ratios(metrics):
    sent, received, deleted = (total(metrics, f"Messages{what}") for what in ("Sent", "Received", "Deleted"))
    if received == 0 or (waiting(metrics)[-1] and total(metrics, "MessagesReceived", 15) == 0):
        return "nobody receives"
    if deleted == 0:
        return "never deleted"
    if deleted / sent > 1.02:
        return "timeout too short"
    if received / deleted > 1.015 and received - deleted > 4 and mean(waiting(metrics)[-10:]) < 3:
        return "stuck message"
    return "too slow" if mean(waiting(metrics)[-10:]) > 1.2 * mean(waiting(metrics)[-40:-20]) + 5 else "healthy"


@family.right
def one_question_after_the_other(metrics):
    waits = waiting(metrics)
    nobody_there = not any(metrics["NumberOfMessagesReceived"][-5:] + metrics["NumberOfEmptyReceives"][-5:])
    overtaken = total(metrics, "MessagesReceived") - total(metrics, "MessagesDeleted") - in_flight(metrics)[-1]
    questions = {
        "nobody receives": nobody_there and waits[-1] > 0,
        "never deleted": not any(metrics["NumberOfMessagesDeleted"]) and any(metrics["NumberOfMessagesReceived"]),
        "timeout too short": total(metrics, "MessagesDeleted") > total(metrics, "MessagesSent"),
        "stuck message": overtaken > 0,
        "too slow": waits == sorted(waits) and waits[-1] > 10,
    }
    return next((word for word, answer in questions.items() if answer), "healthy")


test_wrong, test_right = family.tests()
