# %% [markdown]
# # What became of my message?
#
# You send a message. An hour later somebody asks: was it processed, does it still wait, did it fail? A queue cannot tell:
# what is processed is gone from it. So the application keeps a table beside the queue, and every message has a state
# there.
#
# **You will** follow a message from `pending` to `complete`, lose one by putting two calls the wrong way round, try to
# turn a finished one back, say why one failed, and list them all at the price of a few. What you write becomes the back
# end of a page with two buttons.
#
# **Afterwards you can** say in which order to write, send, receive, process and delete, and what each other order breaks;
# let two consumers loose on one message; and choose between Query and Scan by what they cost.
#
# **You need** [00](00_start_here.ipynb) and 90 minutes in class: 50 to read and run, 40 for exercises 7.1 to 7.4. Exercises
# 7.5 and 7.6 are another 30, in class or at home.
#
# | part | | minutes |
# | --- | --- | --- |
# | 1 | One message, there and back | 35 |
# | 2 | A state moves once | 15 |
# | 3 | What cannot be processed | 20 |
# | 4 | Two at the same time | 20 |
# | 5 | A list of all, in pages | 20 |
# | 6 | Now with two buttons | 10 |

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# # 1 · One message, there and back
#
# The queue carries the work. The table has one item for each message, found by its `id`, its partition key; whatever
# else an item holds need not be declared.

# %%
import boto3

sqs = boto3.client("sqs")
queue_url = sqs.create_queue(QueueName=lab.name("messages"))["QueueUrl"]

# %%
dynamodb = boto3.client("dynamodb")
table_name = lab.name("messages")
_ = dynamodb.create_table(
    TableName=table_name,
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)

# %% [markdown]
# A table takes a moment to be ready; on AWS, some seconds. Until then it cannot be used, so we wait for it.

# %%
dynamodb.get_waiter("table_exists").wait(TableName=table_name)

# %% [markdown]
# Three ways of looking. In the table, each message with its state; in the queue, how many messages wait and how many are
# *in flight*, that is, received by somebody and not deleted.


# %%
def states():
    items = dynamodb.scan(TableName=table_name)["Items"]
    return {item["id"]["S"]: item["state"]["S"] for item in sorted(items, key=lambda item: item["id"]["S"])}


# %%
def counts():
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return {"waiting": int(found[names[0]]), "in flight": int(found[names[1]])}


# %%
states(), counts()

# %% [markdown]
# The third is a record of what our calls do to each message. It adds nothing to them; we shall draw it in a while.

# %%
from labkit import life_lines

record = life_lines.record(lab, sqs)

# %% [markdown]
# ## Send: first the table, then the queue
#
# The message is written as `pending`. `{"S": …}` says that a value is a text, a string; every value in DynamoDB comes
# with its type. The time of sending and its day are for the list in part 5.


# %%
def write_pending(message_id, text):
    sent_at = lab.now().isoformat(timespec="milliseconds")
    item = {"id": message_id, "text": text, "state": "pending", "sent_at": sent_at, "day": sent_at[:10]}
    dynamodb.put_item(TableName=table_name, Item={name: {"S": value} for name, value in item.items()})


# %%
write_pending("m-1", "two tickets")

# %% [markdown]
# Then it is sent. What goes into the queue is a piece of text, here JSON with the id in it, so that whoever receives it
# can find the item.

# %%
import json


def send(message_id, text):
    sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"id": message_id, "text": text}))


# %%
send("m-1", "two tickets")
states(), counts()

# %% [markdown]
# One item, pending; one message, waiting. No transaction spans a queue and a table: these are two calls, and the program
# can die between them. **Predict:** which is worse, to die after writing or, in the other order, to die after sending?
#
# Written and not sent: the table shows a message that stays pending. Somebody can see it and send it again. Sent and not
# written: work is done of which no list says anything. That is why the table comes first.

# %% [markdown]
# ## Receive
#
# Now we are the other side, the consumer. **Predict:** when we have received the message, what will the queue say?


