"""Exercise 8.2: doors that are not shut."""

import os
from http import HTTPStatus

from kit import Family

family = Family("8.2")
ON, OFF = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
REASON = "PROCESS_AUTOMATICALLY is on."


def setting(environ):
    return environ.get("PROCESS_AUTOMATICALLY", "").lower()


@family.wrong("off", "raised")
def counts_on_the_variable(process, environ):
    if environ["PROCESS_AUTOMATICALLY"] == "on":
        return 409, REASON
    return 200, process()


@family.wrong("off", "refused")
def any_text_is_true(process, environ):
    if environ.get("PROCESS_AUTOMATICALLY"):
        return 409, REASON
    return 200, process()


@family.wrong("off", "times")
def never_processes(process, environ):
    return (409, REASON) if setting(environ) in ON else (200, ["m-1", "m-2"])


@family.wrong("off", "result")
def keeps_the_result_to_itself(process, environ):
    if setting(environ) in ON:
        return 409, REASON
    process()
    return 200, "done"


@family.wrong("off", "no_answer")
def answers_in_another_order(process, environ):
    return (REASON, 409) if setting(environ) in ON else (process(), 200)


@family.wrong("off", "type")
def returns_the_status_only(process, environ):
    return 409 if setting(environ) in ON else 200


@family.wrong("off", "arguments")
def takes_no_environment(process):
    return 200, process()


@family.wrong("on", "processed")
def answers_no_and_does_it_all_the_same(process, environ):
    result = process()
    if setting(environ) in ON:
        return 409, REASON
    return 200, result


@family.wrong("on", "processed")
def reads_another_environment(process, environ):
    if os.environ.get("PROCESS_AUTOMATICALLY", "").lower() in ON:
        return 409, REASON
    return 200, process()


@family.wrong("on", "processed")
def knows_one_word_only(process, environ):
    if environ.get("PROCESS_AUTOMATICALLY") == "on":
        return 409, REASON
    return 200, process()


@family.wrong("on", "status")
def small_letters_only(process, environ):
    value = environ.get("PROCESS_AUTOMATICALLY", "")
    if value in ON:
        return 409, REASON
    if value in (*OFF, "OFF", "False"):
        return 200, process()
    return 500, "neither on nor off"


@family.wrong("on", "status")
def says_forbidden(process, environ):
    if setting(environ) in ON:
        return 403, REASON
    return 200, process()


@family.wrong("on", "no_answer")
def says_it_in_words(process, environ):
    return ("409", REASON) if setting(environ) in ON else (200, process())


@family.wrong("on", "no_sentence")
def says_it_as_fastapi_does(process, environ):
    return (409, {"detail": REASON}) if setting(environ) in ON else (200, process())


@family.wrong("on", "no_reason")
def gives_no_reason(process, environ):
    if setting(environ) in ON:
        return 409, "no"
    return 200, process()


@family.wrong("odd", "processed")
def what_is_not_on_is_off(process, environ):
    if setting(environ) in ON:
        return 409, REASON
    return 200, process()


@family.wrong("odd", "status")
def what_is_not_off_is_on(process, environ):
    if setting(environ) in OFF:
        return 200, process()
    return 409, REASON


@family.wrong("odd", "processed")
def looks_for_letters(process, environ):
    value = setting(environ)
    if value in ON:
        return 409, REASON
    return (200, process()) if value in "0 false no off" else (500, "neither on nor off")


@family.wrong("odd", "status")
def knows_more_words(process, environ):
    value = setting(environ)
    if value in (*ON, "y", "t"):
        return 409, REASON
    return (200, process()) if value in OFF else (500, "neither on nor off")


@family.wrong("odd", "no_sentence")
def says_nothing_of_a_slip(process, environ):
    if setting(environ) in ON:
        return 409, REASON
    if setting(environ) in OFF:
        return 200, process()
    return 500, ""


@family.wrong("odd", "raised")
def falls_over_a_slip(process, environ):
    words = {**dict.fromkeys(ON, True), **dict.fromkeys(OFF, False)}
    if words[setting(environ)]:
        return 409, REASON
    return 200, process()


_remembered: list[tuple[object, str]] = []


@family.wrong("changed", "remembers")
def reads_it_once(process, environ):
    if not _remembered or _remembered[0][0] is not environ:
        _remembered[:] = [(environ, setting(environ))]
    value = _remembered[0][1]
    if value in ON:
        return 409, REASON
    return (200, process()) if value in OFF else (500, "neither on nor off")


@family.wrong("changed", "writes")
def takes_the_variable_away(process, environ):
    value = environ.pop("PROCESS_AUTOMATICALLY", "").lower()
    if value in ON:
        return 409, REASON
    return (200, process()) if value in OFF else (500, "neither on nor off")


@family.right
def three_branches(process, environ):
    value = setting(environ)
    if value in ON:
        return 409, REASON
    if value in OFF:
        return 200, process()
    return 500, f"PROCESS_AUTOMATICALLY cannot be {value!r}."


@family.right
def a_match(process, environ):
    match environ.get("PROCESS_AUTOMATICALLY", "off").strip().lower():
        case "" | "0" | "false" | "no" | "off":
            return 200, process()
        case "1" | "true" | "yes" | "on":
            return 409, "Not while PROCESS_AUTOMATICALLY is on."
        case other:
            return 500, "PROCESS_AUTOMATICALLY is " + other


@family.right
def a_table_in_a_list(process, environ):
    words = {**dict.fromkeys(ON, True), **dict.fromkeys(OFF, False)}
    automatic = words.get(setting(environ))
    if automatic is None:
        return [HTTPStatus.INTERNAL_SERVER_ERROR, "The variable PROCESS_AUTOMATICALLY is neither on nor off."]
    return [409, REASON] if automatic else [200, process()]


test_wrong, test_right = family.tests()
