"""Who wrote an article and when: bylines, dates and reading times at its head, author boxes at its foot."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import Phrase, normal_form
from cleaners.shapes import ends_sentence, is_name

BIO_MAX: Final = 170
"""Longest author biography, in words."""
NEAR_END: Final = 3
"""How many blocks from the end of the article a biography begins at most, where nothing parts it from the text."""
BYLINES_MAX: Final = 6
"""Most lines such as `by NAME` in an article that does not list works and their authors."""
AUTHORS_MAX: Final = 3
"""Most different lines such as `by NAME` in such an article: seldom do more people sign one."""
BOX_MAX: Final = 5
"""Most blocks of an author box."""
BYLINE_MAX: Final = 18
"""Longest byline, in words."""
ROLE_MAX: Final = 8
"""Longest name or role on a line of its own, in words."""
HEAD_MAX: Final = 8
"""How many lines above the first paragraph may hold a byline."""
DATES_MAX: Final = 2
"""Most dates alone on a line that a byline has: published and updated. More of them head the days of a diary."""
DATES_LISTED: Final = 6
"""Most dates alone on a line in a text whose dates are those of a byline: more are a list, of concerts or payments."""
BIO_SIGNS: Final = 3
"""How much tells a biography at the end of a text: each thing that biographies say counts one, as does a name at the
start, and two when it is the writer's name. A name on the line above that the rest of the text never says is enough."""
PORTRAITS_MIN: Final = 3
"""Paragraphs that say what biographies say, from which on a text speaks of people to its end."""
PORTRAITS_WITHIN: Final = 0.85
"""Share of the prose in which all of them stand but the last: the biographies of several authors stand below it."""
ABOUT: Final = 150
"""How soon, in code points, a biography names whose it is."""
OTHERS_MAX: Final = 6
"""How many other paragraphs may stand below a biography under its name: teasers and notices of the page."""
SEARCHED_MAX: Final = 200_000_000
"""Most characters that are searched for the names above biographies: the time is that of the text times the names."""

