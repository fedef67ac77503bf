# %% [markdown]
# # Which questions can this table answer, and what does each cost?
#
# A DynamoDB table is made in seconds. Its key is for ever, and decides what you may ask it.
#
# **You will** put the same questions to two tables, heat a partition until it refuses, watch a Scan's price grow with the
# table to 100,000 items, lose an item on a page that nobody asked for, and ask the same of SQL.
#
# **Afterwards you can** choose keys and indexes from a list of questions, read a bill in capacity units, and say when
# DynamoDB is the wrong choice.
#
# **You need** 110 minutes, half of them for the exercises, and [00](00_start_here.ipynb). There is a good place for a break,
# and it is marked.

# %%
import labkit
from labkit.checks import check

lab = labkit.start()

# %% [markdown]
# ## Questions first
#
# A shop takes orders. Before it makes a table it writes down what it will ask, its *access patterns*:
#
# 1. the order with this id
# 2. a customer's three newest orders
# 3. a customer's orders of one day, or between two
# 4. all orders that are pending
#
# > "You only have to create a few little things", the lecture says of DynamoDB, "nothing to configure". One thing, and it
# > cannot be changed: the key.
#
# The first table has a *partition key* only, the order's id. On real AWS `lab.name` puts a prefix of yours before the
# name; here it is the name itself.

# %%
import boto3

dynamodb = boto3.client("dynamodb")
by_id = lab.name("by-id")
_ = dynamodb.create_table(
    TableName=by_id,
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)

# %% [markdown]
# Only the key's attributes are defined; everything else an item brings along. (Run twice, such a cell is refused: "Table
# already exists". It does; go on.) The second has a *sort key* as well.

