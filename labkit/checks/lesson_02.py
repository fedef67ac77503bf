"""The exercises of 02: a producer, a consumer, a price, a choice. Each is in a module of its own."""

from labkit.checks.booking import book_orders
from labkit.checks.producing import send_events
from labkit.checks.queue_choice import choices
from labkit.checks.queue_costs import monthly_cost

EXERCISES = (send_events, book_orders, monthly_cost, choices)
