"""A consumer under every crash and every small interleaving with another one, at the boundaries of its AWS calls.

Testing a consumer by running it often hopes to meet the bad moment. Here each call stops at a gate, and one scheduler
lets them through one at a time, so a run is repeatable and is described by a short list of what disturbed it. The
bound on disturbances is small, as in CHESS (Musuvathi and Qadeer, PLDI 2007): most mistakes need one or two.
"""

from labkit.explore.consumer import Result, effect
from labkit.explore.scheduler import Run, simulate
from labkit.explore.schedules import Bounds, Disturbance, Schedule, What, explore
from labkit.explore.steps import Kind, Step

__all__ = [
    "Bounds",
    "Disturbance",
    "Kind",
    "Result",
    "Run",
    "Schedule",
    "Step",
    "What",
    "effect",
    "explore",
    "simulate",
]
