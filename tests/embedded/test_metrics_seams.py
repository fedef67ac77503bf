"""Where moto is held by `labkit.embedded.metrics`. If one of these fails with a new moto, its message says where to look.

The names are those of moto 5.2. Each is a private part or a signature that moto may change without a word.
"""

import inspect
from pathlib import Path
from typing import Any

import moto
import pytest
from moto.autoscaling import models as autoscaling
from moto.autoscaling import urls as autoscaling_urls
from moto.autoscaling.responses import AutoScalingResponse
from moto.budgets import models as budgets
from moto.cloudwatch import models as cloudwatch
from moto.cloudwatch import urls as cloudwatch_urls
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionResult, BaseResponse
from moto.sns.models import Topic

from labkit.embedded.metrics import cloudwatch as ours
from labkit.embedded.metrics import scaling, scaling_handler
from labkit.embedded.metrics.late_scaling import LEAD_TO_GROUPS


@pytest.mark.parametrize("urls", [cloudwatch_urls, autoscaling_urls])
def test_one_path_leads_to_each_handler(urls: Any) -> None:
    assert list(urls.url_paths) == ["{0}/$"], (
        "seams.install and scaling_seams.install put our Handler into url_paths['{0}/$']"
    )


def test_a_backend_finds_its_paths_by_url_module() -> None:
    assert isinstance(inspect.getattr_static(BaseBackend, "_url_module"), property), (
        "CloudWatch and AutoScaling set _url_module, or moto would look for urls beside our modules"
    )


def test_backends_are_made_from_an_attribute() -> None:
    assert cloudwatch.cloudwatch_backends.backend, "seams.install sets `backend` of cloudwatch_backends"
    assert "backend=self.backend" in inspect.getsource(BackendDict._create_account_specific_backend), (
        "BackendDict makes regions from its `backend`: seams.install replaces it and clears the dictionary"
    )


def test_budgets_are_made_by_name() -> None:
    assert "= Budget(budget, notifications)" in inspect.getsource(budgets.BudgetsBackend.create_budget), (
        "seams.install replaces moto.budgets.models.Budget; look at how BudgetsBackend makes a budget"
    )
    assert {"details", "subscribers"} <= set(inspect.signature(budgets.Notification).parameters), (
        "metrics.budgets reads a Notification's details and subscribers"
    )


@pytest.mark.parametrize(
    ("handler", "moto_s"), [(ours.Handler, CloudWatchResponse), (scaling_handler.Handler, AutoScalingResponse)]
)
def test_handlers_answer_actions_that_moto_has_or_lacks_on_purpose(handler: type, moto_s: type) -> None:
    added = {"describe_alarm_history", "put_composite_alarm", "disable_metrics_collection"}
    actions = {name for name in vars(handler) if not name.startswith("_")} - {"call_action"}
    missing = {name for name in actions if not hasattr(moto_s, name)} - added
    assert not missing, f"moto's {moto_s.__name__} no longer has {missing}: was an action renamed?"


def test_requests_are_parsed_and_answers_serialised_by_moto() -> None:
    for name in ("_get_params", "_get_action", "serialized", "call_action"):
        assert hasattr(BaseResponse, name), f"metrics.requests and the Handlers use BaseResponse.{name}"
    assert AutoScalingResponse().automated_parameter_parsing, "checked_request wants parameters in the API's shape"
    assert CloudWatchResponse().automated_parameter_parsing, "checked_request wants parameters in the API's shape"
    assert ActionResult({}).result == {}


def test_groups_have_what_scaling_touches() -> None:
    group = set(inspect.getsource(autoscaling.FakeAutoScalingGroup).split())
    for name in ("self.instance_states", "self.desired_capacity", "self.min_size", "self.max_size", "self.metrics"):
        assert any(word.startswith(name) for word in group), f"metrics.scaling uses a group's {name[5:]}"
    for name in ("active_instances", "suspended_processes"):
        assert hasattr(autoscaling.FakeAutoScalingGroup, name), f"metrics.scaling uses a group's {name}"
    wanted = {"auto_scaling_group_name", "min_size", "start_time", "end_time", "recurrence", "time_zone"}
    action = autoscaling.FakeScheduledAction(
        "group", desired_capacity=1, max_size=1, min_size=1, scheduled_action_name="a",
        start_time=None, end_time=None, recurrence=None, time_zone=None,
    )  # fmt: skip
    assert wanted <= set(vars(action)), "metrics.schedules reads these of a scheduled action"


def test_other_services_of_moto_can_still_call_cloudwatch() -> None:
    theirs = set(inspect.signature(cloudwatch.CloudWatchBackend.put_metric_alarm).parameters)
    assert set(ours._MOTO_NAMES) <= theirs, "metrics.cloudwatch._MOTO_NAMES has the names of put_metric_alarm"
    assert issubclass(scaling.AutoScaling, autoscaling.AutoScalingBackend)


def test_moto_uses_auto_scaling_in_few_services() -> None:
    """Before any of them is used, ours is put into its place."""
    home = Path(moto.__file__).parent
    users = [file.relative_to(home) for file in home.glob("*/**/*.py") if b"moto.autoscaling" in file.read_bytes()]
    assert {file.parts[0] for file in users} <= LEAD_TO_GROUPS, (
        "late_scaling.LEAD_TO_GROUPS has the services that use moto's Auto Scaling"
    )


def test_a_topic_can_be_published_to_from_inside() -> None:
    assert {"message", "subject"} <= set(inspect.signature(Topic.publish).parameters), (
        "metrics.actions.publish calls Topic.publish(message, subject=…)"
    )
