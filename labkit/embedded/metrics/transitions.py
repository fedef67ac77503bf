"""Why an alarm is in its state, in the words and the JSON that CloudWatch has for it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from labkit.embedded.metrics.evaluation import COMPARISONS, Verdict


def stamp(seconds: float) -> str:
    """As in 2026-11-24T10:00:00.000+0000, which the JSON of an alarm has."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(seconds * 1000) % 1000:03}+0000"


def reason(request: dict[str, Any], verdict: Verdict, points: Sequence[tuple[float, float]]) -> str:
    """`points` are the times and values of the datapoints that the verdict rests on, the newest first."""
    periods, treatment = request["EvaluationPeriods"], request.get("TreatMissingData") or "missing"
    if verdict.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(periods, 'datapoint')} {_were(periods)} unknown."
    treated = (
        f" and {_count(verdict.filled, 'missing datapoint')} {_were(verdict.filled)} treated as "
        f"[{'Breaching' if treatment == 'breaching' else 'NonBreaching'}]"
        if verdict.filled and treatment in ("breaching", "notBreaching")
        else ""
    )
    if not points:
        return f"Threshold Crossed: no datapoints were received for {_count(periods, 'period')}{treated}."
    compare, words = COMPARISONS[request["ComparisonOperator"]]
    threshold = float(request["Threshold"])
    breaching = [point for point in points if compare(point[1], threshold)]
    listed = ", ".join(f"{value} ({datetime.fromtimestamp(at, UTC):%d/%m/%y %H:%M:%S})" for at, value in points[:5])
    if verdict.state == "ALARM":
        needed = request.get("DatapointsToAlarm") or periods
        return (
            f"Threshold Crossed: {len(breaching)} out of the last {_count(len(points), 'datapoint')} [{listed}] "
            f"{_were(len(breaching))} {words} the threshold ({threshold}){treated} "
            f"(minimum {_count(needed, 'datapoint')} for OK -> ALARM transition)."
        )
    fine = len(points) - len(breaching)
    return (
        f"Threshold Crossed: {fine} out of the last {_count(len(points), 'datapoint')} [{listed}] {_were(fine)} not "
        f"{words} the threshold ({threshold}){treated} (minimum 1 datapoint for ALARM -> OK transition)."
    )


def reason_data(
    request: dict[str, Any], points: Sequence[tuple[float, float]], now: float, period: int, treated: str
) -> str:
    """The StateReasonData: Auto Scaling takes the value of the metric from here."""
    statistic = request.get("Statistic") or request.get("ExtendedStatistic")
    data = {
        "version": "1.0",
        "queryDate": stamp(now),
        **({"startDate": stamp(points[-1][0])} if points else {}),
        **({"statistic": statistic} if statistic else {}),
        "period": period,
        "recentDatapoints": [value for _, value in reversed(points)],
        "threshold": float(request["Threshold"]),
        "evaluatedDatapoints": [{"timestamp": stamp(at), "value": value} for at, value in points],
        **({"treatMissingData": treated} if treated else {}),
    }
    return json.dumps(data)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
