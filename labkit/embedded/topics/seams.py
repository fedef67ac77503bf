"""Where moto's SNS is held: by its backend's class, and by its request handler.

`tests/embedded/test_sns_seams.py` says what to look at when a new moto breaks one of them.
"""

from moto.sns import urls
from moto.sns.models import sns_backends

from labkit.embedded.sqs.service import Sqs
from labkit.embedded.topics.backend import Count, Topics
from labkit.embedded.topics.handler import Handler


def install(sqs: Sqs, count: Count) -> None:
    """From now on, in this process, moto's SNS is ours and delivers to the queues of `sqs`. May be called again.

    `count` is told what happens to messages.
    """
    urls.url_paths["{0}/$"] = Handler.dispatch
    sns_backends.backend = type("Topics", (Topics,), {"sqs": sqs, "count": staticmethod(count)})
    sns_backends.clear()
