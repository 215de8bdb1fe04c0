"""Made-up articles, as texts and as pages of several sites, for the benches that need more than anybody has; the same
seed makes the same ones.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final, TypeVar

_IN_FOLDER: Final = 1000
_TELL: Final = 15.0
"""Seconds between two lines of progress."""

_WORDS: Final = {
    "noun": (
        "council harbour ferry budget bridge school station report market factory vote river hospital road library "
        "storm festival company union ministry court museum contract survey permit tunnel orchard pipeline reservoir "
        "timetable depot warehouse committee election strike inquiry licence fence archive signal turbine quarry "
        "campaign garden workshop auction harvest tram lighthouse ticket forecast petition dispute tender audit"
    ),
    "people": (
        "residents farmers teachers engineers nurses fishermen drivers students shopkeepers officials volunteers "
        "scientists pensioners passengers builders lawyers tenants miners firefighters neighbours sailors clerks"
    ),
    "verb": (
        "approved rejected delayed closed reopened inspected repaired criticised defended questioned replaced "
        "financed abandoned expanded surveyed planned cancelled restored measured blocked accepted reviewed postponed"
    ),
    "act": (
        "wait vote pay leave return protest negotiate rebuild invest apologise resign appeal retire volunteer testify"
    ),
    "adjective": (
        "old new narrow disputed northern southern flooded busy expensive temporary public private abandoned regional "
        "annual wooden quiet ambitious costly modest unfinished popular forgotten crowded coastal remote local historic"
    ),
    "adverb": "quietly narrowly unexpectedly finally partly openly reluctantly formally briefly twice once again",
    "role": (
        "mayor chairwoman spokesman engineer professor director headteacher surveyor historian treasurer minister "
        "architect biologist conductor curator harbourmaster"
    ),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November December",
    "count": "three four five seven nine eleven twelve fifteen twenty forty sixty ninety",
    "syllable": "an bel cor dra el fen gor hal is jor ka lin mor nes or pel quin ros sel tar ul vel wy yar zen",
}
_CLAUSES: Final = (
    "the {noun} of {place} {verb} the {adjective} {noun} on {day}",
    "{people} in {place} had to {act} after the {noun} near the {noun} closed",
    "{name} said that the {adjective} {noun} would not be {verb} before {month}",
    "the {role} of {place}, {name}, {adverb} {verb} the {noun}",
    "nobody expected the {noun} to outlast the {adjective} {noun} of {place}",
    "{count} {people} asked the {noun} to explain why the {noun} was {verb}",
    "a {noun} that cost {number},000 crowns has stood unused since {month}",
    "the {adjective} {noun} between {place} and {place} was {adverb} {verb} {count} years ago",
    "most of the {people} who spoke to {name} wanted to {act} rather than {act}",
    "work on the {noun} is to begin in {month}, when the {noun} has been {verb}",
    "in {place}, where the {noun} employs {number} {people}, the {noun} came as a surprise",
    "without the {adjective} {noun}, {people} would have to {act} every {day}",
    "it took the {noun} {count} months to see what the {people} of {place} knew",
    "{name}, a {role} from {place}, counted {number} {people} at the {noun}",
    "the {noun} has {verb} {count} of the {number} plans that {people} sent in",
    "what the {noun} calls a {adjective} {noun} is for {people} a reason to {act}",
    "by {day} evening the {noun} in {place} had been {verb} {adverb}",
)
_JOINTS: Final = (", and ", ", while ", ", but ", ", although ", "; ", " because ", ", so that ")
Choice = TypeVar("Choice")

_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Article:
    """What a document tells: headline, who wrote it and when, paragraphs, a caption, related headlines, comments."""

    title: str
    author: str
    date: str
    paragraphs: list[str]
    caption: str
    related: list[str]
    comments: list[tuple[str, str]]


class Author:
    """Makes up documents from a seed: each differs, and hangs on nothing but the seed, its kind and its number."""

    def __init__(self, seed: int) -> None:
        """The names of people and places are made up once, and so are the sites of pages."""
        self.seed = seed
        self._random = random.Random(f"{seed} words")
        self._lists = {slot: words.split() for slot, words in _WORDS.items()}
        self._lists["first"] = [self._name(2) for _ in range(120)]
        self._lists["surname"] = [self._name(3) for _ in range(400)]
        self._lists["place"] = [self._name(2) + self._pick(("", "", "ford", " Bay", "by")) for _ in range(200)]
        self._lists["number"] = [str(number) for number in range(13, 990, 7)]
        self._lists["name"] = [f"{self._get('first')} {self._get('surname')}" for _ in range(2000)]
        self._clauses = [
            (_SLOT.sub("%s", clause), [self._lists[slot] for slot in _SLOT.findall(clause)]) for clause in _CLAUSES
        ]
        self._sites = [self._site(number) for number in range(12)]

    def short_text(self, number: int) -> str:
        """A text of about a kilobyte."""
        self._random = random.Random(f"{self.seed} short {number}")
        article = self._article(self._random.randint(3, 6), self._random.randint(650, 1150))
        also = [f"ALSO READ: {article.related[0]}"] if number % 3 == 0 else []
        return "\n\n".join([article.title, f"By {article.author}", *article.paragraphs, *also]) + "\n"

    def text(self, number: int) -> str:
        """A text of 5 to 20 KB as some scraper pulled it out of a page, noise and all; real ones have 12.6 KB."""
        self._random = random.Random(f"{self.seed} text {number}")
        article = self._long_article(related=self._random.randint(3, 6), times=2.4)
        lines = [article.title, f"By {article.author}\n{article.date}"]
        if self._chance(0.5):
            lines.append("Facebook\nTwitter\nLinkedIn\nEmail\nCopy Link\nPrint")
        if self._chance(0.6):
            lines.append(article.caption)
        for position, paragraph in enumerate(article.paragraphs):
            lines.append(paragraph)
            if position % 6 == 4 and self._chance(0.4):
                lines.append(f"ALSO READ: {self._pick(article.related)}")
            elif position % 9 == 7:
                lines.append("Advertisement")
        lines.append(self._pick(("Share this article", "Sign up for our newsletter", "Follow us on Facebook")))
        if self._chance(0.5):
            lines.append("Related articles\n" + "\n".join(article.related))
        if article.comments:
            lines.append(f"{len(article.comments)} Comments\nNewest\nOldest")
            for number_, (name, said) in enumerate(article.comments):
                lines += [f"{name}\n{number_ + 2} hours ago", said, "Reply"]
        return "\n\n".join(lines) + "\n"

    def page(self, number: int) -> str:
        """The page of an article, 40 to 120 KB."""
        self._random = random.Random(f"{self.seed} page {number}")
        article = self._long_article(related=self._random.randint(14, 22))
        site = self._pick(self._sites)
        url = f"https://{site.domain}/{article.date[-4:]}/{number}-{_slug(article.title)}"
        body = _page_body(article, site, number)
        head = _page_head(article, site, url)
        room = self._random.randint(40_000, 120_000) - len(head) - len(body)
        start = self._random.randrange(len(site.script) // 2)
        state = f"<script>window.__state={{id:{number},v:[{site.script[start : start + max(room, 200)]}0]}};</script>"
        return f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}{state}</head>\n{body}</html>\n'

    def _long_article(self, related: int, times: float = 1) -> Article:
        paragraphs = self._random.randint(12, 40)
        size = int(times * self._random.randint(2400, 5200))
        comments = self._random.randint(2, 12) if self._chance(0.3) else 0
        return self._article(paragraphs, size, related=related, comments=comments)

    def _article(self, paragraphs: int, size: int, *, related: int = 1, comments: int = 0) -> Article:
        """An article of so many paragraphs and about that many characters."""
        return Article(
            title=self._clause(capital=True),
            author=self._get("name"),
            date=f"{self._get('month')} {self._random.randint(1, 28)}, {self._random.randint(2012, 2025)}",
            paragraphs=[self._paragraph(size / paragraphs) for _ in range(paragraphs)],
            caption=f"{self._clause(capital=True)}. (Photo: {self._get('name')}/{self._get('place')} Press)",
            related=[self._clause(capital=True) for _ in range(related)],
            comments=[(self._get("name"), self._paragraph(120)) for _ in range(comments)],
        )

    def _paragraph(self, size: float) -> str:
        """Sentences, until there are about that many characters."""
        least = size * (0.5 + self._random.random()) - 45
        text = self._sentence()
        while len(text) < least:
            text += " " + self._sentence()
        return text

    def _sentence(self) -> str:
        clause = self._clause(capital=True)
        kind = self._random.random()
        if kind < 0.15:
            return f"“{clause},” said {self._get('name')}."
        if kind < 0.2:
            return f"“{clause},” {self._get('name')} said. “{self._clause(capital=True)}.”"
        if kind < 0.55:
            return f"{clause}{self._pick(_JOINTS)}{self._clause()}."
        return f"{clause}."

    def _clause(self, *, capital: bool = False) -> str:
        draw = self._random.random
        form, lists = self._clauses[int(draw() * len(self._clauses))]
        text = form % tuple([words[int(draw() * len(words))] for words in lists])
        return text[0].upper() + text[1:] if capital else text

    def _get(self, slot: str) -> str:
        return self._pick(self._lists[slot])

    def _pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[int(self._random.random() * len(choices))]

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _name(self, syllables: int) -> str:
        return "".join(self._get("syllable") for _ in range(syllables)).capitalize()

    def _site(self, number: int) -> Site:
        links = [self._clause(capital=True) for _ in range(60)]
        return Site(
            domain=f"news{number}.example",
            name=f"The {self._get('place')} Courier",
            style="".join(f".c{self._random.randrange(1 << 24):x}{{margin:0 {rem}px}}\n" for rem in range(300)),
            script="".join(f'{{"k{self._random.randrange(1 << 30):x}":[{item}]}},' for item in range(16_000)),
            menu="".join(
                f'<li class="menu-item"><a href="/{_slug(link)}"><span>{link[:24]}</span></a></li>' for link in links
            ),
        )


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of a site share."""

    domain: str
    name: str
    style: str
    script: str
    menu: str