_WORD = re.compile(r"[^\W\d_][\w.'’-]*\w")
_TOKEN = re.compile(r"[^\s|•·()—–]+")
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@\w{2,30}"
    r"|(?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram|linkedin)\.com/(?:in/)?@?[\w.-]{2,40}/?",
    re.IGNORECASE,
)
"""An e-mail address or the name of somebody in a social network, and nothing else."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMERIC = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./-])\d{1,2}\2\d{1,2}")
_ORDINALS: Final = "stndrh"
_AFTER_LABEL: Final = " \t\u00a0:：|/-–—•·,.([【】"


@cleaner("byline")
def lift_byline(document: Document) -> Iterator[Edit]:
    """Lift bylines and dates, remove reading times and author boxes.

    >>> lift_byline("By Ana Ruiz\\nMay 3, 2024\\n\\nIt rained for three days and nights, said the mayor of the valley.")
    'It rained for three days and nights, said the mayor of the valley.'
    """
    names: set[str] = set()
    yield from _boxes(document)
    said = [block for block in document.left("byline") if any(p.rule.startswith("byline.by.") for p in block.phrases)]
    keys = {block.key for block in said}
    if len(said) > BYLINES_MAX or len(keys) > AUTHORS_MAX or _of_works(document, said):
        return  # a list of books or films, each with its author
    head = _head(document)
    for block in document.left("byline"):
        for phrase in block.phrases:
            if phrase.noise == "byline" and (edits := _of_phrase(document, block, phrase, names)):
                yield from edits
                break
    dates = list(document.left("date"))
    diary = sum(block.zone == "body" for block in dates) > DATES_MAX
    for block in dates if len(dates) <= DATES_LISTED else ():
        outside = len(dates) <= DATES_MAX and block.index in head
        # Below an article stand the dates of other articles; those of coming events are told without the year.
        outside = outside or (block.zone == "tail" and _is_dated(document, block))
        if (block.beside and not (diary and block.zone == "body")) or (outside and document.is_scraped(block)):
            yield from document.remove(block, "byline.date", "published")
    for number in head:
        yield from _dated_line(document, document.blocks[number])
    yield from _names_beside(document, head)
    yield from _biographies(document, names)
    yield from _last_words(document, names)
    yield from _contacts(document)


def _of_works(document: Document, said: Sequence[Block]) -> bool:
    """Whether lines such as `by NAME` name different people amid the article: the authors of what it speaks of."""
    amid = [block for block in said if not block.prose and block.zone == "body"]
    return any(
        before.key != after.key and any(block.prose for block in document.blocks[before.index : after.index])
        for before, after in itertools.pairwise(amid)
    )


def _head(document: Document) -> range:
    """The indexes of the lines above the first paragraph of the article, where bylines stand."""
    first = next((block.index for block in document.blocks if block.prose and not block.gone), 0)
    return range(max(0, first - HEAD_MAX), first)


def _dated_line(document: Document, block: Block) -> list[Edit]:
    """The edits that lift a line with a full date and names, roles or counts beside it: `Ana Ruiz | May 3, 2024`."""
    if block.gone or block.date or block.prose or block.words > BYLINE_MAX or ends_sentence(block.text):
        return []
    if "#" not in block.key or not document.is_scraped(block):
        return []
    span = _date_in(block.text, document.spoken.date_words)
    if span is None:
        return []
    rest = f"{block.text[: span[0]]} {block.text[span[1] :]}"
    lower = [word for word in rest.split() if word[0].islower() and word not in document.spoken.date_words]
    says = document.spoken.match_head
    if not block.phrases and any(all(phrase.noise != "byline" for phrase in says(word)) for word in lower):
        return []  # a sentence or a headline about that day
    return document.remove(block, "byline.dated-line", "published", span)


def _is_dated(document: Document, block: Block) -> bool:
    """Whether a line is one date with its year."""
    return _date_in(block.text, document.spoken.date_words) == (0, len(block.text))


def _date_in(text: str, date_words: frozenset[str]) -> tuple[int, int] | None:
    """Where a date with its year stands in a text.

    >>> _date_in("Ana Ruiz | May 3, 2024", frozenset({"may"}))
    (11, 22)
    """
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        key = normal_form(token[0])
        parted = bool(run) and not text[run[-1].end() : token.start()].isspace()
        dated = key in date_words or key.replace("-", "").rstrip(_ORDINALS).strip("#") == "" != key
        if _is_full(run) and (parted or not dated):
            break
        run = [*([] if parted else run), token] if dated else []
    return (run[0].start(), run[-1].end()) if _is_full(run) else None


def _is_full(run: Sequence[re.Match[str]]) -> bool:
    texts = [token[0].strip(".,") for token in run]
    if any(_NUMERIC.fullmatch(text) for text in texts):
        return True
    return len(run) > 2 and any(_YEAR.fullmatch(text) for text in texts) and any(map(str.isalpha, texts))


def _outside(document: Document, block: Block) -> bool:
    """Whether a block lies where bylines do: at the head of the article or below it."""
    return block.zone != "body" or block.index <= document.core[0] + 1


def _of_phrase(document: Document, block: Block, phrase: Phrase, names: set[str]) -> list[Edit] | None:
    kind = phrase.rule.split(".")[1]
    short = not block.prose and block.words <= BYLINE_MAX
    if block.beside and phrase.form in ("line", "widget"):
        return document.remove(block, phrase.rule) if not block.prose else None
    if kind == "reading-time" and block.beside and short and phrase.form in ("start", "end"):
        return document.remove(block, phrase.rule)
    if kind == "published" and phrase.form in ("start", "label") and short and block.beside:
        rest = _after(block, phrase)
        if rest is not None and (rest == len(block.text) or _is_datelike(document, block.text[rest:])):
            return document.remove(block, phrase.rule, "published", (rest, len(block.text)))
    if kind == "by" and phrase.form in ("start", "label") and short and _outside(document, block):
        rest = _after(block, phrase)
        if rest is not None and (name := _name_in(document, block.text[rest:])):
            at = block.text.index(name, rest)
            more = block.text[at + len(name) :].lstrip(" ,")
            if more[:1].islower() and ends_sentence(more):
                return None  # `By June, nobody came.`
            names.add(name.casefold())
            return document.remove(block, phrase.rule, "byline", (at, at + len(name)))
    if kind == "by" and phrase.form == "end" and short and _outside(document, block):
        name = block.text[: len(block.text) - len(phrase.text)].strip(" /|·-,=[]()")
        if is_name(name):
            return document.remove(block, phrase.rule, "byline")
    if kind == "about" and phrase.form == "start" and short and (block.zone == "tail" or block.beside):
        return document.remove(block, phrase.rule)
    return None


def _after(block: Block, phrase: Phrase) -> int | None:
    """Where the text after the phrase at the start of a line begins."""
    for place in range(len(phrase.text), min(len(block.text), len(phrase.text) + 8) + 1):
        if normal_form(block.text[:place]) == phrase.text:
            rest = block.text[place:].lstrip(_AFTER_LABEL)
            return len(block.text) - len(rest)
    return None


def _name_in(document: Document, text: str) -> str | None:
    """The name or names at the head of what follows `By`: up to a comma, bar, bullet, date or another label."""
    for mark in ("|", "•", "·", " – ", " — ", " - ", " / ", "\t"):
        text = text.partition(mark)[0]
    parts = text.split()
    for number, part in enumerate(parts):
        label = any(
            phrase.rule.startswith("byline.published")
            for phrase in document.spoken.match_head(normal_form(" ".join(parts[number : number + 3])))
        )
        if number and (label or any(map(str.isdigit, part)) or part.lower() in ("on", "in", "at")):
            text = text[: text.index(part, sum(map(len, parts[:number])))]
            break
    # A role after the name, and not a second name.
    head, comma, rest = text.partition(",")
    roles = document.spoken.match(key := normal_form(rest.rpartition(" ")[2]), key)
    text = (head if comma and any(phrase.rule.startswith("byline.role") for phrase in roles) else text).strip(" ,:;.([")
    if is_name(text, most=9) and len(text) > 1:
        return text
    head = text.partition(",")[0].strip()
    return head if head != text and len(head) > 1 and is_name(head) else None


def _is_datelike(document: Document, text: str) -> bool:
    """Whether a date stands in a short text."""
    key = normal_form(text)
    return "#" in key and (
        not any(map(str.isalpha, key))
        or any(token.strip(".,:;|()") in document.spoken.date_words for token in key.split() if len(token) > 2)
    )


def _names_beside(document: Document, head: range) -> Iterator[Edit]:
    """Names and roles that stand on the lines of a byline that was found, or next to it above the article."""
    blocks = document.blocks
    if not any(block.gone and (block.date or block.has("byline")) for block in blocks):
        return
    found: set[int] = set()
    for block in (*blocks, *reversed(blocks)):
        if block.gone or block.prose or block.words > ROLE_MAX or (block.words < 2 and block.text.isascii()):
            continue
        above = blocks[block.index - 1] if block.index else None
        below = blocks[block.index + 1] if block.index + 1 < len(blocks) else None
        near = [above] if above and (block.lines == 1 or block.index in head) else []
        near += [below] if below and (below.lines == 1 or block.index in head) else []
        if not any(other.index in found or (other.gone and (other.date or other.has("byline"))) for other in near):
            continue
        named = is_name(block.text)
        if named or _is_role(document, block.text):
            found.add(block.index)
            yield from document.remove(block, "byline.name" if named else "byline.role", "byline" if named else None)


def _is_role(document: Document, text: str) -> bool:
    """Whether a line is what a writer is called: `Senior Political Reporter`, `Editor of the Gazette`."""
    if ends_sentence(text):
        return False
    parts = text.replace(",", " ").split()
    ends = {" ".join(parts[-count:]) for count in (1, 2, 3)} | {" ".join(parts[:count]) for count in (1, 2, 3)}
    keys = filter(None, map(normal_form, ends))
    return any(phrase.rule.startswith("byline.role") for key in keys for phrase in document.spoken.match(key, key))


def _boxes(document: Document) -> Iterator[Edit]:
    """Author boxes: a heading such as `About the author`, or a name, and the biography that follows."""
    blocks = document.blocks
    for block in document.left("byline"):
        heading = block.phrase("byline", "heading")
        if heading and not block.prose and (block.beside or block.zone == "head" or document.near_end(block, BOX_MAX)):
            yield from document.remove(block, heading.rule)
            for after in blocks[block.index + 1 : block.index + BOX_MAX]:
                if after.gone or any(phrase.form == "heading" for phrase in after.phrases):
                    break
                if after.lines > 1 and not (after.has("byline", "clause") or is_name(after.text)):
                    break
                if after.words > BIO_MAX:
                    break
                yield from document.remove(after, heading.rule)
    if not document.spaced:
        return
    profiles = sum(map(_is_profile, blocks, blocks[1:]))
    for block in (*blocks[: document.core[0] + 1], *blocks[max(0, document.core[1] - BOX_MAX) :]):
        if block.gone or block.prose or not is_name(block.text) or not 2 <= block.words <= 4:
            continue
        for other in _box_of(document, block, told=profiles <= AUTHORS_MAX):
            yield from document.remove(other, "byline.box")


def _lines_below(document: Document, block: Block) -> list[Block]:
    """The lines below a block that stand in one paragraph with it, up to a button or heading of the page's."""
    below = document.blocks[block.index + 1 : block.index + BOX_MAX + 1] if document.spaced else []
    return list(itertools.takewhile(lambda line: line.lines == 1 and not (line.gone or _opens(line)), below))


