# %% [markdown]
# # Who processes when nobody presses the button?
#
# In 07 a message was processed because somebody pressed a button. A real application has nobody who does. It asks the
# queue by itself; or the queue comes to it.
#
# **You will** write a program that asks every five seconds and count what that costs in a month; see a timer get in its own
# way; switch automatic processing on and off in a server that then refuses the button; run one program in two roles; and let
# a daemon push messages into a web application.
#
# **Afterwards you can** write a poller that neither overlaps itself nor loses anything when it stops, say when a worker that
# is pushed to may answer 200, and decide whether what you have built is still one application.
#
# **You need** 75 minutes and [07](07_pending_to_complete.ipynb). What a request costs is worked out in
# [02](02_queue_types.ipynb), what a visibility timeout is in [03](03_settings_and_monitoring.ipynb).

# %%
import labkit

lab = labkit.start()

# %%
import boto3

sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")

# %% [markdown]
# # 1 · Asking
#
# A program that asks the queue every so often is a *poller*. The lecture's asks every five seconds. It is three lines and a
# pause:

# %%
import time


def every_five_seconds(queue_url):
    while True:
        for message in sqs.receive_message(QueueUrl=queue_url).get("Messages", []):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        time.sleep(5)


# %% [markdown]
# It never ends, and it sleeps. So that we need not sleep with it, `watch` runs it against a queue in an AWS of its own in
# which sleeping moves the clock, and notes each time it asks. In the first minute three messages come, at these seconds:

# %%
from labkit.polling import watch

arrivals = (7, 31, 46)
short = watch(every_five_seconds, seconds=60, arrivals=arrivals)

# %% [markdown]
# **Predict:** how often did it ask in that minute, and how often in vain? How long did the longest message lie there?

# %%
from labkit.plots.polls import draw_polls

draw_polls({"every 5 seconds": short}, arrivals)

# %% [markdown]
# Twelve times, nine of them in vain, and each message lay until the next time.
#
# ## Waiting at the counter
#
# A *long poll* does not ask and go away. It asks and waits: the call returns when there is a message, or after the
# seconds in `WaitTimeSeconds`, at most 20. Then the program need not sleep at all.


# %%
def with_long_polls(queue_url):
    while True:
        received = sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=20)
        for message in received.get("Messages", []):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])


# %% [markdown]
# **Predict** the same three numbers for this one.

# %%
long = watch(with_long_polls, seconds=60, arrivals=arrivals)
draw_polls({"every 5 seconds": short, "long polls": long}, arrivals)

# %% [markdown]
# Five requests instead of twelve, and no message lay at all. (03 has one more reason: a short poll asks only some of the
# queue's servers and may miss what is there.)
#
# ## A month of asking
#
# A call that finds nothing is billed like any other. An hour at an empty queue:

# %%
hour = {
    "every 5 seconds": len(watch(every_five_seconds, seconds=3600)),
    "long polls": len(watch(with_long_polls, seconds=3600)),
}
hour

# %% [markdown]
# And ten copies of the program, each asking for itself? **Predict** the bill for a month in which no message comes. The
# first million requests of a month are free.

# %%
import pandas as pd

from labkit import pricing

rows = []
for how, polls in hour.items():
    for instances in (1, 10):
        month = polls * 24 * 30 * instances
        rows.append((how, instances, month, pricing.in_dollars(pricing.cost("sqs_standard", month))))
pd.DataFrame(rows, columns=["how", "instances", "requests in 30 days", "price"])

# %%
pricing.price_table("sqs_standard")[["price", "free each month", "who says so", "checked"]].T

# %% [markdown]
# Money for nothing, if not much of it: what counts more is that the cheaper way is also the faster one.
#
# > The lecture has the application ask *every five seconds*. Nothing is wrong with that, only a long poll is better in
# > everything that we measured. Below, "every five seconds" stays, because there it is the timer that we look at.

# %% [markdown]
# # 2 · A timer that gets in its own way
#
# So far the work took no time. Now each message asks for a report, and a report takes 18 seconds. The queue hides a message
# for 12, which somebody chose when reports were shorter.

# %%
reports = sqs.create_queue(QueueName=lab.name("reports"), Attributes={"VisibilityTimeout": "12"})["QueueUrl"]
_ = sqs.send_message(QueueUrl=reports, MessageBody="report 1")
_ = sqs.send_message(QueueUrl=reports, MessageBody="report 2")

