"""Where moto is held: its CloudWatch and Budgets, each by its backend; CloudWatch by its request handler as well.

`tests/embedded/test_metrics_seams.py` says what to look at when a new moto breaks one of them.
"""

from moto.budgets import models as budgets_models
from moto.budgets.models import budgets_backends
from moto.cloudwatch import urls as cloudwatch_urls
from moto.cloudwatch.models import cloudwatch_backends

from labkit.embedded.access.permissions import Permissions
from labkit.embedded.metrics import cloudwatch
from labkit.embedded.metrics.budgets import SpendingBudget
from labkit.embedded.metrics.late_scaling import LateScaling
from labkit.embedded.metrics.service import Metrics
from labkit.embedded.metrics.spending import Spending
from labkit.embedded.sqs.service import Sqs


def install(sqs: Sqs, permissions: Permissions) -> Metrics:
    """From now on, in this process, these services are ours. May be called again, for another AWS."""
    spending, scaling = Spending(), LateScaling()
    cloudwatch_urls.url_paths["{0}/$"] = cloudwatch.Handler.dispatch
    cloudwatch_backends.backend = type("CloudWatch", (cloudwatch.CloudWatch,), {"scaling": scaling})
    budgets_models.Budget = type("Budget", (SpendingBudget,), {"spending": spending, "permissions": permissions})
    for backends in (cloudwatch_backends, budgets_backends):
        backends.clear()
    return Metrics(sqs, spending, scaling)
