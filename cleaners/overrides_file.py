"""The file of overrides: its form, and what is refused of it. The form is a Pydantic model; what that cannot say (no
entry twice, none that contradicts another) is checked behind it. The file may come from anyone: its size is limited,
and nothing in it is a pattern.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr, ValidationError

from cleaners.overrides import Override, OverridesError, Scope, folded, primary, site_of
from cleaners.page.cleaning import EXTRACTOR
from cleaners.pipeline import CLEANERS
from cleaners.repair import repair_text
from cleaners.users_toml import TomlRefused, parsed

TEXTS_MAX: Final = 1_000
"""Most texts to keep in one document: each is looked for in all of it."""
NOISE_TYPES: Final = (*(cleaner.name for cleaner in CLEANERS if cleaner is not repair_text), EXTRACTOR, "site")
"""What noise may be; `site` is what a site repeats across its articles."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*")
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+")


def _filled(text: str) -> str:
    said = folded(text)
    if not any(character.isprintable() and not character.isspace() for character in said):
        raise ValueError("it is empty: write what it is about, or leave the entry out")
    return said


def _site(site: str) -> str:
    said = site.strip().lower().removeprefix("www.")
    if not _HOST.fullmatch(said):
        raise ValueError(f"{site!r} is no site: write {site_of(site) or 'example.org'!r}, its host alone")
    return said


def _language(language: str) -> str:
    if not _LANGUAGE.fullmatch(language.strip()):
        raise ValueError(f"{language!r} is no language: write its code, such as 'en'")
    return primary(language.strip())


def _rule(rule: str) -> str:
    noise, _, name = rule.partition(".")
    if not name or noise not in (*NOISE_TYPES, repair_text.name):
        raise ValueError(f"{rule!r} is no rule: write one as cleancopy explain does, such as related.also-read.en")
    return rule


def _noise_type(noise: str) -> str:
    if noise not in NOISE_TYPES:
        raise ValueError(f"{noise!r} is no noise type: choose one of {', '.join(NOISE_TYPES)}")
    return noise


_Text = Annotated[StrictStr, AfterValidator(_filled)]
_Name = Annotated[StrictStr, Field(min_length=1)]
_Site = Annotated[StrictStr, AfterValidator(_site)]
_Language = Annotated[StrictStr, AfterValidator(_language)]


class _Keep(BaseModel):
    """An entry `[[keep]]`."""

    model_config = ConfigDict(extra="forbid")

    document: _Name | None = None
    site: _Site | None = None
    language: _Language | None = None
    text: _Text | None = None
    phrase: _Text | None = None
    rule: Annotated[_Name, AfterValidator(_rule)] | None = None
    note: StrictStr | None = None


class _Noise(BaseModel):
    """An entry `[[noise]]`."""

    model_config = ConfigDict(extra="forbid")

    document: _Name | None = None
    site: _Site | None = None
    language: _Language | None = None
    text: _Text | None = None
    phrase: _Text | None = None
    type: Annotated[StrictStr, AfterValidator(_noise_type)]
    note: StrictStr | None = None


