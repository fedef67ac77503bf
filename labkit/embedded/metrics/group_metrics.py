"""The namespace AWS/AutoScaling: the sizes of groups whose metrics collection is enabled.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from labkit.embedded.metrics.series import Metric, Sample, single

if TYPE_CHECKING:
    from moto.autoscaling.models import FakeAutoScalingGroup


def minute(group: FakeAutoScalingGroup, now: float) -> Iterator[tuple[Metric, Sample]]:
    """The samples of the minute that ends `now`."""
    states = [state.lifecycle_state for state in group.instance_states]
    sizes = {
        "GroupMinSize": group.min_size,
        "GroupMaxSize": group.max_size,
        "GroupDesiredCapacity": group.desired_capacity,
        "GroupInServiceInstances": states.count("InService"),
        "GroupPendingInstances": states.count("Pending"),
        "GroupStandbyInstances": states.count("Standby"),
        "GroupTerminatingInstances": states.count("Terminating"),
        "GroupTotalInstances": len(states),
    }
    for name in group.metrics:
        yield (
            Metric("AWS/AutoScaling", name, (("AutoScalingGroupName", group.name),)),
            single(now - 60, float(sizes[name])),
        )
