"""What copying does to a text, undone: invisible characters, typographic quotes, line ends, escapes."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from labkit.errors import LabError
from labkit.texts import credentials as texts

LONGEST = 100_000  # characters; a block with a long token has two thousand

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")  # a terminal's
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"') | dict.fromkeys(map(ord, "‘’‚‛′´`"), "'")
_ESCAPED = re.compile(r"\\u00([0-9a-fA-F]{2})")
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def clean(pasted: Any) -> str:
    """The text of what was pasted; an answer of STS, a dict, is taken too.

    Raises LabError for anything else, and for what is far too long.
    """
    if isinstance(pasted, dict):
        pasted = json.dumps(pasted, default=str)
    if not isinstance(pasted, str):
        raise LabError(texts.NOT_A_TEXT.format(kind=type(pasted).__name__))
    if len(pasted) > LONGEST:
        raise LabError(texts.TOO_LONG.format(length=len(pasted)))
    text = _LINE_END.sub("\n", _COLOURS.sub("", pasted))
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES))  # wide letters and signs, all kinds of spaces
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cf", "Cc"))
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)  # JSON within JSON
    return text.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
