"""A queue of each test's own, on each broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from dramatiq import Broker

from .services import Service, service_url


@pytest.fixture(params=["embedded", "rabbitmq", "redis"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    service = Service(service_url(request.param), tmp_path, f"test-{token_hex(6)}")
    yield service
    service.clean()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Service]:
    service = Service("", tmp_path, "cpu")
    yield service
    service.clean()


@pytest.fixture
def broker(service: Service) -> Broker:
    return service.broker()
