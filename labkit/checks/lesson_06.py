"""The exercises of 06: the newest orders, a price, another key for a table, which database. Each has its own module."""

from labkit.checks.database_choice import databases
from labkit.checks.newest_orders import newest
from labkit.checks.putting_price import put_price
from labkit.checks.rekeying import rekey

EXERCISES = (newest, put_price, rekey, databases)
