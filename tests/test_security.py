"""What SECURITY.md says: the tests that it names are there, its limits are those of the program, and hostile documents
do nothing but get cleaned or set aside.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from folders import PROJECT, tree, write

from cleaners import clean_html
from flows.budget import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, MAX_MEMORY, MAX_SECONDS
from flows.cleaning import Job, clean_job, set_aside
from flows.naming import places
from flows.preparing import settings_for
from flows.reading import MAX_BYTES, find_documents
from flows.verify import verify

sys.path.insert(0, str(PROJECT / "bench"))

from hostile import KINDS, LIMITS, NAMES, SENTENCE, Kind, write_hostile

SAID = (PROJECT / "SECURITY.md").read_text()


def test_every_test_and_bench_that_holds_a_promise_is_there() -> None:
    there = {
        name
        for path in (PROJECT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    named = re.findall(r"`(test_\w+)`", SAID)
    assert len(named) > 40
    assert [name for name in named if name not in there] == []
    for bench in re.findall(r"`python (bench/\w+\.py)", SAID):
        assert (PROJECT / bench).exists()


def test_the_limits_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| [^|]+ \| `--([\w-]+)` \| ([^|]+) \|", SAID, re.MULTILINE)
    assert dict(rows) == {
        "max-bytes": f"{MAX_BYTES >> 20} MiB",
        "max-characters": f"{MAX_CHARACTERS:,}",
        "max-elements": f"{MAX_ELEMENTS:,}",
        "max-depth": f"{MAX_DEPTH:,}",
        "max-seconds": f"{MAX_SECONDS:g}",
        "max-memory": f"{MAX_MEMORY >> 30} GiB",
    }


def test_entities_read_no_file_fetch_nothing_and_do_not_multiply(tmp_path: Path) -> None:
    write(tmp_path, {"secret.txt": "the harbour key is 4711"})
    heard: list[object] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.5)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"

        def listen() -> None:
            with suppress(TimeoutError):
                heard.append(listener.accept())

        thread = threading.Thread(target=listen)
        thread.start()
        doubled = "".join(f'<!ENTITY l{n + 1} "&l{n};&l{n};">' for n in range(30))
        page = (
            f'<?xml version="1.0"?><?xml-stylesheet href="{url}x.xsl"?>'
            f'<!DOCTYPE html SYSTEM "{url}x.dtd" [<!ENTITY l0 "velm">{doubled}'
            f'<!ENTITY file SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY net SYSTEM "{url}a">]>'
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:xi="http://www.w3.org/2001/XInclude"><head>'
            f'<link rel="stylesheet" href="{url}b"/><base href="{url}"/></head><body><article><p>{SENTENCE}</p>'
            f'<xi:include parse="text" href="file://{tmp_path}/secret.txt"/><p>{SENTENCE * 3}&file;&net;&l30;</p>'
            f'<img src="{url}c"/><iframe src="{url}d"></iframe><object data="{url}e"></object></article></body></html>'
        )
        result = clean_html(page, url)
        thread.join()
    assert heard == []
    assert "4711" not in result.source + str(result.metadata)
    assert len(result.source) < 2 * len(page)
    assert result.text.count("The council of Velm") >= 3


@pytest.mark.torture
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.write is None and kind.name not in ("hang", "memory")])
def test_a_hostile_document_is_soon_cleaned_or_set_aside_and_leaves_nothing_else(tmp_path: Path, kind: Kind) -> None:
    raw = write(tmp_path / "raw", {f"a{kind.ending}": kind.make(7)})
    settings = settings_for(write(tmp_path / "clean", {}), **LIMITS)  # type: ignore[arg-type]
    begin = time.process_time()
    found = find_documents(raw, max_bytes=settings.max_bytes)
    given = places(found.sources())
    outcomes = [clean_job(settings, Job(each, given[each.source])) for each in found.documents]
    outcomes += [set_aside(settings, given[each.source], each) for each in found.set_aside]
    (outcome,) = outcomes
    expected = {"a.txt", "a.json"} if outcome.set_aside is None else {f"_failed/a{kind.ending}.json"}
    assert set(tree(tmp_path / "clean")) == expected
    assert time.process_time() - begin < 10
    assert set(tree(tmp_path)) == {f"clean/{name}" for name in expected} | {f"raw/a{kind.ending}"}
    assert verify(tmp_path / "clean", raw).problems == []


def test_hostile_documents_are_of_every_kind_and_name(tmp_path: Path) -> None:
    kinds = write_hostile(tmp_path / "hostile", 100)
    assert len(kinds) == 100
    assert set(kinds.values()) == {kind.name for kind in KINDS}
    assert sum(kind.share for kind in KINDS) == 100
    assert len(NAMES) > 5
    found = find_documents(tmp_path)
    assert len(found.sources()) + len(found.passed_over) + len(found.not_handled) == 100
    assert found.passed_over == []
