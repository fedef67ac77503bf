# %% [markdown]
# # Standard or FIFO?
#
# Messages go in at one end of a queue. In which order do they come out at the other, and how many times each?
#
# **You will** make a queue of each type and send the same messages to both; count, over twenty runs, what arrives out of
# order or twice; send one order again, within five minutes and later; and get two e-mails out of a FIFO queue.
#
# **Afterwards you can** say what each type promises and what it does not, write a producer whose retries do no harm and
# a consumer that duplicates cannot hurt, and work out what a month of messages costs.
#
# **You need** 90 minutes and [00](00_start_here.ipynb).

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# ## Two queues, two calls
#
# Standard is the type that you get when you ask for nothing else. FIFO, *first in, first out*, has to be asked for, and
# its name must say so.

# %%
import boto3

sqs = boto3.client("sqs")
standard_url = sqs.create_queue(QueueName=lab.name("orders"))["QueueUrl"]

# %%
fifo = sqs.create_queue(QueueName=lab.name("orders.fifo"), Attributes={"FifoQueue": "true"})
fifo_url = fifo["QueueUrl"]

# %% [markdown]
# We have started nothing: no server, no program, no disk. **Predict:** what is left for us to decide? Ask the queue for
# its attributes.


# %%
def settings(queue_url):
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    passing = ("Approximate", "Created", "LastModified", "QueueArn")
    return {name: value for name, value in sorted(found.items()) if not name.startswith(passing)}


# %%
settings(standard_url)

# %% [markdown]
# Those are yours to choose, and [03](03_settings_and_monitoring.ipynb) goes through them. The rest is SQS's:
#
# | SQS sees to | you see to |
# | --- | --- |
# | machines, disks, their failures, their number | which type of queue, and that is for ever |
# | a message is kept in several data centres before your send is answered | how long a message is kept, hidden, delayed, and how you ask for it |
# | as many messages as you like may wait | who may send and receive (01), what happens to those that nobody can process (04) |
# | each message goes out at least once | **that a second time does no harm**, and that a message is deleted when it is done |
#
# > The lecture speaks of *the queue that AWS offers by default*, and of *an instance of SQS*. SQS has no instances: there
# > is the service, and you make queues in it, as many as you like. What is a default is the *type*, standard.

# %% [markdown]
# The FIFO queue has the same settings and four more:

# %%
{name: value for name, value in settings(fifo_url).items() if name not in settings(standard_url)}

# %% [markdown]
# > **Other ways to pass messages.** *Redis on EC2*, which the lecture mentions, is a program on a machine that you rent:
# > you install it, patch it, watch it, give it a second machine for when the first one dies, and pay for both by the
# > hour, busy or not. That is worth it to somebody who needs what Redis does and SQS does not. On AWS there are more
# > services beside SQS, for other jobs: **SNS** hands one message to many receivers (05); **EventBridge** brings events
# > to whoever has asked for their kind; **Kinesis** keeps a stream through which each reader goes at its own pace, again if
# > it likes; **Amazon MQ** runs ActiveMQ or RabbitMQ for programs that already speak to those. For work that has to be done once by somebody, a
# > queue is the simple answer.

# %% [markdown]
# ## Standard: nearly in order, at least once
#
# Twenty messages, numbered. A consumer receives until nothing comes any more, and deletes what it received.


# %%
def send_numbers(queue_url, **more):
    for number in range(1, 21):
        sqs.send_message(QueueUrl=queue_url, MessageBody=str(number), **more)


# %%
def drain(queue_url):
    bodies = []
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


# %%
send_numbers(standard_url)
print(*drain(standard_url))

# %% [markdown]
# In order, each once. A program that is tried out on such a day seems to be right. What AWS *promises* is less: at least
# one delivery, in an order that is only tried for. Behind the queue are many servers, and a message is kept on several of
# them. One that was away when you deleted the message still has its copy when it is back.
#
# That is rare, and nobody can tell when it happens. For a lesson it can be had on request. The rates are ours, and far
# higher than in life; AWS gives none. **Predict:** of twenty runs, how many are as they should be?

