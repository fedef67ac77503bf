"""Where moto finds the service that a request is for. If this fails with a new moto, see `aws.Dispatcher`."""

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from labkit.embedded.aws import Dispatcher

HOSTS = {"sns.us-east-1.amazonaws.com": "sns", "dynamodb": "dynamodb"}


def test_the_service_of_a_host_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    dispatcher = Dispatcher(create_backend_app)
    first = [dispatcher.get_backend_for_host(host) for host in HOSTS]
    monkeypatch.delattr(DomainDispatcherApplication, "get_backend_for_host")
    assert [dispatcher.get_backend_for_host(host) for host in HOSTS] == first == list(HOSTS.values())


def test_moto_asks_for_it() -> None:
    assert "get_backend_for_host" in DomainDispatcherApplication.get_application.__code__.co_names
