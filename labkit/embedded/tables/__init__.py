"""DynamoDB with AWS's semantics and prices, in place of moto's. `install` before moto's first request.

values, paths           attribute values, and ways into them
syntax, conditions, matching, keyconditions, updates, legacy
                        the expression language, and what it replaced
store, views, keys, table
                        items in order, indexes of them, and what holds them together
capacity, throttling    what a request costs, and when it is refused
expiry                  time to live
writes, reads, batches, transactions, partiql
                        the operations
requests, errors        what a request must look like, and what is said if it does not
seams                   how moto is made to use all this
"""

from labkit.embedded.tables.seams import install

__all__ = ["install"]