# %%
from labkit import faults

runs = []
with faults.on(lab, reorder=0.04, duplicate=0.03, seed=1):
    for _ in range(20):
        send_numbers(standard_url)
        runs.append([int(body) for body in drain(standard_url)])

# %%
print(*runs[0])
print(*runs[1])

# %% [markdown]
# In the first run 17 and 20 were early, and 3 and 17 came twice. In the second 19 came twice, and all else is in order.
#
# To compare twenty runs we count two things. Leaving out what came again, in how many pairs does the later message have
# the smaller number? In none if all is in order, in 190 if twenty messages come out backwards. And how many came again?

# %%
from itertools import combinations


def count(run):
    first_arrivals = dict.fromkeys(run)
    turned_round = sum(earlier > later for earlier, later in combinations(first_arrivals, 2))
    return turned_round, len(run) - len(first_arrivals)


# %%
print(*[count(run) for run in runs])

# %%
from labkit.plots.arrivals import draw_groups, draw_order, draw_runs

draw_runs(runs)

# %% [markdown]
# Four of the twenty are as they should be. But look at how *little* is out of order in the others: of 190 pairs, never more
# than 13 are turned round. Best effort means nearly in order. It is the word *nearly* that a program must not overlook.
#
# > The lecture says that a standard queue *does not keep the order*. Mostly it does; what it gives is no guarantee. And
# > it says that it *may process more than once*. A queue processes nothing: it delivers. Whether your program does the
# > work a second time is up to your program.

# %% [markdown]
# ## FIFO: in order, within a group
#
# A FIFO message needs two ids. **Predict** what each is for, from what AWS says when they are missing.


# %%
def refusal(call, **arguments):
    try:
        call(**arguments)
    except sqs.exceptions.ClientError as refused:
        return refused.response["Error"]["Message"].split("Reason: ")[-1]


# %%
print(refusal(sqs.send_message, QueueUrl=fifo_url, MessageBody="1"))
print(refusal(sqs.send_message, QueueUrl=fifo_url, MessageBody="1", MessageGroupId="all"))

# %% [markdown]
# The `MessageGroupId` says in order *with whom*, the `MessageDeduplicationId` says the same *as which*. We take the group
# first, and put all twenty into one. The trouble is switched on as before.

# %%
with faults.on(lab, reorder=0.04, duplicate=0.03, seed=1):
    for number in range(1, 21):
        ids = {"MessageGroupId": "all", "MessageDeduplicationId": f"number-{number}"}
        sqs.send_message(QueueUrl=fifo_url, MessageBody=str(number), **ids)
    fifo_run = [int(body) for body in drain(fifo_url)]

# %%
draw_order({"standard": runs[16], "FIFO": fifo_run})

# %% [markdown]
# The trouble has nothing to take hold of: what it does is what AWS documents for standard queues alone. (If you ran the
# cell a second time, nothing arrived. Remember that; in a moment you will see why.)
#
# Now two customers. Each has a group of her own, and three orders.

# %%
for number in range(1, 4):
    for customer in ("ana", "ben"):
        ids = {"MessageGroupId": customer, "MessageDeduplicationId": f"{customer}-{number}"}
        sqs.send_message(QueueUrl=fifo_url, MessageBody=f"{customer} {number}", **ids)

# %% [markdown]
# Six messages wait. We receive four times, one message each time, and delete nothing. **Predict** what we get. On a
# standard queue it would be four of the six.


# %%
def receive_one(queue_url):
    messages = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=1).get("Messages", [])
    return messages[0] if messages else {"Body": "nothing"}


# %%
received = [receive_one(fifo_url) for _ in range(4)]
[message["Body"] for message in received]

# %% [markdown]
# Two, and then nothing, though four more wait. As long as ana 1 is in flight nobody gets ana 2: whoever got it could be
# done sooner, and the order would be lost. The *group* is locked, and only the group. Deleting unlocks it:

# %%
ana_1, ben_1 = received[:2]
sqs.delete_message(QueueUrl=fifo_url, ReceiptHandle=ana_1["ReceiptHandle"])
ana_2 = receive_one(fifo_url)
ana_2["Body"]

# %% [markdown]
# Somebody is slow with ben 1. Ana does not care: all of hers are served meanwhile, and ben's come when he is done.

# %%
sqs.delete_message(QueueUrl=fifo_url, ReceiptHandle=ana_2["ReceiptHandle"])
meanwhile = drain(fifo_url)
sqs.delete_message(QueueUrl=fifo_url, ReceiptHandle=ben_1["ReceiptHandle"])
arrived = ["ana 1", "ben 1", "ana 2", *meanwhile, *drain(fifo_url)]

# %%
draw_groups((body.split()[0], int(body.split()[1])) for body in arrived)

# %% [markdown]
# Within a group, first in is first out. Between groups there is no order at all, and that is a gift: as many consumers
# can work at once as there are groups. One group for everything is a queue for one consumer at a time; a group for each
# message is a queue without order. The group is the thing whose order matters: a customer, an account, a seat.
#
# > *First in, first out*, says the lecture of the whole queue. It holds for each group by itself.
#
# A standard queue takes a `MessageGroupId`, too, since July 2025. There it orders nothing: it names a tenant, so that SQS
# can see to it that one with many messages does not keep the others waiting (*fair queues*).

# %% [markdown]
# ## The same, within five minutes
#
# The second id. A producer sends an order, hears nothing, and sends it again, as a careful producer does. **Predict:**
# what does the second call answer, and what arrives?

# %%
order = {"MessageBody": "2 tickets", "MessageGroupId": "ana", "MessageDeduplicationId": "order-17"}
first = sqs.send_message(QueueUrl=fifo_url, **order)
again = sqs.send_message(QueueUrl=fifo_url, **order)
again["ResponseMetadata"]["HTTPStatusCode"], again["MessageId"] == first["MessageId"], drain(fifo_url)

# %% [markdown]
# Accepted, with the id of the first, and one message arrives. For the producer both calls went well, and it need not know
# which of them did the work. The order has been received and deleted now. **Predict:** we send it once more, and once more
# after five minutes.

# %%
_ = sqs.send_message(QueueUrl=fifo_url, **order)
at_once = drain(fifo_url)

# %%
lab.wait(minutes=5)
_ = sqs.send_message(QueueUrl=fifo_url, **order)
at_once, drain(fifo_url)

# %% [markdown]
# SQS remembers the *id*, not the message, and for five minutes. That the message is gone changes nothing; that the five
# minutes are over changes everything. It is a new order then, and ana gets two more tickets.
#
# ### Which id?
#
# The queue can make one by itself, from the body. It sounds convenient.

# %%
attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
content_url = sqs.create_queue(QueueName=lab.name("by-content.fifo"), Attributes=attributes)["QueueUrl"]

# %% [markdown]
# Within a minute ana and ben order one ticket each. **Predict:** what arrives?

# %%
for customer in ("ana", "ben"):
    sqs.send_message(QueueUrl=content_url, MessageBody="1 ticket", MessageGroupId=customer)
drain(content_url)

# %% [markdown]
# One. Ben was told that all is well, and gets nothing: his body is the same as ana's, and so is the id made from it. It
# does not help that he is in another group, unless the queue is told to compare within groups only:

# %%
by_group = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
created = sqs.create_queue(QueueName=lab.name("by-group.fifo"), Attributes=attributes | by_group)
group_url = created["QueueUrl"]

# %%
for customer in ("ana", "ben"):
    sqs.send_message(QueueUrl=group_url, MessageBody="1 ticket", MessageGroupId=customer)
drain(group_url)

# %% [markdown]
# Now both. But ana who wants a second ticket, a minute later, still gets one. Does a random id do better? **Predict:** the
# producer sends an order and, having heard nothing, sends it again.

# %%
import uuid