# %%
def receive():
    return sqs.receive_message(QueueUrl=queue_url).get("Messages", [])


# %%
first = receive()[0]
order = json.loads(first["Body"])
order, states(), counts()

# %% [markdown]
# It neither waits nor is it gone: it is in flight. The table still says `pending`, since nobody has written anything
# else. A queue does not know what its messages are for.

# %% [markdown]
# ## Complete
#
# The work is done, here in no time at all, and we write that down. `state` is a word that DynamoDB keeps for itself, so
# an expression has to use a stand-in, `#state`.


# %%
def write_state(message_id, state):
    dynamodb.update_item(
        TableName=table_name,
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":state": {"S": state}},
    )


# %%
write_state(order["id"], "complete")
states(), counts()

# %% [markdown]
# Complete, says the table. Are we done? The message is still in flight. **Predict:** what happens if we go home now?

# %%
lab.wait(seconds=31)
counts()

# %% [markdown]
# It waits again. A queue hides a received message for its *visibility timeout*, 30 seconds unless you choose otherwise.
# Whoever has not deleted the message by then has died, as far as the queue can tell, and the work goes to the next one.
# For a consumer that really died this is a rescue. For us it means two tickets too many.
#
# ## Delete, and delete last
#
# To delete a message you show the *receipt handle* of the time you received it.


# %%
def delete(message):
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


# %%
again = receive()[0]
delete(again)
counts()

# %%
lab.wait(days=1)
counts()

# %% [markdown]
# Now it is gone, and a day later it still is. Only the delete ends a message's life. Here is that life, as it was:

# %%
from labkit.plots.life_lines import draw

draw(record.lines())

# %% [markdown]
# ## Two orders that lose
#
# There were two pairs of calls: write and send; work and delete. Let us turn each round, and see it go wrong.
#
# **Send first, write later.** The sender has sent `m-2`. Before it gets to write, a quick consumer receives the message
# and does everything right. **Predict:** what will the table say in the end?

# %%
send("m-2", "one ticket")

message = receive()[0]
write_state("m-2", "complete")
delete(message)

write_pending("m-2", "one ticket")
states(), counts()

# %% [markdown]
# `pending`, and it stays so: the work is done, the message is gone, and nobody will ever correct the table.
#
# **Delete first, work later.** A consumer receives `m-3`, deletes it at once so that it cannot come back, and dies during
# the work.

# %%
write_pending("m-3", "three tickets")
send("m-3", "three tickets")
delete(receive()[0])

# %%
lab.wait(days=1)
states(), counts()

# %% [markdown]
# `pending` as well, and here the work was never done. Nobody will get these three tickets. With the delete last, the same
# crash would have brought the message back. It may then be done twice, never not at all, and doing it twice is something
# that we can guard against.

# %%
draw(record.lines())

# %% [markdown]
# For the queue all three lives ended well. What became of the work it cannot know.
#
# ## Exercise 7.1: send
#
# Your functions get the queue and the table that they are for, and use the clients `sqs` and `dynamodb` from above. A
# good id is one that nobody else will take: Python's module `uuid` makes such, with `str(uuid.uuid4())`.


# %% tags=["exercise"]
def send_message(queue_url, table_name, text, sent_at):
    """Write a new message into the table as `pending`, then send it. Return its id.

    The item has `id`, `text`, `state`, `sent_at` (given, for example "2026-11-24T10:00:00.000+00:00") and `day`, the
    first ten characters of `sent_at`; all are strings. The body is JSON with `id` and `text`.
    """
    ...


# %%
from labkit.checks import check

sending = check("7.1", send_message)
sending

# %% [markdown]
# ## Exercise 7.2: process
#
# `handle(text)` is the work. It takes its time, it may raise an exception, and your program may die at any moment. (The
# check tries that: it lets your function die before each of its calls, one after the other.)


# %% tags=["exercise"]
def process_messages(queue_url, table_name, handle):
    """Receive up to ten messages. For each: `handle(text)`, write `complete` into the table, delete it from the queue.

    Return the ids of the messages that are complete now, in the order received; `[]` if nothing waits.
    """
    ...


