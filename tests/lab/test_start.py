"""labkit.start(): one AWS for one kernel, gone when the kernel is, and no way to the real one."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and forks as POSIX has them")


def script(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def run(code: str, **environment: str) -> Any:
    """Run the code in a Python of its own, as a kernel would; the JSON on its last line."""
    ours = ("AWS_", "BOTO_")  # of these tests' lab
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    done = subprocess.run(
        script(code), env={**clean, **environment}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def until(condition: Any, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def answers(port: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


def test_it_says_which_aws_in_one_line_and_importing_says_nothing() -> None:
    code = script("import labkit, sys; print('imported'); lab = labkit.start(); labkit.stop()")
    out = subprocess.run(code, capture_output=True, text=True, check=True)
    assert out.stdout.splitlines() == [
        "imported",
        "Embedded AWS on this computer · region us-east-1 · account 123456789012 · nothing here costs money",
    ]
    assert out.stderr == ""


def test_boto3_needs_no_arguments_here_and_in_child_processes() -> None:
    found = run("""
        import labkit, boto3, json, subprocess, sys
        lab = labkit.start()
        boto3.client("sqs").create_queue(QueueName="orders")
        child = "import boto3; print(boto3.resource('sqs').get_queue_by_name(QueueName='orders').url)"
        out = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout.strip()
        print(json.dumps([lab.target, lab.endpoint_url, out]))
    """)
    target, endpoint_url, child_saw = found
    assert target == "embedded"
    assert child_saw == f"{endpoint_url}/123456789012/orders"


REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAREALEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "real-secret-EXAMPLE",
    "AWS_SESSION_TOKEN": "real-token-EXAMPLE",
    "AWS_SECURITY_TOKEN": "real-old-token-EXAMPLE",
    "AWS_PROFILE": "work",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_ENDPOINT_URL_SQS": "https://sqs.us-east-1.amazonaws.com",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/real",
}


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine that has real credentials in every place."""
    aws = tmp_path / ".aws"
    aws.mkdir()
    keys = "aws_access_key_id=AKIAFILEEXAMPLE\naws_secret_access_key=file-secret-EXAMPLE\n"
    (aws / "credentials").write_text(f"[default]\n{keys}[work]\n{keys}")
    settings = "region=eu-west-1\nendpoint_url=https://config.amazonaws.com\n"
    (aws / "config").write_text(f"[default]\n{settings}[profile work]\n{settings}")
    (tmp_path / ".boto").write_text(f"[Credentials]\n{keys}")
    return {**REAL, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}


LOOK = """
    import boto3, json
    session = boto3.Session()
    found = session.get_credentials().get_frozen_credentials()
    endpoints = [session.client(name).meta.endpoint_url for name in ("sqs", "dynamodb", "sts", "s3")]
    keys = [found.access_key, found.secret_key, found.token]
    print(json.dumps([*keys, session.available_profiles, endpoints, session.region_name]))
"""


def test_real_credentials_are_out_of_reach_here_and_in_child_processes(machine: dict[str, str]) -> None:
    before = run(LOOK, **machine)
    assert before[0] == "AKIAREALEXAMPLE"  # the trap is set
    here, child, endpoint_url = run(
        f"""
        import contextlib, io, json, subprocess, sys, labkit
        look = {textwrap.dedent(LOOK)!r}
        lab = labkit.start()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(look)
        child = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
        print(json.dumps([json.loads(said.getvalue()), json.loads(child), lab.endpoint_url]))
        """,
        **machine,
    )
    assert here == child
    _, secret, token, profiles, endpoints, region = here
    assert "EXAMPLE" not in json.dumps(here)
    assert secret
    assert token is None
    assert profiles == []
    assert endpoints == [endpoint_url] * 4
    assert region == "us-east-1"


def test_the_machine_s_files_stay_out_of_reach_of_a_lesson_that_takes_the_keys_away(machine: dict[str, str]) -> None:
    home = {name: machine[name] for name in ("HOME", "USERPROFILE")}
    look = """
        import boto3, json, os, labkit
        {start}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            os.environ.pop(name, None)
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
        found = boto3.Session().get_credentials()
        print(json.dumps(found.method if found else None))
    """
    assert run(look.format(start=""), **home) == "boto-config"  # the trap is set: ~/.boto
    assert run(look.format(start="labkit.start()"), **home) is None


def test_a_client_that_was_made_before_cannot_reach_the_real_aws(machine: dict[str, str]) -> None:
    said = run(
        """
        import boto3, json, labkit
        machine_s_own = boto3.client("sqs")  # of boto3's default session, with the real keys
        lab = labkit.start()
        said = []
        for client in (machine_s_own, boto3.client("sqs", endpoint_url="https://sqs.eu-west-1.amazonaws.com")):
            try:
                client.list_queues()
            except labkit.LabError as error:
                said.append(str(error))
        boto3.client("sqs").list_queues()
        print(json.dumps(said))
        """,
        **machine,
    )
    assert len(said) == 2
    assert all("was stopped" in sentence and "amazonaws.com" in sentence for sentence in said)


def test_requests_do_not_go_through_a_proxy() -> None:
    assert run(
        'import labkit, boto3; labkit.start(); boto3.client("sqs").list_queues(); print(1)',
        HTTP_PROXY="http://127.0.0.1:9",
        http_proxy="http://127.0.0.1:9",
        HTTPS_PROXY="http://127.0.0.1:9",
        NO_PROXY="",
        no_proxy="",
    )