# %% [markdown]
# One round of the poller takes one message, if there is one, writes the report, and deletes the message. While it writes,
# other things can go on in the program: that is what `async` and `await` are for. And we note when each round worked on
# what.

# %%
import asyncio

started = lab.now()


def second():
    return round((lab.now() - started).total_seconds())


# %%
async def one_round(noted):
    for message in sqs.receive_message(QueueUrl=reports).get("Messages", []):
        begin = second()
        await asyncio.sleep(18)
        sqs.delete_message(QueueUrl=reports, ReceiptHandle=message["ReceiptHandle"])
        noted.append((begin, second(), message["Body"]))


# %% [markdown]
# A timer that begins a round every five seconds, whatever has become of the one before:


# %%
async def begin_every_five_seconds(noted):
    async with asyncio.TaskGroup() as rounds:
        for _ in range(12):
            rounds.create_task(one_round(noted))
            await asyncio.sleep(5)


# %% [markdown]
# Two reports were asked for. **Predict:** how many are written?

# %%
from labkit import async_time

overlapping = []
async_time.run(lab, begin_every_five_seconds(overlapping))
len(overlapping)

# %% [markdown]
# (`async_time.run` runs such a program on AWS's clock: where all of it sleeps, time is moved.) Now with one word more: the
# timer *awaits* its round before it thinks of the next.


# %%
async def await_every_round(noted):
    while second() < 90:
        begin = second()
        await one_round(noted)
        await asyncio.sleep(max(0, begin + 5 - second()))


# %%
_ = sqs.send_message(QueueUrl=reports, MessageBody="report 1")
_ = sqs.send_message(QueueUrl=reports, MessageBody="report 2")
started = lab.now()
awaited = []
async_time.run(lab, await_every_round(awaited))
len(awaited)

# %%
from labkit.plots.rounds import draw_rounds

draw_rounds({"begun every 5 s": sorted(overlapping), "awaited": awaited})

# %% [markdown]
# (Rounds that found nothing are not drawn.) Above, the program got its own messages a second time: after 12 seconds they
# were visible again, a new round was there to take them, and nobody told it that another one was still writing. At times
# three rounds were at work. Below there is never more than one, so there is nobody to take what becomes visible.
#
# The cure has its limit. A *second program* would still have come after 12 seconds. Against that helps a visibility timeout
# that is longer than the work, and a claim as in 07. But a program should not need help against itself.
#
# > Whoever comes from JavaScript knows this timer as `setInterval`: it begins its function every so often, whether or not
# > the last one has ended. Node's own introduction to timers says so, and shows the cure.
#
# ## Exercise 8.1: a poller
#
# Threads stop each other with an *event*: `stopping.wait(5)` sleeps five seconds, or less, if meanwhile somebody calls
# `stopping.set()`; it returns whether somebody did. `stopping.is_set()` asks without sleeping.


# %% tags=["exercise"]
def poll(process, stopping, now):
    """Call `process()` at once and then every 5 seconds, counted from the start of one call to the start of the next,
    until `stopping`, a threading.Event, is set; then return.

    A call that takes longer than 5 seconds is followed by the next one at once. Two are never at work at the same time.
    An exception in `process()` ends that call and nothing else. `now()` returns seconds.
    """
    ...


# %%
from labkit.checks import check

check("8.1", poll)

# %% [markdown]
# # 3 · A switch, and a door that is really shut
#
# `labkit/messages/` holds the application of 07: it writes `pending` and sends, receives and claims (`processing`), works,
# writes `complete` or `fail`, and deletes. It gets a queue and a table.

# %%
from labkit.messages import Messages, create_table

queue_url = sqs.create_queue(QueueName=lab.name("messages"))["QueueUrl"]
table_name = lab.name("messages")
create_table(dynamodb, table_name)

# %%
import itertools

number = itertools.count(1)
app = Messages(sqs, dynamodb, queue_url, table_name, lab.now, lambda: f"m-{next(number)}")

# %% [markdown]
# Whether it asks by itself is set from outside, by an environment variable, so that the same program can run in both ways.
# `Automatic` reads it before each round. `run` lets time pass, by moving the clock:

# %%
import os

