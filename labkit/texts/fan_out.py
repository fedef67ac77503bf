"""The words of the figure of `labkit.plots.fan_out`."""

ALT = "Arrows to whoever asked or subscribed, with how many messages each got; dotted where it got none. {sources}"
SOURCE = "From {name}: {got}."
GOT = "{name} {number}"