def test_starting_again_gives_a_clean_aws_and_old_clients_go_on() -> None:
    found = run("""
        import labkit, boto3, json
        lab = labkit.start(); sqs = boto3.client("sqs"); sqs.create_queue(QueueName="orders")
        lab.wait(days=3)
        again = labkit.start()
        print(json.dumps([lab.endpoint_url, again.endpoint_url, sqs.list_queues().get("QueueUrls", []),
                          abs(again.now().timestamp() - __import__("time").time())]))
    """)
    first, second, queues, off = found
    assert first == second
    assert queues == []
    assert off < 5  # seconds: the clock is back as well


def test_stop_gives_the_environment_back(machine: dict[str, str]) -> None:
    before, after = run(
        """
        import json, os, labkit
        before = dict(os.environ); labkit.start(); labkit.stop(); labkit.stop()
        print(json.dumps([before, dict(os.environ)]))
        """,
        **machine,
    )
    assert before == after


def test_an_aws_that_does_not_start_is_told_in_a_sentence_and_leaves_nowhere_to_go(machine: dict[str, str]) -> None:
    said, endpoint, keys = run(
        """
        import boto3, json, os, labkit, labkit.embedded.process as process
        process.COMMAND = ("-c", "raise SystemExit('the reason')")
        try:
            labkit.start()
        except labkit.LabError as error:
            print(json.dumps([str(error), os.environ["AWS_ENDPOINT_URL"], boto3.Session().get_credentials()]))
        """,
        **machine,
    )
    assert "did not start" in said
    assert "the reason" in said
    assert endpoint == "http://127.0.0.1:9"
    assert keys is None


def test_two_kernels_do_not_see_each_other() -> None:
    one, other = run("""
        import labkit, boto3, json, subprocess, sys
        labkit.start(); boto3.client("sqs").create_queue(QueueName="orders")
        code = '''import labkit, boto3; labkit.start(); print(boto3.client("sqs").list_queues().get("QueueUrls", []))'''
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        print(json.dumps([boto3.client("sqs").list_queues()["QueueUrls"], other.splitlines()[-1]]))
    """)
    assert len(one) == 1
    assert other == "[]"


START_AND_STAY = """
    import labkit, sys, time
    lab = labkit.start()
    {more}
    print(lab.endpoint_url, flush=True)
    time.sleep(120)
"""


def started(more: str = "") -> tuple[subprocess.Popen[str], int]:
    kernel = subprocess.Popen(
        script(START_AND_STAY.format(more=more)), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert kernel.stdout is not None
    kernel.stdout.readline()
    return kernel, int(kernel.stdout.readline().rsplit(":", 1)[1])


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_it_is_gone_when_the_kernel_is_killed(how: str) -> None:
    kernel, port = started()
    assert answers(port)
    getattr(kernel, how)()
    kernel.wait()
    assert until(lambda: not answers(port))


@POSIX
def test_it_is_gone_when_the_kernel_is_killed_though_a_fork_of_it_lives_on() -> None:
    kernel, port = started("import os; os.fork() or time.sleep(60)")
    kernel.kill()
    kernel.wait()
    try:
        assert until(lambda: not answers(port))
    finally:
        os.killpg(kernel.pid, signal.SIGKILL)


@POSIX
def test_interrupting_a_cell_does_not_interrupt_aws() -> None:
    kernel, port = started("import signal; signal.signal(signal.SIGINT, lambda *_: None)")
    os.killpg(kernel.pid, signal.SIGINT)  # as Jupyter does it: the kernel's whole process group
    time.sleep(0.5)
    assert answers(port)
    kernel.kill()
    kernel.wait()


@POSIX
def test_a_fork_that_ends_does_not_end_it() -> None:
    assert run("""
        import labkit, boto3, multiprocessing
        labkit.start()
        child = multiprocessing.get_context("fork").Process(target=labkit.stop); child.start(); child.join()
        boto3.client("sqs").list_queues(); print(1)
    """)


def test_it_ends_when_its_input_ends_even_while_a_long_poll_waits() -> None:
    """What ends it on every system; elsewhere than on Windows it also watches its parent."""
    assert run("""
        import labkit, boto3, json, threading, time
        lab = labkit.start(); sqs = boto3.client("sqs"); url = sqs.create_queue(QueueName="q")["QueueUrl"]
        poll = dict(QueueUrl=url, WaitTimeSeconds=20)
        threading.Thread(target=sqs.receive_message, kwargs=poll, daemon=True).start()
        time.sleep(0.3)
        child = labkit.lab._target.aws._child; child.stdin.close()
        print(json.dumps(child.wait(5) == 0))
    """)


def test_it_leaves_no_zombie_when_somebody_else_ends_it() -> None:
    """ipykernel does, when a kernel is restarted, and waits seconds for each child that seems to live on."""
    assert run("""
        import labkit, json, time
        labkit.start(); child = labkit.lab._target.aws._child; child.terminate()
        end = time.monotonic() + 5
        while child.returncode is None and time.monotonic() < end:
            time.sleep(0.01)
        print(json.dumps(child.returncode is not None))
    """)


def test_it_listens_on_loopback_only(lab: Any) -> None:
    port = int(lab.endpoint_url.rsplit(":", 1)[1])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("192.0.2.1", 9))  # sends nothing; tells this machine's outward address
        others.add(s.getsockname()[0])
    for address in others - {"127.0.0.1"}:
        with socket.socket() as s:
            s.settimeout(2)
            assert address.startswith("127.") or s.connect_ex((address, port)) != 0, address


def test_what_it_held_is_gone_with_it_and_that_is_said() -> None:
    said = run("""
        import labkit, json
        lab = labkit.start(); labkit.lab._target.aws._child.kill(); labkit.lab._target.aws._child.wait()
        try:
            lab.wait(seconds=1)
        except labkit.LabError as error:
            print(json.dumps(str(error)))
    """)
    assert said == "The embedded AWS has ended, and with it what it held. Run the cell with labkit.start() again."
