"""The words of the figures of `labkit.plots.over_time`."""

ALT = "Line chart, {unit} over time. {lines} {marks}"
LINE = "{name}{start}: {first:g} at first, at most {highest:g} in {time} {at}, {last:g} at the end."
FROM = " (from {time} {at:g} on)"
MARK = "{time} {at:g}: {what}"
