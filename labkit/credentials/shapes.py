"""What an access key id, a secret access key and a session token look like.

Ids: IAM User Guide, "IAM identifiers" (unique ID prefixes). Their length, and that of a secret, is what AWS hands out
today and what the patterns of AWS's own git-secrets take; neither is promised. A token "has no fixed size" (AWS STS,
GetSessionToken), and some hundred characters today.
"""

from __future__ import annotations

import math
import re
from collections import Counter

ID_LENGTH = 20
SECRET_LENGTH = 40
SHORTEST_TOKEN = 100  # characters; a tenth of what is usual, so that what is shorter was surely cut off
SAMPLE = "EXAMPLE"  # in all of AWS's documentation's own keys

KEY_PREFIXES = ("AKIA", "ASIA")
_PRINCIPAL = re.compile(r"(?:AIDA|AROA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{12,}")
_ID = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
_TOKEN = re.compile(r"[A-Za-z0-9/+_-]+={0,2}")  # base64, of either alphabet
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
# What tokens of several years begin with, in base64: "!\norigin_ec" and its forerunners.
TOKEN_STARTS = ("IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdzE", "FQoGZXIvYXdzE", "FQoDYXdzE", "AQoDYXdzE")
_FEW = 3  # different characters
_LEAST_OF_LETTERS = 4.4  # a long name has less, whatever its capitals
_LEAST_ENTROPY = 4.2  # bits a character; 40 random ones have 4.7 ± 0.13, names and paths about 4


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def is_principal(text: str) -> bool:
    """Whether this names a user, role or the like: unique, and no key."""
    return _PRINCIPAL.fullmatch(text) is not None


def is_secret(text: str) -> bool:
    """Whether this can be a secret access key. A hash in hexadecimal digits of the same length is none."""
    return _SECRET.fullmatch(text) is not None and not _HEX.fullmatch(text)


def is_surely_secret(text: str) -> bool:
    """Whether this looks like a secret though nothing beside it says so: mixed, and without a word in it."""
    if not is_secret(text) or not any(map(str.isupper, text)) or not any(map(str.islower, text)):
        return False
    return entropy(text) >= (_LEAST_OF_LETTERS if text.isalpha() else _LEAST_ENTROPY)


def is_base64(text: str) -> bool:
    return _TOKEN.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether this can be a whole session token. No base64 text, padded or not, has a rest of one character."""
    return len(text) >= SHORTEST_TOKEN and is_base64(text) and len(text.rstrip("=")) % 4 != 1


def is_made_up(text: str) -> bool:
    """Whether a person typed this in the place of a value: a sample of AWS's, or a key held down."""
    return SAMPLE in text or (len(text) >= 8 and len(set(text.removeprefix("AKIA").removeprefix("ASIA"))) <= _FEW)


def entropy(text: str) -> float:
    """Bits for each character, by how often each occurs (Shannon)."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def masked_id(text: str) -> str:
    """`ASIA…MPLE`: enough to tell two keys apart."""
    return f"{text[:4]}…{text[-4:]}"
