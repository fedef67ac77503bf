"""The words of the figures of `labkit.plots.growth`."""

ALT = "Line chart, {unit} over {size}, both axes logarithmic. {lines}"
LINE = "{name}: {first:,.10g} at {start:,}, {last:,.10g} at {end:,}, times {times:,.0f}."
NUMBER = "{:,.10g}"
