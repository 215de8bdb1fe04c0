"""The flow as Prefect runs it, with its temporary server."""

from __future__ import annotations

import gzip
import json
import os
import random
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from deadly import clean_or_cost
from folders import ARTICLE, BODY, clean_folder, tree, write

from flows import clean_articles as module
from flows import progress
from flows.clean_articles import TooManySetAside, clean_articles
from flows.preparing import RunRefused
from flows.reading import SetAside
from flows.summary import Summary
from flows.verify import Report, verify

RUSSIAN = "Новый паром ходит через залив каждый день.\n\nБилет стоит двести рублей.\n"
JAPANESE = "東京で新しい図書館が開館し、多くの市民が訪れた。\n"


pytestmark = pytest.mark.usefixtures("_server")


def run(raw: Path, clean: Path, **options: Any) -> Summary:
    """The summary of a run of the flow."""
    summary = clean_articles(raw, clean, **options)
    assert isinstance(summary, Summary)
    return summary


def reasons(summary: Summary) -> dict[str, str]:
    """Why what was set aside, by source."""
    return {each.source: each.reason for each in summary.set_aside}


def test_a_run_goes_on_past_bad_content_and_accounts_for_every_file(tmp_path: Path) -> None:
    raw = write(
        tmp_path / "raw",
        {
            "good.txt": ARTICLE,
            "deep/er/good.md": ARTICLE,
            "windows-1251.txt": RUSSIAN.encode("cp1251"),
            "shift-jis.txt": JAPANESE.encode("cp932"),
            "utf-16.txt": RUSSIAN.encode("utf-16"),
            "broken-tail.txt": RUSSIAN.encode()[:-3],
            "empty.txt": b"",
            "blank.txt": b" \n\n",
            "binary.txt": bytes(range(256)) * 4,
            "too-large.txt": b"x" * 100_001,
            "page.pdf": "%PDF",
            "data/b.warc.gz": b"\x1f\x8b",
            ".hidden": "x",
        },
    )
    (raw / "gone.txt").symlink_to("nowhere")
    (raw / "outside.txt").symlink_to("/etc/hostname")
    os.mkfifo(raw / "pipe.txt")
    summary = run(raw, tmp_path / "clean", max_bytes=100_000, max_failed_share=0.6)
    assert reasons(summary) == {
        "binary.txt": "binary",
        "blank.txt": "blank",
        "empty.txt": "empty",
        "gone.txt": "unreadable",
        "outside.txt": "link-outside",
        "pipe.txt": "not-a-file",
        "too-large.txt": "too-large",
    }
    assert (summary.documents, summary.cleaned) == (13, 6)
    assert summary.not_handled == ("data/b.warc.gz", "page.pdf")
    assert summary.passed_over == ((".hidden", "hidden"),)
    assert summary.edits["related"] >= 2
    assert summary.words_in > summary.words_out > 80
    clean = tmp_path / "clean"
    assert (clean / "deep/er/good.txt").read_text() == BODY
    assert (clean / "windows-1251.txt").read_text() == RUSSIAN
    assert (clean / "shift-jis.txt").read_text() == JAPANESE
    assert (clean / "utf-16.txt").read_text() == RUSSIAN
    assert (clean / "broken-tail.txt").read_text().startswith("Новый паром")
    failures = {path.name for path in (clean / "_failed").iterdir()}
    assert failures == {f"{source}.json" for source in reasons(summary)}
    assert verify(clean) == Report(verified=6, set_aside=7)


def test_a_run_makes_the_review_page_when_told_to(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE})
    run(raw, tmp_path / "clean")
    assert not (tmp_path / "clean/_review").exists()
    run(raw, tmp_path / "clean", report=True)
    assert (tmp_path / "clean/_review/index.html").is_file()
    assert len(list((tmp_path / "clean/_review/documents").iterdir())) == 1


