"""What overrides change: the documents in a CLEAN folder are cleaned again with them and without, and what comes back
or goes is told by override. A text is made again from its record; a page is read from RAW.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from cleaners import Edit, EditError, Override, Overrides, revert
from cleaners.decode import encode
from cleaners.overrides import Scope, folded, primary
from flows import progress
from flows.cleaning import Settings, faults_refused, overrides_of, read_page, read_text
from flows.naming import FAILED, possible_stems
from flows.proof import Fails, clean_text_at, unpacked_as_recorded
from flows.reading import Refused
from flows.record import NotARecord, Record, decoded_of, edits_of, from_bytes, recorded_site
from flows.runners import Death, processors, run_chunks
from flows.showing import and_more, shown_name
from flows.terminal import new_console, show_list, show_table
from flows.unpacking import Unpacked
from flows.verify import record_names

if TYPE_CHECKING:
    from cleaners import CleanResult

_CHUNK: Final = 64
_WORTH_WORKERS: Final = 200
"""Records from which starting worker processes (0.5 s) pays."""

_MOST_NAMED: Final = 20
_SHOWN: Final = 200
"""Characters that are shown of a text."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: `settings` with overrides, on the documents of their CLEAN folder; pages are read from `raw`."""

    settings: Settings
    raw: str | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One record looked at: the document and what it is of, by override (its name) the texts that it changes there.

    An override that is about the document and changes nothing has no texts. `back` and `gone` are the texts that change
    besides: with other evidence rules may judge otherwise. `problem` says why nothing could be tried.
    """

    name: str
    source: str | None = None
    site: str | None = None
    language: str | None = None
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    back: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(slots=True)
class Effects:
    """What overrides change: by override (its name) the documents that it is about, each with the texts that change.

    `looked` counts documents by what overrides can be for, `untried` those of them that could not be tried, `besides`
    are documents in which more changes, `problems` what could not be tried and why, `set_aside` why documents that
    overrides name were not cleaned.
    """

    by_override: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    looked: Counter[tuple[Scope, str]] = field(default_factory=Counter)
    untried: Counter[tuple[Scope, str]] = field(default_factory=Counter)
    besides: list[Looked] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    set_aside: dict[str, str] = field(default_factory=dict)
    documents: int = 0
    changed: int = 0

    def add(self, looked: Looked) -> None:
        """Enter one more document."""
        self.documents += 1
        of: tuple[tuple[Scope, str | None], ...] = (
            ("document", looked.source),
            ("site", looked.site),
            ("language", looked.language),
        )
        known = [(scope, value) for scope, value in of if value is not None]
        self.looked.update(known)
        if looked.problem is not None:
            self.untried.update(known)
            self.problems.append((looked.source or looked.name, looked.problem))
            return
        for name, texts in looked.texts.items():
            self.by_override.setdefault(name, []).append((looked.source or looked.name, texts))
        if looked.back or looked.gone:
            self.besides.append(looked)
        self.changed += bool(looked.back or looked.gone or any(looked.texts.values()))

    def why_nothing(self, override: Override) -> str:
        """Why an override is about no document."""
        if override.scope == "document" and override.value in self.set_aside:
            return f"the document was set aside: {self.set_aside[override.value]}"
        if not self.looked[override.scope, override.value]:
            what = {"document": "no record of", "site": "no document on", "language": "no document in"}
            return f"there is {what[override.scope]} {override.value}"
        if override.scope == "document":
            return "its text does not stand there" if override.action == "keep" else "no block there says just this"
        return "no block of its documents says just this"


def effects_of(settings: Settings, raw: Path | None, *, workers: int = 0) -> Effects:
    """What the overrides of `settings` change in the documents of its CLEAN folder; pages are read from `raw`.

    `workers` is 0 for as many processes as help. Raises `OSError` when a folder cannot be read.
    """
    trial = Trial(settings, os.path.realpath(raw) if raw is not None else None)
    records, failures = record_names(settings.clean)
    names = _concerned(trial, records)
    chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
    if workers == 0:
        workers = processors() if len(names) >= _WORTH_WORKERS else 1
    found = Effects()
    for done, looked in enumerate(run_chunks(look, trial, chunks, workers=workers, lost=_lost), 1):
        progress.report(done, len(names))
        found.add(looked)
    found.set_aside = dict(_set_aside(trial, failures))
    for texts in found.by_override.values():
        texts.sort()
    found.besides.sort(key=lambda looked: looked.name)
    found.problems.sort()
    return found


def look(trial: Trial, name: str) -> Looked:
    """What the overrides change in the document whose record is the file `name` in CLEAN."""
    looked = Looked(name)
    try:
        record = from_bytes(Path(trial.settings.clean, name).read_bytes())
        looked = _identified(name, record)
        overrides = overrides_of(trial.settings)
        if overrides is None or not overrides.concern(looked.source, looked.site, looked.language):
            return looked
        return _tried(trial, looked, record)
    except (Fails, NotARecord, Refused, EditError) as error:
        return replace(looked, problem=str(error))
    except OSError as error:
        return replace(looked, problem=f"it cannot be read: {error.strerror}")


def _concerned(trial: Trial, records: Sequence[str]) -> list[str]:
    """The records to look at: of single documents where overrides are for no others, else all."""
    overrides = overrides_of(trial.settings)
    if overrides is None or any(entry.scope != "document" for entry in overrides.entries):
        return sorted(records)
    stems = {stem for source in overrides.documents() for stem in possible_stems(source)}
    return sorted(name for name in records if name.removesuffix(".json") in stems)


def _lost(_: Trial, name: str, death: Death) -> Looked:
    return Looked(name, problem=f"cleaning it {death.how}")


def _set_aside(trial: Trial, failures: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of the documents that overrides name those that were set aside, and why."""
    overrides = overrides_of(trial.settings)
    wanted = set(overrides.documents()) if overrides is not None else set()
    for name in failures:
        # A name that was too long or unsafe has a hash in it.
        if "~" in name or name.removeprefix(f"{FAILED}/").removesuffix(".json") in wanted:
            try:
                record = from_bytes(Path(trial.settings.clean, name).read_bytes())
            except (NotARecord, OSError):
                continue
            if record.get("source") in wanted:
                yield cast("str", record["source"]), cast("str", record["detail"])