for _attempt in ("first", "again"):
    ids = {"MessageGroupId": "ana", "MessageDeduplicationId": str(uuid.uuid4())}
    sqs.send_message(QueueUrl=fifo_url, MessageBody="2 tickets", **ids)
drain(fifo_url)

# %% [markdown]
# Two. A new id for each attempt says that each is a new order. The id has to be that of the *business*: given once, when
# the customer presses the button, and the same however often the order is sent. `order-17` was right.

# %% [markdown]
# ## Exercise 2.1: a producer that may try again
#
# A shop and its app have events for you, a list such as this one. Each event has an id, which is never given twice:

# %%
events = [
    {"id": "shop/17", "customer": "ana", "text": "1 ticket"},
    {"id": "shop/18", "customer": "ben", "text": "1 ticket"},
    {"id": "app/17", "customer": "ana", "text": "cancel"},
]

# %% [markdown]
# Send them to a FIFO queue, ten in a call (`send_message_batch`), however many there are. The body of a message is the
# event as JSON. Each customer's events stay in order, and customers do not wait for each other. Your program may die at
# any moment and be called again with the same list: no event may arrive twice, none may be missing. A batch is answered
# with 200 though some of its messages were refused: return the ids of those events.


# %% tags=["exercise"]
def send_events(queue_url, events):
    """Send events (`id`, `customer`, `text`) to a FIFO queue, ten in a call; each event's JSON is a message's body.

    Return the ids of the events that SQS refused; `[]` if there are none.
    """
    ...


# %%
from labkit.checks import check

check("2.1", send_events)


# %% [markdown]
# ## Processed once?
#
# > *Processed once*, says the lecture of FIFO, *because we create a unique identifier*. AWS's own page is headed
# > "Exactly-once processing". Three experiments say what is behind it, and you have seen two of them: the same id within
# > five minutes was swallowed; after five minutes it was a new message.
#
# Both were about the producer, who *sends* twice. The third is about the consumer. It sends an e-mail for each order, and
# deletes the message when that is done. The first consumer dies between the two.

# %%
emails = []


def serve(queue_url, dies=False):
    for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
        emails.append(f"e-mail about {message['Body']}")
        if not dies:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


# %% [markdown]
# **Predict:** the queue is FIFO, the order has an id and is sent once. How many e-mails?

# %%
from labkit import life_lines

record = life_lines.record(lab, sqs)  # writes down what happens to messages, to draw it
ids = {"MessageGroupId": "ana", "MessageDeduplicationId": "order-18"}
_ = sqs.send_message(QueueUrl=fifo_url, MessageBody="order-18", **ids)
serve(fifo_url, dies=True)

# %%
lab.wait(seconds=31)
serve(fifo_url)
emails

# %%
from labkit.plots.life_lines import draw

record.stop()
draw(record.lines())

# %% [markdown]
# Two. The queue has done nothing wrong: after its visibility timeout it gave a message that nobody had deleted to the
# next consumer, as it must, or else the order of a consumer that died would be lost. It cannot know that the e-mail was
# sent. FIFO adds no duplicates *of its own*; that is what the title means, and all it means.

# %% [markdown]
# ## Four causes, four cures
#
# Four things can make your program do the same work twice: the producer sends again, the queue delivers twice, the
# consumer is too slow, the consumer dies before the delete. We make each of them happen, on both queues, and count how
# often the order is handled. **Predict** all eight numbers; you have seen some of them.


# %%
def send(queue_url, body):
    ids = {"MessageGroupId": "ana", "MessageDeduplicationId": body} if queue_url == fifo_url else {}
    sqs.send_message(QueueUrl=queue_url, MessageBody=body, **ids)


# %% [markdown]
# **The producer sends again.** SQS takes the message, and the answer gets lost on the way. We call `send_message` once;
# if the result is not what you predicted, think of who else may have called.


# %%
def lost_answer(queue_url):
    with faults.on(lab, lose_response=0.5, services="sqs", operations="SendMessage", seed=1):
        send(queue_url, "order-21")
    return len(drain(queue_url))


