"""What a person sees and clicks: the panel. View only: whatever it does is done by the functions it is given."""

from labkit.widgets.panel import Panel
from labkit.widgets.server import panel_for

__all__ = ["Panel", "panel_for"]
