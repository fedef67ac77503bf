# %% [markdown]
# # What became of my message?
#
# You send a message. An hour later somebody asks: was it processed, does it still wait, did it fail? A queue cannot tell:
# what is processed is gone from it. So the application keeps a table beside the queue, and every message has a state
# there.
#
# **You will** send a message and follow it from `pending` to `complete`, see it come back because you forgot one call,
# mark one as `fail`, and try to turn a finished one back. At the end you do the same with two buttons.
#
# **Afterwards you can** say in which order to write, send, receive, process and delete, and what each other order breaks.
#
# **You need** 45 minutes and [00](00_start_here.ipynb).

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# ## A queue and a table
#
# The queue carries the work. The table has one item for each message, found by its `id`, its partition key; whatever
# else an item holds need not be declared.

# %%
import boto3

sqs = boto3.client("sqs")
queue_url = sqs.create_queue(QueueName="messages")["QueueUrl"]

# %%
dynamodb = boto3.client("dynamodb")
_ = dynamodb.create_table(
    TableName="messages",
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)

# %% [markdown]
# A table takes a moment to be ready; on AWS, some seconds. Until then it cannot be used, so we wait for it.

# %%
dynamodb.get_waiter("table_exists").wait(TableName="messages")

# %% [markdown]
# Two ways of looking. In the table, everything there is, with its state; in the queue, how many messages wait and how
# many are *in flight*, that is, received by somebody and not deleted.


# %%
def states():
    items = dynamodb.scan(TableName="messages")["Items"]
    return sorted((item["id"]["S"], item["state"]["S"]) for item in items)


# %%
def queue_counts():
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return {"waiting": int(found[names[0]]), "in flight": int(found[names[1]])}


# %%
states(), queue_counts()

# %% [markdown]
# ## Send: first the table, then the queue
#
# The message is written as `pending`, and then sent. What goes into the queue is a piece of text, here JSON with the id
# in it, so that whoever receives it can find the item.

# %%
_ = dynamodb.put_item(
    TableName="messages",
    Item={"id": {"S": "m-1"}, "text": {"S": "two tickets"}, "state": {"S": "pending"}},
)

# %%
import json

body = json.dumps({"id": "m-1", "text": "two tickets"})
_ = sqs.send_message(QueueUrl=queue_url, MessageBody=body)

# %%
states(), queue_counts()

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
received = sqs.receive_message(QueueUrl=queue_url)["Messages"][0]
order = json.loads(received["Body"])
order

# %%
states(), queue_counts()

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
        TableName="messages",
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":state": {"S": state}},
    )


# %%
write_state(order["id"], "complete")
states(), queue_counts()

# %% [markdown]
# Complete, says the table. Are we done? The message is still in flight. **Predict:** what happens if we go home now?

# %%
lab.wait(seconds=31)
queue_counts()

# %% [markdown]
# It waits again. A queue hides a received message for its *visibility timeout*, 30 seconds unless you choose otherwise.
# Whoever has not deleted the message by then has died, as far as the queue can tell, and the work goes to the next one.
# For a consumer that really died this is a rescue. For us it means two tickets too many.
#
# ## Delete, and delete last
#
# To delete a message you show the *receipt handle* of the time you received it.

# %%
again = sqs.receive_message(QueueUrl=queue_url)["Messages"][0]
_ = sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=again["ReceiptHandle"])
queue_counts()

# %%
lab.wait(days=1)
queue_counts()

# %% [markdown]
# Now it is gone, and a day later it still is. Only the delete ends a message's life.
#
# Why last, then, and not at once after receiving, which would have saved us the second delivery? **Predict** what a crash
# does to each order: delete, work, write; and work, write, delete.
#
# With the delete first, a crash during the work loses the message: the queue has forgotten it, and the table says
# `pending` for ever. With the delete last, a crash brings it back. It may be done twice, never not at all, and doing it
# twice is something that we can guard against.

# %% [markdown]
# ## Once complete, always complete
#
# A message can be delivered twice, and the two consumers need not agree. The second one must not be able to write over
# what the first one wrote. So a state is not simply set: it moves *from* `pending`, and DynamoDB looks and writes in one
# step, with nobody in between.


# %%
def finish(message_id, state):
    dynamodb.update_item(
        TableName="messages",
        Key={"id": {"S": message_id}},
        UpdateExpression="SET #state = :state",
        ConditionExpression="#state = :pending",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":state": {"S": state}, ":pending": {"S": "pending"}},
    )