from labkit.automatic import Automatic

os.environ["PROCESS_AUTOMATICALLY"] = "off"
automatic = Automatic(app.process)

# %% [markdown]
# **Predict:** a message is sent, and a minute passes. What will have become of it? And in a second minute, with the variable
# on?

# %%
_ = app.send("two tickets")
automatic.run(lab, minutes=1)
automatic.rounds, app.counts()

# %%
os.environ["PROCESS_AUTOMATICALLY"] = "on"
automatic.run(lab, minutes=1)
automatic.rounds, app.counts()

# %% [markdown]
# (The two counts are: waiting, in flight.) No round, then twelve, and the queue is empty. The variable was changed between
# two rounds, so no message was half-way. `Automatic` sees to that also where rounds run in a thread: a round that has begun
# ends.
#
# And a slip of the pen? The text of the variable comes from a person.

# %%
try:
    Automatic(app.process, environ={"PROCESS_AUTOMATICALLY": "onn"})
except labkit.LabError as error:
    print(error)

# %% [markdown]
# Better a program that does not start than one that has guessed.
#
# ## The server refuses
#
# > The lecture: once the variable is on, the function that processes by hand *no longer runs*.
#
# How does one see to that? The page could hide its button. But the button is not the door. The application as a web server,
# in this notebook's own process:

# %%
from labkit.background import serve
from labkit.web import make_app

server = serve(make_app(app, automatic))

# %% [markdown]
# Each of its functions has an address; `POST /process` is the button's. Anybody can ask for it, with or without a page.
# **Predict:** with the variable on, what does the server answer?

# %%
import httpx

reply = httpx.post(f"{server.url}/process")
reply.status_code, reply.json()

# %% [markdown]
# *409 Conflict*: the request is in order, but not in the state in which the server is. The sentence says why. Off again, and
# the door is open:

# %%
os.environ["PROCESS_AUTOMATICALLY"] = "off"
_ = httpx.post(f"{server.url}/messages", json={"text": "one ticket"})
reply = httpx.post(f"{server.url}/process")
reply.status_code, [message["state"] for message in reply.json()]

# %% [markdown]
# We did not start the server anew. It reads the variable at each request.
#
# ## Exercise 8.2: the door


# %% tags=["exercise"]
def process_by_hand(process, environ):
    """What the server answers to POST /process: a status, and what goes with it.

    While processing is automatic: 409 and a sentence that names the variable; `process` is not called then. Else call
    `process()`, and answer 200 and what it returned.

    It is automatic if `environ`, such as os.environ, has PROCESS_AUTOMATICALLY as 1, true, yes or on, in small or
    capital letters. It is not if it is missing, empty, 0, false, no or off. With any other value: 500 and a sentence,
    and `process` is not called.
    """
    ...


# %%
check("8.2", process_by_hand)

# %% [markdown]
# # 4 · One program, several roles
#
# A server that also polls does two things. Must they be done by the same process? `labkit/service.py` is this application
# as a program of its own, and its role is set by the environment too: `web` serves, `worker` polls, `monolith` does both.
#
# We start the web process, and send it an order.

# %%
from labkit import service

web = service.start("web", queue_url, table_name)
sent = httpx.post(f"{web.url}/messages", json={"text": "three tickets"}).json()
sent["state"], app.counts()

# %% [markdown]
# Pending, and it stays so: nobody in that process polls. Now the same program once more, in the other role. These are real
# processes, so for once a moment really passes.

# %%
worker = service.start("worker", queue_url, table_name)
while app.find(sent["id"]).state != "complete":
    time.sleep(0.05)

# %% [markdown]
# **Predict:** whom does the table name as the one who did the work?

# %%
done = httpx.get(f"{web.url}/messages/{sent['id']}").json()
done["state"], done["owner"], len({os.getpid(), web.pid, worker.pid})

# %% [markdown]
# The worker did it, the web process tells us so, and with our notebook that makes three processes. They have no variable in
# common. What they know of each other is in the queue and in the table.
#
# Now both in one. We end the two, and before the third process comes up, another order is waiting.

# %%
worker.stop()
web.stop()
fourth = app.send("four tickets")

# %%
monolith = service.start("monolith", queue_url, table_name)
while app.find(fourth.id).state != "complete":
    time.sleep(0.05)

