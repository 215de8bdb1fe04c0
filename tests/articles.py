"""Short articles in twenty-six languages, to set noise into; all people and places are invented."""

from __future__ import annotations

from typing import Final

PROSE: Final[dict[str, tuple[str, str]]] = {
    "en": (
        "The river Osk rose by two metres in the night and took the old footbridge with it. Nobody was hurt, but the "
        "children of the upper village will have to walk an hour to school until the summer.",
        "The mayor, Edda Quill, said that a new bridge had been promised for nine years. She would believe in it, she "
        "told the meeting, when she could hear her own steps on the planks.",
    ),
    "de": (
        "Die Osk ist in der Nacht um zwei Meter gestiegen und hat die alte Holzbrücke mitgerissen. Verletzt wurde "
        "niemand, aber die Kinder aus dem Oberdorf müssen bis zum Sommer eine Stunde zur Schule gehen.",
        "Bürgermeisterin Edda Quell sagte, die neue Brücke sei seit neun Jahren versprochen. "
        "Sie glaube daran, wenn sie "
        "ihre eigenen Schritte auf den Planken höre, und nicht einen Tag früher.",
    ),
    "fr": (
        "La rivière est montée de deux mètres dans la nuit et a emporté la vieille "
        "passerelle. Personne n'a été blessé, "
        "mais les enfants du haut du village devront marcher une heure pour aller à l'école jusqu'à l'été.",
        "La maire, Edda Quillard, a rappelé que le nouveau pont était promis depuis neuf ans. Elle y croira, dit-elle, "
        "quand elle entendra le bruit de ses propres pas sur les planches.",
    ),
    "es": (
        "El río subió dos metros durante la noche y se llevó la vieja pasarela de madera. No hubo heridos, pero los "
        "niños del barrio alto tendrán que caminar una hora hasta la escuela hasta el verano.",
        "La alcaldesa, Edda Quila, recordó que el nuevo puente está prometido desde hace "
        "nueve años. Dijo que creerá en "
        "él cuando oiga sus propios pasos sobre las tablas.",
    ),
    "pt": (
        "O rio subiu dois metros durante a noite e levou a velha ponte de madeira. Ninguém "
        "ficou ferido, mas as crianças "
        "da parte alta da aldeia terão de andar uma hora até à escola.",
        "A presidente da câmara, Edda Quilha, lembrou que a nova ponte foi prometida há nove anos. Disse que só vai "
        "acreditar quando ouvir os seus próprios passos sobre as tábuas.",
    ),
    "it": (
        "Il fiume è salito di due metri durante la notte e ha portato via la vecchia passerella di legno. Nessuno è "
        "rimasto ferito, ma i bambini del borgo alto dovranno camminare un'ora per andare a scuola.",
        "La sindaca Edda Quilli ha ricordato che il nuovo ponte è promesso da nove anni. Ci crederà, ha detto, quando "
        "sentirà il rumore dei suoi passi sulle assi.",
    ),
    "nl": (
        "De rivier is in de nacht twee meter gestegen en heeft de oude houten brug meegenomen. Niemand raakte gewond, "
        "maar de kinderen van het bovendorp moeten tot de zomer een uur lopen naar school.",
        "Burgemeester Edda Quilman zei dat de nieuwe brug al negen jaar is beloofd. Ze gelooft het pas, zei ze, als ze "
        "haar eigen stappen op de planken hoort.",
    ),
    "pl": (
        "Rzeka podniosła się w nocy o dwa metry i zabrała starą drewnianą kładkę. Nikt nie został ranny, ale dzieci z "
        "górnej części wsi będą musiały chodzić do szkoły godzinę, i to aż do lata.",
        "Wójt Edda Kwilecka powiedziała, że nowy most jest obiecany od dziewięciu lat. Uwierzy w niego, jak mówi, gdy "
        "usłyszy na deskach swoje własne kroki, i ani dnia wcześniej.",
    ),
    "cs": (
        "Řeka v noci stoupla o dva metry a vzala s sebou starou dřevěnou lávku. Nikdo se nezranil, ale děti z horní "
        "vsi budou muset do školy chodit hodinu pěšky, a to až do léta.",
        "Starostka Edda Kvilová řekla, že nový most je slíbený už devět let. Uvěří v něj, jak říká, až uslyší na "
        "prknech své vlastní kroky, a ani o den dříve.",
    ),
    "ro": (
        "Râul a crescut cu doi metri în timpul nopții și a luat cu el vechea punte de lemn. "
        "Nimeni nu a fost rănit, dar "
        "copiii din satul de sus vor merge o oră pe jos până la școală.",
        "Primarul Edda Chilescu a spus că noul pod este promis de nouă ani. Va crede în el, spune ea, când își va auzi "
        "pașii pe scânduri, și nici cu o zi mai devreme.",
    ),
    "sv": (
        "Ån steg två meter under natten och tog med sig den gamla gångbron av trä. Ingen skadades, men barnen i övre "
        "byn får gå en timme till skolan ända fram till sommaren.",
        "Borgmästaren Edda Kvill sade att den nya bron har varit utlovad i nio år. Hon tror på den, säger hon, när hon "
        "hör sina egna steg på plankorna, och inte en dag tidigare.",
    ),
    "ru": (
        "За ночь вода в реке поднялась на два метра и унесла старый пешеходный мост. Никто не пострадал, но дети из "
        "верхней деревни до лета будут ходить в школу целый час.",
        "Глава посёлка Эдда Квилль напомнила, что новый мост обещают уже девять лет. Она поверит в него, когда услышит "
        "на досках собственные шаги, и ни днём раньше.",
    ),
    "uk": (
        "За ніч вода в річці піднялася на два метри і знесла старий пішохідний міст. Ніхто не постраждав, але діти з "
        "верхнього села до літа ходитимуть до школи цілу годину.",
        "Голова громади Едда Квіль нагадала, що новий міст обіцяють вже дев'ять років. Вона повірить у нього, коли "
        "почує на дошках власні кроки, і ні на день раніше.",
    ),
    "kk": (
        "Түнде өзеннің суы екі метрге көтеріліп, ескі жаяу көпірді ағызып кетті. Ешкім "
        "зардап шеккен жоқ, бірақ жоғарғы "
        "ауылдың балалары жазға дейін мектепке бір сағат жүріп баратын болды.",
        "Ауыл әкімі Едіге Құлжанов жаңа көпір туралы тоғыз жылдан бері айтылып келе жатқанын еске салды. Ол тақтайдың "
        "үстінде өз қадамын естігенде ғана сенеді және оған дейін күтетін болады.",
    ),
    "tr": (
        "Nehir gece iki metre yükseldi ve eski ahşap köprüyü alıp götürdü. Kimse yaralanmadı, ancak yukarı köyün "
        "çocukları yaza kadar okula bir saat yürümek zorunda kalacak.",
        "Belediye başkanı Edda Kuyulu, yeni köprünün dokuz yıldır vaat edildiğini söyledi. Tahtaların üzerinde kendi "
        "adımlarını duyduğu gün buna inanacak, ama ondan önce değil.",
    ),
    "ar": (
        "ارتفع منسوب النهر في الليل مترين وجرف معه الجسر الخشبي القديم. لم يصب أحد بأذى، لكن أطفال القرية العليا سوف "
        "يمشون ساعة كاملة إلى المدرسة حتى الصيف.",
        "وقالت رئيسة البلدية إيمان القليل إن الجسر الجديد موعود منذ تسع سنوات. وأضافت أنها لن تصدق ذلك إلا بعد أن تسمع "
        "وقع خطواتها على الألواح.",
    ),
    "fa": (
        "آب رودخانه در شب دو متر بالا آمد و پل چوبی قدیمی را با خود برد. کسی آسیب ندید اما کودکان روستای بالا باید تا "
        "تابستان یک ساعت تا مدرسه راه بروند.",
        "شهردار، ادا قلی‌پور، گفت که پل تازه را نه سال است که به مردم وعده داده‌اند. او این را آن روز باور می‌کند که "
        "صدای گام‌های خود را بر تخته‌ها بشنود.",
    ),
    "hi": (
        "रात में नदी का पानी दो मीटर बढ़ गया और लकड़ी का पुराना पुल बह गया। कोई घायल नहीं हुआ, लेकिन ऊपरी गाँव के बच्चों "
        "को गर्मियों तक स्कूल के लिए एक घंटा पैदल चलना होगा।",
        "सरपंच ईडा क्विलकर ने कहा कि नए पुल का वादा नौ साल से किया जा रहा है। उन्होंने बताया कि वह इस पर तभी भरोसा करेंगी "
        "जब तख्तों पर अपने ही कदमों की आवाज़ सुनेंगी।",
    ),
    "bn": (
        "রাতে নদীর জল দুই মিটার বেড়ে পুরোনো কাঠের সেতুটি ভাসিয়ে নিয়ে গেছে। কেউ আহত হয়নি, কিন্তু উপরের গ্রামের শিশুদের "
        "গ্রীষ্ম পর্যন্ত এক ঘণ্টা হেঁটে স্কুলে যেতে হবে।",
        "গ্রামপ্রধান এডা কুইল বলেন, নতুন সেতুর কথা নয় বছর ধরে শোনা যাচ্ছে। তক্তার উপর নিজের পায়ের শব্দ শুনলে তবেই "
        "তিনি বিশ্বাস করবেন, তার এক দিন আগেও নয়।",
    ),
    "ta": (
        "இரவில் ஆற்றின் நீர் இரண்டு மீட்டர் உயர்ந்து பழைய மரப் பாலத்தை அடித்துச் சென்றது. யாரும் காயமடையவில்லை, ஆனால் மேல் "
        "கிராமத்துக் குழந்தைகள் கோடை வரை பள்ளிக்கு ஒரு மணி நேரம் நடக்க வேண்டும்.",
        "புதிய பாலம் ஒன்பது ஆண்டுகளாக வாக்குறுதியாகவே இருக்கிறது என்று ஊராட்சித் தலைவர் எட்டா குயில் கூறினார். பலகைகளின் மேல் "
        "தன் காலடி ஓசையைக் கேட்கும் நாளில்தான் நம்புவேன் என்றார்.",
    ),
    "te": (
        "రాత్రి నది నీరు రెండు మీటర్లు పెరిగి పాత చెక్క వంతెనను కొట్టుకుపోయింది. ఎవరికీ గాయాలు కాలేదు, కానీ ఎగువ గ్రామం "
        "పిల్లలు వేసవి వరకు బడికి గంట సేపు నడవాల్సి ఉంటుంది.",
        "కొత్త వంతెన గురించి తొమ్మిదేళ్లుగా హామీ ఇస్తున్నారని సర్పంచ్ ఎడ్డా కువిల్ గుర్తు చేశారు. పలకల మీద తన అడుగుల చప్పుడు "
        "విన్నప్పుడే నమ్ముతానని ఆమె అన్నారు.",
    ),
    "id": (
        "Air sungai naik dua meter pada malam hari dan menghanyutkan jembatan kayu yang lama. Tidak ada yang terluka, "
        "tetapi anak-anak dari kampung atas harus berjalan satu jam ke sekolah sampai musim kemarau.",
        "Kepala desa Edda Kuilasari mengatakan bahwa jembatan baru itu sudah dijanjikan selama sembilan tahun. Ia akan "
        "percaya, katanya, ketika mendengar langkahnya sendiri di atas papan.",
    ),
    "vi": (
        "Nước sông dâng hai mét trong đêm và cuốn trôi cây cầu gỗ cũ. Không ai bị thương, "
        "nhưng trẻ em ở xóm trên sẽ phải "
        "đi bộ một giờ đến trường cho đến mùa hè.",
        "Bà Quỳnh Ê Đa, trưởng thôn, nói rằng cây cầu mới đã được hứa từ chín năm nay. Bà sẽ tin vào điều đó khi nghe "
        "thấy tiếng bước chân của mình trên ván, và không sớm hơn một ngày.",
    ),
    "zh": (
        "昨夜河水上涨两米，冲走了村口那座用了六十年的旧木桥。没有人受伤，可是上村的孩子们到夏天为止，每天上学都要多走一个小时的山路，"
        "风雨天里还要由大人轮流背过浅滩，老师也把第一节课推迟到了九点。",
        "村长桂晓禾说，新桥的事已经讲了九年，图纸换了三回。她说自己要等到在桥板上听见自己的脚步声才会相信，早一天都不信，"
        "在那以前她仍旧每天早晨站在渡口，数着过河的孩子。",
    ),
    "ja": (
        "昨夜、川の水位が二メートル上がり、六十年使われてきた古い木の橋が流された。けが人はいなかったが、上の集落の子どもたちは"
        "夏まで学校へ一時間歩いて通うことになり、雨の日は大人が交代で浅瀬を渡すという。",
        "村長の桂川えだ葉さんは、新しい橋の話はもう九年も続いていると語った。板の上で自分の足音を聞くまでは信じない、"
        "一日でも早くは信じないと笑い、翌朝も渡し場に立って子どもたちの数を数えていた。",
    ),
    "ko": (
        "밤사이 강물이 이 미터나 불어나 육십 년 된 낡은 나무다리가 떠내려갔다. 다친 사람은 "
        "없었지만 윗마을 아이들은 여름까지 "
        "학교에 가려고 한 시간을 걸어야 하고, 비가 오는 날에는 어른들이 번갈아 얕은 여울을 건네준다.",
        "이장 구에다 씨는 새 다리를 놓겠다는 약속이 벌써 구 년째라고 말했다. 널빤지 위에서 자기 "
        "발소리를 들을 때에야 믿겠다고 "
        "그는 말했다. 그 전까지는 하루도 먼저 믿지 않겠다며 아침마다 나루에 나가 아이들의 수를 센다.",
    ),
}
"""By language, the two paragraphs of an article."""

