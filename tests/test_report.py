"""`cleancopy report`: what it says of an archive, and that it trusts no record blindly."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from folders import ARTICLE, PAGES, tree, write
from reviewing import page_of, run

from cleaners import Edit, clean_html, clean_text
from flows import progress
from flows.catalog import Catalog, CatalogError, locked
from flows.cli import main
from flows.naming import places
from flows.record import from_bytes, recorded_site, to_bytes
from flows.review import ReportRefused
from flows.review.digest import digest_of, key_of
from flows.review.gather import Figures, chosen
from flows.review.pages import safe_json
from flows.review.report import make_report
from flows.review.rows import MOST, Shown, shown
from flows.verify import Report, verify

LONG = ARTICLE + "\nShe had counted the boats herself, all nine of them, before the sun was up.\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A raw folder and the clean one made of it: texts, a page, and a document that fails."""
    raw = write(
        tmp_path / "raw",
        {
            "a.txt": ARTICLE,
            "b/c.txt": LONG,
            "plain.txt": LONG.replace("ALSO READ: Harbour museum finds a lost map\n\n", ""),
            "empty.txt": "",
            "goats.html": (PAGES / "goat-steps.html").read_bytes(),
        },
    )
    run(raw, tmp_path / "clean")
    return raw, tmp_path / "clean"


def html(path: Path) -> str:
    return path.read_text()


def words(document: Shown) -> list[list[tuple[str, str | None]]]:
    """Rows as pieces of text with the noise type that each was removed as."""
    return [
        [(run.text, run.cut and run.cut.noise) for run in row.runs]
        for section in document.sections
        for row in section.rows
    ]


# Rows


def test_source_and_clean_text_are_parted_into_the_same_rows() -> None:
    result = clean_text(ARTICLE)
    document = shown(result.source, result.edits)
    rows = words(document)
    assert [[noise for _, noise in row] for row in rows] == [[None], ["related", "related"], [None]]
    kept = ["".join(text for text, noise in row if noise is None) for row in rows]
    assert "\n\n".join(filter(None, kept)) == result.text


def test_what_one_cleaner_removed_side_by_side_is_one_part_of_its_row() -> None:
    result = clean_text(ARTICLE)
    row = shown(result.source, result.edits).sections[0].rows[1]
    assert [[run.text for run in part.runs] for part in row.parts] == [
        ["ALSO READ: ", "Harbour museum finds a lost map"]
    ]
    assert row.parts[0].cut is not None
    assert row.parts[0].cut.label == "related → related.title"


def test_a_wrapped_paragraph_stays_one_row_with_its_repairs_in_it() -> None:
    source = "The river rose by two metres and took the old\nbridge with it."
    edits = [Edit(45, 46, " ", "\n", "repair", "repair.hard-wrap")]
    (section,) = shown(source, edits).sections
    (row,) = section.rows
    assert [run.shown for run in row.runs] == [source[:45], "⏎", source[46:]]
    assert row.kept


def test_the_white_space_between_blocks_is_no_removal() -> None:
    document = shown("One.\n\n\n\nTwo.\n", [Edit(4, 8, "\n\n", "\n\n\n\n", "repair", "repair.spacing")])
    assert words(document) == [[("One.", None)], [("Two.", None)]]
    assert document.cuts == ()


def test_the_rows_of_a_page_hold_every_character_but_white_space() -> None:
    result = clean_html((PAGES / "goat-steps.html").read_bytes())
    document = shown(result.source, result.edits, kept=result.blocks)
    assert "".join(text for row in words(document) for text, _ in row).split() != []
    said = " ".join(text for row in words(document) for text, _ in row)
    assert "".join(said.split()) == "".join(result.source.split())
    assert [section.outside for section in document.sections].count(True) == 2
    kept = [row for section in document.sections for row in section.rows if row.kept]
    assert kept
    assert all(row.xpath and row.xpath.startswith("/html/body") for row in kept)


def test_of_a_gap_only_its_length_is_told() -> None:
    edits = [Edit(4, 10, "", "\0" * 6, "extractor", "extractor.not-chosen")]
    document = shown("One." + "\0" * 6, edits, gaps=[(4, 10)])
    assert [section.gap for section in document.sections] == [0, 6]
    assert "\0" not in "".join(text for row in words(document) for text, _ in row)


