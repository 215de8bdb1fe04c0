"""Names: outputs stay inside the clean folder and apart, whatever their sources are called."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
from folders import ARTICLE, clean_folder, tree, write
from hypothesis import given
from hypothesis import strategies as st

from flows.cleaning import remove_gone
from flows.naming import LONGEST, LONGEST_PATH, places, possible_stems
from flows.preparing import settings_for
from flows.verify import verify


@pytest.mark.parametrize(
    "source",
    [
        "/etc/passwd.txt",
        "../../outside.txt",
        "a/../../outside.txt",
        "..",
        "",
        "a//b.txt",
        "./a.txt",
        "nul\0byte.txt",
        "_failed/a.txt",
        "_FAILED/a.txt",
        "lone\ud800surrogate.txt",
        "back\\slash.txt",
        "..\\..\\outside.txt",
        "CON",
        "con.txt",
        "aux.b.txt",
        "Lpt1 .txt",
        "a/NUL/b.txt",
        "com¹.md",
        "... /b.txt",
        ". ./b.txt",
        "_failed./b.txt",
        "_fa\u200biled/b.txt",
        "＿failed/b.txt",
        "." * 300 + "x.txt",
        "/".join(["d"] * 1000) + "/a.txt",
    ],
)
def test_an_unsafe_source_gets_a_safe_name_of_its_own(source: str) -> None:
    place = places([source])[source]
    for name in (f"{place.stem}.txt", f"{place.stem}.json", place.failed):
        parts = name.split("/")
        assert not {"", ".", ".."} & set(parts)
        assert "\0" not in name
        os.fsencode(name)
        assert len(os.fsencode(name)) <= LONGEST_PATH
        assert all(part[-1] not in ". " and "\\" not in part and not _is_device(part) for part in parts)
    assert not place.stem.lower().startswith("_failed/")
    assert "~" in place.stem


def _is_device(part: str) -> bool:
    """Whether Windows would open a device under this name."""
    base = part.split(".", maxsplit=1)[0].split(":", maxsplit=1)[0].rstrip(" ").upper()
    return base in {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} or (
        base[:3] in ("COM", "LPT") and base[3:] in set("0123456789¹²³")
    )


def test_of_two_sources_with_one_name_text_keeps_it_before_markdown() -> None:
    given = places(["b.md", "b.text", "b.txt", "c.md", "c.text"])
    assert given["b.txt"].stem == "b"
    assert given["c.text"].stem == "c"
    for source in ("b.md", "b.text", "c.md"):
        digest = hashlib.sha256(source.encode()).hexdigest()
        assert given[source].stem == f"{source[0]}~{digest[:8]}"


def hashes(source: str) -> list[str]:
    """What may come to the name of a source."""
    return [hashlib.sha256(source.encode()).hexdigest()[:digits] for digits in (8, 16, 64)]


def alike_by_eight_digits() -> list[str]:
    """Two names that are one when made safe, and whose hashes begin alike."""
    known: dict[str, str] = {}
    for number in range(1 << 20):
        source = "".join("\\_"[number >> bit & 1] for bit in range(20)) + "a\\.txt"
        if (other := known.setdefault(hashes(source)[0], source)) != source:
            return [source, other]
    raise AssertionError


@pytest.mark.parametrize(
    "sources",
    [
        ["Straße.txt", "STRASSE.txt", "strasse.txt"],
        ["caf\u00e9.txt", "cafe\u0301.txt"],
        ["A/b.txt", "a/b.txt"],
        ["a./b.txt", "a/b.txt", "a. ./b.txt"],
        ["dots./b.md", "dots/b.txt/c.txt"],
        ["\ufb01le.txt", "file.txt", "ﬁ\u00adle.txt"],
        ["fi\u200ble.txt", "file.txt"],
        ["\u200b.txt", "\u200c.txt", "\ufeff.txt"],
        ["\u212bngstr\u00f6m.txt", "\u00c5ngstro\u0308m.txt"],
        ["CON/a.txt", "_CON/a.txt", "con/a.txt"],
        ["/".join(["d"] * 500) + "/a.txt", "/".join(["d"] * 501) + "/a.txt"],
        ["x.md", "x.txt/y.txt"],
        ["x.md", "x.json/y.txt"],
        ["b.md", "b.txt", *(f"b~{each}.txt" for each in hashes("b.md"))],
        ["b.md", "b.txt", *(f"B~{each.upper()}.txt" for each in hashes("b.md"))],
        ["b.md", "b.txt", *(f"b~{each}.txt/x.txt" for each in hashes("b.md"))],
        ["b.md", "b.txt", *(f"b~{each}.json/x.txt" for each in hashes("b.md"))],
        ["b\\.txt", "b_.txt", *(f"b_.txt~{each}.json/x.txt" for each in hashes("b\\.txt"))],
        ["b\\.txt", "b_.txt", *(f"b_.txt~{each}" for each in hashes("b\\.txt"))],
        [f"b~{'0' * 8}.txt", f"b~{'0' * 8}.md", f"b~{'0' * 8}_.txt"],
        alike_by_eight_digits(),
        ["é" * 130 + ".txt", "é" * 130 + "x.txt", "é" * 130 + ".md"],
    ],
)
def test_no_two_sources_share_a_name_on_any_file_system(sources: list[str]) -> None:
    given = places(sources)
    outputs = [f"{place.stem}{ending}".casefold() for place in given.values() for ending in (".txt", ".json")]
    outputs += [place.failed.casefold() for place in given.values()]
    assert len(set(outputs)) == 3 * len(sources)
    folders = {str(parent) for name in outputs for parent in Path(name).parents}
    assert not folders & set(outputs)
    shuffled = random.Random(1).sample(sources, len(sources))
    assert places(shuffled) == given


def test_a_name_of_255_bytes_is_shortened_and_fits() -> None:
    for source in ("n" * 251 + ".txt", "名" * 83 + "ab.txt", "🎈" * 62 + "abc.txt"):
        assert len(source.encode()) == 255
        place = places([source])[source]
        assert len(f"{place.stem}.json".encode()) <= LONGEST
        assert len(Path(place.failed).name.encode()) <= LONGEST
        assert place.stem[:10] == source[:10]


def _on_windows(name: str) -> str:
    return "/".join(part.rstrip(". ").upper() for part in name.split("/"))


def _on_apple(name: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _on_ext4(name: str) -> str:
    shown = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", shown).casefold())


def _on_zfs(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).lower())


_PARTS = st.one_of(
    st.text(st.sampled_from("aAéE\u0301\u200bﬁſßKſi.．/\\ ~\0\udce9_"), max_size=8),
    st.sampled_from(["aux", "CON", "nul.x", "com¹", "..", "_failed", "_FAILED.", "_catalog", "a" * 260, "é" * 200]),
    st.text(st.characters(codec=None), max_size=8),
)
_SOURCES = st.builds(
    lambda parts, ending: "/".join(parts) + ending,
    st.lists(_PARTS, min_size=1, max_size=6),
    st.sampled_from([".txt", ".md", ".TXT", ".html.gz", "", " .txt"]),
)


@given(st.lists(_SOURCES, max_size=8))
def test_any_names_get_safe_places_of_their_own_on_every_file_system(sources: list[str]) -> None:
    given = places(sources)
    assert set(given) == set(sources)
    outputs = [f"{place.stem}{ending}" for place in given.values() for ending in (".txt", ".json")]
    outputs += [place.failed for place in given.values()]
    for name in outputs:
        assert os.path.normpath(f"/clean/{name}") == f"/clean/{name}"
        encoded = os.fsencode(name)
        assert len(encoded) <= LONGEST_PATH
        for part in name.split("/"):
            assert len(os.fsencode(part)) <= LONGEST
            assert part[-1] not in ". "
            assert not _is_device(part)
            assert not set("\0\\") & set(part)
    for file_system in (str, _on_windows, _on_apple, _on_ext4, _on_zfs):
        kept = {file_system(name) for name in outputs}
        assert len(kept) == 3 * len(given)
        folders = {str(folder) for name in kept for folder in PurePosixPath(name).parents}
        assert not folders & kept
    for source, place in given.items():
        assert place.stem in possible_stems(source)
        assert not _on_windows(place.stem).startswith(("_FAILED/", "_CATALOG/"))


# Real folders


def test_folders_nested_deeper_than_a_path_may_be_long_stop_nothing(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "d" * 200 + "/b.txt": ARTICLE})
    descriptor = os.open(raw, os.O_RDONLY)
    try:
        for number in range(2100):  # a path of which can only be made step by step
            os.mkdir("d", dir_fd=descriptor)
            below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
            if number in (900, 2099):
                with open("c.txt", "w", opener=partial(os.open, dir_fd=descriptor), encoding="utf-8") as file:
                    file.write(ARTICLE)
    finally:
        os.close(descriptor)
    try:
        outcomes = clean_folder(raw, tmp_path / "clean")
        assert sorted(source.count("/") for source, each in outcomes.items() if not each.set_aside) == [0, 1, 901]
        (cut,) = [each.set_aside for each in outcomes.values() if each.set_aside]
        assert cut.reason == "unreadable"
        assert cut.detail == "the folder cannot be listed: File name too long"
        assert verify(tmp_path / "clean", raw).problems == []
    finally:
        subprocess.run(["rm", "-rf", str(raw)], check=True)  # which shutil's recursion could not


@pytest.fixture
def ntfs(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A file system of Windows, mounted with the options asked for."""
    if not (shutil.which("ntfs-3g") and shutil.which("mkfs.ntfs") and os.access("/dev/fuse", os.R_OK | os.W_OK)):
        pytest.skip("needs ntfs-3g and /dev/fuse")
    image, folder = tmp_path / "image", tmp_path / "ntfs"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ntfs", "-q", "-F", "-Q", str(image)], check=True, capture_output=True)
    mounted = False

    def mount(program: str) -> Path:
        nonlocal mounted
        done = subprocess.run(
            [program, "-o", "windows_names" + ",ignore_case" * (program == "lowntfs-3g"), str(image), str(folder)],
            check=False,
            capture_output=True,
        )
        if done.returncode:
            pytest.skip(f"mounting is refused: {done.stderr.decode()}")
        mounted = True
        return folder

    yield mount
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