def _is_box(lines: Sequence[Block]) -> bool:
    """Whether the lines of a paragraph are as few and as short as those of an author box."""
    return len(lines) < BOX_MAX and sum(line.words for line in lines) <= BIO_MAX


def _is_profile(name: Block, below: Block) -> bool:
    """Whether a paragraph stands under a name, as in a text that speaks of people one after the other."""
    return below.lines == 1 and below.prose and name.lines > 1 and is_name(name.text)


def _box_of(document: Document, name: Block, *, told: bool) -> list[Block]:
    """The paragraph of a name and the biography below it, none where no line there speaks of the person.

    With `told` it is enough that the lines say what biographies say, and the name somewhere.
    """
    lines = _lines_below(document, name)
    about = next((n for n, line in enumerate(lines) if line.prose and _is_about(name.text, line.text)), -1)
    scraped = any(map(document.is_scraped, lines))
    box = lines if scraped and _is_box(lines) else lines[: about + 1]
    if any(line.words > BIO_MAX for line in box):
        return []
    return [name, *box] if about >= 0 or (told and box and _tells(document, name, box)) else []


def _opens(block: Block) -> bool:
    """Whether a line is a button or heading of the page's."""
    return not block.prose and any(p.form in ("line", "heading") and p.noise != "byline" for p in block.phrases)