def _identified(name: str, record: Record) -> Looked:
    """What a record is of: its source, its site and its language."""
    try:
        metadata = cast("dict[str, str | None]", record["metadata"])
        language = metadata["language"]
        return Looked(name, cast("str", record["source"]), recorded_site(record), language and primary(language))
    except (KeyError, TypeError, AttributeError):
        raise Fails("it is no record of this version of cleancopy") from None


def _tried(trial: Trial, looked: Looked, record: Record) -> Looked:
    source = cast("str", record["source"])
    unpacked = _unpacked(trial, looked.name, record)
    kind = cast("str", record["kind"])
    with_them = _cleaned(kind, source, unpacked, trial.settings)
    if not with_them.hits:
        return looked
    without = _cleaned(kind, source, unpacked, replace(trial.settings, overrides=None))
    before, after = _removed(without.edits), _removed(with_them.edits)
    back, gone = _minus(before, after), _minus(after, before)
    texts: dict[str, tuple[str, ...]] = {}
    for hit in with_them.hits:
        changed = back if hit.override.action == "keep" else gone
        within = _minus(changed, _minus([(0, len(with_them.source))], [(hit.start, hit.end)]))
        texts[hit.override.name] = (*texts.get(hit.override.name, ()), *_texts(with_them.source, within))
    hits = _merged((hit.start, hit.end) for hit in with_them.hits)
    return replace(
        looked,
        texts=texts,
        back=tuple(_texts(with_them.source, _minus(back, hits))),
        gone=tuple(_texts(with_them.source, _minus(gone, hits))),
    )


def _unpacked(trial: Trial, name: str, record: Record) -> Unpacked:
    """The document: a text made again from its record, a page from its raw file.

    Raises `Fails` when that is not possible, and `EditError` when the record does not fit its clean text.
    """
    if record["kind"] == "text":
        stem = name.removesuffix(".json")
        text = clean_text_at(Path(trial.settings.clean, f"{stem}.txt"), cast("Record", record["clean"]))
        return Unpacked(encode(decoded_of(record, revert(text, edits_of(record)))))
    if trial.raw is None:
        raise Fails("a page is read from its raw file: name the folder of it with --raw")
    return unpacked_as_recorded(os.path.join(trial.raw, cast("str", record["source"])), record)