def test_of_a_very_long_document_the_end_is_counted_and_not_shown() -> None:
    source = "Nine boats lay in the bay. " * (MOST // 27 + 100)
    document = shown(source, [])
    assert document.left_out == len(source) - MOST > 0
    assert sum(len(text) for row in words(document) for text, _ in row) == MOST


# Sites


@pytest.mark.parametrize(
    ("metadata", "origin", "site"),
    [
        ({"url": "https://www.Velm.example/a"}, {"url": "https://other.example/"}, "velm.example"),
        ({"url": None}, {"url": "http://Velm.example:8080/a"}, "velm.example"),
        ({"url": "/just/a/path"}, {"url": None}, None),
        ({"url": "http://[broken"}, None, None),
        ({"url": None}, None, None),
    ],
)
def test_the_site_is_the_host_of_the_url_of_the_document(
    metadata: dict[str, object], origin: dict[str, object] | None, site: str | None
) -> None:
    assert recorded_site({"metadata": metadata, "origin": origin}) == site


# Figures


def test_the_figures_of_a_document_are_those_of_its_record(folders: tuple[Path, Path]) -> None:
    _, clean = folders
    rows = {row.source: row for row in Catalog(str(clean), read_only=True).documents()}
    record = from_bytes((clean / "a.json").read_bytes())
    digest = digest_of(str(clean), rows["a.txt"])
    assert {"source": digest.words_in, "clean": digest.words_out} == record["words"]
    assert [(each.rule, each.times, each.words) for each in digest.fired] == [("related.also-read.en", 2, 8)]
    text = (clean / "a.txt").read_text().removesuffix("\n")
    assert digest.share == pytest.approx(1 - len(text) / len(ARTICLE), abs=0.01)
    page = digest_of(str(clean), rows["goats.html"])
    assert page.host == "brindlemarsh.example.org"
    assert page.outside == sum(each.words for each in page.fired if each.noise == "extractor") > 0


def test_the_worst_documents_are_those_furthest_from_the_usual_share(tmp_path: Path) -> None:
    noise = "ALSO READ: Harbour museum finds a lost map\n\n"
    raw = write(
        tmp_path / "raw",
        {
            **{f"{number:02}.txt": f"{LONG}\nBoat {number} was the last to leave.\n" for number in range(30)},
            "much.txt": ARTICLE + "\n" + "\n".join(f"{noise[:-2]} number {n}\n" for n in range(60)),
            "none.txt": LONG.replace(noise, ""),
        },
    )
    run(raw, tmp_path / "clean")
    figures = Figures()
    digests = [
        digest_of(str(tmp_path / "clean"), row) for row in Catalog(str(tmp_path / "clean"), read_only=True).documents()
    ]
    for digest in digests:
        figures.add(digest)
    picked = chosen(digests, figures.usual, 2)
    assert [digest.source for digest in picked.worst] == ["much.txt", "none.txt"]
    assert [picked.much[0].source, picked.little[0].source] == ["much.txt", "none.txt"]
    assert [figures.usual.is_unusual(digest) for digest in picked.worst] == [True, True]
    assert not any(figures.usual.is_unusual(digest) for digest in digests[:30])
    assert figures.noises["related"].documents == 31


# The report


def test_the_report_is_over_everything_and_has_pages_for_the_sample(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    made = make_report(clean, raw=raw, sample=2)
    assert (made.documents, made.pages, made.broken) == (5, 2, 0)
    assert len(list((clean / "_review/documents").iterdir())) == 2
    rows = (clean / "_review/data/documents-0.js").read_text()
    assert rows.count('"clean"') == 4
    assert rows.count('"failed"') == 1
    assert "empty" in html(clean / "_review/index.html")
    for source in ("a.txt", "b/c.txt", "goats.html", "empty.txt"):
        assert key_of(source) in rows


@pytest.mark.parametrize("sample", [0, 1, 100])
def test_every_link_leads_to_a_file(sample: int, folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    make_report(clean, raw=raw, sample=sample)
    for page in (clean / "_review").rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"#]+)', page.read_text()):
            assert link == "data:," or (page.parent / link).is_file(), link


def test_metadata_of_any_kind_in_a_record_stop_nothing(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    record = from_bytes((clean / "a.json").read_bytes())
    record["metadata"] |= {"site": "\ud800<b>", "title": "\udfff</title>", "language": "<i>"}  # type: ignore[operator]
    (clean / "a.json").write_bytes(to_bytes(record))
    assert make_report(clean, raw=raw).documents == 5
    for page in (clean / "_review").rglob("*.html"):
        assert not re.search("<b>|<i>|\udfff</title>", page.read_bytes().decode())


def test_a_new_report_takes_the_place_of_the_old_one_and_leaves_nothing_behind(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    make_report(clean, raw=raw)
    (clean / "_review/documents/old-file").write_text("old")
    write(clean / ".cleancopy-review-1.tmp", {"site/index.html": "of a report that was killed"})
    make_report(clean, raw=raw)
    assert not (clean / "_review/documents/old-file").exists()
    assert not [path for path in clean.iterdir() if path.name.startswith(".cleancopy")]


def test_a_report_that_fails_leaves_the_old_one_whole(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, clean = folders
    make_report(clean, raw=raw)
    before = tree(clean / "_review")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.review.report.overview_page", full)
    with pytest.raises(OSError, match="No space"):
        make_report(clean, raw=raw)
    assert tree(clean / "_review") == before
    assert not [path for path in clean.iterdir() if path.name.startswith(".cleancopy")]


def test_a_folder_that_is_no_report_is_not_replaced(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    make_report(clean, raw=raw)
    write(clean / "_review", {"overrides.toml": "mine"})
    with pytest.raises(ReportRefused, match=r"_review/overrides\.toml is none of a report"):
        make_report(clean, raw=raw)
    assert (clean / "_review/overrides.toml").read_text() == "mine"
    (clean / "_review").rename(clean.parent / "moved")
    (clean / "_review").symlink_to(clean.parent / "moved")
    with pytest.raises(ReportRefused, match="_review is none of a report"):
        make_report(clean, raw=raw)
    (clean / "_review").unlink()
    (clean / "_review").write_text("mine")
    with pytest.raises(ReportRefused, match="_review is none of a report"):
        make_report(clean, raw=raw)


def test_two_reports_at_once_are_refused(folders: tuple[Path, Path]) -> None:
    with locked(str(folders[1]), "_catalog/review.lock"), pytest.raises(CatalogError, match="is writing to"):
        make_report(folders[1])


def test_verify_and_later_runs_pass_over_the_report(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    make_report(clean)
    write(clean / "_review", {"data/x.json": "{}", "x.txt": "no article"})
    assert verify(clean, raw) == Report(verified=4, pages=1, set_aside=1, words=407, located=407)


def test_verify_names_what_a_killed_report_left(folders: tuple[Path, Path]) -> None:
    write(folders[1] / ".cleancopy-review-1.tmp", {"site/index.html": ""})
    assert verify(folders[1]).problems == [(".cleancopy-review-1.tmp", "it was left over by a run that was killed")]


@pytest.mark.parametrize("name", ["_review/a.txt", "_REVIEW/a.txt", "_review/b/c.html"])
def test_no_article_lies_in_the_folder_of_the_report(name: str) -> None:
    assert not places([name])[name].stem.lower().startswith("_review/")


def _cut_record(clean: Path) -> None:
    path = clean / "a.json"
    path.write_bytes(path.read_bytes()[:-40])


def _change_text(clean: Path) -> None:
    (clean / "a.txt").write_text("Something else.\n")


def _remove_text(clean: Path) -> None:
    (clean / "a.txt").unlink()


def _remove_record(clean: Path) -> None:
    (clean / "a.json").unlink()


def _swap_record(clean: Path) -> None:
    (clean / "a.json").write_bytes((clean / "plain.json").read_bytes())


def _forge_schema(clean: Path) -> None:
    record = from_bytes((clean / "a.json").read_bytes())
    (clean / "a.json").write_bytes(to_bytes({**record, "edits": [{"start": "one"}]}))


def _forge_edit(clean: Path) -> None:
    record = from_bytes((clean / "a.json").read_bytes())
    record["edits"][0]["original"] = "ALSO SEEN: "  # type: ignore[index]
    (clean / "a.json").write_bytes(to_bytes(record))


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (_cut_record, "no JSON"),
        (_change_text, "its clean text was changed"),
        (_remove_text, "its clean text is gone"),
        (_remove_record, "its record is missing"),
        (_swap_record, "names another source"),
        (_forge_schema, "does not fit the schema"),
        (_forge_edit, "do not give back its raw bytes"),
    ],
)
def test_a_record_that_does_not_hold_is_named_and_stops_nothing(
    harm: object, reason: str, folders: tuple[Path, Path]
) -> None:
    raw, clean = folders
    harm(clean)  # type: ignore[operator]
    made = make_report(clean, raw=raw)
    assert (made.documents, made.broken) == (5, 1)
    rows = (clean / "_review/data/documents-0.js").read_text()
    assert re.search(rf'"{key_of("a.txt")}"[^\]]*"broken"[^\]]*{reason}', rows)
    if page_of(clean, "a.txt").exists():
        assert reason in html(page_of(clean, "a.txt"))
        assert "Harbour museum" not in html(page_of(clean, "a.txt"))
    assert "Harbour museum" in html(page_of(clean, "b/c.txt"))


def test_what_the_record_of_a_page_leaves_out_is_read_from_the_raw_page(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    assert make_report(clean).gaps == 0
    assert "Marsh Sport" in html(page_of(clean, "goats.html"))
    (raw / "goats.html").write_bytes((raw / "goats.html").read_bytes() + b"<!-- changed -->")
    assert make_report(clean).gaps == 1
    page = html(page_of(clean, "goats.html"))
    assert "Marsh Sport" not in page
    assert "characters that the record does not hold" in page
    assert "its raw file has changed since" in page
    make_report(clean, raw=clean)
    assert "No such file" in html(page_of(clean, "goats.html"))


def test_with_full_text_no_raw_page_is_needed(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"goats.html": (PAGES / "goat-steps.html").read_bytes()})
    run(raw, tmp_path / "clean", full_text=True)
    (raw / "goats.html").unlink()
    make_report(tmp_path / "clean")
    page = html(page_of(tmp_path / "clean", "goats.html"))
    assert "Marsh Sport" in page
    assert "does not hold" not in page


def test_worker_processes_make_the_same_site(folders: tuple[Path, Path]) -> None:
    raw, clean = folders

    def made(workers: int) -> dict[str, bytes]:
        make_report(clean, raw=raw, workers=workers)
        return {name: re.sub(rb"Made [\d: -]+ UTC", b"", page) for name, page in tree(clean / "_review").items()}

    assert made(2) == made(1)


def test_progress_is_told_up_to_its_end(folders: tuple[Path, Path]) -> None:
    told: list[tuple[int, int]] = []
    with progress.listening(lambda done, total: told.append((done, total))):
        make_report(folders[1], raw=folders[0])
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 9


def test_a_document_that_is_gone_is_shown_as_such(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    (raw / "a.txt").unlink()
    run(raw, clean)
    make_report(clean)
    assert "gone from the raw folder" in html(page_of(clean, "a.txt"))


def test_file_names_of_undecodable_bytes_have_a_page(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {})
    (raw / "caf\udce9.txt").write_text(ARTICLE)
    run(raw, tmp_path / "clean")
    assert make_report(tmp_path / "clean").broken == 0
    page = page_of(tmp_path / "clean", "caf\udce9.txt").read_bytes().decode()
    assert r"caf\udce9.txt</h1>" in page


def test_json_in_a_page_holds_no_markup_and_no_line_end_of_scripts() -> None:
    text = safe_json(["</script><!--", "\u2028\u2029", "é"])
    assert not set(text) & {"<", "\u2028", "\u2029"}
    assert tomllib.loads(f"a = {text}") == {"a": ["</script><!--", "\u2028\u2029", "é"]}


# The command


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_command_says_where_the_page_is(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    raw, clean = folders
    assert command("report", clean, "--raw", raw, "--sample", 1) == 0
    out = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert out["documents"] == "5"
    assert out["with a page"] == "1"
    assert out["open"] == (clean / "_review/index.html").as_uri()


def test_the_command_refuses_what_it_cannot_report_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("report", tmp_path / "none") == 2
    assert command("report", write(tmp_path / "clean", {"a.txt": ARTICLE})) == 2
    assert command("report", tmp_path / "clean", "--raw", tmp_path / "none") == 2
    said = capsys.readouterr().err.splitlines()
    assert "there is no folder" in said[0]
    assert "there is no catalog" in said[1]
    assert "there is no folder" in said[2]