# %%
done = httpx.get(f"{monolith.url}/messages/{fourth.id}").json()
done["state"], done["owner"], httpx.post(f"{monolith.url}/process").status_code

# %%
monolith.stop()

# %% [markdown]
# It did the work, it tells us so, and it refuses the button. `stop` asked it to end and waited: a round that has begun is
# ended first. That is how the variable of a running server is changed in practice, too: from outside nobody can change the
# environment of a process, so one starts it anew with another.

# %% [markdown]
# # 5 · The queue comes to you
#
# There is a way not to ask at all. Elastic Beanstalk, AWS's service that runs web applications, knows two kinds of
# environment: *web server* and *worker*. On each machine of a worker environment runs a daemon, `aws-sqsd`. It asks the
# queue, and posts each message to the application, as if it were a browser on the same machine.
#
# > A student asks in the lecture for a *Beanstalk worker that sends messages to the queue*. It is the other way round: a
# > worker environment **receives**. Another remark there, *a worker has an Apache, a Tomcat*, mixes up two things: worker or
# > web server is one choice, the platform (Python, Node.js, Tomcat, …) another. In front of the application stands nginx;
# > on some platforms one may choose Apache.
#
# Our daemon, `labkit/sqsd.py`, does what AWS's documentation says of the real one. First, an application. It knows nothing
# of queues.

# %%
from fastapi import FastAPI, Request, Response

orders = FastAPI()
answers = {}
heard = []


# %%
@orders.post("/")
async def take(request: Request):
    heard.append(request.headers)
    order = await request.json()
    return Response(status_code=answers.get(order["text"], 200))


# %% [markdown]
# Then a queue, with a dead-letter queue behind it. Beanstalk makes both for you, and gives up after ten attempts
# (`MaxRetries`).

# %%
import json

dead_letters = sqs.create_queue(QueueName=lab.name("dead-letters"))["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=dead_letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "10"})
pushed = sqs.create_queue(QueueName=lab.name("pushed"), Attributes={"RedrivePolicy": policy})["QueueUrl"]

# %%
from labkit.sqsd import Daemon

address = serve(orders, "orders").url
daemon = Daemon(sqs, pushed, address, lab.now)


# %%
def send(text):
    sqs.send_message(QueueUrl=pushed, MessageBody=json.dumps({"id": text, "text": text}))


def push(daemon):
    table = pd.DataFrame(daemon.round())
    return table.assign(body=[json.loads(body)["text"] for body in table["body"]])


# %%
send("two tickets")
push(daemon)

# %% [markdown]
# One message, posted, answered with 200, and deleted. What the application should know about it beyond the body is in the
# headers:

# %%
for name in ("user-agent", "content-type", "x-aws-sqsd-queue", "x-aws-sqsd-receive-count"):
    print(f"{name}: {heard[-1][name]}")

# %% [markdown]
# Now the application answers other things. It fails: 500. It creates something: 201. It says *accepted, I will do it later*:
# 202. **Predict:** which of the three are done with?

# %%
answers.update({"broken": 500, "created": 201, "later": 202})
for text in answers:
    send(text)

# %%
push(daemon)

# %% [markdown]
# None. The daemon takes 200 for *done*, and anything else for *not done*; the message comes back after two seconds, the
# `ErrorVisibilityTimeout`. An application that answers 202 does its work and gets it again, ten times. And one that answers
# 200 first and works afterwards loses what it was doing when it dies: to the queue that message is done.
#
# From now on everything is answered with 200 again.

# %%
answers.clear()
lab.wait(seconds=2)
push(daemon)

# %% [markdown]
# ## Slow
#
# The daemon waits for an answer for 299 seconds, the `InactivityTimeout`. This order takes five minutes. **Predict:** how
# often will it be done?

# %%
written = []


@orders.post("/slow")
def take_five_minutes(order: dict):
    lab.wait(minutes=5)
    written.append(order["text"])


# %%
from labkit.sqsd import Settings

slow = Daemon(sqs, pushed, address, lab.now, Settings(http_path="/slow"))
send("a long report")
push(slow)

# %%
push(slow)

# %%
written

# %% [markdown]
# The daemon gave up one second before the answer, which was a 200. The message went back, and the work was done again; so it
# goes on until somebody raises the timeout or the ten attempts are over. Whoever is pushed to has to be quick, or has to recognise
# what is done already.
#
# ## Retries: the poller's and the daemon's
#
# Say that the table cannot be reached for a minute, and each attempt in that minute fails. A poller that lets a failed
# message lie sees it again when its visibility timeout is over, here after 30 seconds. The daemon sees it after two.
# **Predict:** where is the order after that minute, here and there?

# %%
_ = daemon.round()  # at the other address the long report is done at once
polled = sqs.create_queue(QueueName=lab.name("polled"), Attributes={"RedrivePolicy": policy})["QueueUrl"]
answers["one ticket"] = 500

# %%
send("one ticket")
_ = sqs.send_message(QueueUrl=polled, MessageBody="one ticket")

# %%
attempts = {"poller": 0, "daemon": 0}
for _ in range(30):
    attempts["poller"] += len(sqs.receive_message(QueueUrl=polled).get("Messages", []))
    attempts["daemon"] += len(daemon.round())
    lab.wait(seconds=2)
attempts


# %%
def where(queue_url):
    found = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])


