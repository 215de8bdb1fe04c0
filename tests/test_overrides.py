"""Overrides: what each kind of entry does to texts and pages and what it leaves alone, and which files are refused."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from articles import ALSO_READ, PROSE, inside, plain
from counting import grows_evenly

from cleaners import (
    CleanResult,
    Override,
    Overrides,
    OverridesError,
    Related,
    apply,
    clean_html,
    clean_text,
    fingerprint,
    revert,
)
from cleaners.overrides import site_of
from cleaners.overrides_file import NOISE_TYPES, TEXTS_MAX
from cleaners.users_toml import SIZE_MAX

NAME = "news/a.txt"
POINTER = ALSO_READ["en"]
TITLE = "Ferry runs on Sundays again"
CLUB = "Join the reading club"
URL = "https://www.courier.example/news/a"


def written(*entries: str) -> Overrides:
    """The overrides of a file with these entries: `keep` or `noise`, then lines of TOML."""
    tables = (f"[[{kind}]]\n{lines}\n" for kind, _, lines in (entry.partition(": ") for entry in entries))
    return Overrides.from_toml("\n".join(tables), "own.toml")


def kept(text: str, more: str = "") -> str:
    return f'keep: document = "{NAME}"\ntext = """{text}"""\n{more}'


def noise(text: str, kind: str = "prompt") -> str:
    return f'noise: document = "{NAME}"\ntext = "{text}"\ntype = "{kind}"'


def cleaned(text: str, *entries: str, document: str | None = NAME, **options: Any) -> CleanResult:
    """A text cleaned with overrides, its edits checked."""
    result = clean_text(text, overrides=written(*entries), document=document, **options)
    assert apply(text, result.edits) == result.text
    assert revert(result.text, result.edits) == text
    return result


def page(article: str, around: str = "", head: str = "") -> str:
    return (
        f"<html lang=en><head>{head}</head><body><nav><a href=/>Home</a> <a href=/town>Town</a></nav>"
        f"<article><h1>The river takes the old footbridge</h1>{article}</article>{around}</body></html>"
    )


def paragraphs(*middle: str) -> str:
    first, second = PROSE["en"]
    return (
        "".join(f"<p>{text}</p>" for text in (first, *middle, second)) + f"<p>{first[::-1][:40]} and so on it went.</p>"
    )


def cleaned_page(html: str, *entries: str, document: str | None = NAME, url: str | None = URL) -> CleanResult:
    """A page cleaned with overrides, its edits checked."""
    result = clean_html(html, url, overrides=written(*entries), document=document)
    assert apply(result.source, result.edits) == result.text
    assert revert(result.text, result.edits) == result.source
    return result


# What is kept, in texts


def test_keeps_a_line_in_one_document_and_does_not_lift_it() -> None:
    assert clean_text(inside(POINTER)).metadata.related == [Related(TITLE)]
    result = cleaned(inside(POINTER), kept(POINTER))
    assert result.text == inside(POINTER)
    assert result.metadata.related == []
    assert [hit.override.name for hit in result.hits] == ["keep 1"]


def test_keeps_nothing_in_another_document_or_where_no_document_is_named() -> None:
    for document in ("news/b.txt", "a.txt", None):
        assert cleaned(inside(POINTER), kept(POINTER), document=document).text == plain()


def test_keeps_a_part_of_an_edit_and_removes_the_rest_of_it() -> None:
    result = cleaned(inside(POINTER), kept(TITLE))
    assert result.text == inside(TITLE)
    assert [edit.original for edit in result.edits] == ["ALSO READ: "]
    result = cleaned(inside(POINTER), kept("Ferry runs"))
    assert result.text == inside("Ferry runs")
    assert [edit.original for edit in result.edits] == ["ALSO READ: ", " on Sundays again"]
    assert result.metadata.related == []


def test_keeps_what_stands_between_two_stretches_of_one_block() -> None:
    assert cleaned(inside(POINTER), kept("Ferry"), kept("Sundays")).text == inside("Ferry runs on Sundays")


def test_compares_white_space_runs_as_one_space_and_whole_words_only() -> None:
    text = inside("ALSO  READ:\u00a0Ferry runs\ton Sundays again")
    assert inside(POINTER) == cleaned(text, kept("ALSO READ:\n  Ferry runs on Sundays again")).text
    assert cleaned(inside(POINTER), kept("erry runs on Sun")).text == plain()
    assert cleaned(inside(POINTER), kept("also read: Ferry runs on Sundays again")).text == plain()


def test_keeps_a_stretch_over_several_blocks() -> None:
    listed = "Related articles\n\nOwls found in a shed by the harbour\n\nThe bell of Osk is cracked again"
    text = f"{plain()}\n\n{listed}"
    assert cleaned(text).text == plain()
    assert cleaned(text, kept("in a shed by the harbour The bell of Osk")).text == (
        f"{plain()}\n\nin a shed by the harbour\n\nThe bell of Osk"
    )
    assert cleaned(text, kept(listed)).text == text


def test_keeps_a_text_from_one_rule_only() -> None:
    assert cleaned(inside(POINTER), kept(POINTER, 'rule = "related.also-read.en"')).text == inside(POINTER)
    assert cleaned(inside(POINTER), kept(POINTER, 'rule = "related.list.en"')).text == plain()


def test_keeps_a_phrase_of_a_language_but_only_as_a_whole_block_and_in_that_language() -> None:
    entry = f'keep: language = "en-GB"\nphrase = "{POINTER.swapcase()}"'
    assert cleaned(inside(POINTER), entry, document=None).text == inside(POINTER)
    assert cleaned(inside(f"{POINTER} today"), entry).text == plain()
    german = f'keep: language = "de"\nphrase = "{POINTER}"'
    assert cleaned(inside(POINTER), german).text == plain()
    assert cleaned(
        inside(ALSO_READ["de"], "de"), f'keep: language = "de"\nphrase = "{ALSO_READ["de"]}"'
    ).text == inside(ALSO_READ["de"], "de")


def test_a_kept_heading_opens_no_list_and_keeps_no_company() -> None:
    text = f"{plain()}\n\nShare this article\n\nRelated articles\n\nOwls found in a shed by the harbour"
    assert cleaned(text).text == plain()
    result = cleaned(text, kept("Related articles"))
    assert result.text == f"{plain()}\n\nRelated articles\n\nOwls found in a shed by the harbour"


def test_keeps_a_paragraph_said_twice() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\nShare this article\n\n{first}\n\n{second}"
    assert cleaned(text).text == plain()
    assert cleaned(text, kept(first)).text == f"{first}\n\n{first}\n\n{second}"


def test_keeps_words_that_a_repair_takes_for_said_again() -> None:
    text = f"{plain()}\n\n1. The boats of the harbour\n\nof the harbour 2. The bells"
    assert cleaned(text).text.endswith("1. The boats of the harbour\n2. The bells")
    assert cleaned(text, kept("of the harbour 2. The bells")).text.endswith("of the harbour 2. The bells")


# What is noise, in texts


def test_removes_a_block_in_one_document_under_its_noise_type() -> None:
    assert clean_text(inside(CLUB)).text == inside(CLUB)
    result = cleaned(inside(CLUB), noise(CLUB))
    assert result.text == plain()
    (edit,) = result.edits
    assert (edit.cleaner, edit.rule, edit.field) == ("override", "override.prompt", None)
    assert cleaned(inside(CLUB), noise(CLUB), document="news/b.txt").text == inside(CLUB)


def test_removes_whole_blocks_only() -> None:
    first = PROSE["en"][0]
    assert cleaned(inside(f"{CLUB} today"), noise(CLUB)).text == inside(f"{CLUB} today")
    assert cleaned(inside(CLUB), noise(first.partition(".")[0])).text == inside(CLUB)
    assert cleaned(inside(CLUB), noise(first)).text == f"{CLUB}\n\n{PROSE['en'][1]}"


def test_removes_a_block_that_a_repair_has_changed() -> None:
    text = inside("Join  the\u00a0reading club")
    assert cleaned(text, noise(CLUB)).text == plain()
    assert cleaned(inside("Join the reÂ\xadading club"), noise("Join the reÂ\\u00ADading club")).text == plain()


def test_removes_a_phrase_of_a_language_wherever_a_block_says_just_that() -> None:
    entry = f'noise: language = "en"\nphrase = "{CLUB.upper()}"\ntype = "site"'
    assert cleaned(f"{CLUB}\n\n{inside(CLUB)}", entry, document=None).text == plain()
    assert cleaned(inside(CLUB, "de"), entry).text == inside(CLUB, "de")
    assert cleaned(inside(f"{CLUB}, she said."), entry).text == inside(f"{CLUB}, she said.")


def test_a_noise_type_that_is_skipped_stays() -> None:
    assert cleaned(inside(CLUB), noise(CLUB), skip=["prompt"]).text == inside(CLUB)
    assert cleaned(inside(CLUB), noise(CLUB), skip=["related"]).text == plain()


def test_a_heading_that_is_noise_still_tells_the_rules_of_its_list() -> None:
    text = f"{plain()}\n\nRelated articles\n\nOwls found in a shed by the harbour\n\nThe bell of Osk is cracked again"
    entry = 'noise: language = "en"\nphrase = "Related articles"\ntype = "related"'
    assert cleaned(text, entry).text == plain()


def test_what_is_noise_counts_as_noise_beside_its_neighbours() -> None:
    text = f"{plain()}\n\nSubscribe\n\nThe reading club of Osk"
    assert clean_text(text).text == text
    assert cleaned(text, noise("The reading club of Osk")).text == plain()


# Which goes before which


def test_what_is_said_of_the_document_goes_before_what_is_said_of_its_language() -> None:
    keep = f'keep: language = "en"\nphrase = "{CLUB}"'
    assert cleaned(inside(CLUB), noise(CLUB), keep).text == plain()
    removed = f'noise: language = "en"\nphrase = "{POINTER}"\ntype = "prompt"'
    assert cleaned(inside(POINTER), kept(POINTER), removed).text == inside(POINTER)
    assert cleaned(inside(CLUB), noise(CLUB), kept("reading club")).text == inside("reading club")


def test_what_is_said_of_the_site_goes_before_what_is_said_of_the_language() -> None:
    html = page(paragraphs(CLUB))
    site = f'keep: site = "courier.example"\nphrase = "{CLUB}"'
    language = f'noise: language = "en"\nphrase = "{CLUB}"\ntype = "prompt"'
    assert CLUB in cleaned_page(html, site, language).text
    assert CLUB not in cleaned_page(html, language).text


# Pages


def test_keeps_a_widget_of_a_page_and_its_neighbours_still_go() -> None:
    html = page(paragraphs(), "<div class=sharedaddy><p>Share this story</p><p>Tell the mayor of it</p></div>")
    bare = clean_html(html, URL)
    assert {"Share this story", "Tell the mayor of it"}.isdisjoint(bare.text.split("\n\n"))
    result = cleaned_page(html, kept("Tell the mayor of it"))
    assert result.text == f"{bare.text}\n\nTell the mayor of it"
    assert result.source[result.blocks[-1].start : result.blocks[-1].end] == "Tell the mayor of it"


def test_keeps_what_the_extractor_did_not_choose_to_the_word() -> None:
    html = page(paragraphs(), "<footer><p>Printed in Velm by hand</p><p>© The Courier</p></footer>")
    bare = clean_html(html, URL)
    assert "Velm by hand" not in bare.text
    assert cleaned_page(html, kept("Printed in Velm by hand")).text == f"{bare.text}\n\nPrinted in Velm by hand"
    result = cleaned_page(html, kept("in Velm by"), kept("Home Town"))
    assert result.text == f"Home Town\n\n{bare.text}\n\nin Velm by"
    assert [edit.cleaner for edit in result.edits if edit.original.strip() == "Printed"] == ["extractor"]
    assert cleaned_page(html, kept("in Velm by", 'rule = "prompt.share.en"')).text == bare.text
    assert cleaned_page(html, kept("in Velm by", 'rule = "extractor.not-chosen"')).text == f"{bare.text}\n\nin Velm by"


def test_keeps_lines_of_code_with_their_indentation_but_above_the_first_word() -> None:
    html = page(paragraphs()).replace(
        "<article>", "<aside><pre>ferry(day)\n  .runs()\n    .late()</pre></aside><article>"
    )
    bare = clean_html(html, URL)
    assert "runs" not in bare.text
    assert cleaned_page(html, kept(".runs()\n.late()")).text == f".runs()\n    .late()\n\n{bare.text}"
    assert cleaned_page(html, kept("ferry(day) .runs()")).text == f"ferry(day)\n  .runs()\n\n{bare.text}"


def test_keeps_the_headline_and_the_byline_of_a_page() -> None:
    head = '<meta name=author content="Ana Ruiz"><meta property=og:title content="The river takes the old footbridge">'
    html = page(f"<p class=x>By Ana Ruiz</p>{paragraphs()}", head=head)
    bare = clean_html(html, URL)
    assert {edit.rule for edit in bare.edits} >= {"title.of-page"}
    result = cleaned_page(html, kept("The river takes the old footbridge"), kept("By Ana Ruiz"))
    assert result.text == f"The river takes the old footbridge\n\nBy Ana Ruiz\n\n{bare.text}"


def test_a_caption_that_is_kept_is_not_lifted() -> None:
    caption = "The quay at Velm. Photo: Henna Castell"
    html = page(paragraphs().replace("</p>", f"</p><figure><img src=a><figcaption>{caption}</figcaption></figure>", 1))
    assert clean_html(html, URL).metadata.captions == [caption]
    result = cleaned_page(html, kept(caption))
    assert caption in result.text
    assert result.metadata.captions == []


def test_the_site_of_a_page_is_the_host_of_its_url() -> None:
    entry = f'noise: site = "WWW.Courier.example"\nphrase = "{CLUB}"\ntype = "prompt"'
    html = page(paragraphs(CLUB))
    assert CLUB not in cleaned_page(html, entry).text
    assert CLUB in cleaned_page(html, entry, url="https://news.courier.example/a").text
    assert CLUB in cleaned_page(html, entry, url=None).text
    canonical = page(paragraphs(CLUB), head='<link rel=canonical href="https://courier.example/news/a">')
    assert CLUB not in cleaned_page(canonical, entry, url="https://cache.example/1").text
    assert [site_of(url) for url in ("https://[a/b", "", "http://www.A.example.:80/")] == [None, None, "a.example"]


def test_noise_of_a_page_goes_with_its_xpath() -> None:
    html = page(paragraphs(CLUB))
    result = cleaned_page(html, noise(CLUB))
    (edit,) = [edit for edit in result.edits if edit.cleaner == "override"]
    assert (edit.original.strip(), edit.xpath) == (CLUB, "/html/body/article/p[2]")
    assert CLUB in cleaned_page(html, noise(CLUB), document="news/b.txt").text


def test_the_language_of_a_page_without_one_is_that_of_its_article() -> None:
    html = page(paragraphs(CLUB)).replace(" lang=en", "")
    entry = f'noise: language = "en"\nphrase = "{CLUB}"\ntype = "prompt"'
    assert CLUB not in cleaned_page(html, entry).text
    assert CLUB in cleaned_page(html, entry.replace('"en"', '"fr"')).text


# Files


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("= 1", ":1: not valid TOML"),
        ("[[keep]]\n[[keep", ":2: not valid TOML"),
        ("x = 1", ": x: there is no such table: entries are [[keep]] or [[noise]]"),
        ("keep = 1", ": keep: write it as a table of its own, under [[keep]]"),
        ("keep = [1]", ": keep 1: write it as a table of its own"),
        (
            "# one\n[[keep]]\n",
            ":2: keep 1: it is for exactly one of document, site and language: it names none of them",
        ),
        ('[[keep]]\nsite = "a.b"\nlanguage = "en"\nphrase = "x"', "it names site and language"),
        ('[[keep]]\ndocument = "a"\nphrase = "x"', "with document it takes a text, and no phrase"),
        ('[[keep]]\ndocument = "a"\ntext = "x"\nphrase = "x"', "with document it takes a text, and no phrase"),
        ('[[keep]]\nsite = "a.b"\ntext = "x"', "with site it takes a phrase, and no text"),
        ('[[noise]]\nlanguage = "en"\ntype = "prompt"', "with language it takes a phrase"),
        ('[[keep]]\ndocument = ""\ntext = "x"', ":1: keep 1, document: it is empty"),
        ('[[keep]]\ndocument = "a"\ntext = " \\u200b\\n"', ":1: keep 1, text: it is empty"),
        ('[[keep]]\nsite = "a.b"\nphrase = ""', ":1: keep 1, phrase: it is empty"),
        ('[[keep]]\ndocument = "a"\ntext = "x"\nrule = ""', ":1: keep 1, rule: it is empty"),
        (
            '[[keep]]\ndocument = "a"\ntext = "x"\nrule = "nosuch.rule"',
            "'nosuch.rule' is no rule: write one as cleancopy",
        ),
        ('[[keep]]\nsite = "https://www.A.example/b"\nphrase = "x"', "is no site: write 'a.example', its host alone"),
        ('[[keep]]\nlanguage = "English"\nphrase = "x"', "'English' is no language: write its code, such as 'en'"),
        ('[[noise]]\nsite = "a.b"\nphrase = "x"', ":1: noise 1, type: it is missing: say which noise type"),
        ('[[noise]]\nsite = "a.b"\nphrase = "x"\ntype = "ads"', "'ads' is no noise type: choose one of comments, "),
        ('[[noise]]\nsite = "a.b"\nphrase = "x"\ntype = "repair"', "'repair' is no noise type"),
        ('[[keep]]\nsite = "a.b"\nphrase = "x"\ntype = "prompt"', ":1: keep 1, type: there is no such key: there are"),
        ('[[noise]]\nsite = "a.b"\nphrase = "x"\ntype = "site"\nrule = "y"', "noise 1, rule: there is no such key"),
        ('[[keep]]\nsite = 1\nphrase = "x"', ":1: keep 1, site: write it as a text, in quotation marks"),
        ("[[keep]]\nx = 1\n\n[[keep]]\ny = 1\n", ":1: keep 1, x: there is no such key"),
        ("[[keep]]\nx = 1\n\n[[keep]]\ny = 1\n", "; 1 more entry is wrong"),
        (
            '[[keep]]\nsite = "a.b"\nphrase = "A b"\n[[keep]]\nsite = "www.a.b"\nphrase = "a  B"',
            ":4: keep 2: it says the same as keep 1: take one of the two out",
        ),
        (
            '[[noise]]\nsite = "b"\nphrase = "X"\ntype = "site"\n[[keep]]\nsite = "b"\nphrase = "x"\nrule = "link.y"',
            ":1: noise 1: it contradicts keep 1, which keeps the same text: take one of the two out",
        ),
        ("a." * 50_000 + "a = 1", ": it is nested too deeply"),
        ("x = " + "[" * 100_000, ": it is nested too deeply"),
        ("x = " + "9" * 5_000, ": a number in it has too many digits"),
        ("#" * (SIZE_MAX + 1), ": it is larger than 1,048,576 characters"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_place_and_reason(toml: str, message: str) -> None:
    with pytest.raises(OverridesError) as refused:
        Overrides.from_toml(toml, "own.toml")
    assert str(refused.value).startswith("own.toml:")
    assert message in str(refused.value)


def test_reads_a_whole_file_with_notes_and_every_noise_type() -> None:
    types = "\n".join(
        f'[[noise]]\nsite = "a.b"\nphrase = "{name}"\ntype = "{name}"\nnote = "seen"' for name in NOISE_TYPES
    )
    read = Overrides.from_toml(f'{types}\n[[keep]]\ndocument = "a"\ntext = "x  y"\nrule = "prompt.s"\n', "own.toml")
    assert [entry.noise for entry in read.entries[1:]] == list(NOISE_TYPES)
    assert (read.entries[0].text, read.entries[0].rule, read.entries[1].note) == ("x y", "prompt.s", "seen")
    assert Overrides.from_toml("# none yet\n", "own.toml").entries == ()


def test_a_text_may_be_kept_from_several_rules() -> None:
    toml = '[[keep]]\ndocument = "a"\ntext = "x"\nrule = "prompt.c"\n'
    assert len(Overrides.from_toml(toml + toml.replace("prompt.c", "title.e"), "own.toml").entries) == 2


def test_more_texts_of_one_document_than_can_be_looked_for_are_refused() -> None:
    toml = "".join(f'[[keep]]\ndocument = "a"\ntext = "x{number}"\n' for number in range(TEXTS_MAX + 1))
    with pytest.raises(OverridesError, match=r"1,001 texts are to be kept in a: 1,000 are the most"):
        Overrides.from_toml(toml, "own.toml")


def test_a_file_of_ten_thousand_entries_is_read_and_used_in_no_time() -> None:
    toml = "".join(f'[[noise]]\nlanguage = "en"\nphrase = "club {number}"\ntype = "site"\n' for number in range(10_000))
    started = time.process_time()
    many = Overrides.from_toml(toml, "own.toml")
    assert clean_text(inside("Club 9999"), overrides=many).text == plain()
    assert time.process_time() - started < 20


def test_the_time_to_look_for_texts_grows_with_the_document_only() -> None:
    entries = written(*(kept(f"{'a ' * number}b") for number in range(1, 20)))

    def work(size: int) -> Any:
        text = "a " * size
        return lambda: entries.on(text, document=NAME)

    assert grows_evenly(work, 2_000)


# Fingerprints


def test_digests_tell_which_documents_a_change_can_concern() -> None:
    before = written(kept("x"), 'keep: document = "b"\ntext = "y"', 'keep: site = "a.b"\nphrase = "z"')
    after = written(kept("x", 'note = "why"'), 'keep: document = "b"\ntext = "w"', 'keep: site = "a.b"\nphrase = "Z"')
    assert before.digest(NAME) == after.digest(NAME) is not None
    assert before.digest("b") != after.digest("b")
    assert before.digest() == after.digest() is not None
    assert before.digest("c") is None
    assert written(kept("x")).digest() is None
    assert fingerprint(overrides=written(kept("x"))) == fingerprint()
    assert fingerprint(overrides=before) == fingerprint(overrides=after) != fingerprint()


def test_the_same_overrides_for_two_documents_have_one_digest() -> None:
    overrides = written(kept("x"), 'keep: document = "b"\ntext = "x"')
    assert overrides.digest(NAME) == overrides.digest("b")


def test_a_message_names_no_more_than_one_line() -> None:
    with pytest.raises(OverridesError) as refused:
        Overrides.from_toml('[[keep]]\nsite = "a\\nb"\nphrase = "x"', "own.toml")
    assert re.fullmatch(r"own\.toml:1: .*", str(refused.value))


def test_an_override_for_a_language_holds_for_verse_too() -> None:
    verse = "The ferry sleeps\nand the owls of the town\nsing to the harbour"
    noise = Overrides((Override("noise", "language", "en", "and the owls of the town", 0, noise="site"),))
    assert clean_text(verse).metadata.language == "en"
    assert clean_text(verse, overrides=noise).text == "The ferry sleeps\nsing to the harbour"
    verses = f"<article><ol>{''.join(f'<li>{line}</li>' for line in verse.splitlines())}</ol></article>"
    assert clean_html(verses).metadata.language == "en"
    assert "owls" in clean_html(verses).text
    assert "owls" not in clean_html(verses, overrides=noise).text
