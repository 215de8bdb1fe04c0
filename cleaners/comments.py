"""Threads of reader comments with their furniture, from the line that opens them to their end.

In plain text a thread shows by its shape: a heading (`6 Comments`, `Leave a reply`), then names, times, texts and
buttons over and over, and a form. A heading alone proves nothing, an interview has no buttons, and a page that
opens with its thread is a forum, whose posts are the content and stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.shapes import ends_sentence, is_sentence, words

COMMENT_MAX: Final = 320
"""Words of text without a name, time or button after which a thread is taken to have ended; three times as many where
the thread is beyond doubt, a third where nothing but its heading speaks for it."""
PROOF: Final = 4
"""What the names, times, buttons and form lines of a thread must weigh together before it is taken for one."""
ARTICLE_MIN: Final = 40
"""Words of prose above a thread; with fewer, its posts are the content of the page."""
REPLIES_MIN: Final = 3
"""How often a button such as `Reply` stands below a text at least in a thread without a heading."""
UNIT_MAX: Final = 14
"""Most blocks of one comment."""
AUTHOR_MAX: Final = 45
"""Longest name of a commenter, in code points."""


@cleaner("comments")
def remove_comment_threads(document: Document) -> Iterator[Edit]:
    """Remove the threads of reader comments below an article; author, time and text are lifted.

    >>> remove_comment_threads("He won.\\n\\nTwo comments were made on it, he said.")
    'He won.\\n\\nTwo comments were made on it, he said.'
    """
    blocks = document.blocks
    if not document.marked.get("comments"):
        return
    done = 0
    article = _article_end(blocks)
    unnamed = _unnamed(document)
    names = Counter(block.text for block in blocks if len(block.text) <= AUTHOR_MAX and not ends_sentence(block.text))
    for block in document.left("comments"):
        if block.index < done:
            continue
        if block is unnamed:
            start = _first_comment(document, block)
            if start >= article:
                done = _thread_end(blocks, start, names, proof=PROOF) or start
                yield from _lifted(document, blocks[start:done])
            continue
        if not _opens(block):
            continue
        end = _thread_end(blocks, block.index, names)
        if end is None:
            if _is_count(blocks, block):
                yield from document.remove(block, _rule(block, "comments.count"))
            continue
        if block.index < article:
            done = end
            continue
        start = _furniture_above(blocks, block.index, done)
        yield from _lifted(document, blocks[start:end])
        done = end


def _article_end(blocks: Sequence[Block]) -> int:
    """The first index above which there is enough prose for an article."""
    above = 0
    for block in blocks:
        if above >= ARTICLE_MIN:
            return block.index
        above += block.words if block.prose else 0
    return len(blocks)


def _unnamed(document: Document) -> Block | None:
    """The first button of a thread without a heading: the same button again and again, with texts in between."""
    last: dict[str, Block] = {}
    count: dict[str, int] = {}
    first: dict[str, Block] = {}
    for block in document.left("comments"):
        button = block.phrase("comments", "widget")
        if button is None or not button.rule.startswith("comments.furniture") or block.prose or "#" in block.key:
            continue
        before = last.get(block.key)
        texts = document.blocks[before.index + 1 : block.index] if before else []
        if before is None or (len(texts) <= UNIT_MAX and any(text.words >= 4 for text in texts)):
            count[block.key] = count.get(block.key, 0) + 1
        last[block.key] = block
        first.setdefault(block.key, block)
    found = [first[key] for key, times in count.items() if times >= REPLIES_MIN]
    return min(found, key=lambda block: block.index, default=None)


def _first_comment(document: Document, block: Block) -> int:
    """The index at which the comment begins whose button this block is: the start of its paragraph."""
    blocks, start = document.blocks, block.index
    if not document.spaced:  # as far above its first button as the second comment is long
        again = next(
            other.index for other in document.left("comments") if other.index > start and other.key == block.key
        )
        return max(0, start - (again - start - 1))
    while start > max(0, block.index - UNIT_MAX) and blocks[start].lines == 1:
        start -= 1
    return start


def _rule(block: Block, otherwise: str) -> str:
    phrase = block.phrase("comments")
    return phrase.rule if phrase else otherwise


def _opens(block: Block) -> bool:
    if block.prose and len(block.text) > 200:
        return False
    return (
        block.has("comments", "heading", "line")
        or any(
            phrase.form == "start" and not phrase.rule.startswith("comments.says")
            for phrase in block.phrases
            if phrase.noise == "comments"
        )
        or (block.has("comments", "end") and block.words <= 6)
    )


def _is_count(blocks: Sequence[Block], block: Block) -> bool:
    """A heading or button of comments where no thread is: noise beside other noise, unless prose follows it."""
    if block.has("comments", "line"):
        return True
    after = blocks[block.index + 1 : block.index + 2]
    heads_prose = any(other.prose or (is_sentence(other.text) and not other.phrases) for other in after)
    return block.has("comments", "heading", "start") and (block.beside or block.zone == "tail") and not heads_prose


def _weight(blocks: Sequence[Block], index: int) -> int:
    """What a block says for a thread: 2 what only a comment form or thread has, 1 a time, a button, a number."""
    block = blocks[index]
    if block.prose and len(block.text) > 200:
        return 0
    for phrase in block.phrases:
        if phrase.noise == "comments":
            if phrase.form in ("line", "heading") or phrase.form == "start":
                return 2
            if phrase.form == "widget":
                return 1
            if phrase.form == "end" and block.words <= 8:
                return 2
    if block.prose:
        return 0
    return 1 if block.date or ("#" in block.key and block.has("byline", "start")) else 0


def _thread_end(blocks: Sequence[Block], opening: int, names: Counter[str], proof: int = 0) -> int | None:
    """The index after the last block of the thread that opens here, or None where there is none.

    In a thread a short line that stands in it twice is a name: people answer each other.
    """
    opener = blocks[opening]
    # `Comments on the draft` may head letters: signed and dated as comments are, but without their buttons.
    dated = "#" in opener.key or opener.has("comments", "heading", "line", "end")
    counted = opener.has("comments", "line", "start") or "#" in opener.key
    proof = max(proof, PROOF // 2 if counted else 0)
    last = opening
    silent = 0
    for index in range(opening + 1, len(blocks)):
        weight = 0 if blocks[index].date and not dated else _weight(blocks, index)
        known = proof >= PROOF and names[blocks[index].text] > 1 and blocks[index].text[0].isalpha()
        if weight or known:
            proof += weight
            last = index
            silent = 0
        else:
            silent += blocks[index].words
            if silent > (
                3 * COMMENT_MAX if proof >= 2 * PROOF else COMMENT_MAX if proof >= PROOF // 2 else COMMENT_MAX // 3
            ):
                break
    if proof < PROOF:
        return None
    return _last_text(blocks, last)


def _last_text(blocks: Sequence[Block], last: int) -> int:
    """The index after the text that follows the last name, time or button."""
    end = last + 1
    while end < len(blocks) and sum(map(str.isalpha, blocks[end].text)) < 2:
        end += 1
    if not (blocks[last].date or blocks[last].has("comments", "end")):
        return end
    count = 0
    while end < len(blocks) and not blocks[end].phrases:
        count += blocks[end].words
        if count > COMMENT_MAX // 2:
            break
        end += 1
    return end


def _furniture_above(blocks: Sequence[Block], opening: int, done: int) -> int:
    start = opening
    while start > done and blocks[start - 1].has("comments") and not blocks[start - 1].prose:
        start -= 1
    return start


def _lifted(document: Document, thread: Sequence[Block]) -> Iterator[Edit]:
    rule = "comments.thread"
    for number, block in enumerate(thread):
        after = thread[number + 1] if number + 1 < len(thread) else None
        says = block.phrase("comments", "end")
        if says is not None and block.words <= 8:
            cut = block.text.casefold().rfind(says.text)
            yield from document.remove(block, says.rule, "comments.author", (0, max(cut, 1)))
        elif block.date:
            yield from document.remove(block, rule, "comments.time")
        elif block.has("comments") or not any(map(str.isalpha, block.text)) or (block.phrases and not block.prose):
            yield from document.remove(block, _rule(block, rule))
        elif after is not None and _is_author(block, after):
            yield from document.remove(block, rule, "comments.author")
        else:
            yield from document.remove(block, rule, "comments.text")


def _is_author(block: Block, after: Block) -> bool:
    text = block.text
    if len(text) > AUTHOR_MAX or words(text) > 5 or ends_sentence(text):
        return False
    return after.date or after.has("comments") or len(after.text) > len(text) or ends_sentence(after.text)
