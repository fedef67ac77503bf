# %% [markdown]
# # Two values or three?
#
# Your lab page gives you three strings to paste. A colleague has only two, and that program works. The next morning yours
# does not, and the error says something about a token. What is each of these strings for, how many do you need, and what
# do you do when they stop working?
#
# **You will** sign a request by hand and see it accepted, mix parts that do not belong together, let a session end in the
# middle of work, and read every refusal that you are likely to meet. At the end you find a secret that somebody left in
# a notebook.
#
# **Afterwards you can** say from a key's first four letters how many parts belong to it, tell from an error's code what
# is wrong, take up work where an expired token stopped it, and give a program the permissions it needs and no others.
#
# **You need** 75 minutes and [00](00_start_here.ipynb). There is a good place for a break, and it is marked.

# %%
import labkit

lab = labkit.start()

# %% [markdown]
# ## Who am I?
#
# Every call to AWS is made by somebody. One call says who that is. It belongs to STS, the *Security Token Service*.

# %%
import boto3

sts = boto3.client("sts")
me = sts.get_caller_identity()
me["Account"], me["Arn"]

# %% [markdown]
# In this account, the IAM user `student`. The call needs no permission, so it is the first thing to try whenever
# credentials are in doubt. We never said who we are, though. boto3 found an *access key* for us, and this is what it
# consists of:

# %%
own = boto3.Session().get_credentials()
own.access_key[:4], len(own.secret_key), own.token

# %% [markdown]
# An access key id, which begins with `AKIA`; a secret access key, of which we show the length and nothing else; and no
# token. Two parts.
#
# ## What travels
#
# **Predict:** which of the two is sent to AWS when we make a call? We listen to boto3 as it sends one.

# %%
sent = []
sts.meta.events.register("before-send.sts", lambda request, **_: sent.append(request))
_ = sts.get_caller_identity()

# %%
authorization = sent[0].headers["Authorization"].decode()
[part.partition("=")[0] for part in authorization.split()[1:]]

# %%
key_id, date, region, service, end = authorization.partition("Credential=")[2].split(",")[0].split("/")
key_id == own.access_key, region, service, end

# %%
everything_sent = str(dict(sent[0].headers)) + str(sent[0].body)
[name for name, part in (("id", own.access_key), ("secret", own.secret_key)) if part in everything_sent]

# %% [markdown]
# The id travels in clear, beside the date, the region and the service. The secret does not travel at all. What does is a
# *signature*: a number that only somebody who has the secret can work out. AWS has the secret too, looks it up by
# the id, works out the same number, and compares.
#
# ## A signature, by hand
#
# It is made with one tool, HMAC: it takes a key and a text and gives 32 bytes, from which neither can be worked out
# again.

# %%
from labkit.plots.signing import draw_signature

draw_signature(lab.region, "sts")


# %%
import hashlib
import hmac


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


# %%
def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for word in (date, region, service, "aws4_request"):
        key = hmac_sha256(key, word)
    return key


# %% [markdown]
# So a signing key is good for one day, one region and one service. Now the request: a form with the name of the operation,
# and three headers.

# %%
from datetime import UTC, datetime, timedelta

body = "Action=GetCallerIdentity&Version=2011-06-15"
now = datetime.now(UTC)
headers = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "host": sts.meta.endpoint_url.partition("//")[2],
    "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
}

# %% [markdown]
# AWS and we must sign the same text to the letter, so there is a rule for how a request is written down, the *canonical
# request*: method, path, query, headers in alphabetical order, an empty line, the headers' names, and the body's hash.

# %%
names = ";".join(headers)
lines = [f"{name}:{value}" for name, value in headers.items()]
body_hash = hashlib.sha256(body.encode()).hexdigest()
canonical = "\n".join(["POST", "/", "", *lines, "", names, body_hash])

# %% [markdown]
# What is signed in the end is a short text about it: which method, when, for which scope, and the hash of the above.

# %%
scope = f"{now:%Y%m%d}/{lab.region}/sts/aws4_request"
request_hash = hashlib.sha256(canonical.encode()).hexdigest()
to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, request_hash])

