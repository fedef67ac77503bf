"""Least privilege: the two roles of the lab may do their own work and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from access_kit import IAM_SETTLES, ClientOf, Principals, document, refused
from behaviours import behaviour

import labkit

SEEN = "; wording seen at aws/serverless-application-model#3633"
SQS_SOURCE = "SQS Developer Guide, Identity-based policies" + SEEN
DYNAMODB_SOURCE = "DynamoDB Developer Guide, Identity-based policies"


def producer(queue: str, table: str) -> list[dict[str, Any]]:
    """What the lab's producer may: it puts a pending item, sends its message."""
    return [
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
            "Resource": queue,
        },
        {"Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": table},
    ]


def consumer(queue: str, table: str) -> list[dict[str, Any]]:
    """What the lab's consumer may: it receives, changes the item's state, deletes."""
    actions = ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueUrl", "GetQueueAttributes"]
    return [
        {"Effect": "Allow", "Action": [f"sqs:{action}" for action in actions], "Resource": queue},
        {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:UpdateItem"], "Resource": table},
    ]


@pytest.fixture(scope="module")
def principals(lab: labkit.Lab, iam: Any, sts: Any) -> Iterator[Principals]:
    made = Principals(lab, iam, sts)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def place(lab: labkit.Lab, sqs: Any, dynamodb: Any) -> Iterator[dict[str, str]]:
    """A queue and a table (with an index) for the roles to work on."""
    url = sqs.create_queue(QueueName="least-privilege")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    table = dynamodb.create_table(
        TableName="least-privilege",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "state")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableArn"]
    dynamodb.get_waiter("table_exists").wait(TableName="least-privilege", WaiterConfig={"Delay": 1})
    yield {"url": url, "queue": queue, "table": table}
    sqs.delete_queue(QueueUrl=url)
    dynamodb.delete_table(TableName="least-privilege")


@pytest.fixture(scope="module")
def roles(place: dict[str, str], principals: Principals) -> dict[str, ClientOf]:
    return {
        "producer": principals.assumed("producer", *producer(place["queue"], place["table"])),
        "consumer": principals.assumed("consumer", *consumer(place["queue"], place["table"])),
    }


def sentence(lab: labkit.Lab, role: str, action: str, resource: str) -> str:
    """What AWS says when no policy of the role allows the action."""
    return (
        f"User: arn:aws:sts::{lab.account}:assumed-role/{role}/s1 is not authorized to perform: {action} "
        f"on resource: {resource} because no identity-based policy allows the {action} action"
    )


TABLE = {"TableName": "least-privilege"}
ITEM = {"pk": {"S": "m1"}, "state": {"S": "pending"}}
KEY = {"pk": {"S": "m1"}}


@behaviour("access.roles.work", "The two roles can do the lab's whole work between them", source=SQS_SOURCE)
def test_the_roles_do_their_work(roles: dict[str, ClientOf], place: dict[str, str]) -> None:
    roles["producer"]("dynamodb").put_item(**TABLE, Item=ITEM)
    sender = roles["producer"]("sqs")
    sender.send_message(QueueUrl=sender.get_queue_url(QueueName="least-privilege")["QueueUrl"], MessageBody="m1")
    receiver, states = roles["consumer"]("sqs"), roles["consumer"]("dynamodb")
    message = receiver.receive_message(QueueUrl=place["url"], WaitTimeSeconds=5)["Messages"][0]
    assert states.get_item(**TABLE, Key=KEY)["Item"] == ITEM
    complete = {"Action": "PUT", "Value": {"S": "complete"}}
    states.update_item(**TABLE, Key=KEY, AttributeUpdates={"state": complete})
    handle = {"QueueUrl": place["url"], "ReceiptHandle": message["ReceiptHandle"]}
    receiver.change_message_visibility(**handle, VisibilityTimeout=60)
    receiver.delete_message(**handle)


@behaviour(
    "access.sqs.denied",
    "SQS: AccessDenied, in a sentence that names who, what and where (the action in lower case)",
    source=SQS_SOURCE,
)
def test_sqs_denial(lab: labkit.Lab, roles: dict[str, ClientOf], place: dict[str, str]) -> None:
    found = refused(roles["consumer"]("sqs").send_message, QueueUrl=place["url"], MessageBody="x")
    assert found == ("AccessDenied", sentence(lab, "consumer", "sqs:sendmessage", place["queue"]))


@behaviour(
    "access.sqs.batch",
    "SQS: a batch call needs the permission of the single one",
    source="SQS API Reference, AddPermission" + SEEN,
)
def test_sqs_batches(roles: dict[str, ClientOf], place: dict[str, str]) -> None:
    producing, consuming = roles["producer"]("sqs"), roles["consumer"]("sqs")
    batch = {"QueueUrl": place["url"], "Entries": [{"Id": "1", "MessageBody": "x"}]}
    producing.send_message_batch(**batch)
    assert "sqs:sendmessage action" in refused(consuming.send_message_batch, **batch)[1]
    received = consuming.receive_message(QueueUrl=place["url"], WaitTimeSeconds=5)["Messages"]
    delete = {"QueueUrl": place["url"], "Entries": [{"Id": "1", "ReceiptHandle": received[0]["ReceiptHandle"]}]}
    assert refused(producing.delete_message_batch, **delete)[0] == "AccessDenied"
    consuming.delete_message_batch(**delete)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("receive_message", {}),
        ("purge_queue", {}),
        ("delete_queue", {}),
        ("set_queue_attributes", {"Attributes": {"DelaySeconds": "1"}}),
        ("tag_queue", {"Tags": {"a": "b"}}),
        ("list_dead_letter_source_queues", {}),
    ],
)
@behaviour("access.sqs.every_action", "SQS: what a policy does not name is denied", source=SQS_SOURCE)
def test_other_sqs_actions(roles: dict[str, ClientOf], place: dict[str, str], operation: str, arguments: Any) -> None:
    call = getattr(roles["producer"]("sqs"), operation)
    assert refused(call, QueueUrl=place["url"], **arguments)[0] == "AccessDenied"


