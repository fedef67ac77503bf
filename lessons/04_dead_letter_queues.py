# %% [markdown]
# # Where does a message go that nobody can process?
#
# A queue hands out a message until somebody deletes it. What if nobody ever can?
#
# **You will** watch one bad message go round and round, give it a place to go to, find a good one there because somebody
# looked at it too often, lose one to the calendar, and send the repaired ones back.
#
# **Afterwards you can** set up a dead-letter queue that keeps what it gets, say when exactly a message moves, be told
# when one arrives, and see to it that the table of 07 tells the whole story.
#
# **You need** 75 minutes, 35 of them for the exercises, and 03 (visibility timeout, receipt handles). For one of the
# exercises it helps to know [07](07_pending_to_complete.ipynb).

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# ## Round and round
#
# A consumer that prints labels. One order has no address, and the printer gives up on it: a *poison message*.


# %%
def print_label(order):
    if "address" not in order:
        raise ValueError("no address")


# %%
import boto3

sqs = boto3.client("sqs")
orders = sqs.create_queue(QueueName=lab.name("orders"))["QueueUrl"]

# %%
for order in ["1: address Rivera 12", "2: nothing", "3: address Soca 3"]:
    sqs.send_message(QueueUrl=orders, MessageBody=order)


# %% [markdown]
# The consumer does what 03 asks for: it deletes what it has processed, and only that.


# %%
def consume(queue_url):
    seen = []
    answer = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )
    for message in answer.get("Messages", []):
        try:
            print_label(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
            seen.append(f"✔ {message['Body']}")
        except ValueError as error:
            seen.append(f"✘ {error}, received {message['Attributes']['ApproximateReceiveCount']}×")
    return seen


# %% [markdown]
# **Predict:** the consumer comes by every minute. What does it see the first time, and what every time after that?

# %%
for _ in range(4):
    print(consume(orders))
    lab.wait(minutes=1)

# %% [markdown]
# Two labels, and one message for ever, or rather until its retention period is over: four days, unless you choose
# otherwise. Each time it costs a receive, and the consumer's time.
#
# ## What it does to its neighbours
#
# In a standard queue the neighbours get by. In a FIFO queue there is an order to be kept. Two customers, each a message
# group, and the first order of one of them is bad:

# %%
fifo = sqs.create_queue(
    QueueName=lab.name("orders.fifo"), Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
)["QueueUrl"]

# %%
for group, order in [("ana", "1: nothing"), ("ana", "2: address Rivera 12"), ("leo", "3: address Soca 3")]:
    sqs.send_message(QueueUrl=fifo, MessageBody=order, MessageGroupId=group)

# %% [markdown]
# **Predict:** a consumer takes one message at a time, and deletes what it can print. Which of the three does it get, if it
# asks three times in a row?

# %%
for _ in range(3):
    received = sqs.receive_message(QueueUrl=fifo).get("Messages", [])
    print([message["Body"] for message in received])
    if received and "address" in received[0]["Body"]:
        sqs.delete_message(QueueUrl=fifo, ReceiptHandle=received[0]["ReceiptHandle"])

# %% [markdown]
# The third time it got nothing, with a good order in the queue. And a minute later?

# %%
lab.wait(minutes=1)
[message["Body"] for message in sqs.receive_message(QueueUrl=fifo).get("Messages", [])]

# %% [markdown]
# The bad one again. Leo got his label. Ana's second order is perfectly good, and waits behind her first: one bad message
# blocks its group.
#
# ## A queue for dead letters
#
# A *dead-letter queue* (DLQ) is an ordinary queue, made by you. What makes it one is the *redrive policy* of another queue: how
# often a message may be received there, and where it goes then.

# %%
dead = sqs.create_queue(QueueName=lab.name("dead-orders"))["QueueUrl"]


# %%
def arn(queue_url):
    return sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


# %%
import json

policy = json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": 3})
new_orders = sqs.create_queue(QueueName=lab.name("new-orders"), Attributes={"RedrivePolicy": policy})["QueueUrl"]

# %%
from labkit import life_lines

record = life_lines.record(lab, sqs)
_ = sqs.send_message(QueueUrl=new_orders, MessageBody="2: nothing")


# %%
def waiting(*queues):
    name = "ApproximateNumberOfMessages"
    found = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name] for url in queues]
    return [int(number) for number in found]


# %% [markdown]
# Three receives are allowed, so three times it fails. **Predict:** where is the message a minute after the third failure:
# still in the queue, or in the dead-letter queue?

# %%
for _ in range(3):
    print(consume(new_orders))
    lab.wait(minutes=1)

# %%
waiting(new_orders, dead)

# %% [markdown]
# Still in the queue. SQS does not know that anything failed; it knows only that the message was received three times and
# is still there. Now somebody asks again:

