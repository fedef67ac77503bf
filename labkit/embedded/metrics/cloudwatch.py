"""CloudWatch in moto's place: moto reads requests and writes answers, and keeps dashboards and tags."""

import json
import time
from collections.abc import Callable
from typing import Any

from moto.cloudwatch import urls
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from labkit.embedded.metrics import custom_metrics, listings, readings
from labkit.embedded.metrics.actions import act_in
from labkit.embedded.metrics.errors import invalid_format
from labkit.embedded.metrics.late_scaling import LateScaling
from labkit.embedded.metrics.monitor import Monitor
from labkit.embedded.metrics.requests import checked_request

# How moto's own services name the parts of an alarm (Application Auto Scaling makes some).
_MOTO_NAMES = {
    "name": "AlarmName",
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "comparison_operator": "ComparisonOperator",
    "evaluation_periods": "EvaluationPeriods",
    "period": "Period",
    "threshold": "Threshold",
    "statistic": "Statistic",
    "unit": "Unit",
    "description": "AlarmDescription",
    "dimensions": "Dimensions",
    "alarm_actions": "AlarmActions",
}


class CloudWatch(CloudWatchBackend):  # type: ignore[misc]
    """One region. Its methods with moto's signatures are for moto's other services."""

    scaling: LateScaling
    _url_module = urls  # moto would look for one beside this module

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        prefix = f"arn:{self.partition}:cloudwatch:{region_name}:{account_id}:alarm:"
        self.monitor = Monitor(prefix, act_in(region_name, account_id, self.scaling))
        self.alarms = self.monitor.alarms  # moto tags alarms, by their `alarm_arn` and `name`

    def put_metric_alarm(self, **moto: Any) -> Any:
        request = {_MOTO_NAMES[name]: value for name, value in moto.items() if name in _MOTO_NAMES}
        return self.monitor.put_alarm(request, time.time())

    def put_metric_data(self, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        for metric, sample in custom_metrics.read(namespace, metric_data, time.time()):
            self.monitor.store.put(metric, sample)

    def delete_alarms(self, alarm_names: list[str]) -> None:
        self.monitor.delete_alarms(alarm_names, time.time())


class Handler(CloudWatchResponse):  # type: ignore[misc]
    """Answers what is about metrics and alarms, and leaves the rest to moto."""

    @property
    def _monitor(self) -> Monitor:
        monitor: Monitor = self.cloudwatch_backend.monitor
        return monitor

    def put_metric_data(self) -> ActionResult:
        now = time.time()
        for metric, sample in custom_metrics.samples(self._request(), now):
            self._monitor.store.put(metric, sample)
        return EmptyResult()

    def get_metric_data(self) -> ActionResult:
        return self._read(readings.get_metric_data)

    def get_metric_statistics(self) -> ActionResult:
        return self._read(readings.get_metric_statistics)

    def list_metrics(self) -> ActionResult:
        return self._read(readings.list_metrics)

    def put_metric_alarm(self) -> ActionResult:
        request = self._request()
        alarm = self._monitor.put_alarm(request, time.time())
        if request.get("Tags"):
            self.cloudwatch_backend.tagger.tag_resource(alarm.alarm_arn, request["Tags"])
        return EmptyResult()

    put_composite_alarm = put_metric_alarm

    def describe_alarms(self) -> ActionResult:
        return ActionResult(listings.describe_alarms(self._monitor, self._request()))

    def describe_alarms_for_metric(self) -> ActionResult:
        return ActionResult(listings.describe_alarms_for_metric(self._monitor, self._request()))

    def describe_alarm_history(self) -> ActionResult:
        return ActionResult(listings.describe_alarm_history(self._monitor, self._request()))

    def set_alarm_state(self) -> ActionResult:
        request = self._request()
        data = request.get("StateReasonData")
        try:
            json.loads(data or "{}")
        except ValueError:
            raise invalid_format("StateReasonData was not in JSON format.") from None
        self._monitor.set_state(request["AlarmName"], request["StateValue"], request["StateReason"], data, time.time())
        return EmptyResult()

    def serialized(self, action_result: ActionResult) -> tuple[int, dict[str, Any], Any]:
        """moto thinks of CloudWatch as of CBOR, and gives JSON no proper content type."""
        status, headers, body = super().serialized(action_result)
        asked = self.headers.get("Content-Type", "")
        if "json" in asked:
            headers["Content-Type"] = asked
        return status, headers, body

    def _read(self, how: Callable[..., dict[str, Any]]) -> ActionResult:
        return ActionResult(how(self._monitor.store, self._request(), time.time()))

    def _request(self) -> dict[str, Any]:
        return checked_request(self)