@behaviour("access.sqs.no_queue", "SQS: creating and listing queues are actions, too", source=SQS_SOURCE)
def test_queues_in_general(lab: labkit.Lab, roles: dict[str, ClientOf]) -> None:
    sqs = roles["producer"]("sqs")
    assert refused(sqs.list_queues)[0] == "AccessDenied"
    mine = f"arn:aws:sqs:{lab.region}:{lab.account}:mine"
    expected = ("AccessDenied", sentence(lab, "producer", "sqs:createqueue", mine))
    assert refused(sqs.create_queue, QueueName="mine") == expected


@behaviour("access.dynamodb.denied", "DynamoDB: AccessDeniedException, in the same sentence", source=DYNAMODB_SOURCE)
def test_dynamodb_denial(lab: labkit.Lab, roles: dict[str, ClientOf], place: dict[str, str]) -> None:
    found = refused(roles["producer"]("dynamodb").get_item, **TABLE, Key=KEY)
    assert found == ("AccessDeniedException", sentence(lab, "producer", "dynamodb:GetItem", place["table"]))


@behaviour(
    "access.dynamodb.index",
    "DynamoDB: an index is a resource of its own, table/NAME/index/INDEX",
    source="Service Authorization Reference, DynamoDB",
)
def test_dynamodb_index(lab: labkit.Lab, place: dict[str, str], principals: Principals) -> None:
    query = {
        **TABLE,
        "IndexName": "by-state",
        "KeyConditionExpression": "#s = :p",
        "ExpressionAttributeNames": {"#s": "state"},
        "ExpressionAttributeValues": {":p": {"S": "pending"}},
    }
    table_only = principals.assumed("panel-table", {"Action": "dynamodb:Query", "Resource": place["table"]})
    index = place["table"] + "/index/by-state"
    assert refused(table_only("dynamodb").query, **query)[1] == sentence(lab, "panel-table", "dynamodb:Query", index)
    both = [place["table"], place["table"] + "/index/*"]
    principals.assumed("panel", {"Action": "dynamodb:Query", "Resource": both})("dynamodb").query(**query)


@behaviour(
    "access.dynamodb.transaction",
    "DynamoDB: a transaction needs the permission of each action in it, a batch its own",
    source="DynamoDB Developer Guide, Using IAM with DynamoDB transactions",
)
def test_dynamodb_transactions_and_batches(roles: dict[str, ClientOf]) -> None:
    dynamodb = roles["producer"]("dynamodb")
    put = {"Put": {**TABLE, "Item": ITEM}}
    dynamodb.transact_write_items(TransactItems=[put])
    check = {"ConditionCheck": {**TABLE, "Key": {"pk": {"S": "m2"}}, "ConditionExpression": "attribute_not_exists(pk)"}}
    assert "dynamodb:ConditionCheckItem" in refused(dynamodb.transact_write_items, TransactItems=[put, check])[1]
    requests = {TABLE["TableName"]: [{"PutRequest": {"Item": ITEM}}]}
    assert "dynamodb:BatchWriteItem" in refused(dynamodb.batch_write_item, RequestItems=requests)[1]


