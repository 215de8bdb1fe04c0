"""Nothing that reads a document reaches the network: all of it runs where no socket can be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from folders import PROJECT, clean_folder

_REFUSE = """import socket, sys

def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError(f"no network here: {event} {arguments}")

sys.addaudithook(refuse)
"""
_CLEAN = """
import gzip
from pathlib import Path
from cleaners import clean_html, clean_text
from cleaners.decode import decode

links = "<img src='https://quay.example/a.png'><link rel=stylesheet href='https://quay.example/a.css'>"
entity = "<!DOCTYPE html SYSTEM 'https://quay.example/a.dtd' [<!ENTITY a SYSTEM 'https://quay.example/a'>]>"
count = 0
for path in sorted(Path("raw").rglob("*")):
    if path.suffix == ".txt":
        count += bool(clean_text(decode(path.read_bytes()).text).text)
    elif path.suffix in (".html", ".htm", ".xhtml", ".gz"):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        count += bool(clean_html(raw, "https://quay.example/a").text)
paragraph = "<p>The ferry &a; ran on Tuesday for the first time since the storm, and it was late again.</p>"
count += "Tuesday" in clean_html(f"{entity}<html><head>{links}</head><body>{paragraph * 3}</body></html>").text
print(count)
"""
_TOOLS = """
from flows.cli import app
app(sys.argv[1:], standalone_mode=False)
"""


def _run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _REFUSE + code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False, timeout=120)


def test_a_socket_is_refused_here() -> None:
    assert "no network here" in _run("socket.create_connection(('127.0.0.1', 9))").stderr


def test_texts_and_pages_are_cleaned_without_a_network() -> None:
    done = _run(_CLEAN)
    assert done.stderr == ""
    samples = [
        path for path in (PROJECT / "raw").rglob("*") if path.suffix in (".txt", ".html", ".htm", ".xhtml", ".gz")
    ]
    assert int(done.stdout) == len(samples) + 1


def test_documents_are_explained_without_a_network() -> None:
    done = _run(_TOOLS, "explain", "raw/pages/goat-steps.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "goat" in done.stdout.lower()


def test_records_are_verified_without_a_network(tmp_path: Path) -> None:
    clean_folder(PROJECT / "raw", tmp_path)
    done = _run(_TOOLS, "verify", str(tmp_path), "--raw", "raw")
    assert (done.returncode, done.stderr) == (0, "")
