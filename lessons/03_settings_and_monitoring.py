# %% [markdown]
# # How long is a message mine?
#
# You asked for a message and the queue gave it to you. What happens to it while you work, what if you never come back,
# and would anybody notice?
#
# **You will** receive a message twice that was sent once, meet a receipt that no longer counts, keep a message for longer
# and give one back early. Then you watch a queue's numbers while one order is stuck, and see the best-known number hide it.
#
# **Afterwards you can** write a consumer that loses nothing, choose a queue's times from measured processing times, and
# tell from its numbers what ails a queue.
#
# **You need** 90 minutes, half of them for the exercises, and [00](00_start_here.ipynb). Anything else about the two
# types of queue is in [02](02_queue_types.ipynb); here one FIFO queue appears twice, for a minute.

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# A queue that hides for 30 seconds what it hands out, and one order in it.

# %%
import boto3

sqs = boto3.client("sqs")
orders = sqs.create_queue(QueueName=lab.name("orders"), Attributes={"VisibilityTimeout": "30"})["QueueUrl"]

# %%
from labkit import life_lines

record = life_lines.record(lab, sqs)  # writes down what happens to messages, to draw it later
_ = sqs.send_message(QueueUrl=orders, MessageBody="order 1")

# %% [markdown]
# A helper, since we shall receive often. It asks SQS to say of each message how many times it was received; and where
# nothing is received the answer has no `Messages` at all, which would be a `KeyError`, so it gives an empty list.