# %%
key = signing_key(own.secret_key, f"{now:%Y%m%d}", lab.region, "sts")
signature = hmac_sha256(key, to_sign).hex()
credential = f"Credential={own.access_key}/{scope}"
headers["authorization"] = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"

# %% [markdown]
# We send it without boto3. **Predict:** will AWS know us?

# %%
import httpx

answer = httpx.post(sts.meta.endpoint_url, content=body, headers=headers)
answer.status_code, f"<Arn>{me['Arn']}</Arn>" in answer.text

# %% [markdown]
# It does. That is all that boto3 does about credentials, in every call to every service. Now somebody on the way changes
# what we ask for, and leaves the signature as it is. **Predict** what happens.

# %%
import re

changed = httpx.post(
    sts.meta.endpoint_url, content=body.replace("GetCallerIdentity", "GetSessionToken"), headers=headers
)
changed.status_code, re.search("<Code>(.*)</Code>", changed.text)[1]

# %% [markdown]
# Refused: the body's hash is another, and with it the signature. What is signed cannot be changed by whoever carries it.
# And because the time is signed too, a request that somebody copies is of no use a quarter of an hour later.

# %% [markdown]
# ## Exercise 1.1: sign it yourself
#
# Write the whole of it as one function, for any service, with two parts or three. A session token, of which you will hear
# in a moment, travels as the header `x-amz-security-token`, signed like the others. The time is `now`, and the region and
# the service are those given.


# %% tags=["exercise"]
def signed_headers(headers, body, service, region, now, parts):
    """Return all headers to send with `body` in a POST to the path `/`.

    `headers` is a dict, names in lower case, `host` among them. Returned are these and x-amz-date, authorization and, if
    there is a token, x-amz-security-token. `now` is a datetime in UTC. `parts` is a dict with `id`, `secret` and `token`;
    the token is None with a key that has none.
    """
    ...


# %%
from labkit.checks import check

check("1.1", signed_headers)

# %% [markdown]
# ## Two or three?
#
# > The lecture says that *sometimes* two are enough, that locally you need the token, and that it is best always to work
# > with all three. It is not a matter of luck, nor of where a program runs. It is a matter of what kind of key you hold.
#
# STS hands out *temporary* keys. `GetSessionToken` is the simplest way to get some.

# %%
first = sts.get_session_token()["Credentials"]
first["AccessKeyId"][:4], len(first["SecretAccessKey"]), len(first["SessionToken"])

# %% [markdown]
# This id begins with `ASIA`, and there are three parts. The third, the *session token*, is long and tells us nothing. AWS
# says beside it when the session ends: in how many hours?

# %%
round((first["Expiration"] - lab.now()).total_seconds() / 3600)

# %% [markdown]
# Twelve hours, unless one asks for something else. We try keys in all sorts of combinations, so we need two small helpers:
# one renames the parts for boto3, and one says in a word how a call ended.


# %%
def keys(given):
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


# %%
from botocore.exceptions import BotoCoreError, ClientError


def outcome(call, **arguments):
    try:
        call(**arguments)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    except BotoCoreError as failed:  # boto3 found the trouble itself and sent nothing
        return type(failed).__name__
    return "accepted"


# %%
def try_keys(**parts):
    return outcome(boto3.client("sts", **parts).get_caller_identity)


# %% [markdown]
# **Predict** for each: accepted or refused?

# %%
long_term = {"aws_access_key_id": own.access_key, "aws_secret_access_key": own.secret_key}
temporary = keys(first)
two_of_three = {**temporary, "aws_session_token": None}

# %%
{
    "AKIA, two parts": try_keys(**long_term),
    "AKIA and somebody's token": try_keys(**long_term, aws_session_token=first["SessionToken"]),
    "ASIA, three parts": try_keys(**temporary),
    "ASIA, two parts": try_keys(**two_of_three),
}

# %% [markdown]
# `AKIA` goes with exactly two, `ASIA` with exactly three. So your colleague with two has a long-term key, which never ends,
# and yours is lent. Whether the program runs on a laptop or in production plays no part, and neither does the service: S3,
# which the lecture names, follows the same rule, as the table below will show.
#
# Read the error once more. `InvalidClientTokenId` came where the token was *missing*. AWS looks a temporary key up with
# its token, finds nothing, and says what it says of every unknown key.
#
# ## A new session
#
# > The lecture says that the session token changes each time. Let us see what changes.

