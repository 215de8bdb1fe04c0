"""The widgets of a page which are not the article, known by their tags, ids, classes and other attributes.

The rules are data (`widgets.toml`, tables `[NOISE.RULE]` with CSS selectors of one element and words of class names).
They are compiled once into an index by id, class and attribute, so that an element looks up only what it has and a
thousand selectors cost no more than ten. `match` judges one element, `outermost` which of those that it knows are
widgets of the page, and `prune_soup` removes them from a Beautiful Soup tree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal, cast

if TYPE_CHECKING:
    import bs4
    from cssselect.parser import Tree

NOISES: Final = ("comments", "related", "prompt", "donation", "caption", "byline")
"""The noise types that have widgets, in the order of `widgets.toml`."""

NEVER: Final = frozenset({"html", "head", "body", "main", "article"})
"""Tags that hold the article: themes put the names of widgets on them (`<body class="has-comments">`)."""
SILENT: Final = frozenset({"script", "style", "template"})
"""Tags whose text nobody sees."""
SMALL: Final = frozenset(
    {
        "byline.meta",
        "byline.date",
        "byline.reading-time",
        "comments.count",
        "prompt.breadcrumb",
        "prompt.listen",
        "prompt.search",
        "prompt.share",
        "prompt.skip",
        "prompt.tags",
    }
)
"""Rules of widgets that hold labels, names and links: one with a long paragraph is a row that holds something else."""
LONG_PARAGRAPH: Final = 20
"""Fewest words that make a paragraph of an article rather than the teaser of a card: without the caution that it opens,
2.4 times as many words of articles went on 1,357 sample pages; with 10 more teasers stay, with 30 nothing changes."""
ARTICLE_SHARE: Final = 0.5
"""Share of a page's prose from which on an element holds the article, whatever it is called: half of it. With 0.7 a
third more words of articles went on the sample pages."""
THREAD_ALONE: Final = 40
"""Fewest words of prose outside of a thread of comments, two sentences; with fewer the page is there for the thread."""
KEPT_MAX: Final = 2_000
"""Longest value of an attribute, in characters, for which is kept what was found: thousands are kept."""
RUN_MIN: Final = 10
"""Fewest words in one piece that are prose outside of a `p`; menus and labels have fewer."""

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BEFORE: Final = frozenset({"has", "no", "not", "with", "without", "is", "tag", "category", "bg", "text", "border"})
"""First words of class names that say what an element has, is filed under or is coloured like, not what it is:
`has-newsletter` stands on the page, `category-promo` on an article, `bg-cta` on anything."""
_BEHIND: Final = frozenset({"page", "post", "row", "layout", "template"})
"""Last words of class names of what holds the article besides a widget, or is one: `newsletter-post`, `related-row`."""

CommentPart = Literal["author", "time", "text", "item"]
"""What `comment_part` tells apart; `item` is one comment, the others are inside of it."""


class WidgetError(ValueError):
    """A file of widget rules that cannot be used; the message is `file: [table]: reason`."""


@dataclass(frozen=True, slots=True)
class Removed:
    """One widget that `prune_soup` removed: the rule that knew it, its visible text, and the tag, detached."""

    rule: str
    text: str
    tag: bs4.Tag


@dataclass(frozen=True, slots=True)
class _Condition:
    """One condition of a selector on the attribute `name`; `operator` as in CSS, or `exists`, or `names` a word."""

    name: str
    operator: str
    value: str

    def holds(self, attributes: Mapping[str, str]) -> bool:
        found = attributes.get(self.name)
        if found is None or self.operator == "exists":
            return found is not None
        if self.operator == "names":
            return self.value in _named(found)
        found = found.lower()
        match self.operator:
            case "=":
                return found.strip() == self.value
            case "~=":
                return self.value in found.split()
            case "^=":
                return found.startswith(self.value)
            case "$=":
                return found.endswith(self.value)
            case _:
                return self.value in found


@dataclass(frozen=True, slots=True)
class _Compound:
    """A compiled selector: the tag and the conditions an element must meet, and the rule that it meets then."""

    order: int
    rule: str
    tag: str | None
    conditions: tuple[_Condition, ...]

    def fits(self, tag: str, attributes: Mapping[str, str]) -> bool:
        if self.tag is not None and self.tag != tag:
            return False
        return all(condition.holds(attributes) for condition in self.conditions)


class Rules:
    """Rules compiled from TOML; the first in the file that fits an element is its rule.

    Values are compared without regard to case, as pages spell them either way (`OUTBRAIN`, `relatedPosts`).
    """

    def __init__(self, toml: str, name: str, kinds: Collection[str] = NOISES) -> None:
        r"""Compile the tables of these `kinds` in the TOML text `toml`, which errors call `name`.

        Raises `WidgetError` when the text is not TOML, a table is not `[NAME.RULE]` with the lists `select`, `names` or
        both, or a selector is not of one element: no combinators, no pseudo-classes, no `:not()`.

        >>> Rules('[prompt.club]\nselect = [".join-the-club"]', "own.toml").match("div", {"class": "Join-the-Club"})
        'prompt.club'
        """
        tags: dict[str, list[_Compound]] = {}
        names: dict[str, list[tuple[_Condition, _Compound]]] = {}
        for compound in _compounds(toml, name, kinds):
            if compound.conditions:
                key = min(compound.conditions, key=_cost)
                names.setdefault(key.name, []).append((key, compound))
            else:
                tags.setdefault(cast(str, compound.tag), []).append(compound)
        self._tags = {tag: tuple(found) for tag, found in tags.items()}
        self._names = {name: _Attribute(found) for name, found in names.items()}

    @property
    def bare_tags(self) -> frozenset[str]:
        """The tags that are known without an attribute."""
        return frozenset(self._tags)

    def match(self, tag: str, attributes: Mapping[str, str]) -> str | None:
        """The rule of an element, or None."""
        found = self._tags.get(tag, ())
        names = self._names
        for name, value in attributes.items():
            if name in names:
                found += names[name].candidates(value)
        if not found:
            return None
        fitting = [compound for compound in found if compound.fits(tag, attributes)]
        return min(fitting, key=_order).rule if fitting else None


class _Attribute:
    """The selectors that are looked up by one attribute: by its words, by its whole value, by parts of it, by names."""

    def __init__(self, entries: Iterable[tuple[_Condition, _Compound]]) -> None:
        words: dict[str, list[_Compound]] = {}
        values: dict[str, list[_Compound]] = {}
        starts: dict[str, list[tuple[str, _Compound]]] = {}
        named: dict[str, list[_Compound]] = {}
        self._parts: list[tuple[str, _Compound]] = []
        self._ends: list[tuple[str, _Compound]] = []
        self._any: tuple[_Compound, ...] = ()
        for condition, compound in entries:
            match condition.operator:
                case "~=":
                    words.setdefault(condition.value, []).append(compound)
                case "names":
                    named.setdefault(condition.value, []).append(compound)
                case "=":
                    values.setdefault(condition.value, []).append(compound)
                case "^=":
                    starts.setdefault(condition.value[:1], []).append((condition.value, compound))
                case "*=":
                    self._parts.append((condition.value, compound))
                case "$=":
                    self._ends.append((condition.value, compound))
                case _:
                    self._any += (compound,)
        self._words = {word: tuple(found) for word, found in words.items()}
        self._values = {value: tuple(found) for value, found in values.items()}
        self._starts = starts
        self._named = {word: tuple(found) for word, found in named.items()}
        # The elements of a page share few classes: what was looked up once is mostly looked up again.
        self._kept = lru_cache(maxsize=4096)(self._candidates)

    def candidates(self, value: str) -> tuple[_Compound, ...]:
        """The selectors that may fit an element with this value."""
        return self._kept(value) if len(value) <= KEPT_MAX else self._candidates(value)

    def _candidates(self, value: str) -> tuple[_Compound, ...]:
        found = self._any
        if self._named:
            for word in _named(value):
                found += self._named.get(word, ())
        value = value.lower()
        found += self._values.get(value.strip(), ())
        if self._words:
            for word in set(value.split()):
                found += self._words.get(word, ())
        found += tuple([compound for start, compound in self._starts.get(value[:1], ()) if value.startswith(start)])
        found += tuple([compound for part, compound in self._parts if part in value])
        return found + tuple([compound for end, compound in self._ends if value.endswith(end)])


def _named(value: str) -> set[str]:
    """The words of the class names in a value: `post-cta`, `postCta` and `post__cta--wide` are named `cta`, too."""
    found: set[str] = set()
    for name in value.split():
        words = [word.lower() for word in _WORD.findall(name)]
        if words and words[0] not in _BEFORE and words[-1] not in _BEHIND:
            found.update(words)
    return found


def match(tag: str, attributes: Mapping[str, str]) -> str | None:
    """The rule of the widget that an element is, or None; never for an element that holds the article.

    `tag` is the lower-case name, `attributes` those of lxml (`element.attrib`) or any like them.

    >>> match("div", {"id": "jp-relatedposts", "class": "jp-relatedposts"})
    'related.jetpack'
    >>> match("body", {"class": "comments-area"}) is None
    True
    """
    rule = _standard()[0].match(tag, attributes)
    return None if rule is None or tag in NEVER or is_body(tag, attributes) else rule


def bare_tags() -> frozenset[str]:
    """The tags that `match` or `comment_part` know without an attribute."""
    return _standard()[0].bare_tags | _standard()[1].bare_tags


def comment_part(tag: str, attributes: Mapping[str, str]) -> CommentPart | None:
    """What an element inside of a comments widget is: one comment, its author, its time, its text, or None.

    Parts may stand in one another (`.comment-author` around `.fn`): the innermost says it best.

    >>> comment_part("div", {"class": "comment-author vcard"})
    'author'
    """
    rule = _standard()[1].match(tag, attributes)
    return None if rule is None else cast(CommentPart, rule.rpartition(".")[2])


def prune_soup(soup: bs4.BeautifulSoup | bs4.Tag) -> list[Removed]:
    """Remove the widgets from a Beautiful Soup tree; gives what was removed, in document order.

    The same elements go as from a page that `clean_html` cleans.

    >>> from bs4 import BeautifulSoup
    >>> soup = BeautifulSoup('<p>Polls closed.</p><div class="sharedaddy">Share this</div>', "lxml")
    >>> [(removed.rule, removed.text) for removed in prune_soup(soup)]
    [('prompt.share', 'Share this')]
    >>> soup.get_text()
    'Polls closed.'
    """
    from bs4.element import NavigableString, Tag  # noqa: PLC0415 (importing the library is to cost little)

    tags: list[bs4.Tag] = []
    marks: list[Mark] = []
    waiting: list[tuple[bs4.Tag, int, bool]] = [(soup, -1, False)]
    while waiting:
        tag, parent, told = waiting.pop()
        if tag.name in SILENT:
            continue
        if told:
            words = 0
        elif tag.name == "p":
            words = prose_words(len(tag.get_text().split()), paragraph=True)
        else:
            pieces = (child for child in tag.contents if type(child) is NavigableString)
            words = sum(prose_words(len(piece.split()), paragraph=False) for piece in pieces)
        tags.append(tag)
        attributes = _plain_attributes(tag)
        marks.append(Mark(match(tag.name, attributes), parent, words, tag.name == "h1", is_body(tag.name, attributes)))
        index = len(marks) - 1
        inside = [child for child in tag.contents if isinstance(child, Tag)]
        waiting.extend((child, index, told or tag.name == "p") for child in reversed(inside))
    removed = [Removed(rule, tags[index].get_text(" ", strip=True), tags[index]) for index, rule in outermost(marks)]
    for widget in removed:
        widget.tag.extract()
    return removed


@dataclass(slots=True)
class Mark:
    """An element that a rule knows, or something in a page that speaks for its being the article, in document order.

    `parent` is the index of the mark around it, or -1. `words` are those of its own prose (`prose_words`),
    `heading` says that it is an h1, `body` that it is marked as the article.
    """

    rule: str | None
    parent: int
    words: int = 0
    heading: bool = False
    body: bool = False


@dataclass(slots=True)
class _Held:
    """What a widget holds outside of the widgets in it."""

    words: int = 0
    longest: int = 0
    heading: bool = False
    body: bool = False

    def take(self, other: _Held | Mark) -> None:
        self.words += other.words
        self.longest = max(self.longest, other.longest if isinstance(other, _Held) else other.words)
        self.heading = self.heading or other.heading
        self.body = self.body or other.body


def outermost(marks: Sequence[Mark]) -> list[tuple[int, str]]:
    """The index and rule of each widget that is not inside of another and does not hold the article.

    >>> outermost([Mark("prompt.newsletter", -1), Mark(None, 0, words=9), Mark(None, -1, words=300)])
    [(0, 'prompt.newsletter')]
    """
    # -1 stands for the page outside of all widgets.
    held: dict[int, _Held] = {-1: _Held()}
    widget: list[int] = []
    for index, mark in enumerate(marks):
        around = widget[mark.parent] if mark.parent >= 0 else -1
        if mark.rule is not None:
            held[index] = _Held()
        widget.append(around if mark.rule is None else index)
        held[widget[index]].take(mark)
    left: set[int] = set()
    for index in sorted(held, reverse=True):
        if index >= 0 and _holds_most(marks[index].rule or "", held[index], held[-1]):
            left.add(index)
            parent = marks[index].parent
            around = widget[parent] if parent >= 0 else -1
            if around >= 0:
                held[around].take(held[index])
    found: list[tuple[int, str]] = []
    gone: list[bool] = []
    for index, mark in enumerate(marks):
        inside = mark.parent >= 0 and gone[mark.parent]
        going = mark.rule is not None and index not in left
        gone.append(inside or going)
        if going and not inside and mark.rule is not None:
            found.append((index, mark.rule))
    return found


def _holds_most(rule: str, held: _Held, page: _Held) -> bool:
    """Whether what a rule took for a widget holds the article, given what it and the page around it hold."""
    if held.longest < LONG_PARAGRAPH:
        return False
    if held.body or rule in SMALL:
        return True
    if rule.startswith("comments."):
        # A thread is often longer than its article, and some themes make its heading an h1.
        return page.words < THREAD_ALONE
    return held.heading or held.words > ARTICLE_SHARE * (held.words + page.words)


def prose_words(count: int, *, paragraph: bool) -> int:
    """How many of the `count` words of a piece of text are prose: all of a paragraph's, and of a long piece's.

    >>> prose_words(2, paragraph=False), prose_words(2, paragraph=True)
    (0, 2)
    """
    return count if paragraph or count >= RUN_MIN else 0


def is_body(tag: str, attributes: Mapping[str, str]) -> bool:
    """Whether the page itself marks an element as the one that holds the article."""
    if tag == "main" or attributes.get("role", "").lower() == "main":
        return True
    return "articlebody" in attributes.get("itemprop", "").lower().split()


def _plain_attributes(tag: bs4.Tag) -> dict[str, str]:
    """The attributes of a tag as lxml has them: Beautiful Soup splits classes and the like into lists."""
    return {name: value if isinstance(value, str) else " ".join(value) for name, value in tag.attrs.items()}


@cache
def _standard() -> tuple[Rules, Rules]:
    """The rules that ship with cleancopy: for widgets, and for the parts of comments."""
    from importlib import resources  # noqa: PLC0415

    toml = (resources.files("cleaners.page") / "widgets.toml").read_text(encoding="utf-8")
    return Rules(toml, "widgets.toml", NOISES), Rules(toml, "widgets.toml", ["comment"])


def _order(compound: _Compound) -> int:
    return compound.order


_COSTS: Final = {"=": 1, "~=": 1, "names": 1, "^=": 3, "$=": 3, "*=": 3, "exists": 4}


def _cost(condition: _Condition) -> int:
    """How little a condition says: an element is looked up by the one that says most."""
    return 0 if condition.name == "id" and condition.operator == "=" else _COSTS[condition.operator]


def _compounds(toml: str, name: str, kinds: Collection[str]) -> Iterator[_Compound]:
    import tomllib  # noqa: PLC0415

    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise WidgetError(f"{name}: not valid TOML: {error}") from None
    order = 0
    for kind, rules in tables.items():
        if kind not in (*NOISES, "comment"):
            raise WidgetError(f"{name}: [{kind}]: no noise type; choose one of {', '.join(NOISES)}")
        if not isinstance(rules, dict):
            raise WidgetError(f"{name}: [{kind}]: rules are tables [{kind}.RULE]")
        for rule, table in rules.items():
            where = f"{name}: [{kind}.{rule}]"
            if not isinstance(table, dict) or not table or not set(table) <= {"select", "names"}:
                raise WidgetError(f"{where}: a rule takes lists of strings, `select` and `names`")
            for key, given in table.items():
                if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
                    raise WidgetError(f"{where}: `{key}` takes a list of strings")
                for each in given if kind in kinds else ():
                    for tag, conditions in _parsed(each, where) if key == "select" else _naming(each):
                        yield _Compound(order, f"{kind}.{rule}", tag, conditions)
                        order += 1


def _naming(word: str) -> Iterator[tuple[str | None, tuple[_Condition, ...]]]:
    """The condition that a word names one of the classes of an element."""
    yield None, (_Condition("class", "names", word.lower()),)


def _parsed(selector: str, where: str) -> Iterator[tuple[str | None, tuple[_Condition, ...]]]:
    """The tag and conditions of each part of a selector (parts are parted by commas)."""
    from cssselect import parser  # noqa: PLC0415

    try:
        parsed = parser.parse(selector)
    except parser.SelectorError as error:
        raise WidgetError(f"{where}: {selector!r} is no CSS selector: {error}") from None
    for one in parsed:
        conditions: list[_Condition] = []
        tree: Tree = one.parsed_tree
        while not isinstance(tree, parser.Element):
            if isinstance(tree, parser.Hash):
                conditions.append(_Condition("id", "=", tree.id.lower()))
            elif isinstance(tree, parser.Class):
                conditions.append(_Condition("class", "~=", tree.class_name.lower()))
            elif isinstance(tree, parser.Attrib) and tree.operator in _COSTS and _flag(tree) is None:
                value = "" if tree.value is None else (tree.value.value or "").lower()
                if tree.value is not None and not value:
                    raise WidgetError(f"{where}: {selector!r} compares with nothing, and so holds nowhere")
                conditions.append(_Condition(tree.attrib.lower(), tree.operator, value))
            else:
                raise WidgetError(f"{where}: {selector!r} asks for more than {_ASKED}")
            tree = tree.selector
        if one.pseudo_element is not None or (tree.element is None and not conditions):
            raise WidgetError(f"{where}: {selector!r} asks for something else than {_ASKED}")
        yield tree.element.lower() if tree.element else None, tuple(conditions)


def _flag(tree: Tree) -> str | None:
    """The flag for case behind a value (`i` or `s`); older releases of cssselect know none, and refuse it."""
    return getattr(tree, "flag", None)


_ASKED: Final = "the tag, id, classes and attributes of one element"
