"""Threads of reader comments, and the interviews, forums and sentences that resemble them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from articles import ALSO_READ, LANGUAGES, PROSE, below, inside, plain

from cleaners import Comment, clean_text, remove_comment_threads

# Heading, first name, time, button and form of a thread as the blog software prints them.
THREADS = {
    "en": ("2 Comments", "Hesper Lund says:", "January 14, 2024 at 9:42 pm", "Reply", "Leave a Reply"),
    "de": (
        "2 Kommentare",
        "Hesper Lund sagt:",
        "14. Januar 2024 um 21:42 Uhr",
        "Antworten",
        "Schreibe einen Kommentar",
    ),
    "fr": ("2 commentaires", "Hesper Lund dit :", "14 janvier 2024 à 21h42", "Répondre", "Laisser un commentaire"),
    "es": ("2 comentarios", "Hesper Lund dice:", "14 de enero de 2024 a las 21:42", "Responder", "Deja una respuesta"),
    "pt": ("2 comentários", "Hesper Lund disse:", "14 de janeiro de 2024 às 21:42", "Responder", "Deixe um comentário"),
    "it": ("2 commenti", "Hesper Lund ha detto:", "14 gennaio 2024 alle 21:42", "Rispondi", "Lascia un commento"),
    "nl": ("2 reacties", "Hesper Lund schreef:", "14 januari 2024 om 21:42", "Beantwoorden", "Geef een reactie"),
    "pl": ("2 komentarze", "Hesper Lund pisze:", "14 stycznia 2024 o 21:42", "Odpowiedz", "Dodaj komentarz"),
    "cs": ("2 komentáře", "Hesper Lund napsal:", "14. ledna 2024 v 21:42", "Odpovědět", "Napsat komentář"),
    "ro": ("2 comentarii", "Hesper Lund spune:", "14 ianuarie 2024 la 21:42", "Răspunde", "Lasă un răspuns"),
    "sv": ("2 kommentarer", "Hesper Lund skriver:", "14 januari 2024 kl 21:42", "Svara", "Lämna ett svar"),
    "ru": ("2 комментария", "Hesper Lund говорит:", "14 января 2024, 21:42", "Ответить", "Оставить комментарий"),
    "uk": ("2 коментарі", "Hesper Lund сказав:", "14 січня 2024, 21:42", "Відповісти", "Залишити коментар"),
    "kk": ("2 пікір", "Hesper Lund дейді:", "14 қаңтар 2024, 21:42", "Жауап беру", "Пікір қалдыру"),
    "tr": ("2 yorum", "Hesper Lund dedi ki:", "14 Ocak 2024, 21:42", "Cevapla", "Bir cevap yazın"),
    "ar": ("2 تعليقات", "يقول Hesper Lund:", "14 يناير 2024 الساعة 21:42", "رد", "اترك تعليقاً"),
    "fa": ("2 دیدگاه", "Hesper Lund گفت:", "14 ژانویه 2024 در 21:42", "پاسخ", "دیدگاهتان را بنویسید"),
    "hi": ("2 टिप्पणियाँ", "Hesper Lund कहते हैं:", "14 जनवरी 2024, 21:42", "जवाब दें", "टिप्पणी लिखें"),
    "bn": ("2 মন্তব্য", "Hesper Lund বলেছেন:", "14 জানুয়ারি 2024, 21:42", "জবাব", "মন্তব্য করুন"),
    "ta": ("2 கருத்துகள்", "Hesper Lund கூறுகிறார்:", "14 ஜனவரி 2024, 21:42", "பதில்", "கருத்து தெரிவிக்க"),
    "te": ("2 వ్యాఖ్యలు", "Hesper Lund అంటున్నారు:", "14 జనవరి 2024, 21:42", "స్పందించండి", "వ్యాఖ్యానించండి"),
    "id": ("2 Komentar", "Hesper Lund berkata:", "14 Januari 2024 pukul 21:42", "Balas", "Tinggalkan Balasan"),
    "vi": ("2 bình luận", "Hesper Lund viết:", "14 tháng 1, 2024 lúc 21:42", "Trả lời", "Để lại bình luận"),
    "zh": ("2 条评论", "河边的石头说道：", "2024年1月14日 21:42", "回复", "发表评论"),
    "ja": ("2件のコメント", "川辺の石 より:", "2024年1月14日 21:42", "返信", "コメントを残す"),
    "ko": ("댓글 2", "강가의돌", "2024-01-14 21:42", "답글", "댓글 달기"),
}
WPDISCUZ = """Subscribe
Notify of
guest
2 Comments
Oldest
Newest Most Voted
Inline Feedbacks
View all comments
PeatCutter