# %%
def receive(queue_url, **how):
    answer = sqs.receive_message(QueueUrl=queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"], **how)
    return answer.get("Messages", [])


# %% [markdown]
# ## Receiving is borrowing
#
# We receive the order, and at once ask again. **Predict:** what does the second call return?

# %%
first = receive(orders)
[m["Body"] for m in first], receive(orders)

# %% [markdown]
# Nothing. The order is not gone, it is *in flight*: hidden from everyone, us included, until its *visibility timeout*
# runs out. We do nothing for 31 seconds.

# %%
lab.wait(seconds=31)
again = receive(orders)
[(m["Body"], m["Attributes"]["ApproximateReceiveCount"]) for m in again]

# %% [markdown]
# The same order, received for the second time. Nobody sent it twice and nothing failed: we were slow. For a duplicate it
# takes no more than that.
#
# > The lecture goes through settings and numbers, and never says the one thing that everything hangs on: **whoever has
# > processed a message must delete it.** Receive, process, delete. The queue does the first step on request, the second
# > is yours, and the third it cannot guess.

# %% [markdown]
# ## The receipt
#
# To delete a message you show its *receipt handle*. **Predict:** is it the same both times?

# %%
first[0]["ReceiptHandle"] == again[0]["ReceiptHandle"], first[0]["MessageId"] == again[0]["MessageId"]

# %% [markdown]
# The message is the same; the receipt belongs to one delivery. We delete with the newest one, and wait for a day.

# %%
_ = sqs.delete_message(QueueUrl=orders, ReceiptHandle=again[0]["ReceiptHandle"])
lab.wait(days=1)
receive(orders)

# %% [markdown]
# Only the delete ends a message's life. Here is that life, drawn from the calls that we made:

# %%
from labkit.plots.life_lines import draw

draw(record.lines())

# %% [markdown]
# And the older receipt? A FIFO queue is strict about it. **Predict:** we receive, let the timeout run out, and delete.

# %%
strict = sqs.create_queue(
    QueueName=lab.name("orders.fifo"), Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
)["QueueUrl"]
_ = sqs.send_message(QueueUrl=strict, MessageBody="order 2", MessageGroupId="Ana")

# %%
late = receive(strict)
lab.wait(seconds=31)
try:
    sqs.delete_message(QueueUrl=strict, ReceiptHandle=late[0]["ReceiptHandle"])
except sqs.exceptions.ClientError as refused:
    print(refused.response["Error"]["Message"].partition("Reason: ")[2])

# %% [markdown]
# Refused: in the meantime the order may have been given to somebody else. **Predict:** does a standard queue refuse, too?

# %%
_ = sqs.send_message(QueueUrl=orders, MessageBody="order 3")
old = receive(orders)
lab.wait(seconds=31)
new = receive(orders)
sqs.delete_message(QueueUrl=orders, ReceiptHandle=old[0]["ReceiptHandle"])["ResponseMetadata"]["HTTPStatusCode"]

# %% [markdown]
# It says `200`. Whether the message is gone is another matter: of an older receipt AWS's reference
# says that the request succeeds and the message *might not be deleted*. A `200` that promises nothing is no use, so
# delete with the receipt of the latest delivery, and before the timeout.

# %%
_ = sqs.delete_message(QueueUrl=orders, ReceiptHandle=new[0]["ReceiptHandle"])

# %% [markdown]
# ## Exercise 3.1: a consumer that comes back
#
# Write `process(queue_url, handle)`: receive up to ten messages, call `handle(body)` for each, and delete those, and only
# those, that were handled. If `handle` raises an exception, of whatever kind, its message comes back later and the others
# do not suffer.


# %% exercise 3.1 tags=["exercise"]
def process(queue_url, handle):
    """Return the bodies that were handled, in the order received; an empty list if nothing waits."""
    ...


# %%
from labkit.checks import check

check("3.1", process)

# %% [markdown]
# ## Too short
#
# Back to the timeout. An order takes 25 seconds, and this queue hides it for 10. **Predict:** A receives it
# and works; B asks 11 seconds later. What does B get?

# %%
short = sqs.create_queue(QueueName=lab.name("short"), Attributes={"VisibilityTimeout": "10"})["QueueUrl"]
record = life_lines.record(lab, sqs)
_ = sqs.send_message(QueueUrl=short, MessageBody="order 4")

# %%
a = receive(short)
lab.wait(seconds=11)
b = receive(short)
[m["Body"] for m in a], [m["Body"] for m in b]

# %% [markdown]
# Both have it, and both will do it. A finishes after 25 seconds, B some seconds later, and each deletes what it holds:

# %%
lab.wait(seconds=14)
done_by_a = sqs.delete_message(QueueUrl=short, ReceiptHandle=a[0]["ReceiptHandle"])
done_by_b = sqs.delete_message(QueueUrl=short, ReceiptHandle=b[0]["ReceiptHandle"])
[done["ResponseMetadata"]["HTTPStatusCode"] for done in (done_by_a, done_by_b)]

# %%
draw(record.lines())

# %% [markdown]
# Two customers' worth of work for one order, two times `200`, and no error anywhere. A timeout that is too short does not
# announce itself.
#
# ## Too long
#
# Then let us be generous and hide for 12 hours, the most that there is. A dies right after receiving. **Predict:** when
# does B get the order?

# %%
long = sqs.create_queue(QueueName=lab.name("long"), Attributes={"VisibilityTimeout": "43200"})["QueueUrl"]
_ = sqs.send_message(QueueUrl=long, MessageBody="order 5")
dead = receive(long)

# %%
lab.wait(hours=11)
after_11_hours = receive(long)
lab.wait(hours=1, seconds=1)
after_12_hours = receive(long)
len(after_11_hours), len(after_12_hours)

# %% [markdown]
# After half a day. The queue cannot tell a dead consumer from a slow one; the timeout is all it has. So it should be
# longer than nearly all processing times, and shorter than the wait that you can bear after a crash.

# %% [markdown]
# ## More time, while you work
#
# Often no such number exists: most orders take seconds, one takes an hour. Then the one who works says so.
# `ChangeMessageVisibility` sets the timeout of *this* delivery, counted from *now*. We have 30 seconds, and after 20 of
# them ask for 30 more. **Predict:** may B have the order at second 45? At second 51?

# %%
record = life_lines.record(lab, sqs)
_ = sqs.send_message(QueueUrl=orders, MessageBody="order 6")
a = receive(orders)
lab.wait(seconds=20)
_ = sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=a[0]["ReceiptHandle"], VisibilityTimeout=30)
lab.wait(seconds=25)
at_45 = receive(orders)
lab.wait(seconds=6)
at_51 = receive(orders)
len(at_45), len(at_51)

# %% [markdown]
# 20 + 30 = 50. This is a *heartbeat*: as long as A lives it asks for more, and when it dies the order is free within
# half a minute. It cannot go on for ever, though. **Predict:** B asks for 12 hours more.

# %%
lab.wait(seconds=10)
try:
    sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=at_51[0]["ReceiptHandle"], VisibilityTimeout=43200)
