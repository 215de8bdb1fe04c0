"""What the tests of several modules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prefect.testing.utilities import prefect_test_harness


@pytest.fixture(scope="session")
def _server() -> Iterator[None]:
    """Prefect's temporary server, one for all flow tests of a process: each start takes 10 s."""
    with prefect_test_harness(server_startup_timeout=120):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Reports say which tests caused a fault."""
    for item in items:
        if item.get_closest_marker("fault") is not None:
            item.user_properties.append(("fault", True))