# %%
check("7.2", process_messages)

# %% [markdown]
# # 2 · A state moves once
#
# A message can be delivered twice, and the two consumers need not agree. Say that one of them was slow. By the time it
# gives up, its message has been delivered again, and the other one has sold the tickets. **Predict:** what will a customer
# read who asks for `m-1`?

# %%
write_state("m-1", "fail")
states()["m-1"]

# %% [markdown]
# She has her tickets, and reads `fail`. We put it right by hand, and then see to it that it does not happen again: a state
# is not simply set, it moves *from* `pending`. A *condition* has DynamoDB look and write in one step, with nobody in
# between.

# %%
write_state("m-1", "complete")

# %%
from_pending = {
    "TableName": table_name,
    "UpdateExpression": "SET #state = :new",
    "ConditionExpression": "#state = :pending",
    "ExpressionAttributeNames": {"#state": "state"},
    "ExpressionAttributeValues": {":new": {"S": "fail"}, ":pending": {"S": "pending"}},
}

# %% [markdown]
# The late consumer, which never heard that `m-1` is complete, gives up on it once more.

# %%
try:
    dynamodb.update_item(Key={"id": {"S": "m-1"}}, **from_pending)
except dynamodb.exceptions.ConditionalCheckFailedException as refused:
    print(refused.response["Error"]["Code"])
states()["m-1"]

# %% [markdown]
# Refused, and `complete` stands. The late consumer learns that nothing is left for it to do but to delete its copy.
#
# Could it not have read the state first, and written only if that was still `pending`? Between the reading and the writing
# there is time, and somebody uses it. *Check first, then write* is no lock.
#
# One more thing. `update_item` makes the item if there is none. **Predict:** does the condition let it make `m-99`?

# %%
try:
    dynamodb.update_item(Key={"id": {"S": "m-99"}}, **from_pending)
except dynamodb.exceptions.ConditionalCheckFailedException:
    print("m-99" in states())

# %% [markdown]
# No: what is not there is not pending.
#
# ## Exercise 7.3: decide, once


# %% tags=["exercise"]
def finish(table_name, message_id, state, reason=""):
    """Move a message from `pending` to `state` and, in the same step, keep the reason if there is one, as `reason`.

    Return True if it moved. Return False, and change nothing, if it was decided before or is not in the table. Another
    error of DynamoDB is no answer: let it come out.
    """
    ...


# %%
check("7.3", finish)

# %% [markdown]
# # 3 · What cannot be processed
#
# Some messages cannot be processed, however often one tries. What does the queue make of that? We give it a *dead-letter
# queue*: after two receives without a delete, the message is to go there.

# %%
dead_letters = sqs.create_queue(QueueName=lab.name("dead-letters"))["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "2"})
_ = sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})

# %% [markdown]
# `m-4` asks for a refund, which our consumer cannot do: each time it raises an exception and never gets to the delete.
# **Predict:** what will the table say after the third try?

# %%
record = life_lines.record(lab, sqs)
write_pending("m-4", "a refund")
send("m-4", "a refund")

# %%
for _ in range(3):
    print([message["Body"] for message in receive()])
    lab.wait(seconds=31)
states()["m-4"]

# %%
moved = sqs.receive_message(QueueUrl=dead_letters)["Messages"][0]
draw(record.lines())

# %% [markdown]
# The third receive found nothing: the queue had given the message up, and it lies in the dead-letter queue. And the table
# says `pending`, as if nothing had happened. A dead-letter queue keeps what failed. It does not write `fail` anywhere.
#
# So who does? The consumer: it was there when the work failed, and it alone knows why. Then there is nothing left to
# wait for, and it deletes the message.

