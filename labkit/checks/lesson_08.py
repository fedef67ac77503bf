"""The exercises of 08: a poller, a door that is shut, an endpoint for sqsd, and what a monolith is."""

from labkit.checks.monoliths import six_cases
from labkit.checks.poller import poll
from labkit.checks.pushing import answer
from labkit.checks.shut_door import process_by_hand

EXERCISES = (poll, process_by_hand, answer, six_cases)
