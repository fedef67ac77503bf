"""The figures of the lessons: one module for each kind, all of them drawn with `labkit.plots.figure`."""