# %%
_ = dynamodb.update_item(
    TableName=table_name,
    Key={"id": {"S": "m-4"}},
    UpdateExpression="SET #state = :fail, reason = :reason",
    ConditionExpression="#state = :pending",
    ExpressionAttributeNames={"#state": "state"},
    ExpressionAttributeValues={
        ":fail": {"S": "fail"},
        ":reason": {"S": "refunds are not for this machine"},
        ":pending": {"S": "pending"},
    },
)
_ = sqs.delete_message(QueueUrl=dead_letters, ReceiptHandle=moved["ReceiptHandle"])

# %%
found = dynamodb.get_item(TableName=table_name, Key={"id": {"S": "m-4"}})["Item"]
[found[name]["S"] for name in ("id", "state", "reason")]

# %% [markdown]
# Whoever asks what became of `m-4` can be answered. A dead-letter queue is still a good thing to have, for the message
# that kills its consumer each time before it can write; 04 is about that. Here we go on without one.

# %%
_ = sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": ""})

# %% [markdown]
# The worst message is one that cannot even be read. It has no id, so there is no item to write to:

# %%
_ = sqs.send_message(QueueUrl=queue_url, MessageBody="two tickets, please")

# %%
unreadable = receive()[0]
try:
    json.loads(unreadable["Body"])
except ValueError as error:
    print(type(error).__name__, "·", "MessageId" in unreadable)

# %% [markdown]
# But SQS has given it an id of its own, its `MessageId`, and under that its fate can be recorded too. And it must not take
# its neighbours with it: an exception in the middle of a batch would leave the rest of it undone.

# %%
delete(unreadable)

# %% [markdown]
# ## Exercise 7.4: process, or say why not
#
# This is the function that the buttons at the end will call. Your `finish` is of use here. (The check tries one more thing:
# DynamoDB is too busy for a moment and refuses a write. That is no failure of the message, which should come back then.)


# %% tags=["exercise"]
def process_or_fail(queue_url, table_name, handle):
    """Receive up to ten messages, decide on each, and delete it. Return the ids of those decided on now, in this order.

    A message is `complete` if `handle(text)` returns, and `fail` if it raises; `reason` is then the exception's text.
    A body that is not JSON with two strings `id` and `text` gets an item of its own: `id` is the message's MessageId,
    `text` the body, `state` is `fail`, and `reason` says what is wrong. What was decided before stays as it is.
    """
    ...


# %%
processing = check("7.4", process_or_fail)
processing

# %% [markdown]
# # 4 · Two at the same time
#
# The state is safe now. Is the work? `m-5` is received by A, who is slow. After 31 seconds it is received by B as well.
# Both look into the table before they begin. **Predict:** what do they see there, and how many tickets are sold?

# %%
sqs_of_b = boto3.client("sqs")
record = life_lines.record(lab, A=sqs, B=sqs_of_b)
write_pending("m-5", "one ticket")
send("m-5", "one ticket")

# %%
of_a = receive()[0]
a_sees = states()["m-5"]
lab.wait(seconds=31)

# %%
of_b = sqs_of_b.receive_message(QueueUrl=queue_url)["Messages"][0]
b_sees = states()["m-5"]
a_sees, b_sees

# %%
draw(record.lines())

# %% [markdown]
# Both see `pending`, so both would sell a ticket. A condition on the last write comes too late for that; the work is done by then.
# So there must be a write before the work, and only one of the two may succeed in it. This is a *claim*, and it is a state
# of its own: `processing`, with the name of the owner.


# %%
def try_to_claim(message_id, owner):
    try:
        dynamodb.update_item(
            TableName=table_name,
            Key={"id": {"S": message_id}},
            UpdateExpression="SET #state = :processing, #owner = :owner",
            ConditionExpression="#state = :pending",
            ExpressionAttributeNames={"#state": "state", "#owner": "owner"},
            ExpressionAttributeValues={
                ":processing": {"S": "processing"},
                ":pending": {"S": "pending"},
                ":owner": {"S": owner},
            },
        )
        return True
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False


# %%
try_to_claim("m-5", "B"), try_to_claim("m-5", "A")

