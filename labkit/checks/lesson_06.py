"""The exercises of 06: a price, the newest orders, another key for a table. Each is in a module of its own."""

from labkit.checks.newest_orders import newest
from labkit.checks.putting_price import put_price
from labkit.checks.rekeying import rekey

EXERCISES = (put_price, newest, rekey)
