"""What CloudWatch keeps of a metric: samples in the order of their time, and what they come to in each period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
"""

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import NamedTuple

from labkit.embedded.metrics.errors import invalid_value

DAY = 86_400
# For how long a datapoint can be had, by the period it is asked for with; GetMetricStatistics, "retains metric data".
RETENTION = ((1, 3 * 3600), (60, 15 * DAY), (300, 63 * DAY), (3600, 455 * DAY))
_TIDY_EVERY = 30_000  # samples: three weeks of minutes
_MOST_UNREAD = 100_000  # minutes of a queue: some 50 MB
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")

Dimensions = tuple[tuple[str, str], ...]
Samples = Callable[[], "Iterable[tuple[Metric, Sample]]"]


class Metric(NamedTuple):
    """Metrics with other dimensions are other metrics. The dimensions are sorted."""

    namespace: str
    name: str
    dimensions: Dimensions = ()


class Sample(NamedTuple):
    """Values that belong to one moment or, put together, to one period."""

    at: float  # epoch seconds
    sample_count: float
    total: float
    lowest: float
    highest: float
    values: tuple[tuple[float, float], ...] | None  # each with how often it came; None: they are not known
    unit: str


def single(at: float, value: float, unit: str = "None") -> Sample:
    return Sample(at, 1.0, value, value, value, ((value, 1.0),), unit)


def of_values(at: float, values: Iterable[tuple[float, float]], unit: str = "None") -> Sample:
    """`values` are pairs of a value and how often it came."""
    pairs = tuple(values)
    count = sum(times for _, times in pairs)
    total = sum(value * times for value, times in pairs)
    return Sample(at, count, total, min(v for v, _ in pairs), max(v for v, _ in pairs), pairs, unit)


def of_statistics(at: float, count: float, total: float, lowest: float, highest: float, unit: str = "None") -> Sample:
    """Values of which only this is known. PutMetricData: percentiles of them exist if they must all be the same."""
    known = count == 1 or lowest == highest
    return Sample(at, count, total, lowest, highest, ((lowest, count),) if known else None, unit)


def together(samples: list[Sample]) -> Sample:
    if len(samples) == 1:
        return samples[0]
    values: Counter[float] | None = Counter()
    for sample in samples:
        if sample.values is None or values is None:
            values = None
            continue
        for value, times in sample.values:
            values[value] += times  # type: ignore[assignment]  # a Counter of fractions is as good
    return Sample(
        samples[0].at,
        sum(s.sample_count for s in samples),
        sum(s.total for s in samples),
        min(s.lowest for s in samples),
        max(s.highest for s in samples),
        None if values is None else tuple(values.items()),
        samples[0].unit,
    )


class Series:
    """The samples of one metric. Most come in order of time, which costs nothing; old ones become coarser."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._tidy_at = _TIDY_EVERY  # samples

    def add(self, sample: Sample) -> None:
        if self._samples and sample.at < self._samples[-1].at:
            bisect.insort(self._samples, sample, key=attrgetter("at"))
        else:
            self._samples.append(sample)
        if len(self._samples) > self._tidy_at:
            self._tidy(sample.at)
            self._tidy_at = len(self._samples) + _TIDY_EVERY

    def between(self, start: float, end: float) -> list[Sample]:
        """From `start` until just before `end`."""
        first = bisect.bisect_left(self._samples, start, key=attrgetter("at"))
        return self._samples[first : bisect.bisect_left(self._samples, end, lo=first, key=attrgetter("at"))]

    @property
    def latest(self) -> float:
        return self._samples[-1].at

    def _tidy(self, now: float) -> None:
        """Keep no more than can still be asked for: RETENTION."""

        def coarse_time(sample: Sample) -> float | None:
            age = now - sample.at
            return next((sample.at // period * period for period, longest in RETENTION if age <= longest), None)

        kept = itertools.groupby(self._samples, key=coarse_time)
        self._samples = [together(list(samples))._replace(at=at) for at, samples in kept if at is not None]


class Store:
    """The metrics of one region."""

    def __init__(self) -> None:
        self._series: dict[Metric, Series] = {}
        self._unread: list[Samples] = []

    def put(self, metric: Metric, sample: Sample) -> None:
        self._series.setdefault(metric, Series()).add(sample)

    def put_later(self, samples: Samples) -> None:
        """Put what `samples` returns, when somebody looks: most minutes of a long wait are never looked at."""
        self._unread.append(samples)
        if len(self._unread) > _MOST_UNREAD:
            self._take_in()

    def metrics(self, since: float) -> list[Metric]:
        """Those with a sample at `since` or later."""
        self._take_in()
        return sorted(metric for metric, series in self._series.items() if series.latest >= since)

    def latest(self, metric: Metric) -> float:
        """When the last sample was; minus infinity if there is none."""
        self._take_in()
        series = self._series.get(metric)
        return series.latest if series else float("-inf")

    def periods(
        self, metric: Metric, start: float, period: int, count: int, *, unit: str | None = None
    ) -> dict[int, Sample]:
        """What was reported in each of `count` periods from `start` on, by their numbers; empty ones are left out."""
        self._take_in()
        series = self._series.get(metric)
        if series is None:
            return {}
        found: dict[int, list[Sample]] = {}
        for sample in series.between(start, start + period * count):
            if unit is None or sample.unit == unit:
                found.setdefault(int((sample.at - start) // period), []).append(sample)
        return {number: together(samples) for number, samples in found.items()}

    def _take_in(self) -> None:
        unread, self._unread = self._unread, []
        for samples in unread:
            for metric, sample in samples():
                self.put(metric, sample)


def retained(at: float, period: int, now: float) -> bool:
    """Whether a datapoint of `at` can still be had with this period."""
    return any(period % resolution == 0 and now - at <= age for resolution, age in RETENTION)


def statistic(name: str) -> Callable[[Sample], float | None]:
    """How to get a statistic such as Average or p99.9 from a period's sample; None where it does not exist.

    Raises InvalidParameterValue for a name that is none.
    """
    if name in _STATISTICS:
        return _STATISTICS[name]
    match = _PERCENTILE.fullmatch(name)
    if match is None:
        raise invalid_value(f"The value {name} for parameter Stat is not supported.")
    return lambda sample: _percentile(sample, float(match[1]))


def _percentile(sample: Sample, percent: float) -> float | None:
    """The smallest value with at least so many percent of the values at or below it; none of negative values."""
    if sample.values is None or sample.lowest < 0:
        return None
    wanted, seen = sample.sample_count * percent / 100, 0.0
    for value, times in sorted(sample.values):
        seen += times
        if seen >= wanted:
            return value
    return sample.highest


_STATISTICS: dict[str, Callable[[Sample], float | None]] = {
    "SampleCount": lambda sample: sample.sample_count,
    "Sum": lambda sample: sample.total,
    "Average": lambda sample: sample.total / sample.sample_count if sample.sample_count else None,
    "Minimum": lambda sample: sample.lowest,
    "Maximum": lambda sample: sample.highest,
}
