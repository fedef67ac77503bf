# %% [markdown]
# # How does one event reach three queues?
#
# A user signs up. Billing, the newsletter and the statistics all want to know.
#
# **You will** give three workers one queue, then a queue each behind a topic; route companies and users in two ways; and
# look for messages that never arrived.
#
# **Afterwards you can** connect a queue to a topic so that messages really arrive, filter on attributes or the body, and
# say what becomes of a message that SNS cannot deliver.
#
# **You need** [04](04_dead_letter_queues.ipynb) (dead-letter queues) and 75 minutes: 35 to read and run, 40 for the
# exercises.

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# ## One queue, three workers

# %%
import boto3

sqs = boto3.client("sqs")
sns = boto3.client("sns")


# %%
def make_queue(name, **attributes):
    return sqs.create_queue(QueueName=lab.name(name), Attributes=attributes)["QueueUrl"]


def arn(queue_url):
    return sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


# %% [markdown]
# On real AWS `lab.name` puts a prefix of yours before a name; here it is the name itself. Now one event, and three workers
# who ask in turn.
#
# **Predict:** how many of them get it?


# %%
def take(queue_url):
    """The bodies of all that waits; it is deleted."""
    bodies = []
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


# %%
workers = ["billing", "newsletter", "statistics"]
work = make_queue("work")
_ = sqs.send_message(QueueUrl=work, MessageBody="Ana signed up")
shared = {worker: take(work) for worker in workers}
shared

# %% [markdown]
# One. A queue shares work out: each message is for one consumer, whoever comes first.
#
# ## One topic, three queues
#
# A *topic* does the opposite: each of its *subscriptions* gets a copy.

# %%
topic = sns.create_topic(Name=lab.name("sign-ups"))["TopicArn"]
queues = {worker: make_queue(worker) for worker in workers}
for url in queues.values():
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn(url))

# %% [markdown]
# **Predict:** how many copies are there now?

# %%
_ = sns.publish(TopicArn=topic, Message="Ana signed up")
{name: take(url) for name, url in queues.items()}

# %% [markdown]
# None, and no call failed. `publish` says that SNS took the message, not that anybody got it. Where is it? Three places
# to look, in this order. Is each queue subscribed?

# %%
subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
sorted(subscription["Endpoint"].rpartition(":")[2] for subscription in subscriptions)

# %% [markdown]
# Yes, all three. What became of the message? A topic counts; CloudWatch keeps its counts, the topic's *metrics*, and has
# them some minutes later.

# %%
from datetime import timedelta

cloudwatch = boto3.client("cloudwatch")


def counted(topic_arn, metric):
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName=metric,
        Dimensions=[{"Name": "TopicName", "Value": topic_arn.rpartition(":")[2]}],
        StartTime=lab.now() - timedelta(minutes=15),
        EndTime=lab.now(),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return int(sum(point["Sum"] for point in points))


# %%
lab.wait(minutes=2)
metrics = ["NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"]
{metric: counted(topic, metric) for metric in metrics}

# %% [markdown]
# One message came, and all three copies failed. The third place is where they were to go: may the topic send to the queue?

# %%
"Policy" in sqs.get_queue_attributes(QueueUrl=queues["billing"], AttributeNames=["All"])["Attributes"]

# %% [markdown]
# The queue has no *policy*. It lets other services in only if its policy says so: here SNS, for this one topic.

# %%
import json


def let_in(queue_url, topic_arn):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn(queue_url),
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})


# %%
for url in queues.values():
    let_in(url, topic)
_ = sns.publish(TopicArn=topic, Message="Leo signed up")
arrived = {name: take(url) for name, url in queues.items()}


# %%
from labkit.plots.fan_out import draw_fan_out


def numbers(got):
    return {name: len(bodies) for name, bodies in got.items()}


draw_fan_out({"queue work": numbers(shared), "topic sign-ups": numbers(arrived)})