def _tells(document: Document, name: Block, box: Sequence[Block]) -> bool:
    """Whether the lines below a name say what biographies say, and name the person somewhere."""
    if not any(line.has("byline", "clause") and document.is_scraped(line) for line in box):
        return False
    said = {word for line in box for word in _WORD.findall(line.text)}
    return any(part in said for part in name.text.split() if len(part) > 2)


def _starts_with_name(text: str) -> bool:
    """Whether the first words of a text are a name: `Vincent van Beek is`, and not `About the author`."""
    parts = text.split(maxsplit=3)[:3]
    return is_name(" ".join(parts[:3] if len(parts) > 1 and parts[1].islower() else parts[:2]))


def _is_about(name: str, text: str) -> bool:
    """Whether a text begins by speaking of the person with this name."""
    start = text[: len(name) + 16]
    return any(part in start for part in name.split() if len(part) > 2)


def _biographies(document: Document, names: set[str]) -> Iterator[Edit]:
    """Biographies without a heading, by what they say."""
    portraits = _portrays(document)
    for block in document.left("byline"):
        clause = block.phrase("byline", "clause")
        if clause is None or block.words > BIO_MAX:
            continue
        near = document.near_end(block, NEAR_END) or (block.zone == "head" and block.beside)
        named = any(block.text.casefold().startswith((name, name.split()[0])) for name in names)
        apart = (block.zone != "body" or block.beside) and not portraits
        # Who is spoken of stands first; without a name it takes more to be a biography.
        least = 2 if _starts_with_name(block.text) else 3
        if near and document.is_scraped(block) and (named or len(block.said("byline", "clause")) >= least - apart):
            yield from document.remove(block, clause.rule)
            if _is_box(below := _lines_below(document, block)):
                for line in below:
                    yield from document.remove(line, clause.rule)


