"""File systems for tests: real ones, small, that can be filled and made read-only. Mounting takes root."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _call(*command: str) -> str | None:
    """What a command complains of, None where it succeeds."""
    if shutil.which(command[0]) is None:
        return f"there is no {command[0]}"
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return done.stderr.strip() or "it failed" if done.returncode else None


@contextmanager
def tmpfs(folder: Path, size: str) -> Iterator[Path]:
    """A file system of a size such as `64k`, and other options, at `folder`; skips the test where it is refused."""
    folder.mkdir()
    if refused := _call("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)):
        pytest.skip(f"needs to mount a file system: {refused}")
    try:
        yield folder
    finally:
        _call("umount", "--lazy", str(folder))


@contextmanager
def disk(image: Path, folder: Path) -> Iterator[Path]:
    """The disk in the file `image`, which is made where there is none (ext4, 64 MB), mounted at `folder`."""
    if not image.exists():
        with image.open("wb") as file:
            file.truncate(64 << 20)
        if refused := _call("mkfs.ext4", "-q", "-F", str(image)):
            pytest.skip(f"needs mkfs.ext4: {refused}")
    folder.mkdir(exist_ok=True)
    if refused := _call("mount", "-o", "loop", str(image), str(folder)):
        pytest.skip(f"needs to mount a file system: {refused}")
    try:
        yield folder
    finally:
        _call("umount", str(folder))


def remount(folder: Path, options: str) -> None:
    """Mount what is mounted at `folder` again, with other options."""
    refused = _call("mount", "-o", f"remount,{options}", str(folder))
    assert refused is None, refused


@contextmanager
def frozen(path: Path) -> Iterator[None]:
    """Within this context nobody, not even root, may write to `path`; skips the test where that cannot be had."""
    if refused := _call("chattr", "+i", str(path)):
        pytest.skip(f"needs chattr: {refused}")
    try:
        yield
    finally:
        assert _call("chattr", "-i", str(path)) is None
