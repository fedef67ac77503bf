"""labkit.start("aws"), against a second embedded AWS that stands in for the real one."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import botocore.auth
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from stand_in import TRUST, StandIn, document

import labkit
from labkit import faults, isolation
from labkit.credentials import Credentials, form
from labkit.targets import names, waiting

PREFIX = re.compile(r"lab-[a-z0-9]{4}-[a-z0-9]{4}-")
MAY_SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    standing_in = StandIn()
    yield standing_in
    standing_in.aws.stop()


@pytest.fixture
def account(stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The account that stands in, in a process as it is before any `start`; what this process had is put back."""
    had, before = labkit.lab._target, isolation._before
    environment = dict(os.environ)
    labkit.lab._target, isolation._before = None, None
    for name in list(os.environ):
        if name.startswith("AWS_"):
            del os.environ[name]
    os.environ.update(XDG_DATA_HOME=str(tmp_path), LABKIT_AWS_ENDPOINT_URL=stand_in.endpoint_url)
    monkeypatch.setattr(names.platformdirs, "user_data_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr(form, "_given", None)
    yield stand_in
    labkit.stop()
    labkit.lab._target, isolation._before, isolation._real_is_meant = had, before, False
    os.environ.clear()
    os.environ.update(environment)
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def lab(account: StandIn) -> labkit.Lab:
    """A lab on the account, as a role that may do everything."""
    return labkit.start("aws", credentials=account.session())


def make_table(name: str) -> None:
    boto3.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_it_says_that_this_is_real_and_what_it_costs_and_shows_no_key(
    account: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    credentials = account.session()
    lab = labkit.start("aws", credentials=credentials)
    said = capsys.readouterr().out
    assert said == f"{lab}\n"
    assert re.fullmatch(
        r"Real AWS · region us-east-1 · account 123456789012 · what you make is named lab-\w{4}-\w{4}-… "
        r"and costs money until lab\.tear_down\(\)\n",
        said,
    )
    assert not any(value in said for value in credentials.values())
    assert (lab.target, lab.region, lab.account) == ("aws", "us-east-1", "123456789012")


def test_boto3_needs_no_arguments_here_and_in_child_processes(lab: labkit.Lab, account: StandIn) -> None:
    name = lab.name("orders")
    boto3.client("sqs").create_queue(QueueName=name)
    child = "import boto3; print(boto3.client('sqs').list_queues()['QueueUrls'])"
    out = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout
    assert name in out
    assert name in str(account.client("sqs").list_queues())
    lab.tear_down()


def test_a_notebook_needs_no_other_line_where_the_environment_says_so(
    account: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = account.session().arguments()
    (tmp_path / ".env").write_text("".join(f"{name.upper()}={value}\n" for name, value in arguments.items()))
    monkeypatch.setenv("LABKIT_TARGET", "aws")
    monkeypatch.setenv("LABKIT_CREDENTIALS", str(tmp_path / ".env"))
    assert labkit.start().target == "aws"
    assert labkit.start("embedded").target == "embedded"


def test_a_name_has_this_run_s_prefix_and_the_longest_fits_everything(lab: labkit.Lab) -> None:
    longest = lab.name("x" * 50)
    assert PREFIX.fullmatch(longest.removesuffix("x" * 50))
    fifo = lab.name("x" * 45 + ".fifo")
    sqs = boto3.client("sqs")
    sqs.create_queue(QueueName=fifo, Attributes={"FifoQueue": "true"})
    sqs.create_queue(QueueName=longest)
    boto3.client("sns").create_topic(Name=fifo, Attributes={"FifoTopic": "true"})
    make_table(longest)
    iam = boto3.client("iam")
    iam.create_role(RoleName=longest, AssumeRolePolicyDocument=document(TRUST))
    iam.create_user(UserName=longest)
    iam.create_access_key(UserName=longest)
    iam.put_user_policy(UserName=longest, PolicyName="own", PolicyDocument=document(MAY_SEND))
    assert sorted(lab.tear_down()["kind"]) == ["queue", "queue", "role", "table", "topic", "user"]
    assert lab.tear_down().empty


def test_runs_and_students_have_prefixes_of_their_own(tmp_path: Path) -> None:
    ana = names.student_prefix(tmp_path / "ana" / "student")
    assert names.student_prefix(tmp_path / "ana" / "student") == ana
    assert names.student_prefix(tmp_path / "ben") != ana
    assert names.run_prefix(ana) != names.run_prefix(ana)
    assert names.run_prefix(ana).startswith(ana)
    (tmp_path / "broken").write_text("../../x")
    assert re.fullmatch(r"lab-\w{4}-", names.student_prefix(tmp_path / "broken"))
    (tmp_path / "file").write_text("")
    assert re.fullmatch(r"lab-\w{4}-", names.student_prefix(tmp_path / "file" / "no folder"))


def test_tear_down_removes_this_run_s_things_and_tells_what_earlier_ones_left(
    lab: labkit.Lab, account: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = boto3.client("sqs")
    sqs.create_queue(QueueName="production")
    sqs.create_queue(QueueName="lab-zzzz-zzzz-orders")  # another student's
    sqs.create_queue(QueueName=lab.name("left"))
    again = labkit.start("aws", credentials=account.session())
    make_table(again.name("orders"))
    capsys.readouterr()
    removed = again.tear_down()
    assert list(removed.itertuples(index=False, name=None)) == [("table", again.name("orders"))]
    assert f"Earlier runs of yours left 1: queue {lab.name('left')}." in capsys.readouterr().out
    removed = again.tear_down(earlier_runs=True)
    assert list(removed.itertuples(index=False, name=None)) == [("queue", lab.name("left"))]
    assert capsys.readouterr().out == ""
    left = [url.rsplit("/", 1)[1] for url in sqs.list_queues()["QueueUrls"]]
    assert sorted(left) == ["lab-zzzz-zzzz-orders", "production"]
    for url in sqs.list_queues()["QueueUrls"]:
        sqs.delete_queue(QueueUrl=url)


def test_tear_down_goes_on_where_something_is_closed_or_cannot_be_removed(
    account: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """A teaching account has no IAM, and somebody forbade to delete this table."""
    may = ["sqs:*", "sns:*", "cloudwatch:*", "dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:ListTables"]
    lab = labkit.start("aws", credentials=account.session(may=may, name="closed"))
    name = lab.name("orders")
    make_table(name)
    boto3.client("sqs").create_queue(QueueName=name)
    removed = lab.tear_down()
    assert list(removed.itertuples(index=False, name=None)) == [("queue", name)]
    assert f"Not removed, since AWS refused: table {name}." in capsys.readouterr().out
    account.client("dynamodb").delete_table(TableName=name)


class Clock:
    """Moves by what is slept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 0.0
        self.lines: list[str] = []
        monkeypatch.setattr(waiting.time, "sleep", self.sleep)

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def show(self, line: str, share: float, done: bool) -> None:
        assert 0 <= share <= 1
        self.lines.append(line)


def test_waiting_really_takes_its_time(lab: labkit.Lab) -> None:
    start = time.monotonic()
    lab.wait(seconds=0.7)
    assert 0.7 <= time.monotonic() - start < 5


def test_a_longer_wait_shows_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    waiting.sleep(timedelta(seconds=31), clock=clock, show=clock.show)
    assert clock.time == pytest.approx(31)
    assert clock.lines[0] == "Waiting: 0 of 31 s"
    assert clock.lines[-1] == "Waited 31 s."
    assert len(clock.lines) == 63


def test_a_wait_that_nobody_would_sit_through_is_refused(lab: labkit.Lab) -> None:
    for time_to_wait in ({"days": 4}, {"minutes": 16}):
        with pytest.raises(labkit.LabError, match="would really take"):
            lab.wait(**time_to_wait)


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_a_wait_can_be_stopped(lab: labkit.Lab) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest-xdist's workers ignore it
    try:
        threading.Timer(0.4, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        with pytest.raises(labkit.LabError, match="Stopped after 0 of 600 seconds"):
            lab.wait(minutes=10)
    finally:
        signal.signal(signal.SIGINT, before)


def test_now_is_aws_s_time_even_where_this_computer_s_clock_is_wrong(lab: labkit.Lab) -> None:
    assert abs(lab.now() - datetime.now(UTC)) < timedelta(seconds=5)
    lab._target._ahead = timedelta(minutes=3)  # type: ignore[attr-defined]
    assert abs(lab.now() - datetime.now(UTC) - timedelta(minutes=3)) < timedelta(seconds=5)


def test_what_only_the_embedded_aws_does_is_refused(lab: labkit.Lab) -> None:
    with pytest.raises(labkit.LabError, match="for the embedded AWS"):
        faults.on(lab, duplicate=0.5)
    with pytest.raises(labkit.LabError, match="for the embedded AWS"):
        lab.spend(5)
    faults.off(lab)


def test_an_ended_session_is_told_and_renewed_and_old_clients_go_on(
    account: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = labkit.start("aws", credentials=account.session(seconds=900))
    sqs, url = boto3.client("sqs"), ""
    url = sqs.create_queue(QueueName=lab.name("orders"))["QueueUrl"]
    account.wait(901)
    with pytest.raises(ClientError) as ended:
        sqs.send_message(QueueUrl=url, MessageBody="x")
    assert ended.value.response["Error"]["Code"] == "ExpiredToken"
    assert "is expired. Paste the three new ones" in str(ended.value)
    assert "lab.renew()" in str(ended.value)
    with pytest.raises(ClientError, match=r"ExpiredTokenException.*lab\.renew\(\)"):
        boto3.client("dynamodb").list_tables()
    with pytest.raises(labkit.LabError, match="The session has ended"):
        lab.tear_down()
    with pytest.raises(labkit.LabError, match=r"labkit\.credentials\.ask\(\)"):
        lab.renew()
    lab.renew(account.session())
    assert capsys.readouterr().out.endswith("go on with the new credentials.\n")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    child = f"import boto3; boto3.client('sqs').send_message(QueueUrl={url!r}, MessageBody='x')"
    subprocess.run([sys.executable, "-c", child], check=True)
    assert len(lab.tear_down()) == 1


def test_what_does_not_fit_does_not_renew_and_the_lab_goes_on(lab: labkit.Lab, account: StandIn) -> None:
    wrong = Credentials.of("ASIA" + "A" * 16, "a" * 40, "b" * 400)
    with pytest.raises(labkit.LabError, match="AWS does not know"):
        lab.renew(wrong)
    lab._target.account = "210987654321"  # type: ignore[misc]
    with pytest.raises(labkit.LabError, match="another account"):
        lab.renew(account.session())
    boto3.client("sqs").list_queues()


def test_the_embedded_aws_needs_no_renewing(account: StandIn) -> None:
    with pytest.raises(labkit.LabError, match="is for real AWS"):
        labkit.start().renew()


def test_what_the_form_took_is_used(account: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "_given", account.session())
    assert labkit.start("aws").target == "aws"


def other(credentials: Credentials, **parts: str) -> Credentials:
    given = credentials.arguments()
    names = {"key": "aws_access_key_id", "secret": "aws_secret_access_key", "token": "aws_session_token"}
    given.update({names[part]: value for part, value in parts.items()})
    return Credentials.of(*given.values())


def nowhere(match: str, **how: Any) -> None:
    """Starting is refused in one sentence, and then boto3 reaches no AWS at all and has no keys."""
    with pytest.raises(labkit.LabError, match=match) as refused:
        labkit.start("aws", **how)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None
    if isolation._before is not None:
        assert os.environ["AWS_ENDPOINT_URL"] == isolation.NOWHERE
    assert not any(name in os.environ for name in KEYS)


def test_credentials_that_aws_does_not_take_are_told_apart(account: StandIn) -> None:
    good = account.session()
    nowhere("AWS does not know", credentials=other(good, key="ASIA" + "B" * 16))
    nowhere("AWS does not know", credentials=other(good, token="b" * 400))
    nowhere("AWS does not know", credentials=Credentials.of(*list(good.arguments().values())[:2]))
    nowhere("does not belong to this id", credentials=other(good, secret="c" * 40))
    short = account.session(seconds=900)
    account.wait(901)
    nowhere("The session has ended", credentials=short)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_wrong_clock_is_told(account: StandIn, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    credentials, right = account.session(), botocore.auth.get_current_datetime
    wrong = lambda *given, **named: right(*given, **named) + timedelta(minutes=minutes)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", wrong)
    nowhere("clock is wrong", credentials=credentials)


def test_an_aws_that_cannot_be_reached_is_told(account: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = account.session()
    monkeypatch.setenv("LABKIT_AWS_ENDPOINT_URL", isolation.NOWHERE)
    nowhere("cannot be reached", credentials=credentials)


def test_what_cannot_be_right_is_refused_before_anything_is_asked(account: StandIn) -> None:
    good = account.session()
    nowhere("no credentials yet")
    nowhere("not belong in a cell", credentials="AKIA…")
    nowhere("samples of AWS", credentials=Credentials.of("AKIAIOSFODNN7EXAMPLE", "x" * 40))
    nowhere("no region us-east-1a", credentials=good, region="us-east-1a")
    with pytest.raises(labkit.LabError, match="is 'amazon'"):
        labkit.start("amazon")
    with pytest.raises(labkit.LabError, match="are for real AWS"):
        labkit.start(credentials=good)


def test_the_machine_s_own_credentials_are_used_only_when_asked_for_by_name(account: StandIn) -> None:
    own, given = account.administrator.arguments(), account.session()
    os.environ.update({name.upper(): value for name, value in own.items()}, AWS_REGION="eu-west-1")
    os.environ["AWS_CA_BUNDLE"] = "school.pem"
    with pytest.raises(labkit.LabError, match="no credentials yet"):
        labkit.start("aws")
    labkit.start("aws", credentials=given)
    assert [os.environ[name] for name in KEYS] == list(given.arguments().values())
    labkit.start()  # and from the embedded AWS, too
    labkit.start("aws", credentials="machine")
    assert [os.environ.get(name) for name in KEYS] == [*own.values(), None]
    assert os.environ["AWS_CA_BUNDLE"] == "school.pem"  # without it there is no way through a proxy of that kind
    labkit.stop()
    assert os.environ["AWS_REGION"] == "eu-west-1"


def call_out(**keys: str) -> Any:
    """A call to the real AWS, asked once. There is no network in these tests: it gets as far as looking for one."""
    config = Config(connect_timeout=2, retries={"total_max_attempts": 1})
    address = "https://sqs.us-east-1.amazonaws.invalid"
    session: Any = boto3
    return session.client("sqs", "us-east-1", endpoint_url=address, config=config, **keys).list_queues()


def test_the_way_out_is_open_only_while_real_aws_is_meant(account: StandIn) -> None:
    labkit.start()
    with pytest.raises(labkit.LabError, match="was stopped"):
        call_out()
    labkit.start("aws", credentials=account.session())
    real = boto3.client("sqs")
    with pytest.raises(EndpointConnectionError):
        call_out()
    labkit.start()
    with pytest.raises(labkit.LabError, match="was stopped"):
        call_out()
    assert not set(os.environ.values()) & set(real._request_signer._credentials.get_frozen_credentials())
    with contextlib.suppress(labkit.LabError):
        labkit.start("aws", credentials=Credentials.of("AKIA" + "A" * 16, "a" * 40))
    with pytest.raises(labkit.LabError, match="was stopped"):
        call_out(**account.session().arguments())


SHOWS = """
import labkit, os, sys
from labkit import credentials
lab = labkit.start("aws", credentials=credentials.read_env_file(os.environ["FILE"]))
---
print(os.environ["AWS_SECRET_ACCESS_KEY"]); print(dict(os.environ), file=sys.stderr)
---
os.environ["AWS_SESSION_TOKEN"]
---
from IPython.display import HTML, display
display(HTML("<b>" + os.environ["AWS_ACCESS_KEY_ID"] + "</b>"))
---
import urllib.parse
urllib.parse.quote(os.environ["AWS_SESSION_TOKEN"], safe="")
---
raise ValueError(os.environ["AWS_SECRET_ACCESS_KEY"])
"""


def test_no_cell_shows_a_credential_in_use_whoever_prints_it(account: StandIn, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    credentials = account.session()
    file = tmp_path / "mine.env"
    file.write_text("".join(f"{name.upper()}={value}\n" for name, value in credentials.arguments().items()))
    notebook: Any = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    notebook.cells = [nbformat.v4.new_code_cell(code.strip()) for code in SHOWS.split("---")]  # type: ignore[no-untyped-call]
    client: Any = NotebookClient(notebook, allow_errors=True, kernel_name="python3")
    client.execute(env={**os.environ, "FILE": str(file)})
    outputs = json.dumps([cell.outputs for cell in notebook.cells], ensure_ascii=False)
    assert "Real AWS" in outputs
    assert "ValueError" in outputs
    assert outputs.count("secret (40 characters)") >= 4
    assert not any(value in outputs for value in credentials.values())


@pytest.mark.parametrize("make", [lambda lab: lab.name("o"), lambda lab: repr(lab)])
def test_what_a_lab_says_of_itself_needs_no_call(lab: labkit.Lab, account: StandIn, make: Callable[..., str]) -> None:
    account.wait(3601)
    assert make(lab)