{"polled": where(polled), "pushed": where(pushed), "dead letters": where(dead_letters)}

# %% [markdown]
# The daemon spent its ten attempts in twenty seconds and gave the order up, forty seconds before all was well again. The
# poller tried twice and still has it. Neither is wrong: but these are settings, and one has to know them.
#
# | | you poll | sqsd pushes |
# | --- | --- | --- |
# | who asks the queue | your loop | the daemon, on each instance |
# | *done* | `delete_message` | the answer 200, and no other |
# | *failed* | do nothing; back after the visibility timeout (30 s unless set) | any other answer; back after `ErrorVisibilityTimeout` (2 s) |
# | *no answer, died* | back after the visibility timeout | back after `InactivityTimeout` (299 s) or `VisibilityTimeout` (300 s) |
# | *given up* | your queue's `maxReceiveCount` | `MaxRetries` (10) |
# | at once | as you write it | `HttpConnections` (50) |
# | on your own computer | the same program | not there: it comes with Beanstalk |
#
# > The lecture: a worker is *much simpler, it hits your endpoint, you need not ask*; and, asking *is nothing complicated*.
# > Both hold. What you do not write you still have to know.
#
# ## Exercise 8.3: an endpoint for the daemon
#
# The daemon posts, you answer with a status. It posts at least once, so the same message may come again; and you may die at
# any line, and then there is no answer at all. The item is in the table already, `pending`.


# %% tags=["exercise"]
def answer(table_name, body, handle):
    """Do the work of one message that the daemon has posted, and return the HTTP status: 200 if and only if it is done.

    `body` is JSON text with `id` and `text`. Done means: `handle(text)` has returned and the item's state is
    `complete`. What is `complete` already is not handled again. If `handle` raises, or the body cannot be read,
    return a status that makes the daemon try again, and leave the table as it is.
    """
    ...


# %%
check("8.3", answer)

# %% [markdown]
# # 6 · Is it still a monolith?
#
# In part 4 one program ran as two processes. Was that still one application? The usual way of telling is not to count
# processes or machines, but to ask what is **built and deployed as one unit**:
#
# - A *monolith* is one: one code base, one build, one deployment, and as a rule one data model. It may run as ten processes on
#   ten machines; then it is a monolith that is scaled horizontally.
# - A *process type* is a way of running that unit: `web`, `worker`. The Twelve-Factor App has a chapter on it.
# - A *microservice* can be built and deployed without the others, and has its own data. If two programs can be deployed apart
#   but share their tables, they are two units, though hardly independent ones.
#
# > **A rule of the course, not of AWS.** For the first hand-in the course wants a monolith in a narrower sense: **one
# > program to start** for the whole backend. It may run in several instances. *If you have to start the worker and the API,
# > that is not a monolith*, even where both are the same code; two Node projects of which one listens and the other does
# > something else are not one either. What listens to the queue is a function inside the API. A microservice that only
# > listens is a good thing, in the second hand-in. When in doubt, ask your teacher.
#
# ## Exercise 8.4: six cases
#
# For each case: how many units is it by the usual criterion, `"one unit"` or `"several units"`? And is it a monolith by the
# course's rule, `"yes"` or `"no"`?
#
# - **a** An API that polls the queue in a thread of its own. One process.
# - **b** The same as a, as ten instances behind a load balancer.
# - **c** One code base, built and deployed together, started in two roles: a process that serves, another that polls.
# - **d** An API, and a Beanstalk worker environment from a repository of its own that is deployed on its own. Both use the
#   same table.
# - **e** An API, and a service from another team that does nothing but listen to a queue, with a table and deployments of its
#   own.
# - **f** The same as a, but the web server starts four processes of the same program on its one machine, to use four
#   processors. Each of them polls.