# %%
second = sts.get_session_token()["Credentials"]
[part for part in ("AccessKeyId", "SecretAccessKey", "SessionToken") if first[part] != second[part]]

# %% [markdown]
# All three. The token is merely the part that one notices. **Predict** what becomes of somebody who pastes only the new token
# over the old one, and of somebody who forgets to paste the new secret.

# %%
new_token = {**temporary, "aws_session_token": second["SessionToken"]}
old_secret = {**keys(second), "aws_secret_access_key": first["SecretAccessKey"]}
try_keys(**new_token), try_keys(**old_secret), try_keys(**keys(second)), try_keys(**temporary)

# %% [markdown]
# A token is worth something only with the two that it came with. The whole new triple works. And so does the whole old one:
# a new session does not end the one before. Each ends at its own time, and not earlier.
#
# ## Where boto3 looks
#
# In the first cell boto3 had keys that nobody gave it. It asks a chain of places, in this order, and stops at the first
# that has any:

# %%
import botocore.session

chain = botocore.session.Session().get_component("credential_provider").providers
[place.METHOD for place in chain]

# %% [markdown]
# Before all of these come the arguments of `boto3.client(…)`, which we have been using. `env` are environment variables;
# `shared-credentials-file` is the file `~/.aws/credentials`, into which your lab page tells you to paste; `iam-role`, at the
# end, is what a program on an EC2 instance gets without anybody having pasted anything.
#
# We look at this chain with a credentials file of our own, in a folder that goes away again, and an environment that is
# put back after each look.

# %%
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
file = Path(folder.name, "credentials")


# %%
def write_file(triple):
    lines = [f"{name} = {value}" for name, value in keys(triple).items()]
    file.write_text("\n".join(["[default]", *lines]))


write_file(first)

# %%
import os
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def environment(**variables):
    """For the length of a `with` block, the environment holds no keys and no region but these."""
    with patch.dict(os.environ):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
            os.environ.pop(name, None)
        os.environ.update({"AWS_SHARED_CREDENTIALS_FILE": str(file)} | variables)
        yield


# %%
def found(**variables):
    with environment(**variables):
        try:
            parts = boto3.Session().get_credentials()
        except BotoCoreError as failed:
            return type(failed).__name__
    return f"{parts.method}: {parts.access_key[:4]}, {'with' if parts.token else 'without'} token"


# %% [markdown]
# The file is whole, with all three parts. Somebody has pasted some of it into the environment as well, weeks ago. **Predict**
# what boto3 finds in each case.

# %%
an_id = {"AWS_ACCESS_KEY_ID": first["AccessKeyId"]}
a_pair = an_id | {"AWS_SECRET_ACCESS_KEY": first["SecretAccessKey"]}

# %%
{
    "environment empty": found(),
    "id and secret": found(**a_pair),
    "id alone": found(**an_id),
    "a profile that is not there": found(AWS_PROFILE="lab"),
}

# %% [markdown]
# The environment comes first, and whatever it has shadows the whole file. With an id and a secret there, boto3 takes these two
# and never sees the file's token: the error will be about an invalid token, while the file, at which you are staring, is
# correct. With the id alone it does not fall back on the file either. Nothing is ever put together from two places.
#
# Two more of this kind. The first is for those who come from another language, and bring a file with `AWS_REGION` in it.


# %%
def region_of_client(**variables):
    with environment(**variables):
        try:
            return boto3.Session().client("sqs").meta.region_name
        except BotoCoreError as failed:
            return type(failed).__name__


# %%
region_of_client(AWS_REGION="eu-west-1"), region_of_client(AWS_DEFAULT_REGION="eu-west-1")

# %% [markdown]
# boto3 reads `AWS_DEFAULT_REGION` only. (AWS's library for JavaScript, the lecture's language, reads the other one.) The
# second is for those who paste into a notebook that has been open since yesterday.
# **Predict:** we write the new session over the file. Which session does the `old` one below use?

# %%
with environment():
    old = boto3.Session().get_credentials()
    write_file(second)
    new = boto3.Session().get_credentials()

