"""The words of the figures of `labkit.plots.spread`."""

ALT = (
    "Histogram of {number} {how_many} by {what}. Half are at or below {median:.0f}, 99 in 100 at or below {late:.0f}; "
    "the highest is {most:.0f}. Most stand close together on the left, and a few far out on the right."
)
MEDIAN = "half of them: {:.0f}"
LATE = "99 in 100: {:.0f}"