# %% [markdown]
# On the left one message for three workers, on the right three copies of Leo's. Ana is lost: a standard topic keeps nothing
# for later.
#
# > The lecture says that SNS comes before SQS. `work` above had no topic, and needed none. A topic *pushes* a copy to each
# > subscriber; a queue keeps a message until a consumer *pulls* it. To put a topic in front of queues is one pattern,
# > called *fan-out*.
#
# ## The envelope
#
# **Predict:** is the body of a copy `Leo signed up`?

# %%
envelope = json.loads(arrived["billing"][0])
sorted(envelope)

# %%
envelope["Type"], envelope["Message"]

# %% [markdown]
# No: it is JSON, and the message is one text in it. With *raw message delivery* a subscription leaves this envelope out:


# %%
def subscribe_raw(topic_arn, queue_url, **attributes):
    let_in(queue_url, topic_arn)
    return sns.subscribe(
        TopicArn=topic_arn,
        Protocol="sqs",
        Endpoint=arn(queue_url),
        Attributes={"RawMessageDelivery": "true", **attributes},
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]


# %%
raw = make_queue("raw")
subscribe_raw(topic, raw)
_ = sns.publish(TopicArn=topic, Message="Yi signed up")
take(raw)

# %% [markdown]
# A consumer may get both, for example when a subscription is changed while messages wait in its queue.
#
# ## Exercise 5.1: read an event


# %% tags=["exercise"]
def read_event(body):
    """The event in a message's body, as a dict, whether it is raw or in SNS's envelope.

    An event is a JSON object with a `kind`. An envelope's `Type` is "Notification". For all else: None.
    """
    ...


# %%
from labkit.checks import check

check("5.1", read_event)

# %% [markdown]
# ## A second topic for the same queue
#
# **Predict:** `raw` is connected to another topic too. What comes from the first one now?

# %%
payments = sns.create_topic(Name=lab.name("payments"))["TopicArn"]
_ = subscribe_raw(payments, raw)

# %%
_ = sns.publish(TopicArn=topic, Message="Mia signed up")
_ = sns.publish(TopicArn=payments, Message="Mia paid")
take(raw)

# %% [markdown]
# Nothing. A queue has one policy, and `let_in` writes a whole one: the new statement took the place of the old. Both
# subscriptions are still there, and again no call failed.
#
# ## Exercise 5.2: connect a queue
#
# Do better than `let_in`. `json.loads` makes a dict of a policy; a queue that has none has no attribute `Policy`. Any
# statement may be in it, also one that denies. The lesson goes on with `let_in` and `subscribe_raw`: leave them as they are.


# %% tags=["exercise"]
def connect(topic_arn, queue_url):
    """Subscribe a queue to a topic, so that what is published arrives raw. Returns the subscription's ARN.

    Its policy lets this topic send, and whom it let send before; what it denied stays denied.
    A second call for the same topic and queue changes nothing.
    """
    ...


# %%
check("5.2", connect)

# %% [markdown]
# ## Companies here, users there
#
# > The lecture says: what is published to a topic goes through a queue, and "a certain queue consumes it"; all about
# > companies goes to one queue, all about users to another. SNS can do that in two ways: by two topics, or by one topic and
# > filter policies. (A queue consumes nothing; its consumers do.)
#
# The first way is two topics, and the publisher chooses.

# %%
kinds = ["company", "user"]
topics = {kind: sns.create_topic(Name=lab.name(f"{kind}-events"))["TopicArn"] for kind in kinds}
by_topic = {kind: make_queue(f"{kind}-by-topic") for kind in kinds}
for kind in kinds:
    subscribe_raw(topics[kind], by_topic[kind])

# %%
_ = sns.publish(TopicArn=topics["company"], Message="Soca Ltd founded")
{kind: take(url) for kind, url in by_topic.items()}

# %% [markdown]
# The second is one topic and a *filter policy* for each subscription: on the message's attributes, or on its body.

# %%
events = sns.create_topic(Name=lab.name("events"))["TopicArn"]
filtered = {"everything": make_queue("everything")}
_ = subscribe_raw(events, filtered["everything"])