def _portrays(document: Document) -> bool:
    """Whether a text speaks of people throughout, so that what is said of the last of them is no biography either."""
    told = [block for block in document.left("byline") if block.has("byline", "clause")]
    if len(told) < PORTRAITS_MIN:
        return False
    words = sum(block.words for block in document.blocks if block.prose)
    above = sum(block.words for block in document.blocks[: told[-2].index] if block.prose)
    return above <= PORTRAITS_WITHIN * words


def _last_words(document: Document, names: set[str]) -> Iterator[Edit]:
    """Biographies near the end of the text: who wrote it stands in the byline or above, or several things tell it.

    The blocks are read from the last one upwards. What goes on about the same person (`When she is not writing, ...`)
    goes with the block that names her.
    """
    pending: list[Block] = []
    others = searched = 0
    if _portrays(document):
        return
    for block in reversed(document.blocks):
        if block.gone or not (block.prose or ends_sentence(block.text)):
            continue
        if others > OTHERS_MAX or not document.is_scraped(block):
            return
        said = len(block.said("byline", "clause"))
        above, person = _name_above(document, block)
        if above and (searched := searched + len(document.text)) <= SEARCHED_MAX:
            told = any(other.prose and other is not block and person in other.text for other in document.blocks)
            above = [] if told else above
        signs = said + (BIO_SIGNS if above else 0)
        signs += 2 * any(block.text.casefold().startswith((name, name.split()[0])) for name in names)
        signs += _starts_with_name(block.text)
        if signs >= BIO_SIGNS and block.words <= BIO_MAX and (above or not others):
            for part in (block, *pending):
                yield from document.remove(part, "byline.last-words")
            for part in above:
                if not part.gone:
                    yield from document.remove(part, "byline.last-words")
            pending = []
        elif said and block.words <= BIO_MAX:
            pending.append(block)
        else:
            others += 1
            pending = []


def _contacts(document: Document) -> Iterator[Edit]:
    """The lines at the end of an article that say where its author is to be reached, and nothing else."""
    for block in document.blocks[max(0, document.core[1] + 1 - NEAR_END) :]:
        if block.gone or block.kind == "list-item" or not _CONTACT.fullmatch(block.text):
            continue
        if document.is_scraped(block):
            yield from document.remove(block, "byline.contact")


def _name_above(document: Document, block: Block) -> tuple[list[Block], str]:
    """The lines above a block that name a person of whom it speaks at its start, and that person's last name."""
    lines: list[Block] = []
    for above in document.blocks[max(0, block.index - 2) : block.index][::-1]:
        if above.prose or above.words > ROLE_MAX or ends_sentence(above.text):
            break
        lines.append(above)
        name, sure = _person_in(document, above)
        parts = name.split()
        if not 2 <= len(parts) <= 4 or not {parts[0], parts[-1]} & set(_WORD.findall(block.text[:ABOUT])):
            continue
        role = len(lines) > 1 and _is_role(document, lines[0].text)
        sure = sure or role or block.has("byline", "clause") or block.text.startswith(name)
        return (lines, parts[-1]) if sure and (role or len(lines) < 2) else ([], "")
    return [], ""


def _person_in(document: Document, block: Block) -> tuple[str, bool]:
    """The name on a line, and whether a label or a role there says that it is one: `Ana Ruiz Senior Editor`."""
    by = next((phrase for phrase in block.phrases if phrase.rule.startswith("byline.by.")), None)
    place = _after(block, by) if by else None
    if place is not None:
        return _name_in(document, block.text[place:]) or "", True
    first = " ".join(block.text.split(maxsplit=2)[:2])
    if block.words > 2 and is_name(first) and _is_role(document, block.text):
        return first, True
    return _name_in(document, block.text) or "", False
