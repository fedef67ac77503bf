"""MetricDataQuery structures: what GetMetricData and alarms ask for.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from labkit.embedded.metrics.errors import not_here, validation_error
from labkit.embedded.metrics.math_functions import Grid, Line
from labkit.embedded.metrics.metric_math import Expression, Surroundings
from labkit.embedded.metrics.series import Dimensions, Metric, Sample, Store, statistic

_ID = re.compile(r"[a-z][A-Za-z0-9_]{0,254}")
SHORT_PERIODS = (1, 5, 10, 20, 30)  # seconds; of metrics with high resolution
DEFAULT_PERIOD = 60  # of an expression that refers to no metric


def check_period(period: int, *, short: Sequence[int] = SHORT_PERIODS) -> int:
    """Raises ValidationError for a period that CloudWatch does not have."""
    if period < 1 or (period % 60 and period not in short):
        choices = ", ".join(map(str, short))
        raise validation_error(f"Period must be {choices} or a multiple of 60.")
    return period


def dimensions_of(pairs: Sequence[Mapping[str, str]] | None) -> Dimensions:
    return tuple(sorted((pair["Name"], pair["Value"]) for pair in pairs or ()))


class Query:
    """One query: a statistic of a metric, or an expression over other queries."""

    metric: Metric | None = None
    expression: Expression | None = None

    def __init__(self, request: Mapping[str, Any], place: int) -> None:
        """`place` is its number in the request, from 1."""
        self.id: str = request["Id"]
        if not _ID.fullmatch(self.id):
            raise validation_error(
                f"Invalid metric id '{self.id}': an id begins with a lowercase letter and has only letters, digits and _."
            )
        stat, text = request.get("MetricStat"), request.get("Expression")
        if stat is None and text is None:
            raise validation_error(f"The parameter MetricDataQueries.member.{place}.MetricStat is required.\n")
        if stat is not None and text is not None:
            raise validation_error(
                f"The parameters MetricDataQueries.member.{place}.MetricStat and "
                f"MetricDataQueries.member.{place}.Expression are mutually exclusive and you have specified both."
            )
        self.returned: bool = request.get("ReturnData") is not False
        self.period: int | None = None
        if request.get("Period") is not None:
            self.period = check_period(request["Period"])
        if stat is not None:
            name = stat["Metric"]
            self.metric = Metric(name["Namespace"], name["MetricName"], dimensions_of(name.get("Dimensions")))
            self.period = check_period(stat["Period"])
            self.statistic: Callable[[Sample], float | None] = statistic(stat["Stat"])
            self.unit: str | None = stat.get("Unit")
        elif text is not None and text.lstrip().upper().startswith("SELECT "):
            raise not_here("A Metrics Insights query")
        elif text is not None:
            self.expression = Expression(text)
        self.label: str = request.get("Label") or (self.metric.name if self.metric else self.id)


class Queries:
    """The queries of one request. Raises ValidationError if they do not fit together."""

    def __init__(self, requests: Sequence[Mapping[str, Any]]) -> None:
        self.all = [Query(request, place) for place, request in enumerate(requests, 1)]
        self._by_id = {query.id: query for query in self.all}
        if len(self._by_id) < len(self.all):
            raise validation_error("The ids of the queries must be unique.")
        self.metric_ids = tuple(query.id for query in self.all if query.metric)
        for query in self.all:
            self._needs(query, ())

    @property
    def returned(self) -> list[Query]:
        return [query for query in self.all if query.returned]

    def period_of(self, query: Query) -> int:
        """The period of a query's datapoints: an expression's is the longest of those that it refers to."""
        return query.period or max((self.period_of(q) for q in self._direct_needs(query)), default=DEFAULT_PERIOD)

    def metrics_behind(self, query: Query) -> set[Metric]:
        """The metrics that a query takes its data from, directly or through other queries."""
        if query.metric:
            return {query.metric}
        return {metric for needed in self._direct_needs(query) for metric in self.metrics_behind(needed)}

    def lines(self, query: Query, store: Store, grid: Grid) -> tuple[Line, ...]:
        """A query's datapoints. Most queries have one line of them; those with METRICS() may have more."""
        value = self._value(query, store, grid, {})
        return tuple(value) if isinstance(value, list) else (value,)

    def _value(self, query: Query, store: Store, grid: Grid, known: dict[str, Any]) -> Line | list[Line]:
        if query.id not in known:
            if query.metric:
                samples = store.periods(query.metric, grid.start, grid.period, grid.count, unit=query.unit)
                values = ((number, query.statistic(sample)) for number, sample in samples.items())
                known[query.id] = {number: value for number, value in values if value is not None}
            else:
                assert query.expression
                for needed in self._direct_needs(query):
                    self._value(needed, store, grid, known)
                known[query.id] = query.expression.evaluate(Surroundings(known, self.metric_ids, grid))
        value: Line | list[Line] = known[query.id]
        return value

    def _direct_needs(self, query: Query) -> list[Query]:
        if query.expression is None:
            return []
        ids = set(query.expression.names)
        if query.expression.uses_all_metrics:
            ids.update(self.metric_ids)
        return [self._by_id[i] for i in sorted(ids)]

    def _needs(self, query: Query, above: tuple[str, ...]) -> None:
        """Raises ValidationError for a query that refers to none, or to itself in a circle."""
        if query.id in above:
            raise validation_error(f"Circular dependency of the query '{query.id}' on itself.")
        if query.expression:
            for name in sorted(query.expression.names):
                if name not in self._by_id:
                    raise validation_error(
                        f"Error in expression '{query.expression.text}': no query has the id {name}."
                    )
                self._needs(self._by_id[name], (*above, query.id))