# %%
for scope in ["MessageAttributes", "MessageBody"]:
    for kind in kinds:
        url = make_queue(f"{kind}-{scope}")
        subscribe_raw(events, url, FilterPolicy=json.dumps({"kind": [kind]}), FilterPolicyScope=scope)
        filtered[f"{kind} by {scope}"] = url

# %% [markdown]
# The events are from a file, and a few of them are malformed. A careless publisher looks for the word "company", and says
# in the attributes that all others are users.

# %%
from itertools import islice

with open("../data/events.jsonl", encoding="utf-8") as file:
    lines = [line.strip() for line in islice(file, 60)]
lines[0]


# %%
def kind_of(line):
    return "company" if '"company"' in line else "user"


def entry(number, line):
    attributes = {"kind": {"DataType": "String", "StringValue": kind_of(line)}}
    return {"Id": str(number), "Message": line, "MessageAttributes": attributes}


# %% [markdown]
# **Predict:** which queues get the malformed ones?

# %%
for start in range(0, len(lines), 10):
    batch = [entry(number, line) for number, line in enumerate(lines[start : start + 10])]
    sns.publish_batch(TopicArn=events, PublishBatchRequestEntries=batch)

# %%
from labkit.plots.deliveries import draw_deliveries

got = {name: take(url) for name, url in filtered.items()}
draw_deliveries(numbers(got))

# %%
sorted(body for body in got["user by MessageAttributes"] if body not in got["user by MessageBody"])

# %% [markdown]
# A filter on attributes believes what the publisher says. A filter on the body reads it, and lets nothing through that is
# no JSON object. Without a policy everything comes. Each filter makes its own choice, so one event may go to several queues,
# or to none. That is no failure, but the topic counts it:

# %%
lab.wait(minutes=2)
counted(events, "NumberOfNotificationsFilteredOut")

# %% [markdown]
# Five subscriptions, 60 events: of 300 copies 123 were filtered out, and the 177 in the figure arrived. Which way to choose?
#
# | | two topics | one topic, filter policies |
# | --- | --- | --- |
# | who decides where an event goes | the publisher | each subscriber, by its policy |
# | somebody wants both kinds | subscribes to both topics | subscribes without a policy |
# | somebody wants only big companies | a third topic, or a filter as well | a policy of its own |
# | a third kind of event | a new topic, and the publisher has to know it | the publisher changes nothing |
# | who may publish, who may subscribe | can differ from kind to kind | the same for all |
#
# Where different people own the kinds, or must not read each other's, take a topic for each. Where one stream of events has
# many readers, take filters.
#
# ## Exercise 5.3: route by rules
#
# In a policy all keys must match, each by one of its values. Besides texts a value may be a rule:
# `{"anything-but": ["x"]}`, `{"numeric": [">", 5]}`.


# %% tags=["exercise"]
def route(topic_arn, queues):
    """Subscribe each queue, a URL by its name, to the topic, so that it gets only what its rule says.

    companies: events of kind company. big_companies: of companies with 100 employees or more.
    new_users: of kind user, with the event created. not_closed: all whose event is not closed.
    The events' values are in the body; the queues let the topic in already.
    """
    ...


# %%
check("5.3", route)

# %% [markdown]
# ## What cannot be delivered
#
# `closed` has no policy, like the queues at the start. But its subscription has a dead-letter queue of its own, to which the
# topic may send.

# %%
closed, dead = make_queue("closed"), make_queue("dead-deliveries")
let_in(dead, topic)
settings = {"RawMessageDelivery": "true", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn(dead)})}
_ = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn(closed), Attributes=settings)

# %%
_ = sns.publish(TopicArn=topic, Message="Eva signed up")
take(closed), take(dead)

