"""The exercises of 04: a queue and its dead-letter queue, sending back what was repaired, closing the books."""

from labkit.checks.closing_books import close_books
from labkit.checks.dead_letter_pair import make_queues
from labkit.checks.sending_back import send_back

EXERCISES = (make_queues, send_back, close_books)