# %%
by_customer = lab.name("by-customer")
CUSTOMER_AND_TIME = {
    "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "placed", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "customer", "AttributeType": "S"},
        {"AttributeName": "placed", "AttributeType": "S"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
_ = dynamodb.create_table(TableName=by_customer, **CUSTOMER_AND_TIME)
for table in (by_id, by_customer):
    dynamodb.get_waiter("table_exists").wait(TableName=table)

# %% [markdown]
# 200 orders of four customers, one an hour, a few of them pending, with a note that makes each about 360 bytes.

# %%
from datetime import datetime, timedelta

CUSTOMERS = ("Ana", "Ben", "Carla", "Dan")


def order(number):
    placed = datetime(2026, 11, 1) + timedelta(hours=number)
    status = "pending" if number % 50 == 49 else "complete"
    texts = {"id": f"o-{number}", "customer": CUSTOMERS[number % 4], "placed": placed.isoformat(), "status": status}
    return {name: {"S": text} for name, text in texts.items()} | {"note": {"S": "x" * 300}}


# %%
from labkit import seeding

for table in (by_id, by_customer):
    seeding.fill(lab, table, map(order, range(200)), 200)

# %% [markdown]
# `seeding.fill` writes what `BatchWriteItem` would write, with a bar. And a helper, which asks for the bill:


# %%
def asked(call, **question):
    answer = call(ReturnConsumedCapacity="TOTAL", **question)
    items = answer.get("Items", [answer["Item"]] if "Item" in answer else [])
    print(f"{len(items)} found, {answer['ConsumedCapacity']['CapacityUnits']:g} read units")
    return items


# %% [markdown]
# ## Partition key only
#
# Reading is billed in *read units* of up to 4 KB, and at half of that where the answer may be a moment old, which is the
# default. **Predict:** which of the questions can `by_id` answer, and what does each cost?

# %%
_ = asked(dynamodb.get_item, TableName=by_id, Key={"id": {"S": "o-7"}})

# %% [markdown]
# The first one, for half a unit. Now Ana's orders:

# %%
IS_ANA = {"ExpressionAttributeValues": {":customer": {"S": "Ana"}}}
try:
    dynamodb.query(TableName=by_id, KeyConditionExpression="customer = :customer", **IS_ANA)
except dynamodb.exceptions.ClientError as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# A `Query` needs the partition key's exact value. What is left is a `Scan`: read everything, keep what fits.

# %%
_ = asked(dynamodb.scan, TableName=by_id, FilterExpression="customer = :customer", **IS_ANA)

# %% [markdown]
# It works, and reads all 200 orders, 70 KB, for 50. And they come in no order: sorting them is left to you.
#
# ## With a sort key
#
# The same questions to `by_customer`. **Predict:** what do Ana's three newest cost?

# %%
three = asked(
    dynamodb.query,
    TableName=by_customer,
    KeyConditionExpression="customer = :customer",
    ScanIndexForward=False,
    Limit=3,
    **IS_ANA,
)
[item["placed"]["S"] for item in three]

# %% [markdown]
# Half a unit. Items of one partition key lie together, sorted by the sort key: that is an *item collection*, and can be
# read from either end. One day is a beginning, some days are a range:

# %%
day = {":customer": {"S": "Ana"}, ":day": {"S": "2026-11-05"}}
is_day = "customer = :customer AND begins_with(placed, :day)"
_ = asked(dynamodb.query, TableName=by_customer, KeyConditionExpression=is_day, ExpressionAttributeValues=day)

# %%
days = {":customer": {"S": "Ana"}, ":from": {"S": "2026-11-02"}, ":to": {"S": "2026-11-04"}}
is_between = "customer = :customer AND placed BETWEEN :from AND :to"
_ = asked(dynamodb.query, TableName=by_customer, KeyConditionExpression=is_between, ExpressionAttributeValues=days)

# %% [markdown]
# Twelve are two days, not three: texts are compared letter by letter, and all of the 4th, from `2026-11-04T00:00:00` on,
# comes after `2026-11-04`.
#
# > The lecture calls the sort key optional. It is, on the day on which you create the table; it cannot be added later, and
# > without it there are no ranges and no order.
#
# And question 1? Order `o-7` is Dan's. **Predict:** does `by_customer` find it by its id, or by its customer?

# %%
for key in ({"id": {"S": "o-7"}}, {"customer": {"S": "Dan"}}):
    try:
        dynamodb.get_item(TableName=by_customer, Key=key)
    except dynamodb.exceptions.ClientError as refused:
        print(refused.response["Error"]["Message"])

# %% [markdown]
# By neither: the id is not its key, and half a key is no key. The two tables answer different questions:
#
# | | `by_id` | `by_customer` |
# | --- | --- | --- |
# | 1 the order with this id | `GetItem`, 0.5 | a Scan |
# | 2 the three newest of Ana | a Scan | `Query`, 0.5 |
# | 3 Ana's orders of a day | a Scan | `Query`, 0.5 |
# | 4 all that are pending | a Scan | a Scan |
#
# > "Much more practical for simple searches", the lecture says. Simple *by key*.
#
# ## A key that gets hot
#
# Question 4 tempts: make `status` the partition key! A partition takes 1,000 write units a second, of 1 KB each, and no
# key's items take more, in any mode. **Predict:** 25 new orders arrive at once, 390 KB each, all pending. How many are
# written? And with the order's id as key?

# %%
by_status = lab.name("by-status")
_ = dynamodb.create_table(
    TableName=by_status,
    KeySchema=[{"AttributeName": "status", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("status", "id")],
    BillingMode="PAY_PER_REQUEST",
)
dynamodb.get_waiter("table_exists").wait(TableName=by_status)

# %%
large = [{"id": {"S": f"big-{n}"}, "status": {"S": "pending"}, "scan": {"B": bytes(390_000)}} for n in range(25)]
puts = [{"PutRequest": {"Item": item}} for item in large]
for table in (by_status, by_id):
    left = dynamodb.batch_write_item(RequestItems={table: puts})["UnprocessedItems"]
    print(f"{table}: {25 - len(left.get(table, []))} written, {len(left.get(table, []))} not processed")

# %% [markdown]
# Three, of 381 units each: two fit, and the third began while something was left. The rest came back in `UnprocessedItems`, with a `200` and without any error. Who does
# not look there has lost them. Spread over 25 keys all are written.
#
# How does heat grow with the number of writers? A model of our own: each writes ten orders of 1 KB a second, and the key's
# hash chooses one of 16 partitions. (How many partitions a table has, AWS decides.)

# %%
import hashlib

import pandas as pd


def loads(writers, key_of):
    found = [0] * 16
    for number in range(writers * 10):
        found[hashlib.md5(key_of(number).encode()).digest()[0] % 16] += 1
    return found


# %%
KEYS = {"status": lambda number: "pending", "order id": lambda number: f"o-{number}"}
heat = {f"{name}, {w:,} writers": loads(w, key_of) for name, key_of in KEYS.items() for w in (10, 100, 1000)}

# %%
from labkit.plots.heat import draw_heat

draw_heat(pd.DataFrame(heat, index=range(1, 17)).T, limit=1000)

# %% [markdown]
# With `status` everything meets in one place: at 100 writers it is full, at 1,000 nine writes in ten are refused, and
# fifteen partitions look on.
#
# > "To write faster", the lecture says. Not faster for one small application: *more* at once, for many keys.
#
# ## Indexes
#
# A *global secondary index* is the table once more under another key, kept by DynamoDB. This table has two: `by-id`, and
# `waiting`, for question 4. Only a pending order has the key of that one, `waits_in`: it says in which of four *shards*, 0 to
# 3, the order waits. So the index has four keys, and not a single hot one. The id decides, by a checksum.

# %%
orders = lab.name("orders")


def index(name, *keys):
    schema = [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)]
    return {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}


# %%
_ = dynamodb.create_table(
    TableName=orders,
    KeySchema=CUSTOMER_AND_TIME["KeySchema"],
    AttributeDefinitions=[
        {"AttributeName": name, "AttributeType": "S"} for name in ("customer", "placed", "id", "waits_in")
    ],
    GlobalSecondaryIndexes=[index("by-id", "id"), index("waiting", "waits_in", "placed")],
    BillingMode="PAY_PER_REQUEST",
)
dynamodb.get_waiter("table_exists").wait(TableName=orders)


# %%
import zlib


def with_shard(number):
    item = order(number)
    if item["status"]["S"] == "pending":
        item["waits_in"] = {"S": str(zlib.crc32(item["id"]["S"].encode()) % 4)}
    return item


seeding.fill(lab, orders, map(with_shard, range(200)), 200)

# %% [markdown]
# **Predict:** how many items are in the index `waiting`?

# %%
_ = asked(dynamodb.scan, TableName=orders, IndexName="waiting")

# %% [markdown]
# Four of 200: an item without the index's key is not in it. Such an index is *sparse*: here a Scan is cheap, since what it
# reads is what you want. Oldest first is more work: each shard is sorted by `placed`, all of them together are not. Four
# queries, and merge their answers:

# %%
import heapq


def waiting_in(shard):
    values = {":shard": {"S": shard}}
    question = {"KeyConditionExpression": "waits_in = :shard", "ExpressionAttributeValues": values}
    return asked(dynamodb.query, TableName=orders, IndexName="waiting", **question)


# %%
oldest_first = heapq.merge(*map(waiting_in, "0123"), key=lambda item: item["placed"]["S"])
[item["id"]["S"] for item in oldest_first]

# %% [markdown]
# An order that is done loses its `waits_in`, and with it its place in the index. **Predict:** what does that write cost? One
# unit is for the table.

# %%
done = dynamodb.update_item(
    TableName=orders,
    Key={"customer": {"S": "Dan"}, "placed": {"S": order(199)["placed"]["S"]}},
    UpdateExpression="SET #status = :done REMOVE waits_in",
    ExpressionAttributeNames={"#status": "status"},
    ExpressionAttributeValues={":done": {"S": "complete"}},
    ReturnConsumedCapacity="INDEXES",
)["ConsumedCapacity"]
indexes = sorted(done.get("GlobalSecondaryIndexes", {}).items())
done["CapacityUnits"], {name: used["CapacityUnits"] for name, used in indexes}

# %% [markdown]
# Each index is written, too, and billed. (`#status`, because `status` is one of DynamoDB's reserved words. We meet them
# again.) An index may be a moment behind its table, and no read of it can insist on the last write:

# %%
try:
    dynamodb.scan(TableName=orders, IndexName="waiting", ConsistentRead=True)
except dynamodb.exceptions.ClientError as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# A table can be read *strongly consistent*: what was written before is seen, at double the price.

# %%
for consistent in (False, True):
    _ = asked(dynamodb.get_item, TableName=by_id, Key={"id": {"S": "o-7"}}, ConsistentRead=consistent)

# %% [markdown]
# ## The price of Scan
#
# A table grows to 100,000 orders of 10,000 customers. Each time we ask for one customer's orders, by Query and by Scan.
# **Predict:** what becomes of the two prices?

# %%
big = lab.name("big")


def small_order(number):
    texts = {"customer": f"c-{number % 10_000}", "placed": f"2026-{number:08}", "note": "x" * 150}
    return {name: {"S": text} for name, text in texts.items()}


# %%
def pages(operation, **question):
    asking = dynamodb.get_paginator(operation).paginate(Select="COUNT", ReturnConsumedCapacity="TOTAL", **question)
    seen = [(page["Count"], page["ConsumedCapacity"]["CapacityUnits"]) for page in asking]
    return {"found": sum(count for count, _ in seen), "units": sum(units for _, units in seen), "pages": len(seen)}


WHO = {"TableName": big, "ExpressionAttributeValues": {":who": {"S": "c-7"}}}

# %%
_ = dynamodb.create_table(TableName=big, **CUSTOMER_AND_TIME)
dynamodb.get_waiter("table_exists").wait(TableName=big)
rows, written = [], 0
for size in (100, 1_000, 10_000, 100_000):
    seeding.fill(lab, big, map(small_order, range(written, size)), size - written)
    written = size
    query = pages("query", KeyConditionExpression="customer = :who", **WHO)
    scan = pages("scan", FilterExpression="customer = :who", **WHO)
    rows.append({"items": size, "found": query["found"], "Query": query["units"], "Scan": scan["units"]})
grown = pd.DataFrame(rows).set_index("items")
grown

# %%
from labkit.plots.growth import draw_growth

draw_growth(grown[["Query", "Scan"]], "read units")

# %% [markdown]
# Query pays for what it finds, Scan for all there is. `FilterExpression` is applied *after* the reading, so
# **a filter saves nothing** but the way to you. In money, if a page asks it a million times a month:

# %%
from labkit import pricing

{how: pricing.in_dollars(pricing.cost("dynamodb_read", 1_000_000 * grown[how].iloc[-1])) for how in ("Query", "Scan")}

# %%
pricing.price_table("dynamodb_read", "dynamodb_write")

# %% [markdown]
# ## The item that got away
#
# A wholesaler has 400 orders of 4 KB each. **Predict:** how many does one Query return?

# %%
wholesale = [small_order(n) | {"customer": {"S": "Wholesale"}, "note": {"S": "x" * 4000}} for n in range(400)]
wholesale[-1]["gift"] = {"S": "yes"}
seeding.fill(lab, big, wholesale, 400)
WHOLESALE = {"TableName": big, "KeyConditionExpression": "customer = :who"}
WHOLESALE["ExpressionAttributeValues"] = {":who": {"S": "Wholesale"}}

# %%
page = dynamodb.query(**WHOLESALE)
page["Count"], page["Items"][-1]["placed"]["S"], page.get("LastEvaluatedKey", {}).get("placed")

# %% [markdown]
# 260 of 400: a page ends at 1 MB. No error, a `200`; the newest orders are not there, and all that says so is `LastEvaluatedKey`. A
# filter does not change it, it only makes it harder to see. We look for the one order that is a gift, the last:

# %%
gift = {":who": {"S": "Wholesale"}, ":yes": {"S": "yes"}}
page = dynamodb.query(
    **WHOLESALE | {"ExpressionAttributeValues": gift}, FilterExpression="gift = :yes", ReturnConsumedCapacity="TOTAL"
)
page["Count"], page["ScannedCount"], page["ConsumedCapacity"]["CapacityUnits"], "LastEvaluatedKey" in page

# %% [markdown]
# Nothing found, a megabyte paid, and there is more. An empty page is not the end; no `LastEvaluatedKey` is. A paginator
# goes on until then:

# %%
pages("query", **WHOLESALE)

# %% [markdown]
# ## Exercise 6.1: the newest
#
# Write `newest(table_name, customer, n)` for a table like `by_customer`. Cancelled orders (`status` is `cancelled`) do not
# count. Orders may be large, and customers have many: read little more than you return.


# %% exercise 6.1 tags=["exercise"]
def newest(table_name, customer, n):
    """Return the ids of the customer's `n` newest orders that are not cancelled, newest first."""
    ...


# %%
check("6.1", newest)

# %% [markdown]
# *This is the place for a break. What you have seen so far is keys and what reading costs; what follows is writing, time, and
# the choice of a database. If the kernel was restarted meanwhile, choose "Run", "Run All Above Selected Cell" here: it takes
# some seconds, and all tables are there again.*

# %% [markdown]
# ## Writing, and what trips people
#
# A price with a fraction. **Predict:** what does DynamoDB say to `9.99`?

# %%
items = boto3.resource("dynamodb").Table(by_id)
try:
    items.put_item(Item={"id": "o-1", "price": 9.99})
except TypeError as refused:
    print(refused)

# %% [markdown]
# A float is binary and cannot be 9.99; a number in DynamoDB is decimal. `Decimal("9.99")` with the resource, and with the
# client, which sends numbers as text, `{"N": "9.99"}`. Now `status`, by its name:

# %%
KEY = {"id": {"S": "o-1"}}
try:
    dynamodb.update_item(
        TableName=by_id,
        Key=KEY,
        UpdateExpression="SET status = :s",
        ExpressionAttributeValues={":s": {"S": "complete"}},
    )
except dynamodb.exceptions.ClientError as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# Many words are reserved; a name that begins with `#` stands for any. A third surprise: order `o-1` has a customer, a time
# and a status. **Predict:** what has it after this?

# %%
new = {"TableName": by_id, "Item": {**KEY, "note": {"S": "another one"}}}
_ = dynamodb.put_item(**new)
sorted(dynamodb.get_item(TableName=by_id, Key=KEY)["Item"])

# %% [markdown]
# **`PutItem` replaces** the whole item; `UpdateItem` changes a part. Whoever puts the same key last wins, and in `by_customer`
# two orders of one customer in the same second are one: a shop puts the id behind the time. What helps is a *condition*:

# %%
try:
    dynamodb.put_item(ConditionExpression="attribute_not_exists(id)", **new)
except dynamodb.exceptions.ConditionalCheckFailedException as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# One step, decided where the item is; "look first, then write" would be two. Is a refusal free? For that we need a table
# that counts: *provisioned*, with one write unit a second. What is not used is saved, for five minutes at most. We let a write
# of 390 KB be refused, which is more than can have been saved, and write something tiny.

# %%
from botocore.config import Config

counted = lab.name("counted")
_ = dynamodb.create_table(
    TableName=counted,
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
)
dynamodb.get_waiter("table_exists").wait(TableName=counted)
lab.wait(seconds=10)

# %%
once = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
heavy = {"id": {"S": "x"}, "note": {"S": "x" * 390_000}}
for item, condition in ((heavy, {"ConditionExpression": "attribute_exists(id)"}), ({"id": {"S": "y"}}, {})):
    try:
        once.put_item(TableName=counted, Item=item, **condition)
    except once.exceptions.ClientError as refused:
        print(refused.response["Error"]["Code"])

# %% [markdown]
# The first wrote nothing, and used up all there was: the tiny second write is throttled. **A failed condition is billed
# like the write.**
#
# Two items at once: a seat is taken and an order made, or neither. Somebody has the seat already. **Predict:** is the order
# made?

# %%
SEAT = {"id": {"S": "seat-7"}}
_ = dynamodb.put_item(TableName=by_id, Item=SEAT)
take = {"TableName": by_id, "Item": SEAT, "ConditionExpression": "attribute_not_exists(id)"}
sale = {"TableName": by_id, "Item": {"id": {"S": "o-900"}}}
try:
    dynamodb.transact_write_items(TransactItems=[{"Put": take}, {"Put": sale}])
except dynamodb.exceptions.TransactionCanceledException as refused:
    print([reason["Code"] for reason in refused.response["CancellationReasons"]])

# %%
_ = asked(dynamodb.get_item, TableName=by_id, Key={"id": {"S": "o-900"}})

# %% [markdown]
# All or nothing, with one reason for each item, in order; up to 100 items, and twice the units. (And reading what is
# not there costs like reading.)

# %% [markdown]
# ## Exercise 6.2: a price
#
# Write `put_price(table_name, item_id, price)`. The table's key is `id`; the price is a Python number, such as `9.99`. Others
# rename and delete items at any moment.


# %% exercise 6.2 tags=["exercise"]
def put_price(table_name, item_id, price):
    """Set the item's `price`, a number, and its `status` to "on sale"; leave its other attributes alone.

    Return True, or False if there is no such item.
    """
    ...


# %%
check("6.2", put_price)

# %% [markdown]
# ## Items that expire
#
# *Time to live* deletes, free of charge, what a number says is over: seconds since 1970. This one has an hour.

# %%
ttl = {"Enabled": True, "AttributeName": "expires"}
_ = dynamodb.update_time_to_live(TableName=by_id, TimeToLiveSpecification=ttl)

# %%
expires = int(lab.now().timestamp()) + 3600
_ = dynamodb.put_item(TableName=by_id, Item={"id": {"S": "cart"}, "expires": {"N": str(expires)}})

# %% [markdown]
# **Predict:** is it there after two hours? Three days later?

# %%
lab.wait(hours=2)
_ = asked(dynamodb.get_item, TableName=by_id, Key={"id": {"S": "cart"}})
lab.wait(days=3)
_ = asked(dynamodb.get_item, TableName=by_id, Key={"id": {"S": "cart"}})

# %% [markdown]
# It is deleted "within a few days" of its time; until then a reader compares `expires` with the clock.
#
# ## The history of one message
#
# [07](07_pending_to_complete.ipynb) keeps the state of a message. With a sort key it could keep all that happened to it:

# %%
history = lab.name("history")
_ = dynamodb.create_table(
    TableName=history,
    KeySchema=[{"AttributeName": "message", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("message", "at")],
    BillingMode="PAY_PER_REQUEST",
)
dynamodb.get_waiter("table_exists").wait(TableName=history)

# %%
for at, state in (("10:00:00", "pending"), ("10:00:07", "processing"), ("10:00:09", "complete")):
    event = {"message": {"S": "m-1"}, "at": {"S": f"2026-11-24T{at}"}, "state": {"S": state}}
    _ = dynamodb.put_item(TableName=history, Item=event)

# %%
OF_M1 = {"KeyConditionExpression": "message = :m", "ExpressionAttributeValues": {":m": {"S": "m-1"}}}
whole = asked(dynamodb.query, TableName=history, **OF_M1)
latest = asked(dynamodb.query, TableName=history, ScanIndexForward=False, Limit=1, **OF_M1)
[event["state"]["S"] for event in whole], latest[0]["state"]["S"]

# %% [markdown]
# All of it in order, and the state it is in now as the newest item.
#
# ## Exercise 6.3: a table that was born wrong
#
# The orders are in a table by `id`, and the shop needs one by `customer` and `placed`. No call changes a key: the way is a
# new table, to which everything is copied. The shop goes on meanwhile and writes to the new table, at any moment: what is
# there is newer. Your program may die at any time and is then started again.


# %% exercise 6.3 tags=["exercise"]
def rekey(old_table, new_table):
    """Copy what the new table has not yet; return how many orders that were. The old table stays as it is."""
    ...


# %%
check("6.3", rekey)

# %% [markdown]
# ## On demand or provisioned
#
# On demand bills each unit; provisioned bills hours, used or not. The price of a month, for one write a second,
# evenly, and for a million a day in one hour, which is 278 a second, reserved for all hours if nothing scales them:

# %%
MONTH = pricing.HOURS_A_MONTH
for what, writes, units in (("1 a second", 3600 * MONTH, 1), ("a million a day, in one hour", 30_000_000, 278)):
    on_demand = pricing.in_dollars(pricing.cost("dynamodb_write", writes))
    print(f"{what}: on demand {on_demand},", end=" ")
    print(f"provisioned {pricing.in_dollars(pricing.cost('dynamodb_wcu_hour', units * MONTH, free=False))}")

# %% [markdown]
# Even load favours provisioned, peaks on demand: provisioned for the second case costs more, for 23 idle hours a day.
# (25 provisioned units of each kind are free in a month; here they are not taken off.)
#
# ## DynamoDB or Aurora
#
# > "Instead of DynamoDB, may we use Aurora?", a student asks in the lecture. "No problem." When, then, which?
#
# The same 200 orders in SQL; SQLite stands in for Aurora, which speaks PostgreSQL or MySQL. A new question comes up: *how
# many orders for each town?*

# %%
import sqlite3

sql = sqlite3.connect(":memory:")
sql.execute("CREATE TABLE customers (name TEXT PRIMARY KEY, town TEXT)")
sql.execute("CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT REFERENCES customers, status TEXT)")
TOWNS = {"Ana": "Salto", "Ben": "Salto", "Carla": "Rivera", "Dan": "Rocha"}
_ = sql.executemany("INSERT INTO customers VALUES (?, ?)", TOWNS.items())
columns = [[order(n)[name]["S"] for name in ("id", "customer", "status")] for n in range(200)]
_ = sql.executemany("INSERT INTO orders VALUES (?, ?, ?)", columns)

# %%
sql.execute(
    "SELECT town, COUNT(*) FROM orders JOIN customers ON customer = name GROUP BY town ORDER BY town"
).fetchall()

# %% [markdown]
# One sentence, and nobody had planned for it. In DynamoDB there is no join: either you read everything and count yourself,

# %%
from collections import Counter

everything = asked(dynamodb.scan, TableName=by_customer)
sorted(Counter(TOWNS[item["customer"]["S"]] for item in everything).items())

# %% [markdown]
# or you knew the question before, and keep the count, or the town as a key of an index.
#
# > "If a microservice keeps no relations", the lecture says. Customer and order *are* a relation, and `by_customer` serves
# > it well, for questions known beforehand. What DynamoDB lacks is joins and new questions.
#
# What they cost in a month, without storage. Three writes for each message, against Aurora Serverless v2 at the
# half capacity unit that is the least while awake:

# %%
for messages in (0, 1_000_000, 100_000_000):
    print(f"DynamoDB, {messages:,} messages: {pricing.in_dollars(pricing.cost('dynamodb_write', 3 * messages))}")
for how, units in (("awake", 0.5), ("asleep", 0)):
    print(f"Aurora, {how} all month: {pricing.in_dollars(pricing.cost('aurora_acu_hour', units * MONTH))}")

# %%
pricing.price_table("aurora_acu_hour", "dynamodb_wcu_hour")

# %% [markdown]
# > "So as not to raise ten database instances", the lecture says. Aurora Serverless v2 can sleep, too, at 0 units: after
# > five minutes without connections, by default. It wakes in about 15 seconds, more after a day; and a program that asks
# > every five seconds never lets it sleep.
#
# A hundred million messages may need more than half a unit of Aurora: there the line shows a floor. Connections are
# another difference. DynamoDB is asked by HTTP, by any number of instances. A SQL database holds each connection open; with a
# pool of 20 in each instance that makes

# %%
{f"{instances} instances": f"{instances * 20:,} connections" for instances in (2, 10, 50, 300)}

# %% [markdown]
# and an Aurora for PostgreSQL that may shrink to half a unit or sleep accepts 2,000 at most.

# %% [markdown]
# | what you have | DynamoDB | Aurora |
# | --- | --- | --- |
# | questions | known beforehand, by key | any, joins, reports |
# | writes | spread over many keys, grow with them | one writer, which can be made larger |
# | transactions | up to 100 items | all of SQL |
# | schema | the key, for ever | tables, changed by migrations |
# | idle | nothing to pay but storage | asleep: storage; awake: at least half a unit |
# | many instances | HTTP, no connections to count | connections to count, or a proxy |
#
# > **A rule of the course, not of AWS:** "you have two instances at most, one paid". AWS knows no such limit. Ask your
# > teacher what it means for your work.
#
# ## Exercise 6.4: DynamoDB or Aurora?
#
# Replace each `...` with `"dynamodb"` or `"aurora"`. Each job has something in it that the other of the two does badly.
#
# | | the job |
# | --- | --- |
# | reports | what managers ask about orders and customers: something new every Monday, by town, by product, by week |
# | panel | a page shows the state of a message by its id, and asks every five seconds, day and night; 100 messages a day |
# | salaries | 5,000 salaries are booked at the end of the month, all of them or none |
# | sale | tickets from 10:00 on, by a program that grows to 300 instances; customers see their own orders, newest first |
# | carts | each found by its customer's id, worthless after a day; some nights nobody comes, and the first who does must not wait |
# | beginning | a shop that is being invented: what it keeps and what it asks change every week, for a few dozen visitors |

# %% exercise 6.4 tags=["exercise"]
databases = {
    "reports": ...,
    "panel": ...,
    "salaries": ...,
    "sale": ...,
    "carts": ...,
    "beginning": ...,
}

# %%
check("6.4", databases)

# %% [markdown]
# ## On real AWS
#
# > - **Cost.** Counted here: 113,000 write units (`big` takes 101,600, the large orders 10,700) and 3,000 read units, 7 cents
# >   on demand. If AWS writes more than three of the 25 large ones, up to 8,400 units more, half a cent.
# >   `lab.tear_down()` removes the tables.
# > - **Time.** `seeding.fill` takes minutes there; `lab.wait` of days is refused: those cells say so.
# > - **Heat.** AWS moves hot items apart if it can, over minutes, and saves unused capacity for bursts; three of 25
# >   may be some more. One key still has its limit. Whether a write that is larger than all that was saved is let in, AWS
# >   does not say: where the first of the two in `counted` is throttled, that is why.
# > - A new table on demand takes 4,000 writes a second, and doubles its highest peak at once. For a sale at 10:00 it is
# >   warmed up beforehand.
# > - `COUNT` and a table's `ItemCount` differ: the latter is counted about every six hours.

# %% [markdown]
# ## What we saw
#
# - The questions come first. The key is for ever, and only what it answers is cheap.
# - A sort key gives order, ranges, beginnings, newest first, and histories.
# - One key takes 1,000 write units a second. `status` is a bad key; a sparse, sharded index answers its question.
# - A Scan's price grows with the table, a Query's with its answer. A filter saves nothing.
# - A page ends at 1 MB and says so only in `LastEvaluatedKey`.
# - Failed conditions are billed, and PutItem replaces.
# - DynamoDB for known questions by key, SQL for those that you do not know yet.
#
# Next: [07](07_pending_to_complete.ipynb) uses conditional writes to say what became of a message.
#
# **Further reading:** Amazon DynamoDB Developer Guide, "Core components", "Best practices for designing partition keys",
# "Read and write operations", "Scanning tables", "Using global secondary indexes", "Time to Live", "On-demand capacity
# mode", "Burst and adaptive capacity" · Amazon Aurora User Guide, "Scaling to zero ACUs with automatic pause and resume",
# "Performance and scaling for Aurora Serverless v2" (the 2,000 connections).

# %%
lab.tear_down()
