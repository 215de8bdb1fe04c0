"""What the tests of several modules share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from serving import server

# For make torture.
settings.register_profile("thorough", max_examples=500, deadline=None)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Prefect's API, of one server for all tests of this process."""
    with server(tmp_path_factory.mktemp("server")) as (url, _):
        yield url


@pytest.fixture(scope="session")
def _server(server_url: str) -> Iterator[None]:
    """Flows that run in this process are told to that server."""
    # Loading Prefect takes seconds, which tests that need none of it do not wait for.
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415

    with temporary_settings(updates={PREFECT_API_URL: server_url}):
        yield


def pytest_configure() -> None:
    """Who asks the tests to end gets the same as with Ctrl-C: the programs that they started are ended, too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Reports say which tests caused a fault. The modules that take longest are the first to be shared out."""
    for item in items:
        if item.get_closest_marker("fault") is not None:
            item.user_properties.append(("fault", True))
    long = {item.path for item in items if "server_url" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in long)
