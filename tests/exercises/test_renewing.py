"""Exercise 1.2: answers that beginners give."""

from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError
from kit import Family

family = Family("1.2")
EXPIRED = ("ExpiredToken", "ExpiredTokenException")


def code_of(error):
    return error.response["Error"]["Code"]


@family.wrong("answers", "type")
def returns_the_client(open_client):
    return open_client()


@family.wrong("answers", "arguments")
def takes_other_arguments():
    return None


@family.wrong("answers", "not_the_answer")
def forgets_to_return(open_client):
    client = open_client()

    def call(operation, **arguments):
        getattr(client, operation)(**arguments)

    return call


@family.wrong("answers", "not_once")
def calls_once_to_try_and_once_in_earnest(open_client):
    client = open_client()

    def call(operation, **arguments):
        getattr(client, operation)(**arguments)
        return getattr(client, operation)(**arguments)

    return call


@family.wrong("answers", "opens_each_time")
def opens_a_session_for_each_call(open_client):
    def call(operation, **arguments):
        return getattr(open_client(), operation)(**arguments)

    return call


@family.wrong("answers", "raised")
def takes_no_arguments_along(open_client):
    client = open_client()
    return lambda operation, **arguments: getattr(client, operation)()


@family.wrong("expires", "gave_up")
def never_renews(open_client):
    client = open_client()
    return lambda operation, **arguments: getattr(client, operation)(**arguments)


@family.wrong("expires", "gave_up")
def repeats_with_the_old_client(open_client):
    client = open_client()

    def call(operation, **arguments):
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
            open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("expires", "not_repeated")
def renews_and_does_not_repeat(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
            client = open_client()

    return call


@family.wrong("expires", "not_deleted")
def repeats_only_what_reads(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
            client = open_client()
            if operation.startswith("get"):
                return getattr(client, operation)(**arguments)

    return call


@family.wrong("expires", "gave_up")
def renews_once_in_its_life(open_client):
    clients = [open_client()]

    def call(operation, **arguments):
        try:
            return getattr(clients[-1], operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED or len(clients) > 1:
                raise
            clients.append(open_client())
            return getattr(clients[-1], operation)(**arguments)

    return call


@family.wrong("expires", "opens_too_often")
def forgets_the_new_client(open_client):
    client = open_client()

    def call(operation, **arguments):
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
            open_client()
            return getattr(open_client(), operation)(**arguments)

    return call


@family.wrong("expires", "opens_too_often")
def forgets_the_session_that_it_repeats_with(open_client):
    client = open_client()

    def call(operation, **arguments):
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
            return getattr(open_client(), operation)(**arguments)

    return call


@family.wrong("expires", "gave_up")
def goes_by_the_clock(open_client):
    client, opened = open_client(), datetime.now(UTC)

    def call(operation, **arguments):
        nonlocal client, opened
        if datetime.now(UTC) - opened > timedelta(minutes=14):
            client, opened = open_client(), datetime.now(UTC)
        return getattr(client, operation)(**arguments)

    return call


@family.wrong("other_service", "gave_up")
def knows_one_word_for_it(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) != "ExpiredToken":
                raise
            client = open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("other_errors", "renewed_in_vain")
def renews_whatever_happens(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError:
            client = open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("other_errors", "swallowed")
def passes_over_all_else(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) in EXPIRED:
                client = open_client()
                return getattr(client, operation)(**arguments)

    return call


@family.wrong("other_errors", "receipt")
def reads_the_message_for_people(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if "expired" not in error.response["Error"]["Message"].lower():
                raise
            client = open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("unknown_key", "renewed_in_vain")
def renews_when_a_code_speaks_of_a_token(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if "Token" not in code_of(error):
                raise
            client = open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("unknown_key", "swallowed")
def passes_over_keys_that_are_unknown(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) == "InvalidClientTokenId":
                return None
            if code_of(error) not in EXPIRED:
                raise
            client = open_client()
            return getattr(client, operation)(**arguments)

    return call


@family.wrong("hopeless", "endless")
def tries_for_ever(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        while True:
            try:
                return getattr(client, operation)(**arguments)
            except ClientError as error:
                if code_of(error) not in EXPIRED:
                    raise
                client = open_client()

    return call


@family.wrong("hopeless", "tries_again_and_again")
def tries_ten_times(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        for attempt in range(10):
            try:
                return getattr(client, operation)(**arguments)
            except ClientError as error:
                if code_of(error) not in EXPIRED or attempt == 9:
                    raise
                client = open_client()

    return call


@family.wrong("hopeless", "keeps_quiet")
def gives_up_without_a_word(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        for _ in range(2):
            try:
                return getattr(client, operation)(**arguments)
            except ClientError as error:
                if code_of(error) not in EXPIRED:
                    raise
                client = open_client()

    return call


@family.right
def as_a_closure(open_client):
    client = open_client()

    def call(operation, **arguments):
        nonlocal client
        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            if code_of(error) not in EXPIRED:
                raise
        client = open_client()
        return getattr(client, operation)(**arguments)

    return call


@family.right
class as_a_class:
    def __init__(self, open_client):
        self.open_client, self.client = open_client, None

    def __call__(self, operation, **arguments):
        for last in (False, True):
            self.client = self.client or self.open_client()
            try:
                return getattr(self.client, operation)(**arguments)
            except ClientError as error:
                if last or "Expired" not in code_of(error):
                    raise
                self.client = None


@family.right
def opening_the_first_session_late(open_client):
    kept = {}

    def attempt(operation, arguments):
        if "client" not in kept:
            kept["client"] = open_client()
        return getattr(kept["client"], operation)(**arguments)

    def call(operation, **arguments):
        try:
            return attempt(operation, arguments)
        except Exception as error:
            if not isinstance(error, ClientError) or not code_of(error).startswith("ExpiredToken"):
                raise
            kept.clear()
            return attempt(operation, arguments)

    return call


test_wrong, test_right = family.tests()