# %% [markdown]
# B works, A does not, and one ticket is sold. Now B dies in the middle of it. Its message comes back, and A receives it.
# **Predict:** can A claim it now?

# %%
lab.wait(seconds=31)
of_a = receive()[0]
try_to_claim("m-5", "A")

# %% [markdown]
# It cannot, today or ever: the table says `processing`, and whoever said so is dead. A claim needs an end. With it goes a
# *lease*, a time `leased_until`, after which others may take over. It is compared with AWS's time, `lab.now()`, as a text:
# times in this form sort as texts do.
#
# ## Exercise 7.5: claim, for a while


# %% tags=["exercise"]
def claim(table_name, message_id, owner, now, until):
    """Claim a message for `owner`: state `processing`, with `owner` and `leased_until`, which is `until`.

    It may be claimed if it is `pending`, or if it is `processing` and its lease has run out by `now`. Both times are
    strings such as "2026-11-24T10:00:00.000+00:00". Return True if `owner` has it now, else False.
    """
    ...


# %%
check("7.5", claim)

# %% [markdown]
# How long should a lease be? As long as the visibility timeout: then the message comes back when the claim may be taken
# over, not earlier and not later. And whoever finishes must own the claim: `finish` would then move a message from
# `processing`, on condition that the `owner` is still the same. `labkit/messages/claims.py` does both, on one page.
#
# For now A gives up on `m-5`:

# %%
delete(of_a)
write_state("m-5", "fail")

# %% [markdown]
# # 5 · A list of all, in pages
#
# The lecture asks for an endpoint that returns all messages of the table, with their state. So far `states` did that, by
# `scan`, and for five messages that is fine. A shop has more of them: we write 800 orders of twenty days, two kilobytes
# each, every tenth a failure.

# %%
from datetime import timedelta

newest_day = (lab.now() - timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)