My grandfather hit one of these in the sixties. They burned it.

3
0
Reply
moorhen_22

Then he was the last who knew what it was.

Last edited 1 year ago by moorhen_22
5
-1
Reply
Would love your thoughts, please comment.x
()
x
| Reply
Insert"""
WORDPRESS = """2 thoughts on “The bridge that was promised”

Hesper Lund says:
January 14, 2024 at 9:42 pm

I used to walk over it every day.

Reply

Old Crumb says:
January 16, 2024 at 11:18 am

It was never a good bridge.

Reply

Leave a Reply Cancel reply

Your email address will not be published. Required fields are marked *

Comment *

Name *

Email *

Post Comment"""
DISQUS = """2 Comments
Sort by Best
Newest
Oldest

Hesper Lund
3 years ago
I used to walk over it every day.
2
Reply
Share

Old Crumb
3 years ago
It was never a good bridge.
Reply
Share

Comments powered by Disqus"""
UNNAMED = """Hesper Lund
I used to walk over it every day, and never once looked down.
Reply

Old Crumb
It was never a good bridge, and everybody knew.
Reply

Marta from the mill
You both still owe the village for the paint.
Reply

Hesper Lund
I paid for mine, as the ledger at the mill will show.
Reply"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_thread_below_an_article(language: str) -> None:
    heading, name, time, button, form = THREADS[language]
    remark = f"{PROSE[language][1][:60]}…"
    thread = "\n\n".join([heading, f"{name}\n{time}", remark, button, f"Old Crumb\n{time}", f"{remark}!", button, form])
    result = clean_text(below(thread, language))
    assert result.text == plain(language)
    assert {edit.cleaner for edit in result.edits} == {"comments"}
    times_and_texts = [(comment.time, comment.text) for comment in result.metadata.comments]
    assert times_and_texts == [(time, remark), (time, f"{remark}!")]


@pytest.mark.parametrize(
    ("thread", "comments"),
    [
        (
            WPDISCUZ,
            [
                Comment("PeatCutter", None, "My grandfather hit one of these in the sixties. They burned it."),
                Comment("moorhen_22", None, "Then he was the last who knew what it was."),
            ],
        ),
        (
            WORDPRESS,
            [
                Comment("Hesper Lund", "January 14, 2024 at 9:42 pm", "I used to walk over it every day."),
                Comment("Old Crumb", "January 16, 2024 at 11:18 am", "It was never a good bridge."),
            ],
        ),
        (
            DISQUS,
            [
                Comment("Hesper Lund", "3 years ago", "I used to walk over it every day."),
                Comment("Old Crumb", "3 years ago", "It was never a good bridge."),
            ],
        ),
        (
            UNNAMED,
            [
                Comment("Hesper Lund", None, "I used to walk over it every day, and never once looked down."),
                Comment("Old Crumb", None, "It was never a good bridge, and everybody knew."),
                Comment("Marta from the mill", None, "You both still owe the village for the paint."),
                Comment("Hesper Lund", None, "I paid for mine, as the ledger at the mill will show."),
            ],
        ),
    ],
    ids=["wpDiscuz", "WordPress", "Disqus", "unnamed"],
)
def test_knows_the_threads_of_comment_software(thread: str, comments: list[Comment]) -> None:
    result = clean_text(below(thread))
    assert result.text == plain()
    assert [comment for comment in result.metadata.comments if comment.text] == comments
    assert remove_comment_threads(below(thread)) == plain()


def test_removes_an_empty_comment_form() -> None:
    form = "Leave a Reply\n\nYour email address will not be published.\n\nComment\n\nName\n\nEmail\n\nPost Comment"
    assert clean_text(below(form)).text == plain()


def test_removes_a_count_of_comments_above_a_closed_thread() -> None:
    assert clean_text(below("Comments are closed")).text == plain()
    assert clean_text(below(f"{ALSO_READ['en']}\n\n12 comments")).text == plain()


def test_keeps_what_follows_a_thread_that_is_a_heading_only() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\nComments\n\n{second}\n\n{first[:-1]} at least."
    assert clean_text(text).text == text