class _File(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    keep: list[_Keep] = []
    noise: list[_Noise] = []


def read(toml: str, name: str) -> tuple[Override, ...]:
    """The entries of the file called `name` with the text `toml`, those to keep first.

    Raises `OverridesError`.
    """
    try:
        tables = parsed(toml, name)
    except TomlRefused as refused:
        raise OverridesError(str(refused)) from None
    place = _Places(toml, name)
    try:
        file = _File.model_validate(tables)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        more = len({fault["loc"][:2] for fault in faults}) - 1
        also = f"; {more} more {'entry is' if more == 1 else 'entries are'} wrong" if more else ""
        raise OverridesError(f"{place.of_fault(faults[0]['loc'])}: {_reason(faults[0])}{also}") from None
    entries = tuple(_entries(file, place))
    _check_together(entries, place, name)
    return entries


class _Places:
    """Where the entries of a file stand, as errors say it."""

    def __init__(self, toml: str, name: str) -> None:
        self._name = name
        self._lines: dict[str, list[int]] = {"keep": [], "noise": []}
        for number, line in enumerate(toml.splitlines(), 1):
            head = "".join(line.partition("#")[0].split())
            if head in ("[[keep]]", "[[noise]]"):
                self._lines[head.strip("[]")].append(number)

    def of(self, action: str, number: int) -> str:
        """Where the entry of this number is, from 1."""
        lines = self._lines.get(action, [])
        line = f":{lines[number - 1]}" if number <= len(lines) else ""
        return f"{self._name}{line}: {action} {number}"

    def of_fault(self, at: tuple[int | str, ...]) -> str:
        """Where the place is that Pydantic names."""
        if len(at) < 2 or not isinstance(at[1], int):
            return f"{self._name}: {at[0]}"
        entry = self.of(str(at[0]), at[1] + 1)
        return f"{entry}, {at[2]}" if len(at) > 2 else entry


def _reason(fault: Mapping[str, object]) -> str:
    kind = fault["type"]
    at = cast("tuple[int | str, ...]", fault["loc"])
    if kind == "value_error":
        return str(cast("Mapping[str, object]", fault["ctx"])["error"])
    if kind == "extra_forbidden" and len(at) == 1:
        return "there is no such table: entries are [[keep]] or [[noise]]"
    if kind == "extra_forbidden":
        model = _Keep if at[0] == "keep" else _Noise
        return f"there is no such key: there are {', '.join(model.model_fields)}"
    if kind == "missing":
        return f"it is missing: say which noise type, one of {', '.join(NOISE_TYPES)}"
    if kind == "list_type" or len(at) == 2:
        return f"write it as a table of its own, under [[{at[0]}]]"
    if kind == "string_too_short":
        return "it is empty: write what it is about, or leave it out"
    return "write it as a text, in quotation marks"


def _entries(file: _File, place: _Places) -> Iterator[Override]:
    for number, keep in enumerate(file.keep, 1):
        scope, value, text = _about(keep, place.of("keep", number))
        yield Override("keep", scope, value, text, number, rule=keep.rule, note=keep.note)
    for number, noise in enumerate(file.noise, 1):
        scope, value, text = _about(noise, place.of("noise", number))
        yield Override("noise", scope, value, text, number, noise=noise.type, note=noise.note)


def _about(entry: _Keep | _Noise, place: str) -> tuple[Scope, str, str]:
    """What an entry is for, and what it is about."""
    scopes: dict[Scope, str | None] = {"document": entry.document, "site": entry.site, "language": entry.language}
    given = [(scope, value) for scope, value in scopes.items() if value is not None]
    if len(given) != 1:
        said = " and ".join(scope for scope, _ in given) or "none of them"
        raise OverridesError(f"{place}: it is for exactly one of document, site and language: it names {said}")
    scope, value = given[0]
    wanted, other = ("text", "phrase") if scope == "document" else ("phrase", "text")
    text = entry.text if scope == "document" else entry.phrase
    if text is None or (entry.phrase if scope == "document" else entry.text) is not None:
        raise OverridesError(f"{place}: with {scope} it takes a {wanted}, and no {other}")
    return scope, value, text


def _check_together(entries: tuple[Override, ...], place: _Places, name: str) -> None:
    """Refuse entries that stand there twice or contradict each other, and more than can be looked for."""
    said: dict[tuple[Scope, str, str], list[Override]] = {}
    for entry in entries:
        for before in said.setdefault((entry.scope, entry.value, entry.key), []):
            if before.action != entry.action:
                reason = f"it contradicts {before.name}, which keeps the same text: take one of the two out"
            elif before.rule == entry.rule:
                reason = f"it says the same as {before.name}: take one of the two out"
            else:
                continue
            raise OverridesError(f"{place.of(entry.action, entry.number)}: {reason}")
        said[entry.scope, entry.value, entry.key].append(entry)
    texts = Counter(entry.value for entry in entries if entry.action == "keep" and entry.scope == "document")
    for document, count in texts.items():
        if count > TEXTS_MAX:
            raise OverridesError(f"{name}: {count:,} texts are to be kept in {document}: {TEXTS_MAX:,} are the most")
