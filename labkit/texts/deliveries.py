"""The words of the figure of `labkit.plots.deliveries`."""

MESSAGES = "messages in the queue"
ALT = "Bar chart of how many messages each queue got. {queues}."
QUEUE = "{name}: {number}"