# %% [markdown]
# A late consumer, which never heard that `m-1` is complete, gives up on it. **Predict:** what does it get, and what does
# the table say?

# %%
try:
    finish("m-1", "fail")
except dynamodb.exceptions.ConditionalCheckFailedException as refused:
    print(refused.response["Error"]["Code"])

# %%
states()

# %% [markdown]
# The write was refused and `complete` stands. The late consumer learns that there is nothing left to do for it but to
# delete its copy.

# %% [markdown]
# ## Fail
#
# Some messages cannot be processed, however often one tries. Then somebody has to say so, and why. The queue will not:
# for it, a message that failed and a message whose consumer died look the same.

# %%
_ = dynamodb.put_item(
    TableName="messages",
    Item={"id": {"S": "m-2"}, "text": {"S": "a refund"}, "state": {"S": "pending"}},
)
_ = sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps({"id": "m-2", "text": "a refund"}))

# %%
received = sqs.receive_message(QueueUrl=queue_url)["Messages"][0]
finish(json.loads(received["Body"])["id"], "fail")
_ = sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=received["ReceiptHandle"])
states(), queue_counts()

# %% [markdown]
# Three states, and every message in one of them. Whoever asks what became of a message can be answered.

# %% [markdown]
# ## On real AWS
#
# > These cells are the ones that you would run there. What differs:
# >
# > - **Counts lag.** How many wait and are in flight is approximate there, and may take a minute and more to settle.
# > - **A receive may come back empty although a message waits.** Without a waiting time it asks only some of the queue's
# >   servers. 03 shows the cure, long polling.
# > - **A standard queue may deliver twice** even when nobody is slow. The conditional write above is what makes that
# >   harmless.
# > - **Listing by Scan reads, and bills, the whole table.** 06 shows what to do instead.

# %% [markdown]
# ## What we saw
#
# - Write `pending`, then send: a crash in between leaves something that can be seen.
# - A received message is in flight, not gone; after its visibility timeout it waits again.
# - Work, write the state, delete, in this order: a crash costs a repetition, never a message.
# - A state moves by a conditional write, so a late duplicate cannot turn it back.
# - `fail` is written by the consumer, with the reason; no queue does that for you.
#
# **Further reading:** Amazon SQS Developer Guide, "Amazon SQS visibility timeout" · Amazon SQS API Reference,
# `DeleteMessage` · Amazon DynamoDB Developer Guide, "Condition expressions".

# %% [markdown]
# Remove what we made so far:

# %%
lab.tear_down()

# %% [markdown]
# ## Now you, with two buttons
#
# `labkit/messages.py` holds what you have just done by hand, in the same order: `send`, `process`, `find_all`. It is short;
# read it. It gets a queue and a table of its own,

# %%
panel_queue = sqs.create_queue(QueueName="panel")["QueueUrl"]
_ = dynamodb.create_table(
    TableName="panel",
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
dynamodb.get_waiter("table_exists").wait(TableName="panel")

# %% [markdown]
# and has to be told what the work is. Here any order will do, but refunds are not for this machine.


# %%
def handle(text):
    if "refund" in text:
        raise ValueError("refunds are not for this machine")


# %%
import itertools

from labkit.messages import Messages

number = itertools.count(1)
app = Messages(sqs, dynamodb, panel_queue, "panel", lab.now, lambda: f"m-{next(number)}", handle)

# %%
from labkit.widgets import Panel

Panel(app.send, app.process, app.find_all, app.counts)

# %% [markdown]
# Type an order and press **Send message**: it is `pending`, and one message waits. Press **Process messages**. Send a
# refund, and process it. Send an empty message. Send `<b>bold</b>`: what a user types is shown as it was typed, and is
# never part of the page.
#
# If there are no buttons above, these cells do the same. The panel follows them as well.

# %%
_ = app.send("one ticket")
_ = app.send("a refund, please")
[(message.text, message.state) for message in app.find_all()][-2:]

# %%
[(message.text, message.state, message.reason) for message in app.process()]

# %%
app.counts()

# %% [markdown]
# One complete, one failed with its reason, nothing left in the queue.
#
# This queue and this table stay, so that you can go on with the panel. The embedded AWS ends when you close the notebook,
# and they with it; on real AWS you would now run `lab.tear_down()` once more. Next in the series comes 08, where nobody
# presses the button.