def _page_head(article: Article, site: Site, url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": f"{article.date[-4:]}-03-01T08:00:00Z",
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": site.name},
        "mainEntityOfPage": url,
    }
    described = escape(article.paragraphs[0][:150])
    return (
        f'<meta charset="utf-8">\n<title>{escape(article.title)} | {site.name}</title>\n'
        f'<link rel="canonical" href="{url}">\n<meta name="description" content="{described}">\n'
        f'<meta name="author" content="{article.author}">\n<meta property="og:site_name" content="{site.name}">\n'
        f'<meta property="og:title" content="{escape(article.title)}">\n<meta property="og:url" content="{url}">\n'
        f'<script type="application/ld+json">{json.dumps(data)}</script>\n<style>{site.style}</style>\n'
    )


def _page_body(article: Article, site: Site, number: int) -> str:
    shares = "".join(f'<a class="share-{name}" href="#">{name}</a>' for name in ("Facebook", "Twitter", "Email"))
    cards = [
        f'<div class="card"><div class="card-image"><a href="/{_slug(title)}"><img src="/{number}-{at}.jpg" alt=""></a>'
        f'</div><div class="card-text"><h4><a href="/{_slug(title)}">{escape(title)}</a></h4>'
        f"<p>{escape(article.paragraphs[at % 12][:90])}…</p><span>{at + 2} hours ago</span></div></div>"
        for at, title in enumerate(article.related)
    ]
    paragraphs = [f"<p>{escape(text)}</p>" for text in article.paragraphs]
    paragraphs.insert(4, f'<p><strong>ALSO READ:</strong> <a href="/x">{escape(article.related[0])}</a></p>')
    paragraphs.insert(8, '<div class="ad-slot"><span>Advertisement</span></div>')
    comments = "".join(
        f'<li class="comment" id="c{number}-{at}"><div class="comment-author">{name}</div>'
        f'<time>{at + 2} hours ago</time><div class="comment-body"><p>{escape(said)}</p></div>'
        '<a class="comment-reply-link" href="#">Reply</a></li>'
        for at, (name, said) in enumerate(article.comments)
    )
    thread = (
        f'<section id="comments" class="comments"><h3>Comments</h3><ol>{comments}</ol></section>' if comments else ""
    )
    return (
        f'<body>\n<header class="site-header"><a href="/">{site.name}</a><nav><ul>{site.menu}</ul></nav></header>\n'
        f'<main>\n<article class="post"><h1>{escape(article.title)}</h1>\n<div class="byline">By {article.author}</div>'
        f'<time datetime="{article.date[-4:]}-03-01">{article.date}</time>\n<div class="share-bar">{shares}</div>\n'
        f'<figure><img src="/{number}.jpg" alt=""><figcaption>{escape(article.caption)}</figcaption></figure>\n'
        + "\n".join(paragraphs)
        + '\n<div class="newsletter-signup"><h4>Sign up for our newsletter</h4><input type="email"></div>\n</article>\n'
        f'<aside class="sidebar"><h3>Most read</h3>{"".join(cards[:3])}</aside>\n'
        f'<section class="related-posts"><h3>Related articles</h3>{"".join(cards)}</section>\n{thread}</main>\n'
        f'<footer class="site-footer"><ul>{site.menu}</ul><p>© 2025 {site.name}. All rights reserved.</p></footer>\n'
        "</body>"
    )


def _slug(title: str) -> str:
    return title[:40].lower().replace(" ", "-").replace(",", "")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in a folder: the names of the files, and how many bytes they have together."""

    folder: Path
    files: list[str]
    size: int


def written(folder: Path, make: Callable[[int], str], count: int, ending: str) -> Corpus:
    """The documents 0 to `count`, written to files in folders of a thousand."""
    files = []
    size = 0
    told = Teller(f"writing {ending} documents", count)
    for number in range(count):
        within = folder / f"{number // _IN_FOLDER:04}"
        if number % _IN_FOLDER == 0:
            within.mkdir(parents=True)
        path = f"{within}/{number:06}{ending}"
        content = make(number).encode()
        with open(path, "wb") as file:
            file.write(content)
        files.append(path)
        size += len(content)
        told.tell(number + 1)
    return Corpus(folder, files, size)


class Teller:
    """Tells on standard error, now and then, how far something is."""

    def __init__(self, what: str, total: int) -> None:
        """Nothing is told for the first seconds."""
        self._what = what
        self._total = total
        self._next = time.monotonic() + _TELL

    def tell(self, done: int) -> None:
        """`done` of all are done."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TELL
            print(f"  {self._what}: {done:,} of {self._total:,}", file=sys.stderr, flush=True)
