"""A Prefect server for the tests of one process: two processes at one would wait for each other, since its database
takes one writer at a time, and now and then for a whole minute.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from folders import prefect_at, write
from programs import program

PATIENCE = 180.0
"""Seconds after which something that should happen is said not to: on a busy machine all of this is slow."""


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server that keeps its files in `folder`: the address of its API, and its process."""
    write(folder, {})
    environment = prefect_at(folder / "home") | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}/api"
    with (folder / "log").open("wb") as log, program(*command, env=environment, stdout=log, stderr=log) as process:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{url}/health", timeout=5):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"the server did not start: {(folder / 'log').read_text(errors='replace')[-4000:]}")
        yield url, process