# %% tags=["exercise"]
six_cases = {
    "a": (..., ...),
    "b": (..., ...),
    "c": (..., ...),
    "d": (..., ...),
    "e": (..., ...),
    "f": (..., ...),
}

# %%
check("8.4", six_cases)

# %% [markdown]
# ## On real AWS
#
# > These cells are the ones that you would run there. What differs:
# >
# > - **It takes its time.** The minutes that we moved have to be waited for.
# > - **A short poll may find nothing although a message waits** (03). A long poll asks all of the queue's servers.
# > - **The daemon is there only on Beanstalk**, where it posts to port 80 of its own machine. What it does when the application
# >   refuses the connection AWS does not say; ours counts that as a failed attempt.
# > - **The console fills in another timeout.** The `InactivityTimeout` is 299 seconds unless set, and the console's form
# >   begins with 180.
# > - **Price.** This notebook makes some two hundred requests to SQS and fewer than a hundred to DynamoDB; without the free
# >   million, less than a tenth of a cent. A worker environment runs machines, and those cost by the hour. (`watch` asks
# >   a queue inside this notebook, there too.)

# %% [markdown]
# ## What we saw
#
# - Long polls asked a quarter as often as a timer of five seconds, and no message had to lie.
# - A timer that does not await its round begins the next beside it, and the program gets its own messages twice.
# - The door is shut by the server, with 409 and a reason; a hidden button shuts nothing.
# - One program ran as web, as worker and as both. Roles and settings came from the environment.
# - To sqsd only 200 means done, and it means so at once: work first, answer afterwards.
# - Ten attempts two seconds apart were used up in twenty seconds.
#
# One program asks now, by itself. In 09 ten of them ask the same queue.
#
# **Further reading:** Amazon SQS Developer Guide, "Amazon SQS short and long polling" · AWS Elastic Beanstalk Developer Guide,
# "Elastic Beanstalk worker environments", "General options for all environments" (aws:elasticbeanstalk:sqsd) and "Reverse
# proxy configuration" · The Twelve-Factor App, "III. Config" and "VIII. Concurrency" · J. Lewis and M. Fowler,
# "Microservices" (2014) · Node.js, "Discover JavaScript Timers".

# %% [markdown]
# Remove what we made so far:

# %%
lab.tear_down()

# %% [markdown]
# ## Now you, with and without a button
#
# The panel of 07 again, on a queue and a table of its own, and beside it a thread that does a round every five seconds while
# the variable is on.

# %%
panel_queue = sqs.create_queue(QueueName=lab.name("panel"))["QueueUrl"]
panel_table = lab.name("panel")
create_table(dynamodb, panel_table)

# %%
numbers = itertools.count(1)
shop = Messages(sqs, dynamodb, panel_queue, panel_table, lab.now, lambda: f"p-{next(numbers)}")
rounds = Automatic(shop.process).start()


# %%
def by_hand():
    return rounds.by_hand(shop.process)


# %%
from labkit.widgets import Panel

Panel(shop.send, by_hand, shop.find_page, shop.counts, automatic=lambda: rounds.is_on, switch=rounds.switch)

# %% [markdown]
# Send a message, and press **Process messages**. Then tick the box: the button goes off, and says why. Send another one and
# wait, five seconds at most. Untick the box while several messages wait: those of the round that has begun are done, the
# others wait for you.
#
# If there are no buttons above, these cells do the same.

# %%
_ = shop.send("five tickets")
[message.state for message in by_hand()]

# %%
rounds.switch(True)
try:
    by_hand()
except labkit.LabError as refused:
    print(refused)
rounds.switch(False)

# %% [markdown]
# This queue and this table stay, so that you can go on with the panel. The embedded AWS ends when you close the notebook,
# and they with it; on real AWS you would now run `lab.tear_down()` once more.
