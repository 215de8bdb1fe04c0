"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PAGES, PROJECT, clean_folder, prefect_at, tree, write
from mounts import tmpfs
from programs import program

from cleaners import Edit, clean_html
from flows.cli import main
from flows.explain import legend, pieces, rendered
from flows.record import VERSION, from_bytes, to_bytes


def run(*arguments: str | Path) -> int:
    """The exit code of the command line, run in this process."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def start(
    *arguments: str | Path, given: bytes = b"", environment: Mapping[str, str] = os.environ, folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a program of its own, run in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        capture_output=True,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(PROJECT)},
        check=False,
        input=given,
    )


# clean


def test_clean_prints_the_article_as_utf8(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write(tmp_path, {"a.txt": ARTICLE.replace("Velm", "Вельм").encode("utf-16")})
    assert run("clean", tmp_path / "a.txt") == 0
    assert capsysbinary.readouterr().out.decode() == BODY.replace("Velm", "Вельм")


def test_clean_reads_standard_input_and_skips_what_it_is_told_to() -> None:
    process = start("clean", "-", "--skip", "related", given=ARTICLE.encode())
    assert process.returncode == 0
    assert process.stdout.decode() == ARTICLE


def test_clean_prints_the_record_with_the_text_as_json(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(tmp_path, {"a.txt": ARTICLE})
    assert run("clean", "--json", tmp_path / "a.txt") == 0
    record = from_bytes(capsysbinary.readouterr().out)
    assert record["text"] == BODY.removesuffix("\n")
    assert record["source"] == str(tmp_path / "a.txt")
    assert record["metadata"]["related"]  # type: ignore[index]


def test_clean_explain_and_verify_load_no_prefect(tmp_path: Path) -> None:
    clean_folder(write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean")
    for arguments in (
        ["clean", tmp_path / "raw/a.txt"],
        ["explain", tmp_path / "raw/a.txt"],
        ["verify", tmp_path / "clean"],
    ):
        code = (
            "import sys\nfrom flows.cli import main\n"
            f"try: main({[str(argument) for argument in arguments]!r})\n"
            "except SystemExit as end: assert end.code == 0\n"
            "assert 'prefect' not in sys.modules\n"
        )
        process = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, check=False, text=True)
        assert process.returncode == 0, process.stderr


# pages


@pytest.mark.parametrize("name", sorted(path.name for path in PAGES.iterdir() if path.suffix != ".json"))
def test_a_page_of_any_ending_is_cleaned_and_explained(
    name: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(tmp_path / "raw", {path.name: path.read_bytes() for path in PAGES.glob(f"{name}*")})
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    assert run("clean", tmp_path / "raw" / name) == 0
    assert capsysbinary.readouterr().out == (tmp_path / f"clean/{name.partition('.')[0]}.txt").read_bytes()
    assert run("explain", tmp_path / "raw" / name) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "{title.of-page → title}" in out
    assert re.search(r"^\[…[\d,]+ words?: .+…\]\{extractor\.not-chosen\}", out, re.MULTILINE)
    assert re.search(r"^title: .+  \(element:h1\)$", out, re.MULTILINE)
    assert re.search(r"^read as [\w-]+ \((meta|http)\)$", out, re.MULTILINE)


def test_a_page_on_standard_input_is_told_by_how_it_begins(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str | Path, given: bytes = b"") -> bytes:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given)))
        assert run(*arguments) == 0
        return capsysbinary.readouterr().out

    page = (PAGES / "orrelby-exchange.html").read_bytes()
    assert start("clean", "-", given=page).stdout == said("clean", PAGES / "orrelby-exchange.html") != b""
    record = from_bytes(said("clean", "--json", "--url", "https://velm.example/a", "-", given=page))
    assert (record["kind"], record["origin"]) == ("page", {"url": "https://velm.example/a", "content_type": None})
    assert b"</p>" in said("clean", "--as", "text", "-", given=page)
    body = b"The council of Velm voted on Tuesday to reopen the old ferry line across the bay, at last."
    assert said("clean", "--as", "page", "-", given=body) == body + b"\n"


def test_a_page_whose_name_does_not_say_so_is_told_by_how_it_begins(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    page = (PAGES / "orrelby-exchange.html").read_bytes()
    write(tmp_path, {"article.php": page, "article": ARTICLE, "page.txt": page})
    assert run("clean", "--json", tmp_path / "article.php") == 0
    assert from_bytes(capsysbinary.readouterr().out)["kind"] == "page"
    assert run("clean", tmp_path / "article") == 0
    assert capsysbinary.readouterr().out.decode() == BODY
    assert run("clean", "--json", tmp_path / "page.txt") == 0
    assert from_bytes(capsysbinary.readouterr().out)["kind"] == "text"


def test_the_sidecar_of_a_page_is_used_and_a_url_on_the_command_line_goes_before_it(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    page = PAGES / "banda-alcorvin.html"
    assert run("clean", "--json", page) == 0
    record = from_bytes(capsysbinary.readouterr().out)
    assert record["origin"] == json.loads((PAGES / "banda-alcorvin.html.json").read_bytes())
    assert run("clean", "--json", "--url", "https://velm.example/a", page) == 0
    record = from_bytes(capsysbinary.readouterr().out)
    assert record["origin"] == {"url": "https://velm.example/a", "content_type": "text/html; charset=utf-8"}


def test_comments_and_full_text_are_chosen_on_the_command_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    page = PAGES / "goat-steps.html"
    assert run("clean", "--json", "--no-comments", "--full-text", page) == 0
    record: Any = from_bytes(capsysbinary.readouterr().out)
    assert record["metadata"]["comments"] == record["removed"] == []
    assert {edit["cleaner"] for edit in record["edits"]} >= {"extractor", "comments"}
    assert run("explain", "--no-comments", page) == 0
    assert "comments.author" not in capsysbinary.readouterr().out.decode()


def test_explain_shows_all_of_a_page_when_asked_to(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    page = PAGES / "orrelby-exchange.html"
    assert run("explain", page) == 0
    short = capsysbinary.readouterr().out.decode()
    assert run("explain", "--all", page) == 0
    whole = capsysbinary.readouterr().out.decode()
    source = clean_html(page.read_bytes()).source
    assert all(line in whole for line in source.splitlines())
    assert not all(line in short for line in source.splitlines())
    assert len(short) < len(whole)


# errors


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["clean", "none.txt"], 2, "none.txt: it cannot be read: No such file or directory"),
        (["clean", "."], 2, ".: it cannot be read: Is a directory"),
        (["clean", "empty.txt"], 1, "empty.txt: the file is empty"),
        (["explain", "binary.txt"], 1, "binary.txt: it has 3 NUL bytes"),
        (["clean", "a.txt", "--skip", "captions"], 2, "there is no noise type captions"),
        (["clean", "a.txt", "--phrases", "bad.toml"], 2, "phrase file bad.toml:"),
        (["clean", "app.html"], 1, "app.html: nothing on it reads like an article (words on it: 1)"),
        (["explain", "empty.html"], 1, "empty.html: the page is empty"),
        (["clean", "a.txt", "--url", "https://velm.example/"], 2, "a.txt: it is a text, and --url is for pages"),
        (["clean", "a.txt", "--as", "pdf"], 2, "--as"),
        (["clean"], 2, "Missing argument"),
        (["bogus"], 2, "No such command 'bogus'"),
        (["clean", "a.txt", "--bogus"], 2, "No such option"),
        (["run", "nowhere", "out"], 2, "there is no folder nowhere"),
        (["run", "a.txt"], 2, "a.txt is a file"),
        (["run", ".", "."], 2, "overwritten"),
        (["run", "--workers", "many"], 2, "--workers"),
        (["run", ".", "out", "--max-failed-share", "2"], 2, "share from 0 to 1"),
        (["run", ".", "out", "--max-bytes", "0"], 2, "from 1 up, not 0"),
        (["run", ".", "out", "--max-seconds", "1e10"], 2, "from 1 to 1000000000, not 10000000000.0"),
        (["run", ".", "out", "--max-memory", "9223372036854775808"], 2, "to 9223372036854775807, not"),
        (["verify", "nowhere"], 2, "there is no folder nowhere"),
        (["verify", "nothing"], 1, "holds no records"),
    ],
)
def test_an_error_is_one_clear_line(
    arguments: list[str],
    code: int,
    message: str,
    *,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path, {"a.txt": ARTICLE, "empty.txt": "", "binary.txt": b"\0\1\2\0\0", "bad.toml": "= 1\n"})
    write(tmp_path, {"app.html": "<div id=app>Loading…</div><script src=/a.js></script>", "empty.html": ""})
    write(tmp_path / "nothing", {})
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == code
    error = capsys.readouterr().err
    assert error.startswith("cleancopy: ")
    assert error.count("\n") == 1
    assert message in error


def test_a_name_with_control_characters_does_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("clean", "a\x1b[31m\n.txt") == 2
    assert "a\\x1b[31m" in capsys.readouterr().err


def test_no_arguments_show_the_help_and_version_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert "cleancopy explain article.txt" in capsys.readouterr().out
    assert run("--version") == 0
    assert capsys.readouterr().out == f"cleancopy {VERSION}\n"


@pytest.mark.parametrize("command", ["run", "clean", "explain", "verify"])
def test_the_help_of_every_command_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    out = capsys.readouterr().out
    assert "Examples" in out
    assert out.count(f"cleancopy {command}") >= 2


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "\n\n".join(f"The ferry made trip {number}." for number in range(6000))})
    for command in ("clean", "explain"):
        line = (sys.executable, "-m", "flows.cli", command, str(tmp_path / "a.txt"))
        with program(*line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT) as process:
            process.stdout.read(10)
            process.stdout.close()
            assert process.stderr.read() == b""
            assert process.wait() == 0


# explain


def test_explain_marks_what_is_removed_and_lifted_with_its_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"a.txt": ARTICLE})
    assert run("explain", tmp_path / "a.txt") == 0
    out = capsys.readouterr().out
    assert re.search(r"\[\^Harbour museum finds a lost map\^\]\{related\.[\w.-]+ → related[\w.]*\}", out)
    assert "The council of Velm voted" in out
    assert re.search(r"removed, under this rule: 1 \(related 1\)", out)
    assert out.endswith("\nlanguage: en  (text)\nread as utf-8 (utf-8)\n")
    assert "outside" not in out


def test_explain_without_its_marks_is_the_source_text() -> None:
    edits = [
        Edit(0, 7, "", "A Title", "title", "title.above", "title"),
        Edit(7, 9, "", "\n\n", "title", "title.above"),
        Edit(13, 14, " ", "\n", "repair", "repair.line"),
    ]
    source = "A Title\n\nText\nof it."
    parts = list(pieces(source, edits))
    assert [part.kind for part in parts] == ["lifted", "repaired", "kept", "repaired", "kept", "kept"]
    assert str(rendered(source, edits, colour=False)) == "[^A Title^]{title.above → title}[~⏎⏎~]Text[~⏎~] of it."
    assert "lifted" in str(legend(edits, colour=False))


def test_explain_shows_control_characters_and_markup_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = "The \x1b]0;title\x07 mayor [bold red]spoke[/bold red] :smile: \x9b31m of \u202egnihton.\n"
    assert str(rendered(text, [], colour=True)) == (
        "The \\x1b]0;title\\x07 mayor [bold red]spoke[/bold red] :smile: \\x9b31m of \\u202egnihton.\n"
    )


def test_explain_pipes_long_lines_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = "The ferry " + "ran and " * 200 + "stopped."
    write(tmp_path, {"a.txt": line + "\n"})
    assert run("explain", tmp_path / "a.txt") == 0
    assert line in capsys.readouterr().out


def test_output_that_is_no_utf8_shows_escapes(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": ARTICLE.replace("Velm", "Вельм")})
    process = start("explain", tmp_path / "a.txt", environment={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert process.returncode == 0
    assert b"\\u0412" in process.stdout


# verify


def test_verify_passes_then_names_what_was_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean_folder(write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": ARTICLE}), tmp_path / "clean")
    assert run("verify", tmp_path / "clean") == 0
    assert "verified\t2\n" in capsys.readouterr().out
    path = tmp_path / "clean/b.txt"
    path.write_bytes(path.read_bytes().replace(b"Mayor", b"Major"))
    assert run("verify", tmp_path / "clean", "--raw", tmp_path / "raw") == 1
    captured = capsys.readouterr()
    assert "b.json: its clean text was changed\n" in captured.out
    assert "a.json" not in captured.out
    assert captured.err.startswith("cleancopy: 1 in ")


def test_verify_says_how_many_pages_it_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.html": (PAGES / "tide-gauge.xhtml").read_bytes()})
    clean_folder(raw, tmp_path / "clean")
    assert run("verify", tmp_path / "clean") == 0
    assert "verified\t2\nof these pages, without their raw pages\t1\n" in capsys.readouterr().out
    assert run("verify", tmp_path / "clean", "--raw", raw) == 0
    out = capsys.readouterr().out
    assert "of these pages, with their raw pages\t1\n" in out
    (located, words) = re.findall(r"words of articles found at their XPaths\t([\d,]+) of ([\d,]+)", out)[0]
    assert located == words != "0"
    path = tmp_path / "clean/b.json"
    record: Any = from_bytes(path.read_bytes())
    record["blocks"][0]["xpath"] = record["blocks"][1]["xpath"]
    path.write_bytes(to_bytes(record))
    assert run("verify", tmp_path / "clean", "--raw", raw) == 1
    assert re.search(r"b\.json: its block at character \d+ is not where its XPath says", capsys.readouterr().out)


# run


def test_run_needs_no_server_and_prints_a_quiet_summary(tmp_path: Path) -> None:
    write(
        tmp_path / "raw",
        {"a.txt": ARTICLE, "b/c.txt": ARTICLE, "empty.txt": "", "page.pdf": "%PDF", "b/c.md": ARTICLE},
    )
    process = start("run", environment=prefect_at(tmp_path / "prefect"), folder=tmp_path)
    assert process.returncode == 0, process.stderr
    assert process.stderr == b""
    lines = process.stdout.decode().splitlines()
    assert {"documents\t4", "texts\t4", "pages\t0", "cleaned\t3", "set aside\t1", "files not handled yet\t1"} <= set(
        lines
    )
    assert "  empty.txt: the file is empty" in lines
    assert "Not handled yet (1 .pdf):" in lines
    assert any(line.startswith("  b/c.md: b/c~") for line in lines)
    assert (tmp_path / "clean/a.txt").read_text() == BODY
    assert json.loads((tmp_path / "clean/_failed/empty.txt.json").read_bytes())["reason"] == "empty"
    assert len(tree(tmp_path / "clean")) == 7
    assert start("verify", tmp_path / "clean").returncode == 0


def test_run_without_its_server_says_so_in_one_line(tmp_path: Path) -> None:
    write(tmp_path / "raw", {"a.txt": ARTICLE})
    environment = prefect_at(tmp_path / "prefect") | {"PREFECT_API_URL": "http://127.0.0.1:9/api"}
    process = start("run", environment=environment, folder=tmp_path)
    assert process.returncode == 1
    assert process.stderr.startswith(b"cleancopy: ")
    assert process.stderr.count(b"\n") == 1
    assert b"http://127.0.0.1:9/api: start it" in process.stderr


@pytest.mark.fault
@pytest.mark.parametrize(
    ("full", "size"), [("PREFECT_HOME", "1m"), ("TMPDIR", "1m"), ("PREFECT_HOME", "64m,nr_inodes=4")]
)
def test_a_full_disk_for_prefects_temporary_server_is_named_before_it_starts(
    tmp_path: Path, full: str, size: str
) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE})
    with tmpfs(tmp_path / "small", size) as small:
        environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect"), full: str(small)}
        environment.pop("PREFECT_API_URL", None)
        process = start("run", str(raw), str(tmp_path / "clean"), environment=environment)
    assert process.returncode == 1
    assert f"in {small}: make some, or set {full} to" in process.stderr.decode()
    assert process.stderr.count(b"\n") == 1


@pytest.mark.torture
def test_ctrl_c_ends_a_run_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {f"{number}.txt": ARTICLE * 40 + str(number) for number in range(3000)})
    clean = tmp_path / "clean"
    line = (sys.executable, "-m", "flows.cli", "run", str(raw), str(clean))
    home = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect")}
    with program(*line, env=home, stderr=subprocess.PIPE) as running:
        started = time.monotonic()
        while not list(clean.glob("*.txt")) and time.monotonic() - started < 90:
            time.sleep(0.1)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        _, errors = running.communicate(timeout=30)
        assert running.returncode == 130
        assert errors == b"cleancopy: stopped: what is clean stays so, and the next run does the rest\n"
        time.sleep(1)
    assert not list(clean.rglob(".cleancopy-*"))
    written = [{path.stem for path in clean.glob(f"*.{ending}")} for ending in ("txt", "json")]
    assert written[0] == written[1]
    assert 0 < len(written[0]) < 3000
