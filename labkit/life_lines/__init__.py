"""What really happened to each message: noted as SQS answers, told as one line for each message.

from labkit import life_lines
from labkit.plots.life_lines import draw

record = life_lines.record(lab, sqs)
...  # ordinary calls; nothing is added to them
draw(record.lines())
"""

from labkit.life_lines.line import LifeLine, Mark, Sign, Spell, State
from labkit.life_lines.lines import fold
from labkit.life_lines.record import Record, record

__all__ = ["LifeLine", "Mark", "Record", "Sign", "Spell", "State", "fold", "record"]
