"""Fund-raising: widgets, appeals and addresses to pay to, and what an article says about money."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, LANGUAGES, above, below, inside, plain

from cleaners import clean_text, remove_donation_widgets

BUTTONS = {
    "en": "Donate now",
    "de": "Jetzt spenden",
    "fr": "Faire un don",
    "es": "Haz una donación",
    "pt": "Faça uma doação",
    "it": "Fai una donazione",
    "nl": "Doneer nu",
    "pl": "Wesprzyj nas",
    "cs": "Podpořte nás",
    "ro": "Donează acum",
    "sv": "Stöd oss",
    "ru": "Поддержать проект",
    "uk": "Підтримати нас",
    "kk": "Бізді қолдаңыз",
    "tr": "Bize destek ol",
    "ar": "تبرع الآن",
    "fa": "حمایت مالی",
    "hi": "दान करें",
    "bn": "দান করুন",
    "ta": "நன்கொடை",
    "te": "విరాళం ఇవ్వండి",
    "id": "Donasi sekarang",
    "vi": "Ủng hộ chúng tôi",
    "zh": "赞助我们",
    "ja": "寄付する",
    "ko": "후원하기",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_ladder_of_amounts_with_its_button(language: str) -> None:
    widget = f"5 €\n10 €\n25 €\n{BUTTONS[language]}"
    result = clean_text(inside(widget, language))
    assert result.text == plain(language)
    assert {"donation.amount-ladder"} < {edit.rule for edit in result.edits}
    assert remove_donation_widgets(inside(widget, language)) == plain(language)


@pytest.mark.parametrize(
    "ladder",
    [
        "0 $\n2,500 $\n5,000 $\n600 $",
        "$5\n$10\n$25",
        "£5\n£10\n£25",
        "5 000 ₽\n10 000 ₽\n25 000 ₽",
        "100 Kč\n200 Kč\n500 Kč",
    ],
)
def test_reads_amounts_of_many_currencies(ladder: str) -> None:
    assert remove_donation_widgets(inside(f"{ladder}\nDonate now")) == plain()


def test_removes_support_and_a_name_wherever_it_is_said_twice() -> None:
    text = (
        f"Support Fenland Lantern\n\n{inside('Support Fenland Lantern')}\n\nFenland Lantern\n\nSupport Fenland Lantern"
    )
    assert remove_donation_widgets(text) == plain()


@pytest.mark.parametrize(
    "addresses",
    [
        "Patreon: https://www.patreon.example.com/fenlandlantern\nPayPal: donate@fenlandlantern.example.org",
        "BTC: bc1qexample0lantern0not0a0real0address00",
        "IBAN: XX00EXAMPLE0000000042",
    ],
)
def test_removes_addresses_to_pay_to(addresses: str) -> None:
    assert remove_donation_widgets(below(addresses)) == plain()


@pytest.mark.parametrize(
    ("language", "appeal"),
    [
        (
            "en",
            "If you value our work, please consider donating. Your donation is tax-deductible, and every contribution "
            "helps us to keep this site free for all, no matter how small it is.",
        ),
        (
            "en",
            "This article was made possible by people like you. Support our journalism with a gift: your contribution "
            "is tax-deductible.",
        ),
        (
            "de",
            "Unterstützen Sie uns mit Ihrer Spende! Ihre Spende ist steuerlich absetzbar, und mit Ihrer Unterstützung "
            "bleibt diese Seite für alle frei.",
        ),
        (
            "fr",
            "Soutenez le journalisme indépendant ! Votre don est déductible des impôts, et votre soutien nous permet "
            "de continuer à enquêter.",
        ),
        (
            "ru",
            "Поддержите нас! Без вашей поддержки этого сайта не было бы, и ваше пожертвование поможет нам работать "
            "дальше и писать о том, о чём молчат другие.",
        ),
    ],
)
def test_removes_an_appeal_below_the_article(language: str, appeal: str) -> None:
    scraped = below(f"{appeal}\n\n{BUTTONS[language]}", language)
    assert clean_text(scraped).text == plain(language)


@pytest.mark.parametrize(
    "sentence",
    [
        "She gave 25 $ to the school and asked that nobody be told, which is why all of Velm knew by noon.",
        "Support for the bridge has fallen to 31 percent, according to a survey of the district council.",
        "Support Unit 4 was the last to leave the valley, an hour after the water had come over the weir.",
        "Your donation will be returned, the letter to the widow said, since the bridge will not be built.",
        "Villagers raised 40,000 crowns in donations, and a lady whose doll had once drowned gave half of it.",
        "Donate blood, said the poster at the mill, and it was the only thing there that was still dry.",
        "Ten dollars, twenty dollars, fifty dollars: the ferryman's prices rose as fast as the river did.",
        "Help us, the children had written on the barn roof in letters that could be read from the hill.",
    ],
)
def test_keeps_a_sentence_about_money_or_help(sentence: str) -> None:
    for text in (above(sentence), inside(sentence), below(sentence)):
        assert clean_text(text).text == text
        assert remove_donation_widgets(text) == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Den Rest brachten ein Förderverein, eine Tombola und die Spende einer Dame aus dem Oberdorf zusammen."),
        ("fr", "Le reste est venu d'une tombola et du don d'une dame qui avait perdu sa poupée dans la rivière."),
        ("ru", "Остальное собрали лотереей, и ещё половину пожертвовала дама, чья кукла утонула в этой реке."),
        ("ar", "وجمع الأهالي تبرعات بلغت أربعين ألف درهم لترميم الجسر بدلًا من استبداله بجسر آخر جديد."),
        ("zh", "钱是大家凑的。有人捐了一个月的茶钱，有人捐了一棵自家院里的老杉树，还有一位客人压了五千元。"),
        ("ja", "材料は近所の農家が置いていくもので賄い、足りない分は空き缶に入った小銭で買う。寄付は四万円だった。"),
        ("ko", "나머지 돈은 강에 인형을 빠뜨렸던 한 부인이 후원한 것이라고 마을 사람들은 오래도록 이야기했다."),
        ("tr", "Paranın kalanını, bebeği bu nehirde boğulmuş bir hanım bağışladı ve adını kimseye söylemedi."),
        ("pl", "Resztę zebrano na loterii, a połowę podarowała pani, której lalka utonęła kiedyś w tej rzece."),
        ("kk", "Қалған ақшаны осы өзенде қуыршағы батып кеткен бір кісі берді және оның атын ешкім білмейді."),
    ],
)
def test_keeps_what_an_article_tells_of_gifts(language: str, sentence: str) -> None:
    text = inside(sentence, language)
    assert clean_text(text).text == text
    assert remove_donation_widgets(text) == text


def test_keeps_a_price_list() -> None:
    kept = "What the ferry costs:\n\nA grown-up\n5 $\nA child\n2 $\nA goat\n10 $"
    assert clean_text(inside(kept)).text == inside(kept)


def test_keeps_a_column_of_amounts_without_a_button() -> None:
    kept = "5 $\n10 $\n25 $\n40 $"
    assert clean_text(inside(kept)).text == inside(kept)
    assert remove_donation_widgets(inside(kept)) == inside(kept)


def test_keeps_support_and_a_name_said_once_in_the_article() -> None:
    kept = "Support from abroad"
    assert clean_text(inside(kept)).text == inside(kept)
    assert remove_donation_widgets(inside(kept)) == inside(kept)


def test_keeps_words_of_a_widget_that_stand_alone() -> None:
    for word in ("Monthly", "Donations", "Bitcoin", "Goal"):
        text = inside(word) + "\n\n" + ALSO_READ["en"]
        assert clean_text(text).text == inside(word)
