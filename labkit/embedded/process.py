"""The embedded AWS as its parent sees it: starts the child process, talks to it, ends it.

Requests of boto3 go to the child over HTTP. What only the lab may do (move the clock) goes over the child's standard
input, where no other program can reach it, and which closes when the parent dies, however it dies.
"""

import atexit
import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any, Self

from labkit import texts
from labkit.errors import LabError

COMMAND = ("-m", "labkit.embedded.server")  # what the child runs
START_TIMEOUT = 60  # seconds; about one is needed, more on a cold disk or with a virus scanner
ANSWER_TIMEOUT = 60  # seconds


class EmbeddedAws:
    """One embedded AWS: its `endpoint_url` for boto3, and `ask` for what only the lab may do."""

    def __init__(self, port: int = 0) -> None:
        """Start the child and wait until it answers. Port 0 takes any free one; a port in use becomes another.

        Raises LabError if it does not start.
        """
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
        self._child = subprocess.Popen(
            [sys.executable, *COMMAND, str(port), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="ascii",
        )
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read_answers, name="embedded-aws-answers", daemon=True).start()
        atexit.register(self.stop)
        try:
            ready = self._next_answer(START_TIMEOUT)
        except LabError:
            self.stop()
            raise LabError(texts.EMBEDDED_DID_NOT_START.format(details=self._last_lines())) from None
        self.port: int = ready["port"]
        self.endpoint_url = f"http://127.0.0.1:{self.port}"
        self.account: str = ready["account"]

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Have the child do one of `server.COMMANDS`; its answer.

        Binaries travel in base64, as in requests to AWS. Raises LabError if the child has ended, TypeError for
        arguments that are no JSON.
        """
        with self._asking:
            try:
                assert self._child.stdin is not None
                self._child.stdin.write(json.dumps({"do": do, **arguments}, default=_in_base64) + "\n")
                self._child.stdin.flush()
            except (OSError, ValueError):  # its end of the pipe is gone, or ours
                raise LabError(texts.EMBEDDED_ENDED) from None
            return self._next_answer(ANSWER_TIMEOUT)

    def stop(self) -> None:
        """End the child and wait until it is gone; nothing happens if it has ended already."""
        atexit.unregister(self.stop)
        with contextlib.suppress(OSError):
            if self._child.stdin:
                self._child.stdin.close()
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read_answers(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._answers.put(line)
        self._answers.put(None)
        self._child.wait()  # or it stays a zombie, and ipykernel waits for its children before a kernel restarts

    def _next_answer(self, timeout: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=timeout)
        except queue.Empty:
            line = None
        if line is None:
            self._answers.put(None)  # for whoever asks after us
            raise LabError(texts.EMBEDDED_ENDED)
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def _last_lines(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-2000:]


def _in_base64(value: object) -> str:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no JSON")