except sqs.exceptions.ClientError as refused:
    print(refused.response["Error"]["Code"])

# %% [markdown]
# Refused: 12 hours are the most *in all*, counted from the receive, and 10 seconds of them are over.

# %% [markdown]
# ## Back at once
#
# B finds that it cannot do the order: the printer has no paper. It could keep quiet, and the order would come back when
# the timeout ends. It can also give it back. **Predict:** what does a timeout of 0 do?

# %%
_ = sqs.change_message_visibility(QueueUrl=orders, ReceiptHandle=at_51[0]["ReceiptHandle"], VisibilityTimeout=0)
c = receive(orders)
[(m["Body"], m["Attributes"]["ApproximateReceiveCount"]) for m in c]

# %% [markdown]
# C has it in the same second. The count tells C that it is the third to try, which is worth looking at: what has failed
# twice may fail for ever. 04 has the queue where such messages go.

# %%
_ = sqs.delete_message(QueueUrl=orders, ReceiptHandle=c[0]["ReceiptHandle"])
draw(record.lines())

# %% [markdown]
# ## Exercise 3.2: long work
#
# Some work comes in steps, each of which takes up to 20 seconds; how many there are, nobody knows before. The queue hides
# for 30. Write `work_through(queue_url, steps_of)`: receive one message, go through its steps, and delete it. Nobody else
# may get it while you work, and if you die, somebody must get it within a minute. If a step raises an exception, of
# whatever kind, give the message back at once. Do it without threads: here time is moved, and a heartbeat in a thread of its
# own would sleep through that.
#
# To try it by hand, send an order and call `work_through(orders, lambda body: [lambda: lab.wait(seconds=20)] * 5)`.


# %% exercise 3.2 tags=["exercise"]
def work_through(queue_url, steps_of):
    """`steps_of(body)` is a list of functions; call each, in order.

    Return the body if all steps were done, None if nothing waits or a step failed.
    """
    ...


# %%
check("3.2", work_through)

# %% [markdown]
# ## Later, but not too late
#
# Two more times. A *delay* hides a message before its first delivery. **Predict:** what do the two receives
# find?

# %%
_ = sqs.send_message(QueueUrl=orders, MessageBody="order 7", DelaySeconds=60)
at_once = receive(orders)
lab.wait(seconds=61)
after_a_minute = receive(orders)
len(at_once), len(after_a_minute)

# %% [markdown]
# A customer who changes her mind within the minute costs nobody any work. This one did not; her order is done, and
# deleted. A queue can have a delay for all its messages, too: its attribute `DelaySeconds`. 15 minutes are the most:

# %%
_ = sqs.delete_message(QueueUrl=orders, ReceiptHandle=after_a_minute[0]["ReceiptHandle"])
try:
    sqs.send_message(QueueUrl=orders, MessageBody="order 8", DelaySeconds=901)
except sqs.exceptions.ClientError as refused:
    print(refused.response["Error"]["Message"].partition("Reason: ")[2])

# %% [markdown]
# The *retention period* is how long a queue keeps what nobody deletes: 4 days, unless you choose otherwise. This queue
# keeps an hour. **Predict:** an order is received at minute 50. Does that save it?

# %%
brief = sqs.create_queue(QueueName=lab.name("brief"), Attributes={"MessageRetentionPeriod": "3600"})["QueueUrl"]
_ = sqs.send_message(QueueUrl=brief, MessageBody="order 9")
lab.wait(minutes=50)
held = receive(brief)

# %%
lab.wait(minutes=11)
[m["Body"] for m in held], receive(brief)

# %% [markdown]
# It is gone: no error, no notice, no trace. The clock of the retention period runs from the sending, whatever happens to
# the message. Choose it longer than the longest time in which your consumers may all be down: a weekend, a holiday.

# %% [markdown]
# ## How large?
#
# A message may have 1 MiB, its attributes included. What counts is bytes, and an `ñ` has two.