# %%
whose = {first["AccessKeyId"]: "first", second["AccessKeyId"]: "second"}
whose[old.access_key], whose[new.access_key]

# %% [markdown]
# The old one keeps what it once read, and so does every client made from it. After pasting new credentials you need a new
# `boto3.Session` and new clients. Restarting the kernel is the rough way to the same end.
#
# And if the first line, `[default]`, is not pasted along?

# %%
whole = file.read_text()
file.write_text(whole.removeprefix("[default]"))
without_first_line = found()
file.write_text(whole)
without_first_line

# %% [markdown]
# *This is the place for a break. What you have seen so far is what credentials are; what follows is how they end, what they
# allow, and how they get lost.*
#
# ## It ends in the middle of work
#
# A session of the shortest length there is, 15 minutes, and two orders in a queue. A queue hides a received message for
# its visibility timeout, here one hour. Names of what we make go through `lab.name`, which on real AWS puts a prefix of yours
# before them; here they stay as they are.

# %%
sqs = boto3.client("sqs")
orders = sqs.create_queue(QueueName=lab.name("orders"), Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
for text in ("order 1", "order 2"):
    _ = sqs.send_message(QueueUrl=orders, MessageBody=text)


# %%
short = keys(sts.get_session_token(DurationSeconds=900)["Credentials"])
worker = boto3.client("sqs", **short)
messages = [worker.receive_message(QueueUrl=orders)["Messages"][0] for _ in range(2)]

# %% [markdown]
# The first order takes ten minutes, the second six more. **Predict** how each delete will end, and whether the work was in
# vain.


# %%
def delete(client, message):
    return outcome(client.delete_message, QueueUrl=orders, ReceiptHandle=message["ReceiptHandle"])


# %%
lab.wait(minutes=10)
delete(worker, messages[0])

# %%
lab.wait(minutes=6)
delete(worker, messages[1])

# %% [markdown]
# Nobody was told, and nothing happened at minute 15; the next call was simply refused. The message is still ours: it is in
# flight, and its receipt handle belongs to the delivery, not to the session that received it. So we need not do the work
# again. We open a new session, make a new client, and repeat *the call that was refused*, no more.


# %%
def open_session():
    return boto3.Session(**keys(sts.get_session_token(DurationSeconds=900)["Credentials"]))


# %%
renewed = open_session().client("sqs")
delete(renewed, messages[1])

# %%
count_names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
counts = sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=count_names)["Attributes"]
[counts[name] for name in count_names]

# %% [markdown]
# Nothing waits, nothing is in flight: no order lost, none done twice. Once more as a picture: two sessions, and a call every
# four minutes.

# %%
from labkit.plots.session_life import Session, draw_session_life


def call_every_four_minutes(session, begins, ends):
    client, calls = session.client("sqs"), []
    for minute in range(begins, ends, 4):
        calls.append((minute, outcome(client.list_queues) == "accepted"))
        lab.wait(minutes=4)
    return calls


# %%
first_calls = call_every_four_minutes(open_session(), 0, 20)
second_calls = call_every_four_minutes(open_session(), 20, 32)
draw_session_life(Session("first", 0, 15, first_calls), Session("second", 20, 35, second_calls))

# %% [markdown]
# > The lecture calls copying and pasting the tedious part. It is, and only a lab for students asks it of you. A program at
# > work gets its keys from a *role*, and boto3 renews them by itself before they end; we come to roles below.
#
# ## Exercise 1.2: work that outlives its session
#
# Write `renewing(open_client)`. It returns a function `call(operation, **arguments)` that makes that call and returns its
# answer. When the session has expired it opens a new one and repeats the call. Any other error is the caller's business. SQS
# says `ExpiredToken`, DynamoDB `ExpiredTokenException`.


# %% tags=["exercise"]
def renewing(open_client):
    """Return `call(operation, **arguments)`, for example call("receive_message", QueueUrl=url).

    `open_client()` opens a session, which costs somebody a log-in, and returns a boto3 client of it. Open one when it is
    needed, and no more. If a session that was just opened is refused as expired, too, that error comes through.
    """
    ...


# %%
check("1.2", renewing)

