"""The five seeds: scrapes as users have them, with the body and the metadata that must come out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from folders import prefect_at

from cleaners import clean_text

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
NAMES = sorted(path.stem for path in SEEDS.glob("raw/*.txt"))

if not NAMES:
    pytest.skip(f"the seeds are not here: {SEEDS}", allow_module_level=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_becomes_its_gold_text_and_metadata(name: str) -> None:
    source = (SEEDS / "raw" / f"{name}.txt").read_bytes().decode()
    gold = json.loads((SEEDS / "gold" / f"{name}.json").read_bytes())
    result = clean_text(source)
    assert (result.text + "\n").encode() == (SEEDS / "gold" / f"{name}.txt").read_bytes()
    found = result.metadata
    assert {
        "title": found.title,
        "byline": found.byline,
        "credits": found.credits,
        "captions": found.captions,
        "related": [{"title": related.title, "url": related.url} for related in found.related],
        "comments": len(found.comments),
    } == {key: value for key, value in gold.items() if key != "removed"}
    assert {edit.cleaner for edit in result.edits} >= set(gold["removed"])


def test_all_five_seeds_are_here() -> None:
    assert len(NAMES) == 5


def test_a_run_over_the_seeds_writes_the_gold_texts_and_verifies(tmp_path: Path, server_url: str) -> None:
    environment = prefect_at(tmp_path / "prefect") | {"PREFECT_API_URL": server_url}
    program = [sys.executable, "-m", "flows.cli"]
    clean = tmp_path / "clean"
    subprocess.run([*program, "run", str(SEEDS / "raw"), str(clean)], env=environment, check=True)
    for name in NAMES:
        assert (clean / f"{name}.txt").read_bytes() == (SEEDS / "gold" / f"{name}.txt").read_bytes()
    assert subprocess.run([*program, "verify", str(clean)], check=False).returncode == 0
    record = clean / f"{NAMES[0]}.json"
    record.write_bytes(record.read_bytes().replace(b'"schema": 2', b'"schema":  2', 1))
    failed = subprocess.run([*program, "verify", str(clean)], check=False, capture_output=True, text=True)
    assert failed.returncode == 1
    assert f"{NAMES[0]}.json" in failed.stdout
