"""What publishers say: phrases by noise type, rule and language, looked up by line.

Phrases are data (`cleaners/phrases/*.toml`, one file a noise type, tables `[RULE.LANGUAGE]`). A line is brought
into the same normal form as the phrases and looked up in a dictionary, so that ten thousand phrases cost no more
than ten. Users add their own in a TOML file with tables `[NOISE.RULE.LANGUAGE]`; their patterns run through
RE2, which is linear in the text, so that none can hang a run.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from cleaners.users_toml import TomlRefused, parsed

if TYPE_CHECKING:
    import re2

_FILES: Final = {
    "donation": "donations.toml",
    "comments": "comments.toml",
    "related": "related.toml",
    "caption": "captions.toml",
    "prompt": "prompts.toml",
    "byline": "bylines.toml",
    "credit": "credits.toml",
    "date": "dates.toml",
}

FORMS: Final = ("line", "widget", "heading", "start", "series", "label", "end", "clause", "name", "pattern")
"""How a phrase sits in its line: see `Phrase`."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in normal form, the rule it belongs to, and how it sits in its line.

    `form` is `line` (the whole line, noise wherever it stands), `widget` (the whole line, noise only beside other
    noise), `heading` (the whole line, opens a list or thread of noise), `start` and `end` (what a line starts or ends
    with), `series` (what short lines start with, noise where several do), `label` (what a line starts with, before a
    colon or the like), `clause` (a part of a longer line), `name` (of an agency or a social network) or `pattern` (a
    user's RE2 pattern for a whole line). `own` phrases come from a user's file: they need no company.
    """

    noise: str
    rule: str
    language: str
    form: str
    text: str
    own: bool = False


HEAD: Final = 48
"""How much of a long text's start is looked at, in code points: no phrase that starts a line is longer."""
TAIL: Final = 64
"""How much of a long text's end is looked at, in code points."""


MEMORY: Final = 256 << 20
"""Bytes that all patterns may take as one automaton, or all clauses of all languages, for which RE2's default of 8 MiB
is too small."""

_SHOWN: Final = 80
"""Characters of a phrase that an error shows."""


class PhraseError(ValueError):
    """A phrase file that cannot be used; the message is `file:line: reason`."""


class _PatternSet(Protocol):
    def Add(self, pattern: str) -> int: ...  # noqa: N802 (RE2's own name)
    def Compile(self) -> None: ...  # noqa: N802
    def Match(self, text: str) -> list[int] | None: ...  # noqa: N802


_NUMBER = re.compile(r"\d+(?:[.,:/'\u00a0\u202f]\d+)*")
# Soft hyphens, joiners and direction marks; the vowel marks and the stretching of Arabic, mostly left out in print.
_INVISIBLE = re.compile("[\u00ad\u0640\u064b-\u0652\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]")
_EDGES: Final = (
    " \t.:…•·●▪■◆|–—―-→»›>«<‹←*+×✓✔[](){}\"'“”‘’„‚《》〈〉「」『』【】（）：；;，,、。！!?？।/\\_=~^`▶►▼▲△▷★☆↓↑➜➔➤⟩⟨"
)
# Capital I without a dot folds to i also where Turkish has ı, and capital İ to i and a combining dot.
_TYPOGRAPHIC: Final = (("’", "'"), ("‘", "'"), ("ʼ", "'"), ("′", "'"), ("ı", "i"), ("\u0307", ""))
_FIRST = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def normal_form(line: str) -> str:
    """The form in which a line and a phrase are compared.

    Case folded, numbers as `#`, typographic apostrophes as `'`, white space folded, decoration at both ends gone.

    >>> normal_form("» 1,204 Comments:")
    '# comments'
    """
    line = line.casefold()
    if not line.isascii():
        for typographic, plain in _TYPOGRAPHIC:
            line = line.replace(typographic, plain)
        line = unicodedata.normalize("NFC", _INVISIBLE.sub("", line))
    line = _NUMBER.sub("#", line)
    line = line.strip(_EDGES)
    return line if line.isascii() and "  " not in line else " ".join(line.split())


def _token(text: str) -> str:
    """The first word of a phrase, or its first character where a script puts no spaces between words."""
    first = text[:1]
    if first > "\u0dff" and _UNSPACED.match(first):
        return first
    until_space = text.partition(" ")[0]
    if until_space.isalnum():
        return until_space
    word = _FIRST.match(text)
    return word[0] if word else first


ROW_SHARE: Final = 0.34
"""Share of networks among the words of a row of them: `Follow on Facebook` has one in three."""


def _last_token(text: str) -> str:
    """The last word of a phrase, or its last character where a script puts no spaces between words."""
    last = text[-1:]
    return last if last > "\u0dff" and _UNSPACED.match(last) else text[text.rfind(" ") + 1 :]


_Bucket = tuple[tuple[str, ...], tuple[Phrase, ...]]


def _bucket(phrases: Iterable[Phrase]) -> _Bucket:
    """The phrases of one index entry, longest first, and their texts to test them all at once."""
    ordered = sorted(phrases, key=lambda phrase: -len(phrase.text))
    return tuple(phrase.text for phrase in ordered), tuple(ordered)


def _row_of_networks(tokens: Sequence[str], networks: frozenset[str]) -> tuple[Phrase, ...]:
    """A phrase for a line that names social networks and says little else: `Follow on Facebook Follow on X`."""
    named = [token for token in tokens if token in networks]
    if len(set(named)) < 2 or len(named) < ROW_SHARE * len(tokens):
        return ()
    return (_named_networks(len(set(named))),)


def _named_networks(count: int) -> Phrase:
    # Two may be a heading of an article about them.
    return Phrase("prompt", "prompt.networks.any", "any", "line" if count > 2 else "widget", "")


GLUE: Final = frozenset(
    {"share", "follow", "tweet", "print", "copy", "link", "email"} | {"this", "with", "via", "on", "to", "us", "!"}
)
"""What stands between the networks of a share bar whose buttons run together: `Share to XShare to Facebook`."""


def _glued_networks(key: str, networks: frozenset[str]) -> tuple[Phrase, ...]:
    """A phrase for a line of networks without spaces between them, as the icons of a share bar leave it."""
    names = networks.difference(GLUE) | {"x"}
    if sum(name in key for name in names) < 2:
        return ()
    rest = "".join(key.split())
    named: set[str] = set()
    while rest:
        found = max((name for name in names | GLUE if rest.startswith(name)), key=len, default="")
        if not found:
            return ()
        if found not in GLUE:
            named.add(found)
        rest = rest[len(found) :]
    return (_named_networks(len(named)),) if len(named) > 1 else ()


@dataclass(slots=True)
class PhraseBook:
    """All phrases of a run, indexed for look-up.

    >>> [phrase.rule for phrase in PhraseBook.standard().match("also read: gas leak", "ALSO READ: Gas leak")]
    ['related.also-read.en']
    """

    phrases: tuple[Phrase, ...]
    _lines: dict[str, tuple[Phrase, ...]] = field(init=False, repr=False)
    _starts: dict[str, _Bucket] = field(init=False, repr=False)
    _ends: dict[str, _Bucket] = field(init=False, repr=False)
    _clauses: tuple[Phrase, ...] = field(init=False, repr=False)
    _patterns: tuple[Phrase, ...] = field(init=False, repr=False)
    _sets: tuple[_PatternSet, _PatternSet] | None = field(init=False, repr=False, default=None)
    _spoken: dict[str, PhraseBook] = field(init=False, repr=False, default_factory=dict)
    date_words: frozenset[str] = field(init=False, repr=False)
    agencies: frozenset[str] = field(init=False, repr=False)
    networks: frozenset[str] = field(init=False, repr=False)
    crumbs: frozenset[str] = field(init=False, repr=False)
    _network_heads: tuple[str, ...] = field(init=False, repr=False)
    _followers: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the indexes."""
        lines: dict[str, list[Phrase]] = {}
        starts: dict[str, list[Phrase]] = {}
        ends: dict[str, list[Phrase]] = {}
        clauses: list[Phrase] = []
        patterns: list[Phrase] = []
        dates: set[str] = set()
        names: dict[str, set[str]] = {}
        for phrase in self.phrases:
            if not phrase.text:
                continue
            if phrase.noise == "date":
                dates.add(phrase.text)
            elif phrase.form == "name":
                names.setdefault(phrase.rule.split(".")[1], set()).add(phrase.text)
            elif phrase.form in ("line", "widget", "heading"):
                lines.setdefault(phrase.text, []).append(phrase)
            elif phrase.form in ("start", "series", "label"):
                starts.setdefault(_token(phrase.text), []).append(phrase)
            elif phrase.form == "end":
                ends.setdefault(_last_token(phrase.text), []).append(phrase)
            elif phrase.form == "clause":
                clauses.append(phrase)
            else:
                patterns.append(phrase)
        self._lines = {key: tuple(found) for key, found in lines.items()}
        self._starts = {token: _bucket(found) for token, found in starts.items()}
        self._ends = {letters: _bucket(found) for letters, found in ends.items()}
        self._clauses = tuple(clauses)
        # Found, a pattern says of its line what a `line` does.
        self._patterns = tuple(replace(phrase, form="line") for phrase in patterns)
        self.date_words = frozenset(dates)
        self.agencies = frozenset(names.get("agencies", ()))
        self.networks = frozenset(names.get("networks", ()))
        self.crumbs = frozenset(names.get("crumbs", ()))
        self._followers = frozenset(names.get("follow", ()))
        self._network_heads = tuple(sorted(self.networks | GLUE)) if self.networks else ()

    @classmethod
    def standard(cls) -> PhraseBook:
        """The phrases that ship with cleancopy, read once."""
        return _standard()

    def with_user(self, toml: str, name: str) -> PhraseBook:
        """This book and the phrases of a user's TOML file, whose text is `toml` and which errors call `name`.

        Raises `PhraseError` (`file:line: reason`) when the file is not TOML, a table is not
        `[NOISE.RULE.LANGUAGE]`, a key is none of `FORMS`, or a pattern is not one of RE2's.

        >>> book = PhraseBook.standard().with_user('[prompt.club.en]\\nline = ["Join the reading club"]', "own.toml")
        >>> [phrase.rule for phrase in book.match("join the reading club", "Join the reading club")]
        ['prompt.club.en']
        """
        import re2  # noqa: PLC0415 (loads a C++ library: not before it is needed)

        own = (replace(phrase, own=True) for phrase in _user_phrases(toml, name))
        book = PhraseBook((*self.phrases, *own))
        try:
            book._compiled()
        except re2.error:
            reason = "its patterns and clauses together are too large for RE2: take fewer, or shorter ones"
            raise _refusal(toml, name, "pattern", reason) from None
        return book

    def _compiled(self) -> tuple[_PatternSet, _PatternSet]:
        """All patterns as one automaton, and all clauses as another, made when they are first asked for."""
        if self._sets is None:
            patterns = _pattern_set("FullMatchSet", [phrase.text for phrase in self._patterns])
            clauses = _pattern_set("SearchSet", [phrase.text for phrase in self._clauses], literal=True)
            self._sets = (patterns, clauses)
        return self._sets

    def speaking(self, language: str | None) -> PhraseBook:
        """The part of this book to look into for a text in `language`: its phrases, the English ones, the user's own.

        English is looked for everywhere, because widgets speak it everywhere. The book itself where the language
        is not known.
        """
        if language is None:
            return self
        if language not in self._spoken:
            spoken = (language, "en", "any")
            self._spoken[language] = PhraseBook(
                tuple(phrase for phrase in self.phrases if phrase.own or phrase.language in spoken)
            )
        return self._spoken[language]

    def match(self, key: str, text: str) -> tuple[Phrase, ...]:
        """The phrases that the line `text`, whose normal form is `key`, is, starts with or ends with."""
        found = self._lines.get(key, ()) + self.match_head(key) + self.match_tail(key)
        if not found and key[-1:] == "#":
            found = self._lines.get(key.rstrip("#([（ "), ())  # a button or heading with its count
        if " " in key:
            row = key.replace("：", " ").replace(":", " ")
            # In a sentence commas part networks too; one that begins so asks to follow on them.
            asks = "," in row and _token(key) in self._followers
            tokens = (row.replace(",", " ") if asks else row).split()
            if not self.networks.isdisjoint(tokens):
                found += _row_of_networks(tokens, self.networks)
        if not found and key.startswith(self._network_heads):
            found = _glued_networks(key, self.networks)
        if self._patterns:
            patterns, _ = self._compiled()
            found += tuple(self._patterns[number] for number in sorted(patterns.Match(text) or ()))
        return found

    def match_ends(self, text: str) -> tuple[Phrase, ...]:
        """The phrases that a text starts or ends with, for texts too long to be looked up as a whole."""
        found: tuple[Phrase, ...] = ()
        if _token(text[:24].casefold().lstrip(_EDGES)) in self._starts:
            found = self.match_head(normal_form(text[:HEAD]))
        if _last_token(text[-24:].casefold().rstrip(_EDGES)) in self._ends:
            found += self.match_tail(normal_form(text[-TAIL:]))
        return found

    def match_head(self, key: str) -> tuple[Phrase, ...]:
        """The phrases that a line starts with whose normal form starts with `key`."""
        bucket = self._starts.get(_token(key))
        if bucket is None or not key.startswith(bucket[0]):
            return ()
        return tuple(
            phrase for phrase in bucket[1] if key.startswith(phrase.text) and is_whole(key, 0, len(phrase.text))
        )

    def match_tail(self, key: str) -> tuple[Phrase, ...]:
        """The phrases that a line ends with whose normal form ends with `key`."""
        bucket = self._ends.get(_last_token(key))
        if bucket is None or not key.endswith(bucket[0]):
            return ()
        return tuple(phrase for phrase in bucket[1] if key.endswith(phrase.text))

    def clauses(self, lowered: str) -> Iterator[tuple[int, Phrase]]:
        """Each place in the lower-cased text where one of the clauses stands, with the clause."""
        _, clauses = self._compiled()
        for number in sorted(clauses.Match(lowered) or ()):
            phrase = self._clauses[number]
            place = lowered.find(phrase.text)
            while place >= 0:
                if is_whole(lowered, place, place + len(phrase.text)):
                    yield place, phrase
                place = lowered.find(phrase.text, place + len(phrase.text))

    def digest(self) -> str:
        """SHA-256 of all phrases: what the fingerprint of a run holds of them."""
        digest = hashlib.sha256()
        for phrase in self.phrases:
            digest.update(f"{phrase.rule}\t{phrase.form}\t{phrase.text}\n".encode())
        return digest.hexdigest()


def _pattern_set(kind: str, patterns: Iterable[str], *, literal: bool = False) -> _PatternSet:
    import re2  # noqa: PLC0415 (loads a C++ library: not before it is needed)

    options = _options()
    options.literal = literal
    found: _PatternSet = getattr(re2.Set, kind)(options)
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` begins and ends where words do; in scripts without spaces it always does.

    >>> is_whole("the ferry", 4, 9), is_whole("the ferry", 4, 7)
    (True, False)
    """
    if start and _in_word(text[start - 1]) and _in_word(text[start]) and not _UNSPACED.match(text[start]):
        return False
    if end == len(text) or not (_in_word(text[end]) and _in_word(text[end - 1])):
        return True
    return bool(_UNSPACED.match(text[end]))


def _in_word(character: str) -> bool:
    """Whether a letter, digit or the mark on one: the vowel signs of Indic scripts are marks."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _options() -> re2.Options:
    import re2  # noqa: PLC0415

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = MEMORY
    return options


@cache
def _standard() -> PhraseBook:
    import tomllib  # noqa: PLC0415 (here and below: importing the library is to cost little)
    from importlib import resources  # noqa: PLC0415

    phrases: list[Phrase] = []
    for noise, name in _FILES.items():
        file = resources.files("cleaners") / "phrases" / name
        for rule, languages in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for language, forms in languages.items():
                phrases += _phrases(f"{noise}.{rule}.{language}", forms)
    return PhraseBook(tuple(phrases))


def _phrases(rule: str, forms: Mapping[str, Iterable[str]]) -> Iterator[Phrase]:
    noise, _, language = rule.split(".", 2)
    for form, texts in forms.items():
        for text in texts:
            yield Phrase(noise, rule, language, form, _phrase_text(form, text))


def _phrase_text(form: str, text: str) -> str:
    if form == "pattern":
        return text
    return text.lower().replace("’", "'").strip() if form == "clause" else normal_form(text)


def _user_phrases(toml: str, name: str) -> Iterator[Phrase]:
    try:
        tables = parsed(toml, name)
    except TomlRefused as refused:
        raise PhraseError(str(refused)) from None
    for noise, rules in tables.items():
        if noise not in _FILES:
            raise _refusal(toml, name, noise, f"'{noise}' is no noise type; choose one of {', '.join(_FILES)}")
        for rule, languages in _table(rules, toml, name, noise):
            for language, forms in _table(languages, toml, name, rule):
                for form, texts in _table(forms, toml, name, language):
                    if form not in FORMS:
                        reason = f"'{form}' is no form of a phrase; choose one of {', '.join(FORMS)}"
                        raise _refusal(toml, name, form, reason)
                    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                        raise _refusal(toml, name, form, f"'{form}' takes a list of strings")
                    for text in texts:
                        _check(form, text, toml, name)
                    yield from _phrases(f"{noise}.{rule}.{language}", {form: texts})


def _table(value: object, toml: str, name: str, key: str) -> Iterable[tuple[str, object]]:
    if not isinstance(value, dict):
        raise _refusal(toml, name, key, f"'{key}' must be in a table [NOISE.RULE.LANGUAGE]")
    return value.items()


def _check(form: str, text: str, toml: str, name: str) -> None:
    import re2  # noqa: PLC0415

    if not _phrase_text(form, text):
        raise _refusal(toml, name, text or form, f"the phrase {_short(text)!r} has no letter or digit to look for")
    if form == "pattern":
        try:
            re2.compile(text, _options())
        except re2.error as error:
            reason = error.args[0]
            reason = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
            refusal = f"the pattern {_short(text)!r} is refused by RE2: {_short(reason)}"
            raise _refusal(toml, name, text, refusal) from None


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _refusal(toml: str, name: str, what: str, reason: str) -> PhraseError:
    """The error, with the first line of the file that holds what it is about."""
    forms = {what, what.encode("unicode_escape").decode(), what.replace("\\", "\\\\"), *what.splitlines()[:1]}
    lines = enumerate(toml.splitlines(), 1)
    return PhraseError(f"{name}:{next((n for n, line in lines if any(f in line for f in forms)), 1)}: {reason}")
