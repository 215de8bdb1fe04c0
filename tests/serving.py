"""One Prefect server for all tests of a session, on whichever process of pytest-xdist they run: to start one takes 15 s
of CPU time. The first test that needs it starts it, and it ends with the last process that used it, however that ended.
"""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from folders import prefect_at, write

PATIENCE = 180.0
"""Seconds after which something that should happen is said not to: on a busy machine all of this is slow."""

_held: list[IO[str]] = []
"""Locks that the kernel takes back when this process ends."""


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def shared_server(folder: Path) -> str:
    """The address of the API of the server that keeps its files in `folder`, which it starts where there is none."""
    write(folder, {})
    users = (folder / "users").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)
    _held.append(users)
    with (folder / "starting").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        address = folder / "address"
        if not address.exists():
            address.write_text(_start(folder))
        return address.read_text()


def _start(folder: Path) -> str:
    port = free_port()
    with (folder / "log").open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, __file__, str(folder), str(port)],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and keeper.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/health", timeout=5):
            return url
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {(folder / 'log').read_text(errors='replace')[-4000:]}")


@contextmanager
def _server(folder: Path, port: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = prefect_at(folder / "home") | {"PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(folder: Path, port: str) -> None:
    """Keep a server as long as anyone holds the lock of its users."""
    with _server(folder, port) as process, (folder / "users").open("a") as users:
        while process.poll() is None:
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.5)
        (folder / "address").unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