LANGUAGES: Final = tuple(PROSE)

ALSO_READ: Final = {
    "en": "ALSO READ: Ferry runs on Sundays again",
    "de": "Lesen Sie auch: Die Fähre fährt wieder sonntags",
    "fr": "À LIRE AUSSI : Le bac reprend son service du dimanche",
    "es": "Lea también: El transbordador vuelve a salir los domingos",
    "pt": "Leia também: A balsa volta a sair aos domingos",
    "it": "Leggi anche: Il traghetto torna a viaggiare la domenica",
    "nl": "Lees ook: De veerboot vaart weer op zondag",
    "pl": "Czytaj też: Prom znów pływa w niedziele",
    "cs": "Čtěte také: Přívoz zase jezdí v neděli",
    "ro": "Citește și: Bacul circulă din nou duminica",
    "sv": "Läs även: Färjan går på söndagar igen",
    "ru": "Читайте также: Паром снова ходит по воскресеньям",
    "uk": "Читайте також: Пором знову ходить у неділю",
    "kk": "Тағы оқыңыз: Паром жексенбіде қайта жүре бастады",
    "tr": "Ayrıca oku: Feribot yeniden pazar günleri çalışıyor",
    "ar": "اقرأ أيضًا: العبّارة تعود إلى العمل أيام الأحد",
    "fa": "بیشتر بخوانید: کشتی دوباره روزهای یکشنبه حرکت می‌کند",
    "hi": "यह भी पढ़ें: रविवार को फिर चलेगी नाव",
    "bn": "আরও পড়ুন: রবিবার আবার চলবে খেয়া",
    "ta": "மேலும் படிக்க: ஞாயிற்றுக்கிழமை மீண்டும் படகு ஓடும்",
    "te": "ఇది కూడా చదవండి: ఆదివారం మళ్లీ నడవనున్న పడవ",
    "id": "Baca juga: Kapal penyeberangan kembali beroperasi hari Minggu",
    "vi": "Xem thêm: Phà lại chạy vào Chủ nhật",
    "zh": "相关阅读：渡船周日恢复开行",
    "ja": "【あわせて読みたい】渡し船、日曜の運航を再開",
    "ko": "관련기사: 나룻배, 일요일 운항 다시 시작",
}
"""By language, a line that points to another article, as its newspapers print it."""


def plain(language: str = "en") -> str:
    """The article without any noise."""
    return "\n\n".join(PROSE[language])


def inside(noise: str, language: str = "en") -> str:
    """The article with noise between its paragraphs."""
    return f"\n\n{noise}\n\n".join(PROSE[language])


def above(noise: str, language: str = "en") -> str:
    """The article with noise above it."""
    return f"{noise}\n\n{plain(language)}"


def below(noise: str, language: str = "en") -> str:
    """The article with noise below it."""
    return f"{plain(language)}\n\n{noise}"
