"""What the notebooks of the AWS messaging lab stand on: `lab = labkit.start()` and boto3 has an AWS to talk to.

Importing it does no work and starts nothing.
"""

from labkit import credentials, faults
from labkit.errors import LabError
from labkit.lab import Lab, start, stop

__all__ = ["Lab", "LabError", "credentials", "faults", "start", "stop"]