# %%
consume(new_orders), waiting(new_orders, dead)

# %% [markdown]
# There: the receive *after* the last one moved it, and came back with nothing. Had nobody asked, nothing would have moved,
# and a queue without consumers has no dead letters. A minute later we look into the dead-letter queue, and draw the life of
# the message:

# %%
lab.wait(minutes=1)
letter = sqs.receive_message(QueueUrl=dead, MessageSystemAttributeNames=["All"])["Messages"][0]

# %%
from labkit.plots.life_lines import draw

draw(record.lines())

# %% [markdown]
# Three flights, then the move (the triangle), and our look as a fourth one. It is the same message, with the same id; it
# says where it comes from, and its count goes on:

# %%
record.lines()[0].message_id == letter["MessageId"]

# %%
came_from = letter["Attributes"]["DeadLetterQueueSourceArn"]
came_from.split(":")[-1], letter["Attributes"]["ApproximateReceiveCount"]

# %% [markdown]
# ## Looking counts
#
# A colleague wants to know what waits in the queue. The order is perfectly good; she only looks, and gives it back at once
# with a visibility timeout of 0. **Predict:** how often can she do that?

# %%
_ = sqs.send_message(QueueUrl=new_orders, MessageBody="4: address Yi 7")

# %%
for _ in range(4):
    looked = sqs.receive_message(QueueUrl=new_orders, VisibilityTimeout=0).get("Messages", [])
    print([message["Body"] for message in looked], waiting(new_orders, dead))

# %% [markdown]
# Three times. Her fourth look threw it out. A look is a receive, also in the AWS console, where one presses *Poll for
# messages*. So `maxReceiveCount` is not the number of failures; every receive uses up one, that of a consumer which died,
# or was slow, too. With 1, the first hiccup of a good message is its last.
#
# ## Which queue may serve whom
#
# **Predict:** may the dead letters of a FIFO queue go to a standard queue?

# %%
from botocore.exceptions import ClientError


def try_policy(queue_url, target):
    policy = json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 3})
    try:
        sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": policy})
        return "done"
    except ClientError as error:
        return error.response["Error"]["Message"].partition("Reason: ")[2]


# %%
for queue_url, target in [(fifo, arn(dead)), (orders, arn(dead) + "-which-is-not-there"), (orders, arn(dead))]:
    print(try_policy(queue_url, target))

# %% [markdown]
# The same type, and it must be there: in the same account and Region. One dead-letter queue may serve several queues, as
# this one does now. And its owner may say who, with a *redrive allow policy* on the dead-letter queue itself:

# %%
allow = {"redrivePermission": "byQueue", "sourceQueueArns": [arn(new_orders)]}
_ = sqs.set_queue_attributes(QueueUrl=dead, Attributes={"RedriveAllowPolicy": json.dumps(allow)})
for queue_url in (orders, new_orders):
    print(try_policy(queue_url, arn(dead)))

# %% [markdown]
# `denyAll` lets nobody, and `allowAll` anybody, which is how it was before.
#
# ## The message that dies in the dead-letter queue
#
# Retention is how long a queue keeps what nobody deletes. Here: two days in the queue, three in the dead-letter queue. An
# order fails in its last hour in the queue. **Predict:** for how many hours can we find it in the dead-letter queue?


# %%
def make_pair(name, days, dead_days, **fifo):
    ending = ".fifo" if fifo else ""
    keep = {"MessageRetentionPeriod": str(dead_days * 86400), **fifo}
    dead = sqs.create_queue(QueueName=lab.name(f"dead-{name}{ending}"), Attributes=keep)["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": 1})
    keep = {"MessageRetentionPeriod": str(days * 86400), "RedrivePolicy": policy, **fifo}
    return sqs.create_queue(QueueName=lab.name(name + ending), Attributes=keep)["QueueUrl"], dead


# %%
def hours_in(queue, dead):
    lab.wait(hours=47)
    for _ in range(2):  # one is allowed, the second one moves it
        sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)
    hours = 0
    while waiting(dead) == [1]:
        lab.wait(hours=1)
        hours += 1
    return hours


# %%
standard_pair = make_pair("letters", 2, 3)
_ = sqs.send_message(QueueUrl=standard_pair[0], MessageBody="2: nothing")
hours_in(*standard_pair)

# %%
fifo_pair = make_pair("letters", 2, 3, FifoQueue="true", ContentBasedDeduplication="true")
_ = sqs.send_message(QueueUrl=fifo_pair[0], MessageBody="2: nothing", MessageGroupId="ana")
hours_in(*fifo_pair)