# %% [markdown]
# Had there been one at the start, Ana would not be lost. SNS does not retry where a permission is missing: the mistake is
# ours. It does when a queue does not answer: 100,015 times in 23 days. Then the message is gone, unless there is such a
# queue. It belongs to the *subscription*, where that of 04 belongs to a queue: this one holds what never arrived, that one
# what nobody could process.
#
# ## In order: FIFO topics
#
# **Predict:** may a FIFO queue subscribe to our standard topic?

# %%
from botocore.exceptions import ClientError

fifo = make_queue("ordered.fifo", FifoQueue="true")


def try_to_subscribe(topic_arn, protocol, endpoint):
    try:
        sns.subscribe(TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint)
        return "done"
    except ClientError as error:
        return error.response["Error"]["Message"]


# %%
try_to_subscribe(topic, "sqs", arn(fifo))

# %% [markdown]
# It may not: a standard topic promises no order. A FIFO topic does, within each message group.

# %%
settings = {"FifoTopic": "true", "ContentBasedDeduplication": "true"}
fifo_topic = sns.create_topic(Name=lab.name("ordered.fifo"), Attributes=settings)["TopicArn"]
_ = subscribe_raw(fifo_topic, fifo)

# %%
for message in ["1: signed up", "2: paid", "2: paid", "3: left"]:
    sns.publish(TopicArn=fifo_topic, Message=message, MessageGroupId="ana")
take(fifo)

# %% [markdown]
# In order, and the duplicate is gone. (Run the cell again, and nothing comes: for five minutes all four are duplicates.)
# A FIFO topic takes only queues:

# %%
try_to_subscribe(fifo_topic, "email", "ana@example.com")

# %% [markdown]
# A standard topic takes e-mail addresses and web addresses too, and waits until their owner confirms:

# %%
sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ana@example.com")["SubscriptionArn"]

# %% [markdown]
# Here it stays pending for ever: nothing leaves this machine.
#
# ## What it costs

# %%
from labkit import pricing

pricing.price_table("sns_publish", "sqs_standard")

# %%
pricing.in_dollars(pricing.cost("sns_publish", 10_000_000))

# %% [markdown]
# Ten million publishes of up to 64 KB each. Deliveries to queues and filters on attributes are free, and filters on the
# body cost $0.09 for each GB (third parties' figures of September 2026). What the queues do afterwards is SQS's price of 02.

# %% [markdown]
# ## On real AWS
#
# > - **It costs** less than a cent: 71 messages in 17 publish requests, and a few hundred requests to queues.
# > - **Deliveries take a moment**: a queue that is asked at once may still be empty. Ask again before you search for a mistake.
# > - **Metrics come late**, by some minutes. An alarm on `NumberOfNotificationsFailed` can look in your place.
# > - **Why a delivery failed** is in CloudWatch Logs, if the topic is given a role to write there
# >   (`SQSFailureFeedbackRoleArn`). The embedded AWS writes no such logs.
# > - **A queue's new policy** may take up to 60 seconds to be used everywhere. Wait before you publish to it.
# > - **A filter policy that was changed** may take up to 15 minutes to be used everywhere.
# > - **An e-mail is really sent** to the address that subscribes: put in your own.

# %% [markdown]
# ## What we saw
#
# - Three workers on one queue share one copy; three queues behind a topic get three.
# - SNS is not a step before SQS: a queue works alone.
# - Subscribing is half. Without a queue policy nothing arrives, and no call fails; the topic's metrics tell.
# - A queue has one policy: to let in another topic, add a statement to it.
# - Two topics, or one with filter policies. Attributes say what the publisher says; the body says what is there.
# - A topic keeps nothing. A subscription's own dead-letter queue gets what cannot be delivered.
#
# Next: [06](06_dynamodb_keys.ipynb), where what becomes of things is kept.
#
# **Further reading:** Amazon SNS Developer Guide, "Fanout Amazon SNS notifications to Amazon SQS queues", "Amazon SNS message
# filtering", "Amazon SNS message delivery retries", "Amazon SNS dead-letter queues", "Monitoring Amazon SNS topics using
# CloudWatch" and "Configuring delivery status logging using the AWS SDKs".

# %%
lab.tear_down()
