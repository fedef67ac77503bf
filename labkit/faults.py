"""Trouble on request: the embedded AWS does what AWS does seldom, as often as a lesson asks, and repeatably.

    with labkit.faults.on(lab, duplicate=0.2, seed=1):
        ...

Without a `with`, trouble lasts until `off`, `lab.tear_down()` or the next `labkit.start()`. The same seed and the same
calls make the same trouble. With several threads or processes that holds for each operation: its n-th call meets the
same fate, whoever makes it; what goes wrong in queues goes by the order of receives. Attempts that boto3 makes by
itself are calls like any other.
"""

from __future__ import annotations

import functools
import reprlib
from collections.abc import Iterable
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Self

import botocore.session

from labkit import texts
from labkit.errors import LabError

if TYPE_CHECKING:
    from botocore.model import ServiceModel

    from labkit.lab import Lab

SERVICES = ("sqs", "sns", "dynamodb", "cloudwatch", "autoscaling")
LONGEST_DELAY = 60  # seconds; boto3's default read_timeout (botocore reference, Config)


class Switched:
    """Trouble that is on. As a context manager it is off after the block."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _calm(self._lab)

    def _ipython_display_(self) -> None:
        """Nothing, where a cell ends with `on(...)`: that has said its line already."""


def on(
    lab: Lab,
    *,
    duplicate: float = 0,
    reorder: float = 0,
    miss: float = 0,
    throttle: float = 0,
    slow: float = 0,
    slow_seconds: float = 5,
    lose_response: float = 0,
    services: str | Iterable[str] = ("sqs", "sns", "dynamodb"),
    operations: str | Iterable[str] = (),
    seed: int = 0,
) -> Switched:
    """Let this go wrong from now on, in place of anything before, and say so in one line. Rates are from 0 to 1.

    In queues, as AWS documents it: `duplicate` delivers a message of a standard queue once more, even after it was
    deleted; `reorder` lets it overtake some of those before it; `miss` lets a short poll find nothing although
    messages wait. Amazon SQS Developer Guide, "Standard queues" and "Short and long polling".

    In calls of these `services` (some of `SERVICES`), or only of some `operations` such as "SendMessage":
    `throttle` refuses with the service's own error, and boto3 tries again as it does on AWS; `slow` answers after
    `slow_seconds` of AWS's time: the clock moves, so a visibility timeout can run out on the way, and nobody waits;
    `lose_response` does what was asked and ends the connection without an answer, and boto3 asks again.

    Raises LabError for rates, seconds, names or seeds that are none.
    """
    given = {
        "duplicate": duplicate,
        "reorder": reorder,
        "miss": miss,
        "throttle": throttle,
        "slow": slow,
        "lose_response": lose_response,
    }
    rates = {name: _rate(name, value) for name, value in given.items()}
    if not (_is_number(slow_seconds) and 0 < slow_seconds <= LONGEST_DELAY):
        raise LabError(texts.SLOW_SECONDS_IS_BAD.format(longest=LONGEST_DELAY, value=reprlib.repr(slow_seconds)))
    if not isinstance(seed, Integral) or isinstance(seed, bool):
        raise LabError(texts.SEED_IS_BAD.format(value=reprlib.repr(seed)))
    models = [_model(service) for service in _services(services)]
    wanted = _operations(operations, models)
    calls_go_wrong = any(rates[name] for name in ("throttle", "slow", "lose_response"))
    calls = (wanted or [model.service_name for model in models]) if calls_go_wrong else []
    line = _line(rates, float(slow_seconds), calls, int(seed))
    lab.make_trouble(
        line,
        queues={
            "duplicate_rate": rates["duplicate"],
            "reorder_rate": rates["reorder"],
            "miss_rate": rates["miss"],
            "seed": int(seed),
        },
        calls={
            "throttle_rate": rates["throttle"],
            "slow_rate": rates["slow"],
            "slow_seconds": float(slow_seconds),
            "lose_rate": rates["lose_response"],
            "services": [model.signing_name for model in models] if calls_go_wrong else [],
            "operations": wanted,
            "seed": int(seed),
        },
    )
    print(line or texts.TROUBLE_OFF)
    return Switched(lab)


def off(lab: Lab) -> None:
    """Let nothing go wrong any more, and say so. Duplicates that were still to come do not come."""
    _calm(lab)
    print(texts.TROUBLE_OFF)


def _calm(lab: Lab) -> None:
    lab.make_trouble("", queues={}, calls={})


def _line(rates: dict[str, float], slow_seconds: float, calls: list[str], seed: int) -> str:
    """What is said about it; nothing if nothing goes wrong."""
    templates = {
        "duplicate": texts.TROUBLE_DUPLICATE,
        "reorder": texts.TROUBLE_REORDER,
        "miss": texts.TROUBLE_MISS,
        "throttle": texts.TROUBLE_THROTTLE,
        "slow": texts.TROUBLE_SLOW,
        "lose_response": texts.TROUBLE_LOSE_RESPONSE,
    }
    faults = [templates[name].format(percent=100 * rate, seconds=slow_seconds) for name, rate in rates.items() if rate]
    if calls:
        faults.append(texts.TROUBLE_CALLS.format(calls=", ".join(calls)))
    return texts.TROUBLE_ON.format(faults=" · ".join(faults), seed=seed) if faults else ""


def _rate(name: str, value: Any) -> float:
    if not (_is_number(value) and 0 <= value <= 1):
        raise LabError(texts.RATE_IS_BAD.format(name=name, value=reprlib.repr(value)))
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _services(given: Any) -> list[str]:
    names = _names(given)
    if not names or not set(names) <= set(SERVICES):
        raise LabError(texts.SERVICES_ARE_BAD.format(known=", ".join(SERVICES), value=reprlib.repr(given)))
    return names


def _operations(given: Any, models: list[ServiceModel]) -> list[str]:
    names = _names(given)
    known = {operation for model in models for operation in model.operation_names} if given else set()
    if names is None or not set(names) <= known:
        services = ", ".join(model.service_name for model in models)
        example = models[0].operation_names[-1]
        raise LabError(texts.OPERATIONS_ARE_BAD.format(services=services, example=example, value=reprlib.repr(given)))
    return names


def _names(given: Any) -> list[str] | None:
    """One name or several, each once; None for what is neither."""
    if isinstance(given, str):
        return [given]
    try:
        names = list(dict.fromkeys(given))
    except TypeError:
        return None
    return names if all(isinstance(name, str) for name in names) else None


@functools.cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)
