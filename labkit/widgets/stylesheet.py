"""How panels and gauges look."""

from importlib import resources


def stylesheet() -> str:
    """The element `<style>` for what has the class `lk-panel` or `lk-gauges`."""
    return f"<style>{resources.files('labkit.widgets').joinpath('panel.css').read_text(encoding='utf-8')}</style>"