# %% [markdown]
# ## Which code means what
#
# An error's message is for people, and now and then misleads them; its code is what a program reads. Here is every trouble
# that we can think of, in four services. `ask` makes one harmless call to each.

# %%
CALLS = {"sqs": "list_queues", "dynamodb": "list_tables", "sts": "get_caller_identity", "s3": "list_buckets"}


def ask(session=boto3, **parts):
    return {service: outcome(getattr(session.client(service, **parts), call)) for service, call in CALLS.items()}


# %%
good = keys(sts.get_session_token()["Credentials"])
answers = {
    "all is well": ask(**good),
    "unknown key id": ask(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLE"),
    "wrong secret": ask(**good | {"aws_secret_access_key": "EXAMPLE"}),
    "token missing": ask(**good | {"aws_session_token": None}),
    "new token over old keys": ask(**short | {"aws_session_token": good["aws_session_token"]}),
    "session expired": ask(**short),
}

# %% [markdown]
# Four more need some preparation. A computer whose clock is 16 minutes slow:

# %%
import botocore.auth

right = botocore.auth.get_current_datetime
with patch(
    "botocore.auth.get_current_datetime", lambda *given, **named: right(*given, **named) - timedelta(minutes=16)
):
    answers["clock 16 minutes slow"] = ask(**good)

# %% [markdown]
# An environment without any keys, and one without a region. In the second we only make the clients, since that is where it
# shows:

# %%
with environment(AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_DEFAULT_REGION=lab.region):
    answers["no keys anywhere"] = ask(boto3.Session())

# %%
with environment():
    session = boto3.Session()
    answers["no region"] = {service: outcome(session.client, service_name=service) for service in CALLS}

# %% [markdown]
# And somebody who may do nothing: a *role* to which we give no permission. What a role is comes next.

# %%
import json


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# %%
iam = boto3.client("iam")
role = lab.name("producer")
trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{lab.account}:root"}, "Action": "sts:AssumeRole"}
role_arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
lab.wait(seconds=15)  # until IAM knows the role everywhere

# %%
producer = keys(sts.assume_role(RoleArn=role_arn, RoleSessionName="till-1")["Credentials"])
answers["no permission"] = ask(**producer)

# %% [markdown]
# **Predict** before you look: in which rows does DynamoDB answer like SQS? And which row has an `accepted` that you would not
# expect?

# %%
import pandas as pd

pd.DataFrame(answers).T

# %% [markdown]
# Read it by rows. Three different troubles, an unknown id, a missing token and the token of another session, have *one*
# code: for AWS they are all a key that it does not know. (S3 alone tells the third one apart.) Only a session that has ended
# is called expired, so `Expired…` alone says that a new one will help. A wrong secret and a wrong clock share a code, too:
# either way the signature is not the one that AWS worked out.
#
# By columns: DynamoDB has names of its own, S3 again others. A program that waits for `ExpiredToken` does not notice
# DynamoDB's `ExpiredTokenException`. `NoCredentialsError` and `NoRegionError`, the same everywhere, are boto3's: it found
# the trouble itself, and sent nothing.
#
# The odd `accepted`: STS tells even those without any permission who they are. (That a client for STS or S3 can be made
# without a region is because on AWS these two have one address for all regions.)
#
# As for the messages: this is the one that the unknown key id got.

# %%
nobody = boto3.client("sqs", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLE")
try:
    nobody.list_queues()
except ClientError as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# It speaks of a security token, and we had sent none. Whoever goes by the sentence looks for the wrong thing for an hour.
#
# | code | look first at |
# | --- | --- |
# | `InvalidClientTokenId`, `UnrecognizedClientException` | the key id; does it begin with `ASIA`, and is its token there, from the same session? |
# | `SignatureDoesNotMatch`, `InvalidSignatureException` | the secret; then this computer's clock |
# | `ExpiredToken`, `ExpiredTokenException` | nothing: open a new session, paste all three parts |
# | `AccessDenied`, `AccessDeniedException` | the credentials are good; the permissions, see below |
# | `NoCredentialsError`, `PartialCredentialsError` | environment and file: boto3 found none, or half a pair |
# | `NoRegionError` | `AWS_DEFAULT_REGION` |

# %% [markdown]
# ## Roles instead of keys
#
# A role is somebody without a long-term key. Whoever may *assume* it gets a session with the role's permissions. Two documents say
# everything: the *trust policy*, which we wrote above, who may assume it; the *permission policy*, which it does not have yet,
# what it may do. Who are we, with the keys that `AssumeRole` gave us?

# %%
boto3.client("sts", **producer).get_caller_identity()["Arn"]

# %% [markdown]
# `till-1`, the session's name, is part of it, so that afterwards one can see who it was.
#
# ## As little as possible
#
# In this series one program sends orders and another processes them. The sender, the producer, writes an item into a table and
# sends a message. That is all it does, so that is all it should be able to do.

# %%
dynamodb = boto3.client("dynamodb")
table = lab.name("orders")
table_arn = dynamodb.create_table(
    TableName=table,
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)["TableDescription"]["TableArn"]
dynamodb.get_waiter("table_exists").wait(TableName=table)

# %%
queue_arn = sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
queue_arn, table_arn

# %%
may_send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue_arn}
may_put = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": table_arn}
_ = iam.put_role_policy(RoleName=role, PolicyName="work", PolicyDocument=document(may_send, may_put))
lab.wait(seconds=15)


# %%
def attempts(sqs, dynamodb):
    return {
        "write an item": outcome(dynamodb.put_item, TableName=table, Item={"id": {"S": "o-1"}}),
        "send a message": outcome(sqs.send_message, QueueUrl=orders, MessageBody="o-1"),
        "read the whole table": outcome(dynamodb.scan, TableName=table),
        "make a queue": outcome(sqs.create_queue, QueueName=lab.name("mine")),
        "empty the queue": outcome(sqs.purge_queue, QueueUrl=orders),
    }


# %% [markdown]
# We try them with the producer's session, the one that could do nothing a moment ago. It has not been renewed. **Predict.**

# %%
attempts(boto3.client("sqs", **producer), boto3.client("dynamodb", **producer))

# %% [markdown]
# Its two tasks work, and nothing else does. Permissions belong to the role and are looked up at each call; the keys only say
# who we are. A refusal names who, what and where, and so says which line of the policy is missing:

# %%
try:
    boto3.client("dynamodb", **producer).scan(TableName=table)
except ClientError as refused:
    print(refused.response["Error"]["Message"])

# %% [markdown]
# And the queue knows who sent the order:

# %%
order = sqs.receive_message(QueueUrl=orders, MessageSystemAttributeNames=["SenderId"])["Messages"][0]
sender = order["Attributes"]["SenderId"]
sender[:4], sender.partition(":")[2]

# %% [markdown]
# `AROA` is how a role's id begins. It names somebody and is no key; nobody can sign with it.
#
# ## Nobody pastes anything
#
# boto3 can assume a role by itself. It is enough to say which one, in its configuration file:

# %%
config = Path(folder.name, "config")
lines = [
    "[profile producer]",
    f"role_arn = {role_arn}",
    "credential_source = Environment",
    "role_session_name = till-2",
]
config.write_text("\n".join(lines))

with patch.dict(os.environ, AWS_CONFIG_FILE=str(config)):
    profile = boto3.Session(profile_name="producer")
    identity = profile.client("sts").get_caller_identity()["Arn"]

# %%
identity, profile.get_credentials().method

# %% [markdown]
# From now on it also renews the session before it ends, without a word in the program. How long a session may last depends on
# how one came by it:
#
# | | at least | if nothing is asked for | at most |
# | --- | --- | --- | --- |
# | `GetSessionToken`, with a user's own keys | 15 minutes | 12 hours | 36 hours |
# | `AssumeRole` | 15 minutes | 1 hour | what the role allows, 1 to 12 hours |
#
# And where the keys come from depends on where the program runs:
#
# | where the program runs | where its keys come from |
# | --- | --- |
# | your computer, account of your own | you log in (`aws login`, or IAM Identity Center), which gives temporary keys |
# | your computer, a lab for students | the three strings from the lab's page, new ones for each session |
# | EC2 or Elastic Beanstalk | the instance's role, the last place in boto3's chain; nothing is pasted, nothing expires for you |

# %% [markdown]
# ## Exercise 1.3: the consumer's policy
#
# The consumer receives orders, asks for more time if one takes long, changes the order's state in the table with `UpdateItem`,
# and deletes the message. Write the policy that lets it do this, on this queue and this table, and nothing beyond: these are
# four calls.


# %% tags=["exercise"]
def consumer_policy(queue_arn, table_arn):
    """Return the policy as a dict: {"Version": "2012-10-17", "Statement": [...]}."""
    ...


# %%
check("1.3", consumer_policy)

# %% [markdown]
# ## The file with the three strings
#
# > The lecture's back end has a file `.env.test`, to be filled in with the credentials. Such a file keeps them out of the
# > program. boto3 does not read it by itself, as the chain above shows: something has to.
#
# What people fill in comes from many places. `labkit.credentials` reads what is pasted, whatever its form, and shows no more
# of it than one may see. (The keys in these cells are samples from AWS's documentation, and open nothing.)

# %%
from labkit import credentials

SAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SAMPLE_TOKEN = "IQoJb3JpZ2luX2Vj" + "EXAMPLEtoken" * 20

# %%
credentials.parse(f"""
export AWS_ACCESS_KEY_ID="ASIAIOSFODNN7EXAMPLE"
export AWS_SECRET_ACCESS_KEY='{SAMPLE_SECRET}'
export AWS_SESSION_TOKEN={SAMPLE_TOKEN}
""")

# %% [markdown]
# It also says what is wrong before AWS does. **Predict** what it will say about each of these.

# %%
credentials.problems(f"aws_access_key_id=ASIAIOSFODNN7EXAMPLE\naws_secret_access_key={SAMPLE_SECRET}")

# %%
credentials.problems(f"aws_access_key_id={SAMPLE_SECRET}\naws_secret_access_key=AKIAIOSFODNN7EXAMPLE")

# %%
credentials.problems("AWS_ACCESS_KEY_ID=<your key here>\nAWS_SECRET_ACCESS_KEY=\nAWS_SESSION_TOKEN=")

# %%
credentials.problems(f"aws_access_key_id=AIDAIOSFODNN7EXAMPLE\naws_secret_access_key={SAMPLE_SECRET}")

# %% [markdown]
# With the session that we hold it finds nothing to object to, and the file does its work:

# %%
env_file = Path(folder.name, ".env")
env_file.write_text("\n".join(f"{name.upper()}={value}" for name, value in good.items()))
pasted = credentials.read_env_file(env_file, now=lab.now())
pasted.session().client("sts").get_caller_identity()["Arn"]

# %%
pasted.kind, pasted.parts, f"The secret is {pasted.secret_access_key}."

# %% [markdown]
# A file like this never goes into git. The lab's `.gitignore` has lines for `.env` and `.env.*`, the lecture's `.env.test`
# among them.
#
# ## The leak
#
# A notebook has a way of its own to lose a secret: it keeps what its cells have shown. Somebody wants to see whether STS
# works, and this is the whole notebook, one cell and its output:

# %%
shown = repr(sts.get_session_token()["Credentials"])
output = {"output_type": "execute_result", "data": {"text/plain": shown}, "metadata": {}, "execution_count": 1}
cell = {
    "cell_type": "code",
    "source": "sts.get_session_token()",
    "outputs": [output],
    "metadata": {},
    "execution_count": 1,
}
notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}

