"""Where moto's Auto Scaling is held: by its backend and by its request handler. Importing this imports moto's EC2.

`tests/embedded/test_metrics_seams.py` says what to look at when a new moto breaks one of them.
"""

from collections.abc import Mapping

from moto.autoscaling import urls
from moto.autoscaling.models import autoscaling_backends

from labkit.embedded.metrics.scaling import AutoScaling
from labkit.embedded.metrics.scaling_handler import Handler


def install() -> Mapping[str, Mapping[str, AutoScaling]]:
    """From now on, in this process, Auto Scaling is ours, and new; by account and region. May be called again."""
    urls.url_paths["{0}/$"] = Handler.dispatch
    autoscaling_backends.backend = AutoScaling
    autoscaling_backends.clear()
    backends: Mapping[str, Mapping[str, AutoScaling]] = autoscaling_backends
    return backends