handled = {"the producer sends again": [lost_answer(standard_url), lost_answer(fifo_url)]}

# %%
handled["the producer sends again"]

# %% [markdown]
# boto3 tries again by itself when no answer comes. You need not write a retry to have one.
#
# **The queue delivers twice**, as in the twenty runs; this time every message.


# %%
def second_copy(queue_url):
    with faults.on(lab, duplicate=1, seed=1):
        send(queue_url, "order-22")
        return len(drain(queue_url))


handled["the queue delivers twice"] = [second_copy(standard_url), second_copy(fifo_url)]

# %% [markdown]
# **The consumer is too slow.** It works for longer than the visibility timeout, and the next one gets the message
# meanwhile.


# %%
def slow_consumer(queue_url):
    send(queue_url, "order-23")
    slow = receive_one(queue_url)
    lab.wait(seconds=31)  # the work takes longer than the 30 seconds for which the message is hidden
    other = receive_one(queue_url)
    print(refusal(sqs.delete_message, QueueUrl=queue_url, ReceiptHandle=slow["ReceiptHandle"]))
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=other["ReceiptHandle"])
    return [slow["Body"], other["Body"]].count("order-23")


handled["the consumer is too slow"] = [slow_consumer(standard_url), slow_consumer(fifo_url)]

# %% [markdown]
# The two lines are what the slow consumer hears when it comes to delete. The standard queue says nothing; FIFO at least
# tells it that its time is up. By then the work is done twice.
#
# **The consumer dies before the delete**, as above.


# %%
def dead_consumer(queue_url):
    emails.clear()
    send(queue_url, "order-24")
    serve(queue_url, dies=True)
    lab.wait(seconds=31)
    serve(queue_url)
    return len(emails)


handled["the consumer dies before the delete"] = [dead_consumer(standard_url), dead_consumer(fifo_url)]

# %%
import pandas as pd

pd.DataFrame(handled, index=["standard", "FIFO"]).T

# %% [markdown]
# FIFO puts two of the four right. The cures:
#
# | cause | cure |
# | --- | --- |
# | the producer sends again | a deduplication id of the business, for five minutes; for longer, the last line |
# | the queue delivers twice | a FIFO queue, or the last line |
# | the consumer is too slow | a visibility timeout longer than the work, or extended while it lasts (03) |
# | the consumer dies before the delete | there is none on the side of the queue |
# | **all four** | **a consumer to which a second time makes no difference: it is *idempotent*** |

# %% [markdown]
# ## An idempotent consumer
#
# It needs a memory that outlives it, and that several consumers share: a table. DynamoDB can write an item *on condition*
# that there is none with this key, in one step that nobody can get in between of. (06 and 07 have more about it; one call
# is all we need.)