def test_a_run_keeps_every_name_inside_clean_and_apart(tmp_path: Path) -> None:
    names = [
        "with space.txt",
        "эмодзи 🎈.txt",
        "مقال\u200f اليوم.txt",
        "new\nline.txt",
        "-rf.txt",
        "n" * 251 + ".txt",
        "_failed/looks like a failure.txt",
        "dots..txt",
        "both.txt",
        "both.md",
        "BOTH.text",
        "[red]markup[_red] | `cell`.txt",
        "%2e%2e%2fescape.txt",
        "back\\slash.txt",
        os.fsdecode(b"caf\xe9.txt"),
    ]
    raw = write(tmp_path / "raw", {name: f"{ARTICLE}\nSource: {number}.\n" for number, name in enumerate(names)})
    clean = write(tmp_path / "clean", {})
    outside = write(tmp_path / "outside", {})
    write(raw, {"trap/x.txt": ARTICLE})
    (clean / "trap").symlink_to(outside)
    summary = run(raw, clean)
    assert reasons(summary) == {"trap/x.txt": "outside-clean"}
    assert tree(outside) == {}
    (clean / "trap").unlink()
    assert verify(clean, raw) == Report(verified=len(names), set_aside=1)
    assert set(summary.renamed) == {
        "back\\slash.txt",
        "n" * 251 + ".txt",
        "_failed/looks like a failure.txt",
        "both.md",
        "BOTH.text",
    }
    records = [json.loads(content) for name, content in tree(clean).items() if name.endswith(".json")]
    assert {record["source"] for record in records} == {*names, "trap/x.txt"}


def test_a_run_leaves_a_table_and_a_page_of_what_was_not_cleaned(tmp_path: Path, server_url: str) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "bad|pipe.txt": "", "page.pdf": "%PDF"})
    state = clean_articles(raw, tmp_path / "clean", return_state=True)
    wanted = {"artifacts": {"flow_run_id": {"any_": [str(state.state_details.flow_run_id)]}}}
    artifacts = {each["key"]: each["data"] for each in _ask(f"{server_url}/artifacts/filter", wanted)}
    numbers = {row["what"]: row["number"] for row in json.loads(artifacts["clean-articles"])}
    assert [numbers[what] for what in ("documents", "texts", "pages")] == ["2", "2", "0"]
    assert numbers["set aside"] == "1"
    assert numbers["files not handled yet"] == "1"
    assert numbers["edits: related"]
    assert {"words in", "words out"} <= set(numbers)
    assert "| bad\\|pipe.txt | empty | the file is empty |" in artifacts["clean-articles-not-cleaned"]
    assert "- page.pdf" in artifacts["clean-articles-not-cleaned"]


def test_workers_and_order_do_not_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {
        f"{number % 7}/{number}.txt": f"{ARTICLE}\n\nLine {number} ends.\n" for number in range(40)
    }
    files |= {f"{number % 7}/{number}.md": RUSSIAN.encode("cp1251") for number in range(5)}
    files |= {"empty.txt": "", "b.bin": "x"}
    write(tmp_path / "raw", files)
    shuffled = random.Random(4).sample(sorted(files), len(files))
    write(tmp_path / "again", {name: files[name] for name in shuffled})
    seen: list[tuple[int, int]] = []
    with progress.listening(lambda done, total: seen.append((done, total))):
        first = run(tmp_path / "raw", tmp_path / "one", workers=1)
    assert seen == [*((done, 46) for done in range(1, 47)), (46, 46)]
    monkeypatch.setattr(module, "SHARD", 30)
    monkeypatch.setattr(module, "_CHUNK", 4)
    second = run(tmp_path / "again", tmp_path / "two", workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert (first.edits, first.words_out, first.set_aside) == (
        second.edits,
        second.words_out,
        second.set_aside,
    )


def test_a_run_fails_only_when_more_than_its_share_was_set_aside(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": "", "c.txt": b"\0"})
    with pytest.raises(TooManySetAside, match=r"2 of 3 documents were set aside, 67%; .* allows 50%"):
        clean_articles(raw, tmp_path / "clean")
    assert (tmp_path / "clean/a.txt").read_text() == BODY
    state = clean_articles(raw, tmp_path / "clean", return_state=True)
    assert state.is_failed()
    assert "2 of 3 documents" in str(state.message)
    summary = run(raw, tmp_path / "clean", max_failed_share=0.7)
    assert (summary.documents, summary.unchanged, len(summary.set_aside)) == (3, 3, 2)


def test_a_run_that_cannot_start_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunRefused, match=r"there is no folder .*raw.*put scraped text"):
        clean_articles(tmp_path / "raw", tmp_path / "clean")
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE})
    write(tmp_path, {"mine.toml": "# mine\n= 1\n"})
    state = clean_articles(raw, tmp_path / "clean", phrases=tmp_path / "mine.toml", return_state=True)
    assert state.is_failed()
    assert "mine.toml:2: " in str(state.message)
    assert tree(tmp_path / "clean") == {}


def test_an_empty_folder_is_a_run_without_documents(tmp_path: Path) -> None:
    summary = run(write(tmp_path / "raw", {"page.pdf": "x"}), tmp_path / "clean")
    assert (summary.documents, summary.failed_share) == (0, 0.0)
    assert summary.not_handled == ("page.pdf",)


