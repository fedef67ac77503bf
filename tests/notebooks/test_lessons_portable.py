"""The same cells on the embedded and on real AWS: what a lesson makes is named by lab.name, and nothing is addressed by hand."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("lessons/*.py"), *ROOT.glob("notebooks/solutions/*.py")])
# What boto3's calls that make something take its name as.
MADE_AS = {
    "create_queue": "QueueName",
    "create_topic": "Name",
    "create_table": "TableName",
    "create_role": "RoleName",
    "create_user": "UserName",
    "create_auto_scaling_group": "AutoScalingGroupName",
    "create_launch_configuration": "LaunchConfigurationName",
    "put_metric_alarm": "AlarmName",
    "put_composite_alarm": "AlarmName",
    "put_dashboard": "DashboardName",
}
# In code an account comes from lab.account and a region from lab.region. (Both may stand in prose, and in what a lesson
# shows as an example of an ARN: with AWS's documentation's own account, 111122223333.)
BY_HAND = re.compile(r"\b123456789012\b|\b[a-z]{2}-(?:east|west|south|north|central)-\d\.amazonaws\.com\b")


def literal_names(code: str) -> list[str]:
    """The calls that give what they make a name which is written there, with their lines."""
    found = []
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        for keyword in call.keywords:
            if keyword.arg == MADE_AS.get(name, "") and isinstance(keyword.value, (ast.Constant, ast.JoinedStr)):
                found.append(f"line {call.lineno}: {name}({keyword.arg}={ast.unparse(keyword.value)})")
    return found


def addresses(code: str) -> list[str]:
    """Accounts and addresses in the code's texts; comments, and so a lesson's prose, are not looked at."""
    texts = (
        node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [f"line {node.lineno}: {match[0]}" for node in texts for match in BY_HAND.finditer(node.value)]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_what_is_made_is_named_by_lab_name(source: Path) -> None:
    assert literal_names(source.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_no_account_and_no_address_is_written_by_hand(source: Path) -> None:
    assert addresses(source.read_text(encoding="utf-8")) == []


def test_that_would_be_seen() -> None:
    code = 'sqs.create_queue(QueueName="orders")\nsns.create_topic(Name=f"{x}-topic")\nsqs.create_queue(QueueName=lab.name("a"))'
    assert [line.split(":")[0] for line in literal_names(code)] == ["line 1", "line 2"]
    assert addresses('x = "arn:aws:sqs:us-east-1:123456789012:orders"  # 123456789012') == ["line 1: 123456789012"]