def test_keeps_an_interview() -> None:
    text = below(
        "Q: How do you water a set during a run?\n\n"
        "A: Before the matinee, with a can, and never the palms.\n\n"
        "Q: Has a plant ever ruined a performance?\n\n"
        "A: A titan lily opened on a first night. It smells of old meat.\n\n"
        "Q: Will you miss them?\n\n"
        "A: The actors? They leave every October anyway."
    )
    assert clean_text(text).text == text
    assert remove_comment_threads(text) == text


@pytest.mark.parametrize(
    ("language", "dialogue"),
    [
        ("en", "Osric Dellaway says:\n\n“Never the palms.”\n\nPhilippa Znort says:\n\n“Always the palms.”"),
        (
            "en",
            (
                "Reporter: Who built it?\n\nQuill: My uncle.\n\nReporter: Who paid?\n\n"
                "Quill: Nobody, and that is why it fell."
            ),
        ),
        (
            "de",
            (
                "Frage: Wer hat sie gebaut?\n\nAntwort: Mein Onkel.\n\nFrage: Wer hat bezahlt?\n\n"
                "Antwort: Niemand, und darum fiel sie."
            ),
        ),
        (
            "fr",
            "— Qui l'a bâti ?\n\n— Mon oncle.\n\n— Et qui a payé ?\n\n— Personne, et c'est pour cela qu'il est tombé.",
        ),
        ("ru", "— Кто его построил?\n\n— Мой дядя.\n\n— А кто заплатил?\n\n— Никто, потому он и упал."),
        ("ar", "سؤال: من بنى الجسر؟\n\nجواب: خالي.\n\nسؤال: ومن دفع الثمن؟\n\nجواب: لا أحد، ولذلك سقط."),
        ("zh", "问：是谁修的桥？\n\n答：我舅舅。\n\n问：钱是谁出的？\n\n答：没有人出，所以塌了。"),
        ("ja", "「お代わりは?」\n\n「いえ、仕事中ですので」\n\n「仕事は食べてからするものでしょう」"),
        (
            "ko",
            "기자: 누가 지었습니까?\n\n이장: 제 외삼촌입니다.\n\n기자: 돈은 누가 냈습니까?\n\n이장: 아무도 안 냈지요.",
        ),
    ],
)
@pytest.mark.parametrize("place", [inside, below])
def test_keeps_dialogue_in_the_article(language: str, dialogue: str, place: Callable[[str, str], str]) -> None:
    text = place(dialogue, language)
    assert clean_text(text).text == text
    assert remove_comment_threads(text) == text


def test_keeps_the_posts_of_a_forum() -> None:
    posts = [
        ("PeatCutter", "Has anybody crossed the moss since the bridge went? I would like to know about the planks."),
        ("moorhen_22", "Last week, with a stick. The third plank is gone, and the fifth will not carry a child."),
        ("Ottoline", "Then it is the long way round for us, past the mill and over the old weir."),
    ]
    text = "\n\n".join(["Crossing the moss", *(f"{name}\n3 days ago\n{post}\nReply" for name, post in posts)])
    for _, post in posts:
        assert post in clean_text(text).text
        assert post in remove_comment_threads(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Comments on the plan may be sent to the town hall until the end of May, the mayor said.",
        "Two comments were made on it, both of them by the same man, who had never seen the bridge.",
        "Leave a reply in the box by the door, the notice said, and nobody ever did in nine years.",
        "Have your say at the town hall on Monday: the meeting starts at seven and ends when all have spoken.",
        "Reply came there none, and the ferryman put on his hat and went home over the hill.",
        "Join the conversation at the mill, said a note on the door, and bring your own chair.",
    ],
)
def test_keeps_a_sentence_about_comments(sentence: str) -> None:
    text = inside(sentence)
    assert clean_text(text).text == text
    assert remove_comment_threads(text) == text


def test_keeps_letters_of_readers_that_are_the_article() -> None:
    first, second = PROSE["en"]
    letters = "\n\n".join(
        f"{text}\n\n{name}, {place}"
        for text, name, place in [
            (first, "Ada Moor", "Velm"),
            (second, "Jon Fell", "Tarrow"),
            (first[:-1] + ".", "Ivo Dunn", "Osk"),
        ]
    )
    text = f"Letters to the paper\n\n{letters}"
    assert remove_comment_threads(text) == text
