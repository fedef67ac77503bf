"""Exercise 1.3: a policy that allows no more than a consumer needs."""

from __future__ import annotations

from botocore.exceptions import ClientError

from labkit.checks.access_world import RoleWorld
from labkit.checks.excess import excess
from labkit.checks.exercise import Broken, Exercise
from labkit.checks.trial import Trial

allow = Exercise("1.3", "consumer_policy", ("queue_arn", "table_arn"))


@allow.holds
def is_a_policy(trial: Trial) -> None:
    _role(trial)


@allow.holds
def works(trial: Trial) -> None:
    for task, sentence in _role(trial).needed():
        if sentence:
            raise Broken(task, sentence=sentence)


@allow.holds
def no_more(trial: Trial) -> None:
    world = _role(trial)
    for reason, operation, resource in excess(world.policy, world.queue_arn, world.table_arn):
        raise Broken(reason, operation=operation, resource=resource)


def _role(trial: Trial) -> RoleWorld:
    try:
        world = RoleWorld(trial.aws, lambda queue, table: trial.call(queue, table, returns=dict))
    except ClientError as refused:
        raise Broken("malformed", sentence=refused.response["Error"]["Message"]) from None
    except TypeError:
        raise Broken("no_json") from None
    return world
