"""Reads the credentials that people paste, says in plain words what is wrong with them, and never shows a value.

labkit.credentials.parse(text)   → Credentials, or a sentence for each problem
labkit.credentials.ask()         → a form to paste them into
labkit.credentials.mask(text)    → the text without its keys
"""

from labkit.credentials.diagnosis import CredentialsError, Problem
from labkit.credentials.form import ask, given
from labkit.credentials.masking import mask
from labkit.credentials.parsing import parse, problems
from labkit.credentials.secret import Credentials, Secret
from labkit.credentials.sources import from_machine, read_env_file

__all__ = [
    "Credentials",
    "CredentialsError",
    "Problem",
    "Secret",
    "ask",
    "from_machine",
    "given",
    "mask",
    "parse",
    "problems",
    "read_env_file",
]