def old_order(number):
    at = newest_day - timedelta(days=number // 40) + timedelta(minutes=30 * (number % 40))
    sent_at = at.isoformat(timespec="milliseconds")
    state = "fail" if number % 10 == 0 else "complete"
    item = {"id": f"old-{number}", "text": "x" * 1900, "state": state, "sent_at": sent_at, "day": sent_at[:10]}
    return {name: {"S": value} for name, value in item.items()}


# %%
for start in range(0, 800, 25):
    batch = [{"PutRequest": {"Item": old_order(number)}} for number in range(start, start + 25)]
    answer = dynamodb.batch_write_item(RequestItems={table_name: batch})
    assert not answer["UnprocessedItems"]

# %% [markdown]
# DynamoDB says what a read consumed if it is asked to, in *read units*. **Predict:** does one `scan` return all 805? And
# is it cheaper to ask for the failures alone?

# %%
scan = dynamodb.scan(TableName=table_name, ReturnConsumedCapacity="TOTAL")
scan["Count"], scan["ConsumedCapacity"]["CapacityUnits"], "LastEvaluatedKey" in scan

# %%
failures = dynamodb.scan(
    TableName=table_name,
    FilterExpression="#state = :fail",
    ExpressionAttributeNames={"#state": "state"},
    ExpressionAttributeValues={":fail": {"S": "fail"}},
    ReturnConsumedCapacity="TOTAL",
)
failures["Count"], failures["ConsumedCapacity"]["CapacityUnits"], "LastEvaluatedKey" in failures

# %% [markdown]
# Not all: a call reads at most 1 MB and then stops, and `LastEvaluatedKey` says that there is more. And not cheaper: the
# filter is applied to what has been read, and reading is what is billed. We want a call that *reads* no more than a page
# shows.
#
# ## An index by day
#
# `query` reads the items of one partition key, in the order of their sort key. Our key is the id, which does not help
# with "the newest of that day". A *global secondary index* holds the same items under another key, here the day, sorted
# by the time of sending. The key of a table is for ever; an index can be added later.

# %%
by_day = {
    "IndexName": "by_day",
    "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}, {"AttributeName": "sent_at", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "ALL"},
}
names = ["id", "day", "sent_at"]
_ = dynamodb.update_table(
    TableName=table_name,
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
    GlobalSecondaryIndexUpdates=[{"Create": by_day}],
)

# %% [markdown]
# DynamoDB fills it with the items that there are. On AWS that takes minutes; then it is `ACTIVE`.

# %%
dynamodb.describe_table(TableName=table_name)["Table"]["GlobalSecondaryIndexes"][0]["IndexStatus"]

# %% [markdown]
# The five newest of a day, please. **Predict:** how many read units, against the scan's 128.5?

# %%
query = {
    "TableName": table_name,
    "IndexName": "by_day",
    "KeyConditionExpression": "#day = :day",
    "ExpressionAttributeNames": {"#day": "day"},
    "ExpressionAttributeValues": {":day": {"S": newest_day.isoformat()[:10]}},
    "ScanIndexForward": False,
    "Limit": 5,
    "ReturnConsumedCapacity": "TOTAL",
}

# %%
page = dynamodb.query(**query)
[item["id"]["S"] for item in page["Items"]], page["ConsumedCapacity"]["CapacityUnits"]

# %% [markdown]
# One and a half: five items of two kilobytes, counted in steps of 4 KB, at half a unit each. The size of the table plays
# no part. `ScanIndexForward=False` has the newest come first. For the next page we say where this one ended:

# %%
page = dynamodb.query(**query, ExclusiveStartKey=page["LastEvaluatedKey"])
[item["id"]["S"] for item in page["Items"]], page["ConsumedCapacity"]["CapacityUnits"]

# %% [markdown]
# ## Exercise 7.6: a list in pages


# %% tags=["exercise"]
def list_page(table_name, day, size, after=None):
    """Return up to `size` messages of one day, newest first: {"messages": [...], "next": ...}.

    The table has the index `by_day`. Each message is a dict with `id`, `text`, `state`, `sent_at` and, if it has one,
    `reason`, all plain strings. `next` is what to give as `after` for the page that follows, or None after the last.
    """
    ...


# %%
listing = check("7.6", list_page)
listing

# %% [markdown]
# ## On real AWS
#
# > These cells are the ones that you would run there. What differs:
# >
# > - **It costs** a fifth of a cent at most: about 1,650 write units, up to as many again to fill the index, 280 read units
# >   and 60 requests to queues, at $0.625 and $0.125 for a million write and read units.
# > - **Counts lag.** How many wait and are in flight is approximate there, and may take a minute and more to settle.
# > - **A receive may come back empty although a message waits.** Without a waiting time it asks only some of the queue's
# >   servers. 03 shows the cure, long polling.
# > - **A standard queue may deliver twice** even when nobody is slow. The conditional writes above are what makes that
# >   harmless.
# > - **An index follows its table a moment later.** The newest message may be missing from a page that is read at once.
# >   And each change of an item is written, and billed, in the index as well.
# > - **One day is one partition key** of the index, which takes at most 1,000 writes a second.

# %% [markdown]
# ## What we saw
#
# - Write `pending`, then send: a crash in between leaves something that can be seen.
# - A received message is in flight, not gone; after its visibility timeout it waits again.
# - Work, write the state, delete, in this order: a crash costs a repetition, never a message.
# - A state moves by a conditional write, so a late duplicate cannot turn it back.
# - `fail` is written by the consumer, with the reason; a dead-letter queue writes nothing.
# - Two consumers are kept apart by a claim before the work, and a dead one is replaced when its lease runs out.
# - Scan reads, and bills, everything, filter or not; Query on an index reads a page.
#
# **Further reading:** Amazon SQS Developer Guide, "Amazon SQS visibility timeout" · Amazon SQS API Reference,
# `DeleteMessage` · Amazon DynamoDB Developer Guide, "Condition expressions", "Using Global Secondary Indexes in DynamoDB"
# and "Paginating table query results".

# %% [markdown]
# Remove what we made so far:

# %%
lab.tear_down()

# %% [markdown]
# # 6 · Now with two buttons
#
# A queue and a table of its own, with the index from the beginning, and the work. Any order will do, but refunds are not
# for this machine.

# %%
from labkit.messages import Messages, create_table

queue_url = sqs.create_queue(QueueName=lab.name("panel"))["QueueUrl"]
table_name = lab.name("panel")
create_table(dynamodb, table_name)


# %%
def handle(text):
    if "refund" in text:
        raise ValueError("refunds are not for this machine")


# %% [markdown]
# The page behind the buttons runs on *your* functions, those that passed their checks above. Where one is still missing,
# `labkit.messages` stands in: it has all that this notebook is about, and is worth reading. Solve one later, run its check
# and the cells from here on again, and the page is a bit more yours.

# %%
import itertools

number = itertools.count(1)
app = Messages(sqs, dynamodb, queue_url, table_name, lab.now, lambda: f"m-{next(number)}", handle)


# %%
def time_now():
    return lab.now().isoformat(timespec="milliseconds")


def choose(report, yours, labkits):
    print(report.number, report.name, "· yours" if report.solved else "· labkit's, until yours is solved")
    return yours if report.solved else labkits


# %%
send = choose(sending, lambda text: send_message(queue_url, table_name, text, time_now()), app.send)
process = choose(processing, lambda: process_or_fail(queue_url, table_name, handle), app.process)
list_messages = choose(
    listing,
    lambda after: list_page(table_name, time_now()[:10], 50, after),
    lambda after: vars(app.find_page(50, after)),
)

# %% [markdown]
# ## The endpoint
#
# The list reaches the page over HTTP. FastAPI makes an endpoint of a function; uvicorn serves it in the background, on
# an address of this computer alone. What arrives there may come from anybody, so an `after` that is no JSON gets a 400,
# "bad request", and so does one of which nothing can be made: by Python, by boto3, or by DynamoDB.

# %%
from botocore.exceptions import ClientError, ParamValidationError
from fastapi import FastAPI, HTTPException

web = FastAPI()
no_page = (ValueError, TypeError, RecursionError, ParamValidationError, labkit.LabError)


# %%
@web.get("/messages")
def get_messages(after: str = "null"):
    try:
        return list_messages(json.loads(after))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationException":
            raise
    except no_page:
        pass
    raise HTTPException(400, "after must be what a page had as its next")


# %%
from labkit.background import serve

server = serve(web)

# %% [markdown]
# Run this cell again and the new server takes the place of the old one. Two messages, and we ask as a browser would:

# %%
import httpx

for text in ("one ticket", "a refund, please"):
    _ = send(text)
[(m["text"], m["state"]) for m in httpx.get(f"{server.url}/messages").json()["messages"]]

# %%
[httpx.get(f"{server.url}/messages", params={"after": after}).status_code for after in ("page two", "2", '{"id": 2}')]

# %% [markdown]
# ## The page
#
# It shows a page of the list, and has buttons to send and to process.


# %%
def from_endpoint(after=None):
    answer = httpx.get(f"{server.url}/messages", params={"after": json.dumps(after)})
    return answer.raise_for_status().json()


# %%
from labkit.widgets import Panel

Panel(send, process, from_endpoint, app.counts)

# %% [markdown]
# Type an order and press **Send message**: it is `pending`, and one more message waits. Press **Process messages**. Send a
# refund, and process it. Send an empty message. Send `<b>bold</b>`: what a user types is shown as it was typed, and is
# never part of the page.
#
# If there are no buttons above, these cells do the same. The panel follows them as well.

# %%
_ = process()
[(m["text"], m["state"], m.get("reason")) for m in from_endpoint()["messages"]]

# %%
app.counts()

# %% [markdown]
# One complete, one failed with its reason, nothing left in the queue.
#
# This queue and this table stay, so that you can go on with the panel. The embedded AWS ends when you close the notebook,
# and they with it; on real AWS you would now run `lab.tear_down()` once more. Next in the series comes 08, where nobody
# presses the button.
