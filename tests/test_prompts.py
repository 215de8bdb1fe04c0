"""What a page asks of its readers: share bars, newsletters, cookies, labels, heads and feet of pages."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, LANGUAGES, PROSE, above, below, inside, plain

from cleaners import clean_text, remove_prompts

SHARE = {
    "en": "Share this article",
    "de": "Artikel teilen",
    "fr": "Partager cet article",
    "es": "Compartir este artículo",
    "pt": "Compartilhe este artigo",
    "it": "Condividi questo articolo",
    "nl": "Deel dit artikel",
    "pl": "Udostępnij artykuł",
    "cs": "Sdílet článek",
    "ro": "Distribuie articolul",
    "sv": "Dela artikeln",
    "ru": "Поделиться статьей",
    "uk": "Поділитися статтею",
    "kk": "Бөлісу:",
    "tr": "Haberi paylaş",
    "ar": "شارك المقال",
    "fa": "به اشتراک گذاری",
    "hi": "इस लेख को शेयर करें",
    "bn": "শেয়ার করুন",
    "ta": "பகிர",
    "te": "షేర్ చేయండి",
    "id": "Bagikan artikel ini",
    "vi": "Chia sẻ bài viết",
    "zh": "分享到：",
    "ja": "この記事をシェアする",
    "ko": "기사 공유하기",
}
NEWSLETTER = {
    "en": "Sign up for our newsletter",
    "de": "Newsletter abonnieren",
    "fr": "Abonnez-vous à notre newsletter",
    "es": "Suscríbete a nuestro boletín",
    "pt": "Assine nossa newsletter",
    "it": "Iscriviti alla newsletter",
    "nl": "Schrijf je in voor onze nieuwsbrief",
    "pl": "Zapisz się do newslettera",
    "cs": "Přihlaste se k odběru newsletteru",
    "ro": "Abonează-te la newsletter",
    "sv": "Prenumerera på vårt nyhetsbrev",
    "ru": "Подписывайтесь на наш Telegram-канал",
    "uk": "Підписуйтесь на наш Telegram-канал",
    "tr": "Bültenimize abone olun",
    "ar": "اشترك في النشرة البريدية",
    "fa": "عضویت در خبرنامه",
    "bn": "আমাদের নিউজলেটার সাবস্ক্রাইব করুন",
    "te": "మా న్యూస్‌లెటర్‌కు సబ్‌స్క్రైబ్ చేయండి",
    "id": "Berlangganan newsletter kami",
    "vi": "Đăng ký nhận bản tin",
    "zh": "关注我们的微信公众号",
    "ja": "メールマガジンに登録する",
    "ko": "뉴스레터 구독하기",
}
ADVERTISEMENT = {
    "en": "Advertisement",
    "de": "Anzeige",
    "fr": "Publicité",
    "es": "Publicidad",
    "pt": "Publicidade",
    "it": "Pubblicità",
    "nl": "Advertentie",
    "pl": "Reklama",
    "cs": "Reklama",
    "ro": "Publicitate",
    "sv": "Annons",
    "ru": "Реклама",
    "uk": "Реклама",
    "kk": "Жарнама",
    "tr": "Reklam",
    "ar": "إعلان",
    "fa": "آگهی",
    "hi": "विज्ञापन",
    "bn": "বিজ্ঞাপন",
    "ta": "விளம்பரம்",
    "te": "ప్రకటన",
    "id": "Iklan",
    "vi": "Quảng cáo",
    "zh": "广告",
    "ja": "広告",
    "ko": "광고",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_share_bar_below_the_article(language: str) -> None:
    bar = f"{SHARE[language]}\nFacebook\nWhatsApp\nTelegram\nX"
    assert clean_text(below(bar, language)).text == plain(language)
    assert remove_prompts(below(bar, language)) == plain(language)


@pytest.mark.parametrize("language", NEWSLETTER)
def test_removes_a_newsletter_prompt_between_two_paragraphs(language: str) -> None:
    assert clean_text(inside(NEWSLETTER[language], language)).text == plain(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_the_label_of_an_advertisement_beside_other_noise(language: str) -> None:
    noise = f"{ADVERTISEMENT[language]}\n\n{ALSO_READ[language]}"
    assert clean_text(inside(noise, language)).text == plain(language)


@pytest.mark.parametrize(
    "prompt",
    [
        "Click to see full-size image",
        "Subscribe to continue reading",
        "Already a subscriber? Log in",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Accept all cookies",
        "Download our app",
        "Follow us on Instagram",
        "Listen to this article",
        "Was this article helpful?",
        "Report an error",
        "Facebook Twitter WhatsApp Email Print",
    ],
)
@pytest.mark.parametrize("place", ["above", "inside", "below"])
def test_removes_a_line_that_only_a_page_says(prompt: str, place: str) -> None:
    text = {"above": above, "inside": inside, "below": below}[place](prompt)
    assert clean_text(text).text == plain()
    assert remove_prompts(text) == plain()


@pytest.mark.parametrize("line", ["Privacy Policy", "Contact us", "Skip to content"])
def test_removes_the_lines_of_a_page_foot_above_and_below_an_article(line: str) -> None:
    assert clean_text(above(f"{line}\nShare this article")).text == plain()
    assert clean_text(below(f"Share this article\n{line}")).text == plain()


@pytest.mark.parametrize("line", ["Privacy Policy", "Contact us", "Comments", "Newsletter"])
def test_keeps_a_heading_of_the_article_that_a_page_foot_says_too(line: str) -> None:
    assert line in clean_text(inside(line)).text


@pytest.mark.parametrize(
    "sentence",
    [
        "The regulator said that the terms of service of the firm contradict its privacy policy, and fined it.",
        "The app uses cookies, and these cookies follow its users for years, the court found on Monday.",
        'Q: Why did you write "We use cookies to improve your experience on our website"?',
        "Writing by hand was what he missed most, he said.",
        "Reporting by neighbours helped the police.",
    ],
)
def test_keeps_a_sentence_about_what_prompts_and_credits_say(sentence: str) -> None:
    text = inside(f"{sentence}\n\nALSO READ: Gas leak at the old mine kills five")
    assert sentence in clean_text(text).text


def test_keeps_opening_hours() -> None:
    hours = "Opening hours\n\nMonday: closed\nTuesday: 9-12\nSaturday: 9-18\n\nTickets: £5"
    result = clean_text(below(f"{hours}\n\nSubscribe to our newsletter\nFollow us on Facebook\nShare this article"))
    assert hours in result.text
    assert result.metadata.published is None


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        (
            "en",
            "We use cookies to give you the best experience on our website. By continuing to browse you consent to the "
            "use of cookies. Read our cookie policy.\nAccept all\nReject all",
        ),
        (
            "de",
            (
                "Wir verwenden Cookies, um Ihnen das bestmögliche Nutzungserlebnis zu bieten. Mehr erfahren\n"
                "Alle akzeptieren"
            ),
        ),
        (
            "fr",
            "Nous utilisons des cookies pour améliorer votre expérience sur notre site.\nTout accepter\nTout refuser",
        ),
        ("es", "Utilizamos cookies para mejorar tu experiencia en nuestro sitio web.\nAceptar todo\nRechazar todo"),
        ("ru", "Мы используем файлы cookie, чтобы сделать сайт удобнее для вас.\nПринять все"),
    ],
)
def test_removes_a_cookie_notice_above_the_article(language: str, notice: str) -> None:
    assert clean_text(above(notice, language)).text == plain(language)


def test_removes_a_paragraph_that_says_two_things_that_prompts_say() -> None:
    prompt = (
        "Sign up for our weekly letter from the valley. By signing up you agree to our terms of use, and you can "
        "unsubscribe at any time."
    )
    assert remove_prompts(inside(prompt)) == plain()


def test_removes_a_trail_of_breadcrumbs_above_the_article() -> None:
    for trail in ("Home > Culture > Books", "Home » News » Valley", "HOME › Region › Article"):
        result = clean_text(above(trail))
        assert result.text == plain()
        assert {edit.rule for edit in result.edits} == {"prompt.breadcrumbs"}


def test_removes_the_unknown_lines_of_a_page_foot() -> None:
    foot = "Privacy policy\nThe Valley Gazette\nTerms of use\nOld mill yard 4\nSkip to content\nAll rights reserved"
    result = clean_text(below(foot))
    assert result.text == plain()
    assert "prompt.page-foot" in {edit.rule for edit in result.edits}


def test_removes_the_unknown_lines_of_a_widget() -> None:
    widget = (
        "Sign up for our newsletter\nThe valley, every Friday\nEnter your email address\nSubscribe\nShare this article"
    )
    result = clean_text(inside(widget))
    assert result.text == plain()


@pytest.mark.parametrize(
    "word", ["Share", "Email", "Print", "Subscribe", "Follow", "Listen", "Save", "Vote", "Our story"]
)
def test_takes_a_word_for_a_button_beside_other_buttons_only(word: str) -> None:
    first, second = PROSE["en"]
    kept = f"{first}\n\n{word}\n\n{second}"
    assert clean_text(kept).text == kept
    assert remove_prompts(kept) == kept
    assert clean_text(below(f"Share this article\n{word}\nFacebook\nTwitter")).text == plain()


@pytest.mark.parametrize(
    "sentence",
    [
        "Share prices of the mill fell by a third on Tuesday, when the news of the bridge reached the market.",
        "Sign up for our newsletter, said a board at the mill that nobody had painted over in forty years.",
        "Subscribe to no doctrine, the miller used to say, and least of all to mine, which is about flour.",
        "Follow us on this path for an hour, past the weir and the old mill, and you will hear the river first.",
        "We use cookies for bait, said the boy, and showed a tin of them, all broken and quite wet by then.",
        "Print was the trade of the valley once: four shops in one street, and a smell of ink down to the river.",
        "Listen to this article of faith, the ferryman said: no river was ever crossed by talking about it.",
        "Download our app, they told the ferryman, who had never owned a telephone and did not want one now.",
        "Accept all that the river gives you and ask for nothing back, says an inscription on the old weir.",
        "The terms of use were read out in the hall, all ninety pages of them, until the last child slept.",
        "Click, went the lock, and to see the full-size image of the bridge you had to wait until the spring.",
        "Advertisement of the post was delayed until the council had met, and by then it was nobody's business.",
    ],
)
@pytest.mark.parametrize("place", ["above", "inside", "below"])
def test_keeps_a_sentence_that_says_what_prompts_say(sentence: str, place: str) -> None:
    text = {"above": above, "inside": inside, "below": below}[place](sentence)
    assert clean_text(text).text == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Teilen wollte das Oberdorf die Kosten nicht, und das Unterdorf schrieb einen langen Brief darüber."),
        ("fr", "Partager le prix du pont, personne n'y songeait, et la lettre est restée deux ans sans réponse."),
        ("es", "Compartir el coste del puente no lo quiso nadie, y la carta quedó dos años sin respuesta."),
        ("ru", "Поделиться хлебом с соседями было здесь делом обычным, и мост строили точно так же, всем миром."),
        ("ar", "شارك المقال الذي كتبته المعلّمة في جمع المال للجسر، فقد قرأه الناس كلهم في القرية العليا."),
        ("hi", "शेयर बाज़ार में चक्की के दाम मंगलवार को एक तिहाई गिर गए, जब पुल की ख़बर वहाँ तक पहुँची।"),
        ("zh", "他念得很慢，遇到广告也照念不误，满船的人听得哈哈大笑，第二天真有人去买那张床垫。"),
        ("ja", "広告の裏に書かれた時刻表を頼りに、子どもたちは一時間の道を毎朝歩いて学校へ通ったという。"),
        ("ko", "광고지 뒷면에 적힌 시간표를 보고 아이들은 아침마다 한 시간 길을 걸어 학교에 갔다고 한다."),
        ("tr", "Paylaş dedi babası, çünkü ekmek bölününce çoğalır, köprü de işte böyle yapıldı bu köyde."),
        ("pl", "Reklama mostu wisiała przy młynie przez dziewięć lat, aż deszcz zmył z niej ostatnią literę."),
        ("kk", "Бөлісу бұл ауылда үйреншікті іс болатын, сондықтан көпірді де бәрі бірге жасап шықты дейді."),
    ],
)
def test_keeps_a_sentence_that_says_what_prompts_say_in_other_languages(language: str, sentence: str) -> None:
    text = inside(sentence, language)
    assert clean_text(text).text == text
    assert remove_prompts(text) == text


def test_keeps_headings_of_the_article_that_are_names_of_networks() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\nFacebook and Instagram\n\n{second}"
    assert clean_text(text).text == text
    assert remove_prompts(text) == text


def test_keeps_a_path_in_the_middle_of_the_article() -> None:
    text = inside("Settings > Network > Proxy")
    assert clean_text(text).text == text


def test_keeps_a_list_of_instructions_with_buttons_in_it() -> None:
    kept = "1. Click on Share.\n2. Choose Email.\n3. Press Send, and wait.\n4. Subscribe"
    assert clean_text(inside(kept)).text == inside(kept)
    assert remove_prompts(inside(kept)) == inside(kept)


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        (
            "en",
            "We use cookies to ensure that we give you the best experience on our website. If you continue to use this "
            "site we will assume that you are happy with it.",
        ),
        (
            "it",
            "Utilizziamo i cookie per essere sicuri che tu possa avere la migliore esperienza sul nostro sito. Se "
            "continui ad utilizzare questo sito noi assumiamo che tu ne sia felice.",
        ),
        (
            "de",
            "Wir verwenden Cookies, um Ihnen die bestmögliche Erfahrung zu bieten. Wenn Sie diese Website weiter "
            "nutzen, gehen wir von Ihrem Einverständnis aus.",
        ),
        (
            "ru",
            "Мы используем файлы cookie. Продолжая использовать сайт, вы соглашаетесь на обработку данных.",
        ),
    ],
)
def test_removes_a_notice_that_says_two_things_also_where_there_is_no_other_noise(language: str, notice: str) -> None:
    assert clean_text(below(notice, language)).text == plain(language)


@pytest.mark.parametrize(
    "line",
    [
        "FacebookTwitterLinkedIn",
        "FacebookLinkedInTwitterEmailCopy link",
        "Share to XShare to FacebookShare to Pinterest",
        "Follow the Osk Herald on Facebook, Twitter, Instagram",
    ],
)
def test_removes_a_row_of_networks_however_it_is_run_together(line: str) -> None:
    assert clean_text(below(line)).text == plain()


@pytest.mark.parametrize("line", ["LinkedIn lists", "Line by line", "Facebook, Twitter, Instagram and the law"])
def test_keeps_a_heading_that_names_networks(line: str) -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\n{line}\n\n{second}"
    assert clean_text(text).text == text


@pytest.mark.parametrize(
    ("language", "button"),
    [
        ("en", "Book a free demo"),
        ("de", "Jetzt kostenlos testen"),
        ("fr", "Demander un devis"),
        ("ja", "資料請求はこちら"),
    ],
)
def test_removes_a_box_that_leads_to_its_button(language: str, button: str) -> None:
    box = f"Osk & Daughters 2024\nQuill 40\n{button}"
    assert clean_text(below(f"{box}\n\nFacebook\nTwitter\nInstagram", language)).text == plain(language)


def test_keeps_a_button_that_heads_a_section_or_stands_in_a_clean_text() -> None:
    first, second = PROSE["en"]
    for text in (f"{first}\n\nGet started\n\n{second}", f"{first}\n\n{second}\n\nLearn more"):
        assert clean_text(text).text == text


def test_removes_what_screen_readers_add_to_a_link_below_the_article() -> None:
    assert (
        clean_text(below("Our promise (opens in new window)\nCareers (opens in new window)\nShare this article")).text
        == plain()
    )


def test_keeps_a_line_of_the_article_that_ends_in_what_screen_readers_say() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\nEdda Quill, mayor (opens in a new tab)\n\n{second}"
    assert clean_text(f"{text}\n\nShare this article\nFacebook\nTwitter").text == text


@pytest.mark.parametrize(
    ("language", "home"), [("en", "Home"), ("de", "Startseite"), ("fr", "Accueil"), ("ru", "Главная")]
)
def test_removes_a_breadcrumb_trail_that_stands_as_a_list(language: str, home: str) -> None:
    assert clean_text(above(f"- {home}\n- News\n- Osk", language)).text == plain(language)


def test_keeps_a_list_with_which_an_article_begins() -> None:
    for text in (
        above("- Osk rises\n- Bridge lost\n- Nobody hurt"),
        above("- Home is what the river took from us that night"),
    ):
        assert clean_text(text).text == text


@pytest.mark.parametrize("line", ["Tags: bridges, rivers, schools", "Filed under: Bridges, Rivers"])
def test_removes_the_tags_that_end_a_text(line: str) -> None:
    assert clean_text(below(line)).text == plain()


def test_keeps_a_label_like_that_of_tags_amid_a_text() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\nTopics: bridges, rivers, schools\n\n{second}\n\n{first[:-1]} again.\n\n{second[:-1]} again."
    assert clean_text(text).text == text


LEDE = "The ferry to the island ran on Tuesday for time number {n} this year, and it was late again, said the master."
FERRY = "\n\n".join(LEDE.format(n=n) for n in range(6))
FAEHRE = "\n\n".join(
    f"Die Fähre zur Insel fuhr am Dienstag zum {n}. Mal in diesem Jahr, und sie war wieder zu spät, sagte der Wirt."
    for n in range(6)
)


@pytest.mark.parametrize(
    ("article", "line"),
    [
        (FERRY, "Subscribe now to our evening edition for the full story."),
        (FERRY, "For the latest stories, download the Harbour apps for iOS and Android."),
        (FERRY, "Follow The Harbour on Twitter and Instagram. Send us a message on WhatsApp at 1-000-0000."),
        (FERRY, "Video available until 28.02.2021"),
        (FAEHRE, "Lust auf mehr? Lass dir die besten Texte jede Woche in deinen Posteingang liefern!"),
        (FAEHRE, "Video verfügbar bis 28.02.2021"),
    ],
)
def test_what_publishers_ask_for_in_a_sentence_goes(article: str, line: str) -> None:
    assert clean_text(f"{article}\n\n{line}").text == article


@pytest.mark.parametrize(
    ("article", "line"),
    [
        (FERRY, "She posted the picture on Twitter and Instagram and on Facebook, where nobody saw it for a week."),
        (FERRY, "The harbour master had asked for the full story of the collision, and he got it on Wednesday."),
        (FERRY, "The timetable is to be had in apps for iOS and Android, which the council paid for last year."),
        (FAEHRE, "Er hatte Lust auf mehr, doch die Fähre war schon weg, und so blieb er noch eine Nacht im Gasthof."),
    ],
)
def test_keeps_a_sentence_that_says_one_of_the_things_that_such_prompts_say(article: str, line: str) -> None:
    text = f"{article}\n\n{line}\n\n{article.replace('1', '10')}"
    assert line in clean_text(text).text
    assert line in clean_text(f"{article}\n\n{line}").text


def test_keeps_the_cells_of_a_table_that_are_words_of_buttons() -> None:
    cells = ["Network", "Price", "Facebook", "$0.50 a view", "Instagram", "$0.90 a view", "Apps", "Boats, Buses"]
    kept = "\n\n".join([*PROSE["en"], *cells, "The prices are those of May. " * 20 + "They will rise."])
    text = f"{kept}\n\nShare this article\nFacebook\nTwitter"
    assert clean_text(text).text == kept


def test_removes_a_button_below_another() -> None:
    text = "\n\n".join([PROSE["en"][0], "Share\nEmail\nPrint", PROSE["en"][1], ALSO_READ["en"]])
    assert clean_text(text).text == plain()


def test_keeps_the_items_of_a_list_below_a_picture() -> None:
    items = "Draw up a budget\nWrite to the ferry\nFind a hall with a roof"
    text = "\n\n".join([*PROSE["en"], "Photo: Iona Pell", f"{items}\nSubscribe to our newsletter", "Follow us"])
    assert items in clean_text(text).text


@pytest.mark.parametrize(
    "line",
    [
        "Press enter or click to view image in full size",
        "Pause slideshow",
        "Advertisement. Scroll to continue reading.",
        "Was this article useful?",
        "Sign up for our monthly newsletter",
        "Share this article on",
    ],
)
def test_a_line_of_a_page_goes_wherever_it_stands_and_stays_in_a_sentence(line: str) -> None:
    assert clean_text(inside(line)).text == plain()
    sentence = f"The sign at the landing stage said “{line.rstrip('.?')}” for a year, and nobody knew what it meant."
    assert sentence in clean_text(f"{inside(sentence)}\n\n{line}").text


def test_removes_what_screen_readers_are_told_of_many_buttons_and_keeps_one() -> None:
    buttons = [f"Links to {shop}" for shop in ("Skarrow Boats", "Osk Oars", "Velm Ropes")]
    noise = "Share this article\nFacebook\nTwitter"
    text = "\n\n".join(f"{button}\n\n{paragraph}" for button, paragraph in zip(buttons, 3 * [plain()], strict=True))
    assert "Links to" not in clean_text(f"{text}\n\n{noise}").text
    assert buttons[0] in clean_text(f"{inside(buttons[0])}\n\n{noise}").text


READER = (
    "I read it before I read the tide table, and I am a ferryman, writes a reader from the lower quay of the town, who "
    "has had it sent to him every Friday since the storm that took the old bridge and has kept each of them, he says, "
    "in the drawer of the table at which his father mended nets."
)
SOUP = (
    "Simmer the onions until they are clear, then add the mussels and the water, put the lid on, and wait until all "
    "the shells have opened; those that stay shut go back into the sea, as they say on the upper quay, and the others "
    "are eaten from the pot, with bread that has stood by the fire."
)
ASKING = "Subscribe to our newsletter\nPrivacy policy\nShare this article"
TELLING = "Terms of use\nFollow us on Twitter\nContact us"
FUNERAL = "The boat was launched on Friday at two."


def test_removes_all_of_a_box_below_the_article_that_says_six_things_that_pages_say() -> None:
    box = f"{ASKING}\nThe valley in your pocket\n{READER}\n{TELLING}\nOsk 4"
    result = clean_text(f"{FERRY}\n\n{box}")
    assert result.text == FERRY
    assert {edit.original.strip() for edit in result.edits if edit.rule == "prompt.foot-box"} >= {READER}


def test_keeps_a_sentence_among_the_noise_below_an_article_whose_paragraphs_are_lines_too() -> None:
    for article in (FERRY.replace("\n\n", "\n"), FERRY.replace("\n\n", "\n", 3)):
        assert READER in clean_text(f"{article}\n\n{ASKING}\n{READER}\n{TELLING}").text


@pytest.mark.parametrize(
    "box",
    [
        f"{READER}\n{ASKING}\n{TELLING}",
        f"{ASKING}\n{TELLING}\n{READER}",
        f"Share\nFacebook\nTwitter\nWhatsApp\nE-Mail\nReddit\n{READER}\nShare this article",
        f"{ASKING}\n{READER}\nFollow us on Twitter\nContact us",
        f"{ASKING}\nHarbour soup\n2 onions\n1 pound of mussels\n3 cups of water\n{SOUP}\n{TELLING}",
        f"{ASKING}\n1. {SOUP}\n{TELLING}",
    ],
    ids=["above the noise", "below the noise", "in a share bar", "beside less noise", "recipe", "list"],
)
def test_keeps_a_sentence_of_the_article_that_buttons_stand_with(box: str) -> None:
    kept = SOUP if SOUP in box else READER
    assert kept in clean_text(f"{FERRY}\n\n{box}").text


def test_keeps_a_sentence_among_noise_amid_the_article_or_longer_than_it() -> None:
    assert READER in clean_text(f"{FERRY}\n\n{ASKING}\n{READER}\n{TELLING}\n\n{LEDE.format(n=9)}").text
    long = "\n".join(f"{READER[:-1]}, for the {n}th time." for n in range(6))
    article = f"{LEDE.format(n=9)}\n\n{LEDE.format(n=8)}"
    assert clean_text(f"{article}\n\n{ASKING}\n{long}\n{TELLING}").text.count(READER[:-1]) == 6


@pytest.mark.parametrize(
    "buttons", ["Share\nPrint", "Share\nSubscribe to our newsletter", "Share\nPrint\nAdvertisement"]
)
def test_keeps_a_short_sentence_that_few_buttons_stand_with(buttons: str) -> None:
    for text in (f"{FERRY}\n\n{FUNERAL}\n{buttons}", f"{LEDE.format(n=9)}\n\n{FUNERAL}\n{buttons}\n\n{FERRY}"):
        assert FUNERAL in clean_text(text).text
    assert FUNERAL not in clean_text(f"{FERRY}\n\n{FUNERAL}\n{ASKING}\n{TELLING}").text