# %%
MIB = 1024 * 1024
for body in ("n" * MIB, "n" * (MIB + 1), "ñ" * (MIB // 2 + 1)):
    try:
        sqs.send_message(QueueUrl=brief, MessageBody=body)
        print(f"{len(body):,} characters, {len(body.encode()):,} bytes: sent")
    except sqs.exceptions.ClientError as refused:
        print(f"{len(body):,} characters, {len(body.encode()):,} bytes: {refused.response['Error']['Code']}")

# %% [markdown]
# Older texts say 256 KiB, which was the limit before. And large is dear: each 64 KB count as a request, so the first
# of these cost sixteen. What is large goes to S3, and its key into the message.

# %% [markdown]
# ## Asking
#
# A queue is many servers. A receive that does not wait, a *short poll*, asks only some of them, and can miss what lies on
# the others. That is rare here, so we ask for it. One order waits, and stays visible while we look ten times:

# %%
_ = sqs.send_message(QueueUrl=short, MessageBody="order 10")
with labkit.faults.on(lab, miss=0.4, seed=3):
    short_polls = [len(receive(short, VisibilityTimeout=0)) for _ in range(10)]
    long_polls = [len(receive(short, VisibilityTimeout=0, WaitTimeSeconds=1)) for _ in range(10)]
short_polls, long_polls

# %% [markdown]
# "The queue was empty" is what a short poll says, and it may be wrong. A *long poll*, one with a waiting time, asks all
# servers. And if nothing is there, it waits. **Predict:** somebody begins a long poll of 20 seconds; after 7, an order
# is sent. When does the poll return?

# %%
from concurrent.futures import ThreadPoolExecutor

someone = ThreadPoolExecutor()
poll = someone.submit(sqs.receive_message, QueueUrl=orders, WaitTimeSeconds=20)
lab.wait(seconds=7)
returned_before = poll.done()
_ = sqs.send_message(QueueUrl=orders, MessageBody="order 11")
returned_before, [m["Body"] for m in poll.result(timeout=10)["Messages"]]

# %% [markdown]
# At once, with 13 of its 20 seconds left. So a long poll is not slower than asking every few seconds; it is faster, and it
# is cheaper, because the calls that find nothing are billed like all others. Ten consumers at an empty queue, for a
# month:

# %%
from labkit import pricing

for how, seconds in {"every 5 s, short": 5, "long polls of 20 s": 20}.items():
    polls = pricing.polls_a_month(seconds, consumers=10)
    print(f"{how}: {polls:,} requests, {pricing.in_dollars(pricing.cost('sqs_standard', polls))}")

# %% [markdown]
# The queue's attribute `ReceiveMessageWaitTimeSeconds` makes every receive wait; in the call itself the same thing is
# named `WaitTimeSeconds`.
#
# > The lecture has a program ask the queue "every five seconds". [08](08_automatic_processing.ipynb) takes
# > that up.
#
# Where the price comes from, which is not AWS's own word:

# %%
pricing.price_table("sqs_standard")

# %% [markdown]
# ## Labels
#
# > The lecture says that a queue can have "keys or labels, to search and filter". It can have *tags*. Let us try to
# > search.

# %%
sqs.tag_queue(QueueUrl=orders, Tags={"team": "tickets", "cost-centre": "42"})
sqs.list_queue_tags(QueueUrl=orders)["Tags"]

# %% [markdown]
# These are labels on the *queue*. Messages can carry attributes of their own, so let us look for the orders of one town.
# **Predict:** which argument of `ReceiveMessage` selects them?

# %%
sorted(sqs.meta.service_model.operation_model("ReceiveMessage").input_shape.members)

# %% [markdown]
# None. The two lists of attribute names say what is *shown* of a message. Nobody can look into a queue for a message, or
# ask for one kind of them: you take what comes. Who needs kinds makes a queue for each, or lets a topic sort them (05).
# What tags are for: the bill, split by them, and rules about who may touch which queue. SQS itself gives them no meaning.

# %% [markdown]
# ## A queue in numbers
#
# What a queue tells about itself:

# %%
NUMBERS = {
    "waiting": "ApproximateNumberOfMessages",
    "in flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


def numbers(queue_url):
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(NUMBERS.values()))["Attributes"]
    return {name: int(found[attribute]) for name, attribute in NUMBERS.items()}


# %%
shop = sqs.create_queue(QueueName=lab.name("shop"), Attributes={"VisibilityTimeout": "90"})["QueueUrl"]
for number in range(5):
    _ = sqs.send_message(QueueUrl=shop, MessageBody=f"order {number}", DelaySeconds=60 * (number == 4))
_ = receive(shop)
numbers(shop)

# %% [markdown]
# Five were sent: one is in flight, one is delayed, three wait. As gauges, which follow each cell that runs:

# %%
from labkit.gauges import Gauges

gauges = Gauges(lambda: numbers(shop), full=40)
gauges

# %% [markdown]
# Now a shop opens. Every minute some orders arrive, and a consumer takes up to five, works on them for a minute and
# deletes them, except for one kind that it cannot do. Those it leaves alone, and they come back.

# %%
samples = []
in_work = []


def one_minute(arriving):
    for body in arriving:
        sqs.send_message(QueueUrl=shop, MessageBody=body)
    for message in in_work:
        if message["Body"] != "the stuck one":
            sqs.delete_message(QueueUrl=shop, ReceiptHandle=message["ReceiptHandle"])
    in_work[:] = receive(shop, MaxNumberOfMessages=5)
    samples.append({**numbers(shop), "taken": [m["Body"] for m in in_work].count("the stuck one")})
    gauges.refresh()
    lab.wait(seconds=70 - lab.now().second)  # until ten seconds past the next full minute


# %% [markdown]
# Forty minutes: four orders a minute; in minute 10 comes one that cannot be done, from 15 to 19 there is a rush, after
# that it is quiet. Look at the gauges above while this runs. **Predict:** what does the queue say in the last ten minutes?

# %%
_ = sqs.purge_queue(QueueUrl=shop)  # removes everything, what is in flight too
lab.wait(seconds=70 - lab.now().second)
start = lab.now().replace(second=0, microsecond=0)
for minute in range(40):
    usual = 4 if minute < 15 else 12 if minute < 20 else 2
    one_minute(["an order"] * usual + ["the stuck one"] * (minute == 10))

# %%
import pandas as pd

sampled = pd.DataFrame(samples).rename_axis("minute")
sampled.iloc[[5, 9, 12, 20, 25, 35, 38, 39]]

# %%
from labkit.plots.over_time import draw_over_time

draw_over_time(sampled[["waiting", "in flight"]], "messages", marks={10: "the stuck one is sent", 15: "rush"})

# %% [markdown]
# The rush makes a hill, and the hill goes away: a queue's job, done well. And at the end? Two orders a minute arrive, and
# three are in flight: one of them does not go away. That is easily overlooked, although it was taken again and again:

# %%
f"taken {sampled['taken'].sum()} times, the last time in minute {sampled.index[sampled['taken'] > 0].max()}"

# %% [markdown]
# ## The number to watch, and what it hides
#
# The queue's attributes are of this moment. CloudWatch keeps a history: it looks at every queue that is in use once a
# minute, by itself and free of charge. Some of its numbers are states at that moment, some count what happened since.
#
# > "A whole tracking system", the lecture says. It tracks the queue. What became of *your* message it cannot tell;
# > [07](07_pending_to_complete.ipynb) keeps a table for that.

# %%
from datetime import timedelta

cloudwatch = boto3.client("cloudwatch")
STATES = {
    "waiting": "ApproximateNumberOfMessagesVisible",
    "in flight": "ApproximateNumberOfMessagesNotVisible",
    "age of the oldest": "ApproximateAgeOfOldestMessage",
}
EVENTS = {
    "sent": "NumberOfMessagesSent",
    "received": "NumberOfMessagesReceived",
    "deleted": "NumberOfMessagesDeleted",
}


# %%
def metric(queue_name, number, metric_name):
    dimensions = [{"Name": "QueueName", "Value": queue_name}]
    named = {"Namespace": "AWS/SQS", "MetricName": metric_name, "Dimensions": dimensions}
    return {"Id": f"m{number}", "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}}


def history(queue_name, metrics, minutes):
    queries = [metric(queue_name, number, name) for number, name in enumerate(metrics.values())]
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=queries,
        StartTime=start,
        EndTime=start + timedelta(minutes=minutes),
        ScanBy="TimestampAscending",
    )
    columns = [[int(value) for value in found["Values"]] for found in answer["MetricDataResults"]]
    return pd.DataFrame(dict(zip(metrics, columns, strict=True))).rename_axis("minute")


# %%
watched = history(lab.name("shop"), STATES | EVENTS, minutes=40)
watched["age of the oldest"] = (watched["age of the oldest"] / 60).round().astype(int)  # from seconds to minutes
watched.iloc[[5, 9, 12, 20, 25, 35, 38, 39]]

# %% [markdown]
# *Waiting* and *in flight* are what we have sampled ourselves, seen at the end of each minute instead of its beginning: by
# then the stuck one is sometimes visible again. New are three counters, and the **age of the oldest message**, the number
# to set an alarm on. **Predict:** in minute 38 the stuck order is 28 minutes old. Which line does the age draw?

# %%
ages = watched[["age of the oldest"]].copy()
ages["the stuck one"] = [minute - 9 if minute >= 10 else None for minute in ages.index]
draw_over_time(ages, "minutes", marks={10: "the stuck one is sent", 15: "rush"})

# %% [markdown]
# It saw the stuck order for four minutes, then the hill of the rush, and in the end it says one minute, as if nothing
# were wrong. The dashed line is what we know: the age of the stuck one itself.
#
# > The lecture gives "approximate age of the oldest message" as the number to watch. Watch it, and know its blind spot:
# > once a message of a standard queue has been received three times and not been deleted, the queue puts it to the back
# > of the line **and takes it out of this number**, which from then on is the age of the next one. The longer a message is
# > stuck, the less you see of it.
#
# What does show it? More is received than deleted:

# %%
watched[["sent", "received", "deleted"]].sum()

# %% [markdown]
# Deliveries that did not end in a delete, and the gap grows for as long as the order is stuck. Each message also says how
# often it was received, to whoever receives it. A dead-letter queue (04) makes use of that: it takes such messages out of
# the way, and one message *there* is reason enough for an alarm.
#
# > The lecture names two more numbers. Its "messages in possession" are most likely those in flight: in the possession of
# > a consumer. "The number of the message group" is the number of **groups** that have messages in flight; only FIFO
# > queues have it. Here is one:

# %%
lab.wait(seconds=70 - lab.now().second)
start = lab.now().replace(second=0, microsecond=0)
for seat, customer in enumerate(["Ana", "Ana", "Ben", "Carla"]):
    _ = sqs.send_message(QueueUrl=strict, MessageBody=f"seat {seat}", MessageGroupId=customer)
held = receive(strict, MaxNumberOfMessages=10, VisibilityTimeout=300)
lab.wait(minutes=1)

# %%
groups = {"in flight": STATES["in flight"], "groups": "ApproximateNumberOfGroupsWithInflightMessages"}
history(lab.name("orders.fifo"), groups, minutes=1)

# %% [markdown]
# Order 2 of the beginning is still there: five messages in flight, of three customers. While a group has a message in
# flight nobody else gets anything of that group, so this number says how many consumers can be busy at all.

# %% [markdown]
# ## Exercise 3.3: what ails this queue?
#
# You are called to a queue, and all you get is an hour of its numbers. `labkit.patients` has such hours, one for each
# situation:
#
# | | |
# | --- | --- |
# | `healthy` | nothing to do; a rush that is over is healthy, too |
# | `nobody receives` | messages wait, and by now no consumer asks for them |
# | `too slow` | the consumers work, and more comes in than they can do |
# | `never deleted` | the consumers receive, and nothing is ever deleted |
# | `stuck message` | all is well but for one message or a few, which come back again and again |
# | `timeout too short` | orders are given to a second consumer while the first still works |

# %%
from labkit.patients import metrics_of

hour = pd.DataFrame(metrics_of("too slow")).astype(int)  # 60 rows, one for each minute
hour.iloc[9::10].T

# %% [markdown]
# Look at the others, too. Which numbers tell two situations apart? Then write `diagnose(metrics)`, which is judged on
# sixteen queues, bigger and smaller ones. Each was empty when its hour began.


# %% exercise 3.3 tags=["exercise"]
def diagnose(metrics):
    """Return one of the six words of the table above.

    `metrics` is what `metrics_of` returns: for each name a list of 60 numbers, the latest last.
    """
    ...


# %%
check("3.3", diagnose)

# %% [markdown]
# ## Exercise 3.4: tune the times
#
# > "Try the settings of the times, to know what you have to put when you deploy", the lecture advises. Let us do that.
#
# A shop has measured how long it takes to process its orders. (The times are made up; the file's first lines say how.)

# %%
takes = pd.read_csv("../data/processing_times.csv", comment="#")["seconds"]
takes.describe(percentiles=[0.5, 0.9, 0.99]).round(1)

# %%
from labkit.plots.spread import draw_spread

draw_spread(takes, "seconds to process an order", "orders")

# %% [markdown]
# Half of them take less than ten seconds, and one in a hundred more than 99: such a *long tail* is common. The mean, 15
# seconds, says nothing about it.
#
# Four workers take one order at a time. On a busy afternoon 600 orders come in, and three workers die at their work. At
# night nothing comes. Over the weekend, 63 hours, the workers are switched off, and once, for a holiday, for eight days.
# `rehearse` lets all that happen to a queue of the embedded AWS's kind, and counts. With the settings that a new queue has:

# %%
from labkit.tuning import rehearse

rehearse({})

# %% [markdown]
# > "You need not go about launching anything more", the lecture says of SQS. Nothing that runs, indeed; but these times
# > are yours to choose, and in three of seven points the defaults do not fit this shop.
#
# The first column is what the shop asks for. Customers may withdraw an order for a minute, so no work may begin before
# that; and what has waited for a week has been bought elsewhere, and must vanish by itself.
#
# Fill in the four settings, as `create_queue` takes them: in seconds, each a text. Try some with `rehearse(settings)`
# first.
#
# | setting | least | default | most |
# | --- | --- | --- | --- |
# | `VisibilityTimeout` | 0 | 30 | 43,200, 12 hours |
# | `ReceiveMessageWaitTimeSeconds` | 0 | 0 | 20 |
# | `MessageRetentionPeriod` | 60 | 345,600, 4 days | 1,209,600, 14 days |
# | `DelaySeconds` | 0 | 0 | 900, 15 minutes |

# %% exercise 3.4 tags=["exercise"]
settings = {
    "VisibilityTimeout": ...,
    "ReceiveMessageWaitTimeSeconds": ...,
    "MessageRetentionPeriod": ...,
    "DelaySeconds": ...,
}

# %%
check("3.4", settings)

# %% [markdown]
# ## On real AWS
#
# > These cells are the ones that you would run there. What differs:
# >
# > - **Time.** `lab.wait` sleeps there: a day here, half a day there, forty minutes for the shop. Shorten them.
# > - **Numbers lag.** *Waiting*, *in flight* and *delayed* are approximate, and need a minute and more after the last
# >   send to settle. CloudWatch adds a minute; a queue that nobody has used for six hours has no numbers at all, and when
# >   it is used again the first may take fifteen minutes.
# > - **Settings lag.** A changed setting may take a minute to hold everywhere, the retention period fifteen.
# > - **Short polls miss** what is there mostly when a queue holds few messages. Here they do so only on request.
# > - **Cost.** This notebook makes about 600 requests to SQS: $0.00024 without the free million of each month. The
# >   numbers of SQS in CloudWatch cost nothing, and asking for them by `GetMetricData` some hundredths of a cent: it is
# >   not in the free tier, and third parties give a cent for a thousand metrics.

# %% [markdown]
# ## What we saw
#
# - Receiving is borrowing. Only a delete, with the receipt of the latest delivery, ends a message's life.
# - A visibility timeout that is too short makes duplicates without any error; one that is too long makes a dead consumer's
#   message wait. Who works for longer extends it, and who cannot gives the message back with 0.
# - A delay hides a message before its first delivery; the retention period removes it without a word, counted from when
#   it was sent.
# - Long polls find what short polls can miss, and cost a fraction of them.
# - Tags are for bills and access. Nobody can search a queue.
# - The age of the oldest message hides one that is stuck; that more is received than deleted gives it away.
#
# Next comes 04, where stuck messages go. [07](07_pending_to_complete.ipynb) uses receive, process, delete with a table
# beside the queue.
#
# **Further reading:** Amazon SQS Developer Guide, "Amazon SQS visibility timeout", "Amazon SQS short and long polling",
# "Amazon SQS delay queues", "Available CloudWatch metrics for Amazon SQS" · Amazon SQS API Reference, `SetQueueAttributes`,
# `DeleteMessage`, `ChangeMessageVisibility` · AWS re:Post, "Should I use GetMetricData or GetMetricStatistics for
# CloudWatch metrics?".

# %%
lab.tear_down()