def _cleaned(kind: str, source: str, unpacked: Unpacked, settings: Settings) -> CleanResult:
    with faults_refused():
        if kind == "page":
            return read_page(source, unpacked, settings)[1]
        return read_text(source, unpacked.content, settings)[1]


def _removed(edits: Iterable[Edit]) -> list[Span]:
    """The spans of a source text that edits remove, in order; repairs remove nothing."""
    return [(edit.start, edit.end) for edit in edits if edit.cleaner != "repair"]


def _minus(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in `spans` and in none of `others`; both are in order, and so is the result.

    >>> _minus([(0, 5), (6, 9)], [(1, 2), (4, 7)])
    [(0, 1), (2, 4), (7, 9)]
    """
    left: list[Span] = []
    number = 0
    for start, end in spans:
        position = start
        while number < len(others) and others[number][1] <= position:
            number += 1
        at = number
        while at < len(others) and others[at][0] < end:
            if others[at][0] > position:
                left.append((position, others[at][0]))
            position = max(position, others[at][1])
            at += 1
        if position < end:
            left.append((position, end))
    return left


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _texts(source: str, spans: Iterable[Span]) -> Iterator[str]:
    """What stands at spans of a source text, white space folded; nothing for white space alone."""
    return filter(None, (folded(source[start:end]) for start, end in _merged(spans)))


def show_effects(overrides: Overrides, effects: Effects) -> int:
    """Print what overrides change, entry by entry, and in numbers.

    Gives the exit code: 1 where one is about nothing or a document could not be tried, else 0.
    """
    idle = nothing = 0
    for entry in overrides.entries:
        about = effects.by_override.get(entry.name, [])
        changed = Counter((source, text) for source, texts in about for text in texts)
        sort = f" ({entry.noise})" if entry.noise else f" ({entry.rule})" if entry.rule else ""
        print(f"{entry.name}, {entry.scope} {shown_name(entry.value)}{sort}: {_short(entry.text)}")
        untried = effects.untried[entry.scope, entry.value]
        if not about:
            why = shown_name(effects.why_nothing(entry))
            if untried:
                why = f"{untried:,} of its {effects.looked[entry.scope, entry.value]:,} documents could not be"
            nothing += not untried
            print(f"  is about nothing{' that could be tried' * bool(untried)}: {why}")
        elif not changed:
            idle += 1
            sources = [shown_name(source) for source, _ in about]
            print(f"  changes nothing in {', '.join(and_more(sources, _MOST_NAMED))}: {_why_idle(entry)}")
        verb = "comes back" if entry.action == "keep" else "goes"
        for line in and_more([_change(verb, *change, times) for change, times in changed.items()], _MOST_NAMED):
            print(f"  {line}")
    show_list("With that, by the rules, too", [line for looked in effects.besides for line in _besides(looked)])
    show_list("Not tried", [f"{shown_name(name)}: {shown_name(problem)}" for name, problem in effects.problems])
    print()
    show_table(
        new_console(),
        [
            ("entries", f"{len(overrides.entries):,}"),
            ("change nothing", f"{idle:,}"),
            ("are about nothing", f"{nothing:,}"),
            ("documents looked at", f"{effects.documents:,}"),
            ("documents that change", f"{effects.changed:,}"),
            ("not tried", f"{len(effects.problems):,}"),
        ],
    )
    return 1 if nothing or effects.problems else 0


def _why_idle(entry: Override) -> str:
    if entry.action == "noise":
        return "a rule removes it anyway, or another entry keeps it"
    return "nothing removes it anyway" if entry.rule is None else "that rule does not remove it, or another does, too"


def _besides(looked: Looked) -> Iterator[str]:
    for verb, texts in (("comes back", looked.back), ("goes", looked.gone)):
        for text in texts:
            yield _change(verb, looked.source or looked.name, text)


def _change(verb: str, source: str, text: str, times: int = 1) -> str:
    return f"{verb} in {shown_name(source)}{f' ({times:,} times)' if times > 1 else ''}: {_short(text)}"


def _short(text: str) -> str:
    return shown_name(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
