"""The panel of notebook 07 as a web page: `python lab.py page`."""
