"""What looks like a key, a secret or a token is found, wherever it stands; what does not is not."""

import base64
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from credentials_kit import FORMS, SAMPLE, Triple, temporary, triples
from hypothesis import given, settings

import labkit
from labkit import credentials, leaks

ROOT = Path(__file__).parents[2]
DICE = random.Random(1)
KEY = "AKIA" + "".join(DICE.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
SECRET = base64.b64encode(DICE.randbytes(30)).decode()
TOKEN = base64.b64encode(base64.b64decode("IQoJb3JpZ2luX2Vj") + DICE.randbytes(500)).decode()
KINDS = {"access key id", "secret access key", "session token"}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=20)
@given(triple=triples)
def test_each_part_is_found_in_every_form_and_masked(form: str, triple: Triple) -> None:
    text = FORMS[form](triple)
    found = leaks.find(text)
    assert {finding.kind for finding in found} == {"access key id", "secret access key"} | (
        {"session token"} if triple.token else set()
    )
    shown = credentials.mask(text) + repr(found)
    assert not any(value in shown for value in triple.values())
    assert triple.token[-30:] not in shown or not triple.token


@given(triple=temporary)
def test_masking_twice_changes_nothing_more(triple: Triple) -> None:
    once = credentials.mask(FORMS["export"](triple))
    assert credentials.mask(once) == once


@pytest.mark.parametrize(
    "text",
    [
        f"GET /?X-Amz-Credential={KEY}%2F20260101%2Fus-east-1%2Fsqs%2Faws4_request",
        f"Authorization: AWS4-HMAC-SHA256 Credential={KEY}/20260101/us-east-1/sqs/aws4_request",
        f"X-Amz-Security-Token={TOKEN.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}&X-Amz-Date=x",
        f"'X-Amz-Security-Token': b'{TOKEN}'",
        f"secret = '{SECRET}'",
        f"the secret is {SECRET}.",
        f"<b>{KEY}</b>",
        f"x{KEY.lower()} and {KEY}",
        f'{{"SecretAccessKey": "{SECRET.replace("/", chr(92) + "/")}"}}',
    ],
)
def test_it_is_found_where_programs_and_people_leave_it(text: str) -> None:
    assert len(leaks.find(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3e480cd1f8a0c5a6b5d2e3f4a5b6c7d8e9f0a1b2",  # a commit
        "sha256:" + "ab12" * 16,
        "sha512-" + base64.b64encode(DICE.randbytes(64)).decode(),  # of a lock file
        base64.b64encode(DICE.randbytes(3000)).decode(),  # an image
        "arn:aws:iam::123456789012:role/AROA3XFRBF535PLBIFPI4",
        "lessons/03_settings_and_monitoring/very_long_names_in_paths.py",
        "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        FORMS["the lab console's block"](SAMPLE),
        "aws_access_key_id=ASIA................\naws_secret_access_key=........................................",
        f"AWS_ACCESS_KEY_ID=AKIA{'X' * 16}\nAWS_SECRET_ACCESS_KEY=" + "x" * 40,
        "aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
        "session_token=answer['Credentials']['SessionToken']",
        "ASIA…MPLE, secret (40 characters)",
    ],
)
def test_what_is_none_is_not_found(text: str) -> None:
    assert leaks.find(text) == []
    assert credentials.mask(text) == text or "EXAMPLE" in text or "XXXX" in text


def test_it_tells_where(tmp_path: Path) -> None:
    assert [(f.where, f.masked) for f in leaks.find(f"a\nb {KEY}\n")] == [("line 2", f"AKIA…{KEY[-4:]}")]
    (tmp_path / "notes.txt").write_text(f"\n\n{SECRET}\n")
    [finding] = leaks.find(tmp_path / "notes.txt")
    assert finding.where == f"{tmp_path / 'notes.txt'}: line 3"
    assert finding.kind == "secret access key"
    assert finding in leaks.find(tmp_path)


def notebook(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def code(source: Any, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ([code("x = 1"), code(["import os\n", f"key = '{KEY}'"])], "cell 2, line 2"),
        ([{"cell_type": "markdown", "source": f"my key is {KEY}"}], "cell 1, line 1"),
        ([code("1", {"output_type": "stream", "text": ["a\n", f"{KEY}\n"]})], "cell 1, output"),
        ([code("1", {"output_type": "execute_result", "data": {"text/html": f"<td>{KEY}</td>"}})], "cell 1, output"),
        ([code("1", {"output_type": "error", "evalue": "x", "traceback": ["x", f"\x1b[31m{KEY}\x1b[0m"]})],
         "cell 1, output"),
        ([code("1", {"output_type": "display_data", "data": {"application/json": {"a": [{"b": KEY}]}}})],
         "cell 1, output"),
    ],
)  # fmt: skip
def test_notebooks_are_read_cell_by_cell(tmp_path: Path, cells: Any, where: str) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(notebook(*cells))
    assert [f.where for f in leaks.find(file)] == [f"{file}: {where}"]


@pytest.mark.parametrize(
    "content",
    [
        notebook(metadata={"widgets": {"state": {"value": KEY}}}).encode(),
        f'{{"cells": [{{"source": 7}}], "x": "{KEY}"'.encode(),
        f'{{"cells": "{KEY}"}}'.encode(),
        KEY.encode("utf-16"),
        b"\xff\xffx " + KEY.encode() + b" \x80",
    ],
)
def test_a_strange_file_hides_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.ipynb"
    file.write_bytes(content)
    assert [f.kind for f in leaks.find(file)] == ["access key id"]


def test_pictures_links_to_nowhere_and_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\0" + KEY.encode())
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert leaks.find(tmp_path) == []
    with pytest.raises(labkit.LabError, match="There is no file"):
        leaks.find(tmp_path / "x")


def test_a_hostile_text_takes_no_time() -> None:
    start = time.process_time()
    for piece in (
        "A",
        "aws_session_token=",
        "IQoJb3JpZ2luX2Vj",
        "secret_key " * 3,
        "a\n",
        "AKIA",
        TOKEN[:80] + "\n",
        "=",
        "\\u00",
    ):
        leaks.find(piece * (400_000 // len(piece)))
    assert time.process_time() - start < 20


def test_the_whole_repository_is_clean_and_read_in_seconds() -> None:
    start = time.process_time()
    found = [finding for file in leaks.files_in_git(ROOT) for finding in leaks.find(file)]
    assert found == []
    assert time.process_time() - start < 10


def test_the_hook_refuses_and_shows_no_value(tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("*.env\n")
    (tmp_path / "my.env").write_text(KEY)
    command = [sys.executable, "-m", "labkit.leaks"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    clean = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (clean.returncode, clean.stdout) == (0, "")
    (tmp_path / "new.py").write_text(f"key = '{KEY}'")
    for arguments in ([], ["new.py"]):
        done = subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stdout.startswith(f"new.py: line 1: access key id AKIA…{KEY[-4:]}\n")
        assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name", [".env", ".env.test", "backend/.env.test", "my.env", ".aws/credentials", "credentials", "x_accessKeys.csv"]
)
def test_git_does_not_take_the_files_that_people_keep_credentials_in(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0