def test_the_log_names_what_was_set_aside_and_how_much_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    raw = write(tmp_path / "raw", {f"{number:02}.txt": "" for number in range(25)} | {"a\nb.txt": ""})
    with pytest.raises(TooManySetAside):
        clean_articles(raw, tmp_path / "clean")
    warnings = [entry.getMessage() for entry in caplog.records if entry.levelname == "WARNING"]
    assert warnings[0] == "Set aside: 00.txt: the file is empty"
    assert warnings[-1] == "and 6 more"
    assert len(warnings) == 21
    assert not [entry for entry in caplog.records if entry.levelname in ("ERROR", "CRITICAL") or entry.exc_info]


def test_a_run_with_one_broken_document_in_a_hundred_sets_aside_just_those_and_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str | bytes] = {f"{n % 9}/{n}.txt": f"{ARTICLE}\nLine {n} ends here.\n" for n in range(693)}
    broken = {
        "0/binary.txt": (bytes(range(256)) * 4, "binary"),
        "1/empty.txt": (b"", "empty"),
        "2/hang in C.txt": (ARTICLE, "too-slow"),
        "3/killer.txt": (ARTICLE, "worker-died"),
        "4/cut.txt.gz": (gzip.compress(ARTICLE.encode())[:-9], "bad-gzip"),
        "5/deep.html": ("<div>" * 100_000 + ARTICLE, "too-deep"),
        "6/script.html": (f"<html><body><script>document.write({ARTICLE!r})</script></body></html>", "script-rendered"),
    }
    raw = write(tmp_path / "raw", files | {name: content for name, (content, _) in broken.items()})
    clean_folder(write(tmp_path / "sound", files), tmp_path / "expected")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(module, "clean_job", clean_or_cost)
    clean = tmp_path / "clean"
    summary = run(raw, clean, workers=2, max_seconds=2)
    assert reasons(summary) == {name: reason for name, (_, reason) in broken.items()}
    assert (summary.documents, summary.cleaned) == (700, 693)
    expected = tree(tmp_path / "expected")
    written = tree(clean)
    assert set(written) - set(expected) == {f"_failed/{name}.json" for name in broken}
    assert {name: written[name] for name in expected} == expected
    said = "\n".join(entry.getMessage() for entry in caplog.records if entry.levelname == "WARNING")
    for name, (_, reason) in broken.items():
        record = json.loads(written[f"_failed/{name}.json"])
        assert (record["source"], record["reason"]) == (name, reason)
        assert f"Set aside: {name}: {record['detail']}" in said


@pytest.mark.torture
def test_a_text_of_100_megabytes_is_cleaned(tmp_path: Path) -> None:
    paragraph = (
        "The council of Velm voted on Tuesday to reopen the old ferry line across the bay, number {}, "
        "after Mayor Ilse Varga said that the first boat would leave before the end of the month.\n\n"
    )
    page = "".join(map(paragraph.format, range(50_000)))
    raw = write(tmp_path / "raw", {"small.txt": ARTICLE})
    with (raw / "large.txt").open("w") as file:
        while file.tell() < 100_000_000:
            file.write(page)
    summary = run(raw, tmp_path / "clean")
    assert summary.set_aside == ()
    assert (tmp_path / "clean/small.txt").read_text() == BODY
    assert verify(tmp_path / "clean").problems == []


def test_the_flow_tells_the_ui_what_its_parameters_mean() -> None:
    described = clean_articles.parameters.properties
    limits = {"max_bytes", "max_characters", "max_elements", "max_depth", "max_seconds", "max_memory"}
    lifted = {"comments", "full_text"}
    files = {"raw", "clean", "phrases", "overrides"}
    others = {"skip", "max_failed_share", "workers", "force", "gone", "runner", "dask_address", "report"}
    assert set(described) == limits | lifted | files | others
    assert all(parameter.get("description") for parameter in described.values())
    assert described["max_failed_share"]["default"] == 0.5


def test_the_summary_does_not_depend_on_what_prefect_persists(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": ""})
    summary = run(raw, tmp_path / "clean")
    assert summary.set_aside[0] == SetAside(
        "b.txt",
        "empty",
        "the file is empty",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        0,
    )
    assert clean_articles.persist_result is False
    assert module.clean_shard.persist_result is False


def _ask(url: str, question: object) -> list[dict[str, Any]]:
    body = json.dumps(question).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found
