# %% [markdown]
# # Start here
#
# This lab teaches message queues, tables and scaling on AWS by experiments that really run. They run on this computer:
# you need no AWS account, and nothing you do here costs money.
#
# **You will** run your first cells, let the lab check itself, and send a message through a queue and get it out again.
#
# **Afterwards you can** work through any notebook of the series, and know what to do when something does not run.
#
# **You need** 15 minutes.

# %% [markdown]
# ## Running a cell
#
# A notebook is made of cells. Click into the next one and press **Shift+Enter**: the cell runs, its result appears
# below it, and you are taken to the next cell. *Predict:* what will it say?

# %%
6 * 7

# %% [markdown]
# The value of a cell's last line is shown below it. Change the numbers and run it again: cells are there to be changed.
#
# - Cells build on those above them. Run them from the top.
# - A cell that has `[*]` beside it is still running. *Kernel → Interrupt Kernel* stops it.
# - When in doubt: *Kernel → Restart Kernel and Run All Cells…* starts this notebook afresh.

# %% [markdown]
# ## An AWS of your own
#
# Every notebook begins with this cell.

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# If that cell ended in `ModuleNotFoundError`, this notebook runs with another Python than the lab's: close JupyterLab,
# and type in the lab's folder `python lab.py`.
#
# You now have an AWS that runs on this computer, for this notebook alone. `boto3`, AWS's own library for Python, talks
# to it as it would to the real one; the lines that you write here are those that you would write there. What other
# credentials this computer may have, for a real account, stay out of reach from now on.

# %% [markdown]
# ## Is everything in place?
#
# Each line below should begin with ✔. One that begins with ✘ says what to type.

# %%
from labkit.setup_check import check_setup

check_setup(lab)

# %% [markdown]
# The lab also uses buttons. Run the next cell, and press what it shows.

# %%
from ipywidgets import Button

button = Button(description="Press me")
button.on_click(lambda pressed: setattr(pressed, "description", "It works"))
button

# %% [markdown]
# If you see `Button(description='Press me', …)` in words, buttons do not show here. You lose nothing: beside each button
# of the lab there is a cell that does the same.

# %% [markdown]
# ## Your first message
#
# A queue, a message sent to it, and a message received from it: three calls. What we make gets its name from `lab.name`:
# here it is the word itself; on real AWS, where others are too, a prefix of yours comes before it.

# %%
import boto3

sqs = boto3.client("sqs")
queue_url = sqs.create_queue(QueueName=lab.name("first"))["QueueUrl"]

# %%
sent = sqs.send_message(QueueUrl=queue_url, MessageBody="Hello, queue")
sent["ResponseMetadata"]["HTTPStatusCode"]

# %% [markdown]
# The `200` says that the queue has taken the message. Nobody has read it yet. *Predict:* what do we get when we ask twice?

# %%
first = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
second = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
[message["Body"] for message in first], second

# %% [markdown]
# The first call got the message, the second got nothing. The message is not gone, though: for thirty seconds the queue
# hides it from everybody, ourselves included, so that whoever received it can do the work in peace. We need not sit
# through those seconds. This AWS has a clock that can be moved:

# %%
lab.wait(seconds=31)
third = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
[message["Body"] for message in third]

# %% [markdown]
# There it is again. We never told the queue that the work was done, so it hands the message out once more. Why that is
# a good idea, and how to say "done", is where [07](07_pending_to_complete.ipynb) and
# [03](03_settings_and_monitoring.ipynb) begin.

# %% [markdown]
# ## The map
#
# Each notebook answers one question. Those with a link are ready; the others are being written, and 07 can be read
# without them.
#
# | | notebook | its question | minutes |
# | --- | --- | --- | --- |
# | 00 | Start here | Does everything work? | 15 |
# | 01 | [Credentials and STS](01_credentials_and_sts.ipynb) | Two values or three, and what happens when they expire? | 75 |
# | 02 | [Queue types](02_queue_types.ipynb) | Standard or FIFO: which order, how many copies? | 90 |
# | 03 | [Settings and monitoring](03_settings_and_monitoring.ipynb) | How long is a message mine, and how do I see a queue's health? | 90 |
# | 04 | [Dead-letter queues](04_dead_letter_queues.ipynb) | Where does a message go that nobody can process? | 75 |
# | 05 | [Topics with SNS](05_topics_with_sns.ipynb) | How does one event reach three queues? | 75 |
# | 06 | [DynamoDB keys](06_dynamodb_keys.ipynb) | Which questions can this table answer, and what does each cost? | 110 |
# | 07 | [From pending to complete](07_pending_to_complete.ipynb) | What became of my message? | 90 |
# | 08 | [Automatic processing](08_automatic_processing.ipynb) | Who processes when nobody presses the button? | 75 |
# | 09 | Ten instances, one queue | How many e-mails does the customer get? | 60 |
# | 10 | Load balancing | Which instance answers, and what if it is dead? | 45 |
# | 11 | Autoscaling and cost | How many instances, and who tells me the bill? | 60 |
# | 12 | The ticket sale at 10:00 | Does it stand the rush, and sell no seat twice? | 90 |

# %% [markdown]
# ## Your exercises
#
# Most notebooks have exercises: a function with its first lines, which you finish, and below it a cell that tries it at
# once. The answer says what holds, what does not, and what happened then. It tries more than one would think of: an empty
# queue, a crash between any two calls, another consumer at the same time.
#
# How far you are is kept on this computer, outside of the lab's folder, and shown here:

# %%
from labkit.checks import progress

progress()

# %% [markdown]
# To begin one anew: `from labkit.checks import reset`, then `reset("7.2")`.

# %% [markdown]
# ## If you know the lecture
#
# The lecture shows a project in JavaScript. This lab does the same things in Python, in one place:
#
# | in the lecture | here |
# | --- | --- |
# | clone the repository, Node 18 or 22, `npm install` in two folders | `python lab.py` |
# | the web page with its two buttons | the panel at the end of 07, with the same two buttons |
# | the back end in Node.js | the functions in 07, and `labkit/messages.py` |
# | `.env.test`, filled in with the three credentials | nothing to fill in; 01 says what the three are for |
# | queues and tables in an AWS account | the embedded AWS, called in the same way |
#
# > **Rules of the course, not of AWS.** The lecture speaks of *two instances at most, one of them paid*, and of a first
# > assignment that must be *one monolith*. Those are rules of its course. AWS does not know them, and yours may differ:
# > ask your teacher. A box like this one marks every such rule in the series.
#
# > **On an account of your own** the lecture's advice holds, in its order: first switch on multi-factor authentication
# > for the root user, which AWS requires by now for every type of account; then set an alarm on cost, before you try
# > anything else. The embedded AWS needs neither.

# %% [markdown]
# ## What we saw
#
# - `labkit.start()` gives an AWS for this notebook alone, and `boto3` talks to it.
# - Sending puts a message into the queue; receiving hides it for a while but does not remove it.
# - `lab.wait(...)` lets time pass without waiting.
#
# At its end a notebook removes what it made, and shows what that was. Run the cell below, then go on to
# [07: from pending to complete](07_pending_to_complete.ipynb).

# %%
lab.tear_down()
