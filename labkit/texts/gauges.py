"""What `labkit.gauges` says to a student."""

STATIC = "A picture of the gauges."
