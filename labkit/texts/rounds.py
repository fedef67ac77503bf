"""The words of the figures of `labkit.plots.rounds`."""

TIME = "seconds"
ALT = "Time line of rounds. {lanes}"
LANE = "{name}: {rounds}; at most {most} at work at once."
ROUND = "{what} from {begin:g} to {end:g}"
