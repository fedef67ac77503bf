"""Each file is read once, whoever asks for it."""

from typing import Any

from labkit.embedded.descriptions import read_once


def test_a_file_is_read_the_first_time_only() -> None:
    asked: list[str] = []

    def load_file(loader: Any, file_path: str) -> Any:
        asked.append(file_path)
        return {"loaded by": loader, "from": file_path}

    load = read_once(load_file)
    first = load("one loader", "/nowhere/sqs")
    assert first == {"loaded by": "one loader", "from": "/nowhere/sqs"}
    assert load("another", "/nowhere/sqs") is first
    assert load("another", "/nowhere/sns")["from"] == "/nowhere/sns"
    assert asked == ["/nowhere/sqs", "/nowhere/sns"]


def test_what_is_not_there_may_be_there_the_next_time() -> None:
    found = iter([None, {"version": "2.0"}])  # botocore goes through several folders, and most do not have the file
    load = read_once(lambda _, __: next(found))
    assert load(None, "/nowhere/sts") is None
    assert load(None, "/nowhere/sts") == {"version": "2.0"}
