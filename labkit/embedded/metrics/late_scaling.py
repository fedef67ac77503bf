"""Auto Scaling, put off: moto's brings all of EC2, which takes as long to import as half of everything else here.

Most lessons have no groups, so it is loaded for the first request that can make or meet one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from labkit.embedded.sqs.context import ACCOUNT

if TYPE_CHECKING:
    from labkit.embedded.metrics.scaling import AutoScaling

LEAD_TO_GROUPS = frozenset({"autoscaling", "cloudformation", "ec2"})  # moto's services that use its Auto Scaling


class LateScaling:
    """The groups of one AWS, by region."""

    def __init__(self) -> None:
        self._accounts: Mapping[str, Mapping[str, AutoScaling]] | None = None  # moto's dictionary, once it is ours

    def prepare_for(self, service: str) -> None:
        """To be called before moto serves `service` for the first time."""
        if service in LEAD_TO_GROUPS:
            self.load()

    def load(self) -> Mapping[str, AutoScaling]:
        """The regions, each of which is made when it is first looked up."""
        if self._accounts is None:
            from labkit.embedded.metrics import scaling_seams

            self._accounts = scaling_seams.install()
        return self._accounts[ACCOUNT]

    def so_far(self) -> list[tuple[str, AutoScaling]]:
        """The regions in use, with their names: none as long as nobody has asked for Auto Scaling."""
        return [] if self._accounts is None else list(self._accounts[ACCOUNT].items())