# %% [markdown]
# From a **standard** queue the message brings its age with it: 47 hours of its three days were used up, and 25 were left.
# In a **FIFO** queue its time begins anew, all 72 hours of it. So a dead-letter queue keeps its messages longer than the
# queue that it serves, best for the longest that there is, 14 days: a weekend, and somebody's holiday, must fit into it.
#
# ## To be told
#
# Nobody looks into a dead-letter queue of their own accord. An alarm on its *depth* should ring at the first message. Here
# is one, and beside it the wrong one, on how many were *sent* there:

# %%
cloudwatch = boto3.client("cloudwatch")


# %%
def watch(metric):
    cloudwatch.put_metric_alarm(
        AlarmName=lab.name(metric),
        Namespace="AWS/SQS",
        MetricName=metric,
        Dimensions=[{"Name": "QueueName", "Value": dead.rpartition("/")[2]}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )


# %%
metrics = ["ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"]
for metric in metrics:
    watch(metric)

# %% [markdown]
# We empty the dead-letter queue, and one more order dies. **Predict:** which of the two alarms rings?

# %%
sqs.purge_queue(QueueUrl=dead)
lab.wait(minutes=10)


# %%
def states():
    found = cloudwatch.describe_alarms(AlarmNames=[lab.name(metric) for metric in metrics])["MetricAlarms"]
    return {alarm["MetricName"]: alarm["StateValue"] for alarm in found}


# %%
states()

# %%
_ = sqs.send_message(QueueUrl=new_orders, MessageBody="5: nothing")
for _ in range(4):
    sqs.receive_message(QueueUrl=new_orders, VisibilityTimeout=0)
lab.wait(minutes=5)
states()

# %% [markdown]
# The depth rings. The other stays quiet: a message that SQS moves is not *sent*, and is not counted there. (On AWS the
# numbers of a queue reach CloudWatch with a delay of minutes, and so does the alarm.)
#
# ## Exercise 4.1: a pair of queues
#
# Both of a FIFO queue's names end in `.fifo`.


# %% tags=["exercise"]
def make_queues(name, tries, fifo=False):
    """Make a queue `name` and its dead-letter queue; return their URLs, in this order.

    After `tries` receives the next one moves a message. Nothing that dies may be lost before seven days have passed in
    the dead-letter queue, and the queue itself keeps a message for four days. Only this queue may use the dead-letter
    queue. With `fifo` both are FIFO queues, which tell duplicates by their content.
    """
    ...


# %%
from labkit.checks import check

check("4.1", make_queues)

# %% [markdown]
# ## Repair, and send back
#
# Now we can find out what is wrong. `labkit` has a viewer: it receives, shows, and gives back at once.

# %%
from labkit.dead_letters import DeadLetters
from labkit.widgets.dead_letters import DeadLetterViewer

sent = sqs.send_message(QueueUrl=new_orders, MessageBody="6: nothing")
for _ in range(4):
    sqs.receive_message(QueueUrl=new_orders, VisibilityTimeout=0)

# %%
DeadLetterViewer(DeadLetters(sqs, dead))

# %% [markdown]
# Its buttons send one back, or all; but the cells below want them all to be there. (If you ran all cells at once, the last
# one has removed the queue. Run the cells down to here, and the buttons work.)
#
# Both lack an address, and the printer could just as well print "to be collected". We repair the *consumer*: a move does
# not change a message, so it would fail again with the old one.


# %%
def print_label(order):
    return order if "address" in order else f"{order}, to be collected"


# %% [markdown]
# Then we have SQS take them back to where they came from, one a second, so that we can watch. This is a *move task*; it
# tells its status and how many it has moved. Beside that, how many wait in the dead-letter queue, and in the queue:

# %%
_ = sqs.start_message_move_task(SourceArn=arn(dead), MaxNumberOfMessagesPerSecond=1)


# %%
def progress():
    found = sqs.list_message_move_tasks(SourceArn=arn(dead))["Results"][0]
    return found["Status"], found["ApproximateNumberOfMessagesMoved"]


# %%
for _ in range(3):
    print(progress(), waiting(dead, new_orders))
    lab.wait(seconds=1)

# %% [markdown]
# **Predict:** will the consumer receive them for the fourth time, or for the first?

# %%
moved = sqs.receive_message(
    QueueUrl=new_orders, MaxNumberOfMessages=10, MessageSystemAttributeNames=["ApproximateReceiveCount"]
).get("Messages", [])
[(message["Body"], message["Attributes"]["ApproximateReceiveCount"]) for message in moved]

# %% [markdown]
# For the first: what comes back is a *new* message, with a new count and a retention of its own. Here is the id that the
# last order had when it was sent, and had still in the viewer. And the ids that came back:

# %%
sent["MessageId"], [message["MessageId"] for message in moved]

# %% [markdown]
# New ids, too. Whoever noted the old one will not find it again; an id of your own, in the body, stays.

# %%
for message in moved:
    print_label(message["Body"])
    sqs.delete_message(QueueUrl=new_orders, ReceiptHandle=message["ReceiptHandle"])

# %% [markdown]
# A move task takes all or nothing: it cannot choose or change. To send back only some, one does it by hand.
#
# ## Exercise 4.2: send back what was repaired


# %% tags=["exercise"]
def send_back(dead_letter_url, queue_url, is_repaired):
    """Send back to the queue each dead letter for whose body `is_repaired(body)` is true. Return a list of these bodies.

    The others stay, and can be received again at once. A message that goes back keeps its body and its message
    attributes. There may be more than ten. Nothing is lost if your program dies.
    """
    ...


# %%
check("4.2", send_back)

# %% [markdown]
# ## Who writes `fail`?
#
# In 07 the consumer writes `fail`, with the reason, and deletes. But a consumer that is killed by its message, each time,
# never gets to that; then the message arrives here, and the table says `pending`. So a second consumer reads the
# dead-letter queue, and closes the books.
#
# ## Exercise 4.3: close the books
#
# The table is that of 07: its key is `id`, its attribute `state` is `pending`, `complete` or `fail`, and a body is JSON with
# `id` and `text`. Make one to try your function, if you like; the check brings its own.


# %% tags=["exercise"]
def close_books(dead_letter_url, table_name):
    """Receive up to ten dead letters. For each write `fail` into the table, with a `reason`, and delete it.

    The reason says how often the message was received. Only what is `pending` becomes `fail`. A letter that cannot be
    read, or that the table does not know, stays in the dead-letter queue for people to look at. Return a list of the
    ids that became `fail`.
    """
    ...


# %%
dynamodb = boto3.client("dynamodb")
check("4.3", close_books)

# %% [markdown]
# ## When not to have one
#
# Ana's orders again, this time with a dead-letter queue for what fails once.

# %%
ana, ana_dead = make_pair("ana", 4, 14, FifoQueue="true", ContentBasedDeduplication="true")
for order in ["1: open an account", "2: pay in 100", "3: pay out 50"]:
    sqs.send_message(QueueUrl=ana, MessageBody=order, MessageGroupId="ana")

# %% [markdown]
# The second one fails. **Predict:** does the third wait for it?

# %%
for _ in range(3):
    for message in sqs.receive_message(QueueUrl=ana).get("Messages", []):
        print(message["Body"])
        if not message["Body"].startswith("2"):
            sqs.delete_message(QueueUrl=ana, ReceiptHandle=message["ReceiptHandle"])
    lab.wait(minutes=1)
waiting(ana, ana_dead)

# %% [markdown]
# It does not. The payment out is done, and the payment in lies in the dead-letter queue. If it comes back, it comes after
# the third: where the exact order must never break, a FIFO queue should have no dead-letter queue, and somebody has to
# come when it blocks.
#
# > In the lecture's list of a queue's settings stand *canal* and *canalizaciones de Dead Letter*. These seem to be two of
# > the console's tabs: the dead-letter queue, which you have just built, and *EventBridge Pipes*, which carries messages
# > from a queue on to other services, and is another matter.

# %% [markdown]
# ## On real AWS
#
# > What differs there:
# >
# > - **It costs** less than a cent: some 130 requests, of a million that are free each month, and two alarms for a few
# >   minutes.
# > - **There `lab.wait` really waits**, and refuses the hours and days of the part on retention: leave that one out. The
# >   alarms take some minutes.
# > - **Numbers lag.** Waiting messages are counted approximately, CloudWatch shows them minutes later.
# > - **A queue that was just changed** may take up to a minute to behave so everywhere.
# > - **A refusal** may come in other words.
# > - **A look may miss some**, since a short poll asks only some of the servers.
# > - **A purge** takes up to a minute, and a queue can be purged once in a minute.

# %% [markdown]
# ## What we saw
#
# - Nothing gives up on a message by itself: without a redrive policy it goes round until its retention is over, and in a
#   FIFO queue it blocks its group.
# - It moves at the receive *after* the last one allowed. Failures are not counted; receives are, and looking is one.
# - A dead-letter queue is of the same type. From a standard queue a message brings its age, so keep it there for longer.
# - Alarm on depth. What SQS moves is not counted as sent.
# - Repair first, then move back; what comes back is a new message.
# - A dead-letter queue writes nothing into your table, and costs a FIFO queue its order.
#
# Next: one event for several queues, in [05](05_topics_with_sns.ipynb).
#
# **Further reading:** Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS" and "Learn how to configure a
# dead-letter queue redrive in Amazon SQS" · Amazon SQS API Reference, `SetQueueAttributes` and `StartMessageMoveTask`.

# %%
lab.tear_down()