# %%
experiment = Path(folder.name, "experiment.ipynb")
_ = experiment.write_text(json.dumps(notebook))

# %% [markdown]
# It works, the notebook is saved and committed. There is no secret in what was typed. **Predict:** is there one in the file?

# %%
from labkit import leaks


def leaks_found():
    return [(found.where.rpartition("experiment.ipynb: ")[2], found.kind) for found in leaks.find(experiment)]


leaks_found()

# %% [markdown]
# All three, in the output. Whoever can read the repository can act in that name until the session ends, and with a long-term key
# until somebody notices. Now the same, masked before it is shown:

# %%
output["data"]["text/plain"] = credentials.mask(shown)
_ = experiment.write_text(json.dumps(notebook))
leaks_found()

# %% [markdown]
# Being careful will not do, since it is enough to be careless once. This lab has a guard in two places. A *pre-commit hook*
# looks at every file that is about to be committed, and a test at all that were; both refuse ids, secrets and tokens, in
# code and in outputs, and this notebook has passed both.
#
# And if it has happened all the same? Removing it from the file does not help: it stays in git's history, and in every clone.
# The key must stop working, before anything else. For a user's access key that is one call.

# %%
user = lab.name("ana")
_ = iam.create_user(UserName=user)
leaked = iam.create_access_key(UserName=user)["AccessKey"]
lab.wait(seconds=15)
ana = boto3.client("sts", aws_access_key_id=leaked["AccessKeyId"], aws_secret_access_key=leaked["SecretAccessKey"])
before = outcome(ana.get_caller_identity)