_WINDOWS = {
    name: f"{ARTICLE}\n\nNumber {number} ends here.\n"
    for number, name in enumerate(
        [
            "aux.txt",
            "CON/con.txt",
            "a. /b.txt",
            "a/b.txt",
            "back\\slash.txt",
            "x\\..\\..\\out.txt",
            "Case.txt",
            "caSE.txt",
            "caf\u00e9.txt",
            "cafe\u0301.txt",
            "CAF\u00c9.txt",
        ]
    )
}


def test_names_that_windows_has_not_are_cleaned_into_a_folder_of_windows(
    tmp_path: Path, ntfs: Callable[[str], Path]
) -> None:
    raw = write(tmp_path / "raw", _WINDOWS | {"what?.txt": ARTICLE})
    clean = ntfs("ntfs-3g") / "clean"
    outcomes = clean_folder(raw, clean)
    assert {source: each.set_aside.reason for source, each in outcomes.items() if each.set_aside} == {
        "what?.txt": "unwritable"
    }
    report = verify(clean, raw)
    assert (report.verified, report.problems) == (
        len(_WINDOWS),
        [("what?.txt", "it lies in raw, and clean has no record of it")],
    )


def test_no_two_sources_share_a_file_where_case_does_not_count(tmp_path: Path, ntfs: Callable[[str], Path]) -> None:
    raw = write(tmp_path / "raw", _WINDOWS)
    clean = ntfs("lowntfs-3g") / "clean"
    assert not [each for each in clean_folder(raw, clean).values() if each.set_aside]
    texts = [path.read_text() for path in clean.rglob("*.txt")]
    assert sorted(text.rpartition("Number ")[2] for text in texts) == sorted(
        text.rpartition("Number ")[2] for text in _WINDOWS.values()
    )


def test_an_article_that_a_document_has_taken_over_whose_name_differs_in_case_only_is_kept(
    tmp_path: Path, ntfs: Callable[[str], Path]
) -> None:
    raw = write(tmp_path / "raw", {"A.txt": ARTICLE})
    clean = ntfs("lowntfs-3g") / "clean"
    clean_folder(raw, clean)
    (raw / "A.txt").rename(raw / "a.txt")
    clean_folder(raw, clean)
    remove_gone(settings_for(clean), "A.txt", places(["A.txt"])["A.txt"])
    report = verify(clean, raw)
    assert (report.verified, report.problems) == (1, [])
    remove_gone(settings_for(clean), "a.txt", places(["a.txt"])["a.txt"])
    assert tree(clean) == {}
