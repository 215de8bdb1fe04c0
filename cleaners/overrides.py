"""Corrections that people made by looking: what is to be kept though a cleaner takes it for noise, and what is noise
though none does. They stand in a TOML file under version control (`docs/overrides.md`), are looked for literally, and
go before all rules.

A stretch that is to be kept is taken out of the edits that would remove it; the rest of those edits stays. A block that
is kept whole counts as article for every cleaner: no phrase is looked for in it, and it is no noise that keeps others
company. A block that is said to be noise counts as noise beside its neighbours from the start, but goes only when the
rules have looked at the document: it may be the heading by which they know the list below it.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from cleaners.document import Block, Document, Edit, Kept
from cleaners.phrasebook import is_whole
from cleaners.splitting import part_of

Action = Literal["keep", "noise"]
Scope = Literal["document", "site", "language"]

NOISE: Final = "override"
"""The cleaner of the edits that remove what overrides say is noise; their rules are `override.` and the noise type."""
SAID_AGAIN: Final = "repair.said-again"
"""The one repair that removes words."""

_TOKEN = re.compile(r"\S+")


class OverridesError(ValueError):
    """A file of overrides that cannot be used; the message is `file:line: reason`."""


@dataclass(frozen=True, slots=True)
class Override:
    """One correction.

    `value` is the document (the source that its record names), the site or the language that it is for; `text` is what
    it is about, white space folded. `number` is its place among the entries of its action in the file, from 1. With a
    `rule` a text is kept from that rule only; `noise` is the noise type of noise.
    """

    action: Action
    scope: Scope
    value: str
    text: str
    number: int
    rule: str | None = None
    noise: str | None = None
    note: str | None = None

    @property
    def name(self) -> str:
        """What it is called in messages: `keep 2`."""
        return f"{self.action} {self.number}"

    @property
    def key(self) -> str:
        """The text as it is compared: case counts in a document only."""
        return self.text if self.scope == "document" else self.text.casefold()


class Hit(NamedTuple):
    """A place, in code points of the source text, of which an override speaks."""

    override: Override
    start: int
    end: int


@dataclass(slots=True)
class Overrides:
    """The overrides of a run, indexed for look-up.

    >>> toml = '[[noise]]\\nlanguage = "en"\\nphrase = "Join the reading club"\\ntype = "prompt"'
    >>> [override.name for override in Overrides.from_toml(toml, "overrides.toml").entries]
    ['noise 1']
    """

    entries: tuple[Override, ...]
    _own: dict[str, list[Override]] = field(init=False, repr=False, compare=False)
    _shared: dict[tuple[Scope, str], dict[str, list[Override]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the indexes."""
        self._own = {}
        self._shared = {}
        for entry in self.entries:
            if entry.scope == "document":
                self._own.setdefault(entry.value, []).append(entry)
            else:
                phrases = self._shared.setdefault((entry.scope, entry.value), {})
                phrases.setdefault(entry.key, []).append(entry)

    @classmethod
    def from_toml(cls, toml: str, name: str) -> Overrides:
        """The overrides in a TOML file, whose text is `toml` and which errors call `name`.

        Raises `OverridesError` (`file:line: reason`) when the file is no TOML or too large, or an entry is not as
        `docs/overrides.md` says, stands there twice, or contradicts another.
        """
        from cleaners.overrides_file import read  # noqa: PLC0415 (loads Pydantic, and needs this module)

        return cls(read(toml, name))

    def documents(self) -> Collection[str]:
        """The documents that entries name."""
        return self._own.keys()

    def concern(self, document: str | None, site: str | None = None, language: str | None = None) -> list[Override]:
        """The entries for a document, by its name, its site and its language, as far as these are known."""
        found = list(self._own.get(document, ())) if document is not None else []
        for phrases in self._of(site, language):
            found += [entry for entries in phrases.values() for entry in entries]
        return found

    def digest(self, document: str | None = None) -> str | None:
        """SHA-256 of the entries for this one document, or (None) of those for sites and languages; None without any.

        It does not hold the name of the document: what is the same for two documents has the same digest.
        """
        if document is None:
            entries = [entry for entry in self.entries if entry.scope != "document"]
        else:
            entries = self._own.get(document, [])
        if not entries:
            return None
        parts = sorted(
            [entry.action, entry.scope, entry.value if document is None else "", entry.key, entry.rule, entry.noise]
            for entry in entries
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def on(
        self,
        source: str,
        *,
        document: str | None = None,
        site: str | None = None,
        language: str | None = None,
        skip: Collection[str] = (),
    ) -> Marks | None:
        """What the entries say of one source text, None where none is for it.

        Entries for noise whose type is in `skip` say nothing. Takes time by the length of the text, for each text that
        is to be kept in this document, and finds these only as whole words.
        """
        own = [] if document is None else self._own.get(document, [])
        own = [entry for entry in own if entry.noise is None or entry.noise not in skip]
        phrases = self._of(site, language)
        if not own and not phrases:
            return None
        marks = Marks(source, {entry.text: entry for entry in own if entry.action == "noise"}, phrases, frozenset(skip))
        marks.find([entry for entry in own if entry.action == "keep"])
        return marks

    def _of(self, site: str | None, language: str | None) -> list[Mapping[str, list[Override]]]:
        """The entries for a site and for a language, the more special ones first."""
        keys: list[tuple[Scope, str | None]] = [("site", site), ("language", language and primary(language))]
        return [self._shared[scope, value] for scope, value in keys if value and (scope, value) in self._shared]


@dataclass(slots=True)
class Marks:
    """What overrides say of one source text; `hits` are the places of it that they speak of.

    `noise` are whole blocks of this document that are noise, `phrases` the entries for its site, then for its language,
    by what a block says.
    """

    source: str
    noise: Mapping[str, Override]
    phrases: Sequence[Mapping[str, list[Override]]]
    skip: frozenset[str]
    hits: dict[Hit, None] = field(default_factory=dict)
    _stretches: dict[str | None, list[tuple[int, int]]] = field(default_factory=dict)

    def find(self, keeps: Sequence[Override]) -> None:
        """Look for the texts of this document that are to be kept."""
        if not keeps:
            return
        tokens = [(token.start(), token.end()) for token in _TOKEN.finditer(self.source)]
        folded = " ".join(self.source[start:end] for start, end in tokens)
        starts: list[int] = []
        position = 0
        for start, end in tokens:
            starts.append(position)
            position += end - start + 1

        def place(at: int) -> int:
            number = bisect_right(starts, at) - 1
            return tokens[number][0] + at - starts[number]

        found: dict[str | None, list[tuple[int, int]]] = {}
        for entry in keeps:
            at = folded.find(entry.text)
            while at >= 0:
                end = at + len(entry.text)
                if is_whole(folded, at, end):
                    stretch = (place(at), place(end - 1) + 1)
                    found.setdefault(entry.rule, []).append(stretch)
                    self.hits[Hit(entry, *stretch)] = None
                at = folded.find(entry.text, end)
        self._stretches = {rule: _merged(stretches) for rule, stretches in found.items()}

    def put_on(self, blocks: Iterable[Block]) -> None:
        """Say of each block what of it is to be kept and whether it is noise.

        What is said of a document goes before what is said of its site, and that before what is said of its language.
        """
        for block in blocks:
            kept = {rule: hull for rule, each in self._stretches.items() if (hull := _hull(each, block))}
            block.noise = None
            for entry in self._entries(block):
                self.hits[Hit(entry, block.start, block.end)] = None
                if entry.action == "keep":
                    kept[entry.rule] = (block.start, block.end)
                else:
                    block.noise = entry.noise
            block.kept = tuple(Kept(start, end, rule) for rule, (start, end) in kept.items())
            block.is_kept = kept.get(None) == (block.start, block.end)
            if block.kept:
                self._restore(block)

    def _entries(self, block: Block) -> list[Override]:
        """The most special entries that are about all of what a block says, as it stands there or as it is repaired."""
        if not self.noise and not self.phrases:
            return []
        said = {folded(block.text)}
        if block.repairs:
            said.add(folded(self.source[block.start : block.end]))
        own = [self.noise[text] for text in said if text in self.noise]
        if own:
            return own[:1]
        keys = {text.casefold() for text in said}
        for phrases in self.phrases:
            entries = [entry for key in keys for entry in phrases.get(key, ()) if entry.noise not in self.skip]
            if entries:
                return entries
        return []

    def _restore(self, block: Block) -> None:
        """Give a block the words back that were repaired away, where they are to be kept."""
        left = tuple(repair for repair in block.repairs if not _keeps_words(block, repair.start, repair.rule))
        if left != block.repairs:
            whole = part_of(self.source, block, block.start, block.end, left)
            if whole is not None:
                block.text, block.repairs, block.kind = whole.text, whole.repairs, whole.kind
                block.prose, block.narrow = whole.prose, whole.narrow


def _keeps_words(block: Block, start: int, rule: str) -> bool:
    return rule == SAID_AGAIN and any(
        kept.start <= start < kept.end and kept.rule in (None, rule) for kept in block.kept
    )


def _merged(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, those that overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _hull(stretches: Sequence[tuple[int, int]], block: Block) -> tuple[int, int] | None:
    """From the first to the last stretch in a block: what stands between two that are kept is kept with them."""
    first = bisect_right(stretches, block.start, key=lambda stretch: stretch[1])
    last = bisect_right(stretches, block.end - 1, key=lambda stretch: stretch[0]) - 1
    if first > last:
        return None
    return max(block.start, stretches[first][0]), min(block.end, stretches[last][1])


def spared(source: str, block: Block, edits: Sequence[Edit]) -> list[Edit]:
    """The `edits` with which a rule removes a block, without what is to be kept of it.

    Where that is all of it nothing is left of them. Else the block is gone, and where something stays, that is its
    `left`, a block of its own. An edit that loses text so lifts nothing.
    """
    stretch = _stretch(source, block, edits[0].rule)
    if stretch == (block.start, block.end):
        return []
    block.gone = True
    if stretch is None:
        return list(edits)
    start, end = stretch
    inside = tuple(repair for repair in block.repairs if start <= repair.start and repair.end <= end)
    block.left = part_of(source, block, start, end, inside)
    return list(edits) if block.left is None else [rest for edit in edits for rest in _around(edit, start, end)]


def _stretch(source: str, block: Block, rule: str) -> tuple[int, int] | None:
    """What of a block a rule must leave: from its first character to be kept to its last, with whole repairs."""
    kept = [each for each in block.kept if each.rule in (None, rule)]
    if not kept:
        return None
    start, end = min(each.start for each in kept), max(each.end for each in kept)
    for repair in block.repairs:
        blank = not repair.replacement.strip()
        if repair.start <= start < repair.end and start > block.start:
            start = repair.end if blank else repair.start
        if repair.start < end <= repair.end and end < block.end:
            end = repair.start if blank else repair.end
    if not source[block.start : start].strip():
        start = block.start
    if not source[end : block.end].strip():
        end = block.end
    return (start, end) if start < end else None


def _around(edit: Edit, start: int, end: int) -> Iterator[Edit]:
    """The parts of an edit on both sides of a stretch."""
    if edit.end <= start or end <= edit.start:
        yield edit
        return
    if edit.start < start:
        yield replace(edit, end=start, original=edit.original[: start - edit.start], field=None)
    if end < edit.end:
        yield replace(edit, start=end, original=edit.original[end - edit.start :], field=None)


def remove_noise(document: Document) -> Iterator[Edit]:
    """The edits that remove the blocks which overrides say are noise, as far as no rule has."""
    for block in document.blocks:
        if block.noise is not None and not block.gone:
            yield from document.remove(block, f"{NOISE}.{block.noise}")


def folded(text: str) -> str:
    r"""A text with every run of white space as one space, and none at its ends.

    >>> folded(" one\n two ")
    'one two'
    """
    return " ".join(text.split())


def site_of(url: str | None) -> str | None:
    """The site of a document that was found at `url`: its host in lower case, without `www.`; None without one.

    >>> site_of("https://WWW.Example.org:8080/a")
    'example.org'
    """
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return (host or "").rstrip(".").removeprefix("www.") or None


def primary(language: str) -> str:
    """The primary subtag of a language tag.

    >>> primary("en-GB"), primary("pt_BR")
    ('en', 'pt')
    """
    return re.split("[-_]", language.lower(), maxsplit=1)[0]
