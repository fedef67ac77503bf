"""What botocore has written down of AWS, its services and endpoints: read once in a process, not in each session."""

from collections.abc import Callable
from typing import Any

_read: dict[str, Any] = {}  # by the path of the file


def read_once(load_file: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """What does as `botocore.loaders.JSONFileLoader.load_file` does, but reads each file the first time only.

    Whoever makes a `boto3.Session` in each call of a function waits for the endpoints of all of AWS each time.
    """

    def load(loader: Any, file_path: str) -> Any:
        if file_path not in _read:
            found = load_file(loader, file_path)
            if found is None:  # botocore looks in several folders
                return None
            _read[file_path] = found
        return _read[file_path]

    return load