# %%
_ = iam.update_access_key(UserName=user, AccessKeyId=leaked["AccessKeyId"], Status="Inactive")
lab.wait(seconds=15)
before, outcome(ana.get_caller_identity)

# %% [markdown]
# From now on it is as unknown as one that never was. A temporary key has no such switch; one can only take the permissions
# from whoever it stands for, and wait for its end. That is a reason to ask for short sessions.
#
# ## Exercise 1.4: find the leak
#
# Write the heart of such a guard. A key id is a word of 20 characters: `AKIA` or `ASIA`, and 16 capital letters or digits.
# The same within a longer word, a checksum for example, is none. AWS's own samples, in which EXAMPLE stands, are allowed. The
# notebook is what `json.load` makes of its file; look into `notebook` above to see how it is built, and remember that a cell
# can also print, fail, and show HTML.


# %% tags=["exercise"]
def find_leaks(notebook):
    """Return the numbers of the cells, counted from 1, in whose source or outputs an access key id stands: a list of int."""
    ...


# %%
check("1.4", find_leaks)

# %% [markdown]
# ## On real AWS
#
# > With long-term keys of an account of your own this notebook runs as it is. It makes about a hundred requests: STS and IAM cost
# > nothing, and what it uses of SQS, DynamoDB and S3 is a small fraction of a cent. What differs:
# >
# > - **Time is real.** A session of 15 minutes takes 15 minutes to end, and the whole notebook a good hour.
# > - **A lab for students** gives you temporary keys of a role. With these `GetSessionToken` is refused, as with all temporary
# >   keys, and users and roles cannot be made. Read those cells, and do not run them.
# > - **A role assumed with temporary keys** ends after one hour at the latest.
# > - **IAM takes a moment** until a new role, policy or key is known everywhere, hence the waits of 15 seconds.
# > - **boto3 renews a role's session by this computer's clock.** Here, where AWS's clock is moved and the computer's is not, you
# >   cannot watch it.
# > - The codes for a *missing token* follow from how AWS looks up keys, and are widely reported; we have not seen them on AWS
# >   ourselves.

# %% [markdown]
# ## What we saw
#
# - The secret never travels. It makes a signature: for one request, one day, one region and one service.
# - `AKIA`: two parts. `ASIA`: three, always, everywhere. A new session has three new parts, and parts do not mix.
# - boto3 takes the first place that has keys, and never puts them together from two. It keeps what it read.
# - A session ends between two calls. Open a new one, and repeat the call that was refused; what was received is still yours.
# - `Expired…` asks for a new session; `InvalidClientTokenId` for a look at the id and its token; `SignatureDoesNotMatch` for
#   one at the secret and the clock; `AccessDenied` means that the keys are good.
# - A role has permissions and no keys to lose. A policy that names actions and resources allows these and no others.
#
# Next is [02](02_queue_types.ipynb), the two types of queue.
#
# **Further reading:** IAM User Guide, "Create a signed AWS API request", "Temporary security credentials in IAM", "IAM
# identifiers" and "Security best practices in IAM" · AWS STS API Reference, `AssumeRole`, `GetSessionToken` · boto3
# documentation, "Credentials" · Amazon DynamoDB Developer Guide, "Error handling with DynamoDB".

# %% [markdown]
# Remove what we made, and the folder with the session in it:

# %%
folder.cleanup()
lab.tear_down()