# %%
dynamodb = boto3.client("dynamodb")
table_name = lab.name("bookings")
_ = dynamodb.create_table(
    TableName=table_name,
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
dynamodb.get_waiter("table_exists").wait(TableName=table_name)

# %% [markdown]
# An item is written with the type of each value: `S` for text, `N` for a number, which is written as text as well.


# %%
def book(order_id, tickets):
    dynamodb.put_item(
        TableName=table_name,
        Item={"id": {"S": order_id}, "tickets": {"N": str(tickets)}},
        ConditionExpression="attribute_not_exists(id)",
    )


# %% [markdown]
# **Predict:** we book the same order twice.

# %%
book("order-31", 2)
try:
    book("order-31", 2)
except dynamodb.exceptions.ConditionalCheckFailedException as refused:
    print(refused.response["Error"]["Code"])

# %% [markdown]
# The second time is refused. For a consumer that is not a failure, it is the answer: *this has been done*. The message can
# be deleted.
#
# ## Exercise 2.2: a consumer that duplicates cannot hurt
#
# The queue is standard. A message's body is JSON, `{"id": "order-31", "tickets": 2}`. Receive up to ten messages, book each
# order in the table under its `id`, with its `tickets` as a number, and delete the messages that are done. The same order
# may come twice, as one message or as two; other consumers are at work; your program may die between any two calls. In the
# end each order has one booking, none is missing, the queue is empty, and what has been changed in a booking since, a
# ticket given back or a seat fixed, stays changed.


# %% tags=["exercise"]
def book_orders(queue_url, table_name):
    """Receive up to ten orders, book each under its `id`, and delete the messages that are done.

    Return the ids of the orders that this call booked; `[]` if there are none.
    """
    ...


# %%
check("2.2", book_orders)


# %% [markdown]
# The booking itself is the work here, so that work and memory are one write. An e-mail cannot be put into a table; what
# to do about those is the subject of 09.

# %% [markdown]
# ## How much, how fast
#
# | | standard | FIFO | FIFO, high throughput |
# | --- | --- | --- | --- |
# | calls a second, for each of send, receive, delete | nearly unlimited | 300 | up to 70,000 in us-east-1 |
# | messages a second, with ten in a call | nearly unlimited | 3,000 | up to 700,000 |
# | messages in flight | about 120,000 | 120,000 | 120,000 |
#
# High throughput is what we switched on above, with the two attributes in `by_group`. It needs many groups: they are
# spread over partitions, and each of those takes 300 calls a second. And it is less in other Regions, 4,500 calls a second
# in São Paulo.
#
# A ticket sale takes 2,000 orders a second. **Predict:** can a FIFO queue without high throughput take them?

# %%
orders_a_second = 2000
{"calls, one by one": orders_a_second, "calls, ten by ten": orders_a_second // 10, "limit": 300}

# %% [markdown]
# In batches it can.

# %% [markdown]
# ## What does it cost?
#
# > *Standard is cheaper*, says the lecture, twice. **Predict** by how much: a shop with a million messages a month, on a
# > standard queue and on a FIFO queue.

# %%
from labkit import pricing

pricing.price_table("sqs_standard", "sqs_fifo")

# %% [markdown]
# None of it is AWS's own word: the table says who says so, and when it was checked. Look at AWS's page before you plan.
# (From a hundred thousand million requests a month on it is less.) What is counted is *requests*. Every call is one: a
# send, a receive, a delete, and a receive that finds nothing. Up to ten messages in one call are one request, as long as
# they have no more than 64 KB together; each further 64 KB begun is one more.

# %%
one_by_one = pricing.sqs_requests(1_000_000, size=1024)
in_tens = pricing.sqs_requests(1_000_000, size=1024, batch=10)
one_by_one, in_tens

# %%
for requests in (one_by_one, in_tens):
    costs = [pricing.cost(name, requests, free=False) for name in ("sqs_standard", "sqs_fifo")]
    print(*[pricing.in_dollars(cost) for cost in costs])

# %% [markdown]
# A million orders, and the difference between the types is thirty cents. With the million requests that are free each
# month it is less. Batches make more of a difference, and so does this: ten instances of the lecture's application, each
# of which asks its queue every five seconds, day and night, while *nothing* is sent.

# %%
idle = pricing.polls_a_month(5, consumers=10)
idle, pricing.in_dollars(pricing.cost("sqs_standard", idle))

# %% [markdown]
# Five million requests for nothing. 03 and 08 show the cure, *long polling*.
#
# And the size? **Predict** the requests for one message of 70,000 bytes, and for ten of 10,000 bytes in one call.

# %%
print(pricing.sqs_requests_by_call(1, 70_000))
print(pricing.sqs_requests_by_call(10, 10_000, batch=10))

# %% [markdown]
# Both carry more than 65,536 bytes and less than twice as many: two requests to send, two to receive. A delete carries
# nothing.
#
# With the calculator you can try numbers of your own. When is it the messages that cost, and when the asking?

# %%
from labkit.calculator import QueueCalculator

QueueCalculator(messages=10_000_000, size=1024, batch=10, empty_receives=518_400)

# %% [markdown]
# ## Exercise 2.3: the price of a month
#
# Write the calculation yourself. Count in whole requests: of a batch that carries 100 KB both halves count.


# %% tags=["exercise"]
def monthly_cost(messages, size, batch, empty_receives, dollars_per_million):
    """Dollars for a month: `messages` of `size` bytes are sent, received and deleted in calls of `batch` messages.

    `empty_receives` calls find nothing. The first million requests are free. The result is not rounded.
    """
    ...


# %%
check("2.3", monthly_cost)


# %% [markdown]
# ## When which?
#
# - Does it harm anybody if two messages change places? If not: **standard**.
# - Is the order of *some* of them important, those of one customer, one account, one document? **FIFO**, with that as the
#   group.
# - Does a retry of the producer do harm, within minutes, and is there an id of the business? FIFO helps; an idempotent
#   consumer, which you need anyway, makes it unnecessary.
# - Should one message reach several receivers, or be kept to be read again? That is **neither**: no queue does it (05).
#
# > *Take whichever you like*, says the lecture, *and FIFO if you want the order to be tidy*. Tidiness is no reason: an
# > order that nobody needs costs you consumers that could work at once, and one message that cannot be processed holds up
# > all that come after it in its group (04). An order that somebody does need is worth all that.
#
# ## Exercise 2.4: decide
#
# Replace each `...` with `"standard"`, `"fifo"` or `"neither"`.
#
# | | the job |
# | --- | --- |
# | photos | make a small copy of each photo that is uploaded |
# | accounts | book deposits and withdrawals on bank accounts; none may be overdrawn |
# | departments | tell stock, invoices and delivery, each of them, that an order is paid |
# | sensors | take 50,000 readings a second, each with the time at which it was made, and store them |
# | games | play the moves of a thousand games of chess |
# | once | make sure that each e-mail is sent exactly once, whatever dies, without doing anything for it in the consumer |

# %% tags=["exercise"]
choices = {
    "photos": ...,
    "accounts": ...,
    "departments": ...,
    "sensors": ...,
    "games": ...,
    "once": ...,
}

# %%
check("2.4", choices)


# %% [markdown]
# ## On real AWS
#
# > This notebook makes about 1,100 requests to SQS and a handful to DynamoDB: far inside what is free each month, and a
# > twentieth of a cent without that. What differs:
# >
# > - **There is no trouble on request**: `faults.on` refuses there. Without it twenty runs are most likely in order, each
# >   message once, and prove nothing.
# > - **`drain` may stop too early**: a receive that does not wait may find nothing although messages wait. Add
# >   `WaitTimeSeconds=1` to it. Here that would cost a real second each time, since an empty queue is really waited for.
# > - **`lab.wait` really waits** there, a good seven minutes in all.
# > - **The limits of throughput** are not enforced here, and what a queue made a minute ago has to say may lag behind.

# %% [markdown]
# ## What we saw
#
# - SQS runs the machines; the type, the settings and what happens to a message's second coming are yours.
# - A standard queue delivers at least once, nearly in order. It promises no more, and it has no limit to speak of.
# - A FIFO queue keeps order within a message group, and serves a group to one consumer at a time.
# - A deduplication id swallows a second *send* within five minutes. It must be the business's own: neither random nor the
#   body.
# - A message is processed twice for four reasons. FIFO puts two right, an idempotent consumer all of them.
# - FIFO costs a quarter more, which is cents. Batches and polls matter more.
#
# Next comes [03](03_settings_and_monitoring.ipynb): how long a message is yours, and how you see that a queue is well.
#
# **Further reading:** Amazon SQS Developer Guide, "Amazon SQS standard queues", "FIFO queue delivery logic", "Exactly-once
# processing in Amazon SQS", "Amazon SQS at-least-once delivery", "Amazon SQS fair queues", "Message quotas", and
# on other services "Differences between Amazon SQS, Amazon MQ, and Amazon SNS".

# %% [markdown]
# Remove what we made:

# %%
lab.tear_down()