@behaviour(
    "access.sns.denied",
    "SNS: AuthorizationError; a batch needs the permission of the single call",
    source="SNS API Reference, Publish: Errors; wording seen at aws-ia/terraform-aws-control_tower_account_factory#151",
)
def test_sns_denial(lab: labkit.Lab, sns: Any, roles: dict[str, ClientOf], principals: Principals) -> None:
    topic = sns.create_topic(Name="least-privilege")["TopicArn"]
    publish = {"TopicArn": topic, "Message": "x"}
    expected = ("AuthorizationError", sentence(lab, "producer", "SNS:Publish", topic))
    assert refused(roles["producer"]("sns").publish, **publish) == expected
    publisher = principals.assumed("publisher", {"Action": "sns:Publish", "Resource": topic})("sns")
    publisher.publish(**publish)
    publisher.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "x"}])
    assert refused(publisher.delete_topic, TopicArn=topic)[0] == "AuthorizationError"
    sns.delete_topic(TopicArn=topic)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "list_buckets"),
        ("iam", "list_users"),
        ("cloudwatch", "list_metrics"),
        ("autoscaling", "describe_auto_scaling_groups"),
    ],
)
@behaviour(
    "access.other_services",
    "A role without a statement for a service is refused there, too, in the service's own format",
    source="IAM User Guide, Policy evaluation logic: implicit deny",
)
def test_other_services(roles: dict[str, ClientOf], service: str, operation: str) -> None:
    assert refused(getattr(roles["producer"](service), operation))[0] == "AccessDenied"


@behaviour(
    "access.budgets.denied", "Budgets: AccessDeniedException", source="Budgets API Reference, DescribeBudgets: Errors"
)
def test_budgets_denial(lab: labkit.Lab, roles: dict[str, ClientOf]) -> None:
    describe = roles["producer"]("budgets").describe_budgets
    assert refused(describe, AccountId=lab.account)[0] == "AccessDeniedException"


@behaviour(
    "access.policy_follows",
    "A policy that is changed counts for sessions that are open already, inline and attached ones together",
    source="IAM User Guide, Policy evaluation logic",
)
def test_a_changed_policy_counts_at_once(lab: labkit.Lab, iam: Any, principals: Principals) -> None:
    everything = {"Action": "dynamodb:*", "Resource": "*"}
    dynamodb = principals.assumed("changing")("dynamodb")
    assert refused(dynamodb.list_tables)[0] == "AccessDeniedException"
    principals.let_role("changing", everything)
    lab.wait(seconds=IAM_SETTLES)
    dynamodb.list_tables()
    no_lists = document(everything, {"Effect": "Deny", "Action": "dynamodb:List*", "Resource": "*"})
    arn = iam.create_policy(PolicyName="no-lists", PolicyDocument=no_lists)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="changing", PolicyArn=arn)
    lab.wait(seconds=IAM_SETTLES)
    assert refused(dynamodb.list_tables)[1].endswith("with an explicit deny in an identity-based policy")
    iam.detach_role_policy(RoleName="changing", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    lab.wait(seconds=IAM_SETTLES)
    dynamodb.list_tables()


@behaviour(
    "access.groups",
    "A user may do what the policies of the user's groups allow",
    source="IAM User Guide, IAM user groups",
)
def test_groups(lab: labkit.Lab, iam: Any, principals: Principals) -> None:
    sqs = principals.user("eva")("sqs")
    assert refused(sqs.list_queues)[0] == "AccessDenied"
    iam.create_group(GroupName="readers")
    readers = document({"Action": "sqs:List*", "Resource": "*"})
    iam.put_group_policy(GroupName="readers", PolicyName="own", PolicyDocument=readers)
    iam.add_user_to_group(GroupName="readers", UserName="eva")
    lab.wait(seconds=IAM_SETTLES)
    sqs.list_queues()
    iam.remove_user_from_group(GroupName="readers", UserName="eva")
    iam.delete_group_policy(GroupName="readers", PolicyName="own")
    iam.delete_group(GroupName="readers")
    lab.wait(seconds=IAM_SETTLES)
    assert refused(sqs.list_queues)[0] == "AccessDenied"


@behaviour(
    "access.aws_managed_policies",
    "AWS's managed policies can be attached, and allow what they say",
    source="AWS Managed Policy Reference, AmazonSQSReadOnlyAccess",
)
def test_aws_managed_policy(lab: labkit.Lab, iam: Any, principals: Principals) -> None:
    sqs = principals.assumed("reader")("sqs")
    policy = {"RoleName": "reader", "PolicyArn": "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"}
    iam.attach_role_policy(**policy)
    lab.wait(seconds=IAM_SETTLES)
    sqs.list_queues()
    assert refused(sqs.create_queue, QueueName="mine")[0] == "AccessDenied"
    iam.detach_role_policy(**policy)


@behaviour(
    "access.requested_region",
    "aws:RequestedRegion keeps a role to a region, in every service",
    source="IAM User Guide, AWS global condition context keys",
)
def test_requested_region(place: dict[str, str], principals: Principals) -> None:
    allow = {"Action": ["sqs:*", "dynamodb:*"], "Resource": "*"}
    elsewhere = {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-south-2"}}}
    here = {"Condition": {"StringEquals": {"aws:RequestedRegion": place["queue"].split(":")[3]}}}
    far, near = principals.assumed("far", {**allow, **elsewhere}), principals.assumed("near", {**allow, **here})
    near("sqs").receive_message(QueueUrl=place["url"])
    near("dynamodb").list_tables()
    assert refused(far("sqs").receive_message, QueueUrl=place["url"])[0] == "AccessDenied"
    assert refused(far("dynamodb").list_tables)[0] == "AccessDeniedException"
