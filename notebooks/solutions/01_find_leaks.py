import json
import re
from typing import Any

KEY_ID = re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")


def find_leaks(notebook: dict[str, Any]) -> list[int]:
    """Return the numbers, from 1, of the cells in whose source or outputs an access key id stands."""
    leaking = []
    for number, cell in enumerate(notebook["cells"], start=1):
        # As text, so that no kind of output is forgotten: whatever will be in the file is looked at.
        text = json.dumps([cell["source"], cell.get("outputs", [])])
        if any("EXAMPLE" not in found[0] for found in KEY_ID.finditer(text)):
            leaking.append(number)
    return leaking
