"""Which language a message is written in: by its script, else by its small words."""

from __future__ import annotations

import re
from functools import cache

READ = 2_000
"""Characters of a message that are looked at."""

FOREIGN_SHARE = 0.3
"""The share of letters in another script from which on a message is not English: names of models
and datasets stay Latin in every language."""

QUOTING_SHARE = 0.5
"""The same if the message also holds English small words: it may be about a foreign word."""

DENSE = "\u2e80"
"""From here on a letter counts twice: Chinese, Japanese and Korean write a word in few."""

SCRIPTS = (
    ("Japanese", "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"),
    ("Korean", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("Chinese", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
    ("Ukrainian", "іїєґІЇЄҐ"),
    ("Russian", "\u0400-\u052f"),
    ("Persian", "پچژگکی"),
    ("Urdu", "ٹڈڑںے"),
    ("Arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("Hebrew", "\u0590-\u05ff"),
    ("Hindi", "\u0900-\u097f"),
    ("Bengali", "\u0980-\u09ff"),
    ("Tamil", "\u0b80-\u0bff"),
    ("Telugu", "\u0c00-\u0c7f"),
    ("Thai", "\u0e00-\u0e7f"),
    ("Georgian", "\u10a0-\u10ff"),
    ("Armenian", "\u0530-\u058f"),
    ("Greek", "\u0370-\u03ff\u1f00-\u1fff"),
)
"""Languages by letters. Where letters of several are found, the first one that has some counts:
kana tell Japanese from Chinese, a few letters Ukrainian from Russian."""

SMALL_WORDS = {
    "English": """
        a about after al all also an and any are as at be because been before between both but
        by can come could did do does each even ever for from get had has have having he her his
        how i if in into is it its just like make many may me might more most much must my no
        not now of on one only or other our out over own same should so some such take than that
        the their them then there these they this those through to too under until up use used
        using very was way we well were what when where which while who whom why will with
        without work would you your
    """,
    "German": """
        aber alle als am an auch auf aus bei beim bin bis das dass dem den denn der des die dies
        diese diesem diesen dieser doch durch ein eine einem einen einer eines er es etwas für
        gegen gibt haben hat hier ich ihr im in ist ja jede jeder kann kein keine können man
        mehr mehrere mein mich mir mit nach nicht noch nur ob oder ohne sehr sein sich sie sind
        so über um und uns unter viel vom von vor wann warum was welche welchem welchen welcher
        welches wenn wer werden wie wir wird wo wozu zu zum zur zwischen
    """,
    "French": """
        ai alors au aussi autre aux avec avoir ce ceci cela ces cet cette comme comment dans de
        des du elle elles en entre est et existe être fait faut il ils j'ai je l'on la le les
        leur lors lorsque mais même mes mieux moins mon ne nous on ont ou où par parmi pas peut
        peuvent plus pour pourquoi quand que quel quelle quelles quels qui quoi sans se selon
        ses si son sont sous sur tous tout très un une vers vous y
    """,
    "Spanish": """
        al algo algún como cómo con cual cuál cuáles cuando cuándo cuánto cuántos de del desde
        donde dónde el ella ellos en entre es esa ese eso esta está estas este esto estos existe
        fue ha hace hacia han hay la las lo los más me mejor mi muy ni no nos o para pero por
        porque puede pueden puedo qué que quién se según ser si sí sin sobre son su sus también
        tan tiene tienen todo todos un una uno unos usando y ya
    """,
    "Portuguese": """
        à ao aos as até com como da das de dela dele do dos e é ela ele eles em entre era essa
        esse esta está este eu existe foi há isso isto já lhe mais mas me melhor meu mesmo muito
        na não nas nem no nos nós o os ou para partir pela pelas pelo pelos pode podem por
        porque posso qual quais quando quanto que quem são se sem ser seu só sobre sua também
        tem têm um uma umas uns usando você
    """,
    "Italian": """
        ai al alla alle anche che chi ci come con cosa così cui da dal dalla degli dei del della
        delle dello di dove e è fra gli ha hanno i il in io la le lo loro ma mi mia mio modo
        negli nei nel nella nelle nello non o perché per più può possono posso qual quale quali
        quando quanto quello questa queste questi questo se senza si sia sono sopra su sul sulla
        suo tra tutti un una uno
    """,
    "Dutch": """
        aan al als bij dat de deze die dit door dus een en er geen haar had heb hebben heeft het
        hij hoe hun ik in is je kan kunnen maar me meer men met mijn moet na naar niet nog nu of
        om omdat onder ons ook op over te tegen tot tussen uit van veel voor waar waarom wanneer
        was wat we welk welke werd wie wij worden wordt zich zijn zo zonder
    """,
    "Polish": """
        aby ale bez być był było czy dla do gdy gdzie go i ich jak jaka jaki jakie jakich jako
        jednak jej jest jeśli już kiedy które który której którzy lub ma mi mnie może można na
        nad nie niż o od oraz po pod poprzez przed przez przy się są ta tak także tego ten też
        to tu tym tylko w we z za że
    """,
    "Turkish": """
        acaba ama arasında ben bir biz bu bunu çok da daha de değil diye en fark gibi hangi
        hangisi hem her için ile ise kadar ki kim mı mi mu mü mıdır midir nasıl ne neden nedir
        nerede niçin o olan olarak olur onu sonra şu var ve veya ya yok
    """,
    "Swedish": """
        alla att av bli blir de den det där efter eller en ett för från går ha han har hur här i
        inte jag kan med men mellan mycket må många när och om på sig sin ska som så till under
        upp ut utan vad var varför vara vi vid vilka vilken vilket är än över
    """,
    "Danish": """
        af alle at blev blive de den der det efter eller en er et for fra få ham han har hvad
        hvem hver hvilke hvilken hvilket hvor hvordan hvorfor i ikke jeg kan kun man med meget
        mellem men mig mod når og også om op på sig som til ud uden under var ved vi være
    """,
    "Czech": """
        aby ale bez být byl co do ho jak jaká jaké jaký je jeho jejich jen ještě jestli již jsem
        jsou k kde když který která které má mezi může na nad nebo není o od po pod pro proč
        proto před při se si tak také to v ve více z za že
    """,
    "Romanian": """
        al ale am ar are asupra au ca când care ce cel cele cu cum da dacă de decât din este
        fără fi fost în între la mai nu o pe pentru poate prin sa sau se sunt și unde un una
        unei unor unui
    """,
    "Finnish": """
        ei että he hän ja jos joka jotka kanssa kuin kun kuinka me mikä miksi millainen missä
        miten mitä mutta myös ne niin nämä ole olla oli on ovat se sekä tai tämä voi voidaan
    """,
    "Hungarian": """
        a az egy és hogy nem van vagy mint meg már csak ez azt milyen mi mit hogyan miért melyik
        lehet kell között szerint több nagyon ha is volt
    """,
    "Vietnamese": """
        là của và có không các một những được cho trong để với này như thế nào khi từ tại sao
        bao nhiêu làm gì mô hình
    """,
    "Indonesian": """
        ada adalah agar akan antara apa apakah atau bagaimana bagi bahwa bisa dalam dan dapat
        dari dengan di hanya ini itu juga karena ke kita lebih mana mengapa mereka oleh pada
        saja sebagai secara seperti suatu tanpa tidak untuk yang
    """,
}
"""The small words of languages in Latin letters."""

FIRST_WORDS = {
    word: language
    for language, words in (
        ("German", "was warum weshalb wieso wie welche welcher welches wer wo wann"),
        ("French", "comment pourquoi quel quelle quels quelles combien quand"),
        ("Spanish", "qué cómo cuál cuáles cuándo dónde quién cuánto"),
        ("Portuguese", "quais quando qual porque"),
        ("Italian", "perché quale quali quanto"),
        ("Dutch", "wat hoe waarom welke wanneer hoeveel"),
        ("Polish", "jak dlaczego czym jakie jaki kiedy"),
        ("Turkish", "nasıl neden niçin hangi"),
        ("Swedish", "varför vilka vilken"),
        ("Danish", "hvad hvordan hvorfor hvilke hvilken"),
        ("Czech", "proč jaké jaký"),
        ("Finnish", "miten miksi mikä mitä"),
        ("Hungarian", "hogyan miért milyen"),
        ("Indonesian", "bagaimana mengapa apakah apa"),
    )
    for word in words.split()
}
"""Words that make a short message a question of one language."""

SHORT = 6
"""Words of a message that its first word may decide."""

ADDRESS = re.compile(r"://|\w@\w|\w\.\w")
FRENCH_ENDING = re.compile(r"-(?:t-)?(?=(?:ce|ils?|elles?|on|je|nous|vous)\b)")
WORD = re.compile(r"[^\W\d_]+(?:-\w+)*")
"""With what hangs on by hyphens: the parts of `non-rigid` are no words."""


def language_of(message: str) -> str | None:
    """Name the language of a message in English; None if it is English or not to be told.

    >>> language_of("Wie viel Speicher braucht das Modell?")
    'German'
    """
    text = " ".join(part for part in message[:READ].split() if not ADDRESS.search(part))
    words = [word.lower() for word in WORD.findall(FRENCH_ENDING.sub(" ", text))]
    english = len(set(words) & _small_words()["English"])
    return _by_script(words, english) or _by_small_words(set(words), english) or _by_first(words)


def _by_script(words: list[str], english: int) -> str | None:
    text = "".join(word for word in words if len(word) > 1)
    found = {name: _weight("".join(letters.findall(text))) for name, letters in _scripts()}
    share = QUOTING_SHARE if english else FOREIGN_SHARE
    if not sum(found.values()) or sum(found.values()) < share * _weight(text):
        return None
    return next(name for name, weight in found.items() if weight)


def _weight(letters: str) -> int:
    return sum(2 if letter >= DENSE else 1 for letter in letters)


def _by_small_words(words: set[str], english: int) -> str | None:
    """Take the language that more of the words belong to than to English.

    Two of them must be no English words, one of at least three letters or with an accent: `en` and
    `de` also stand in names and in pairs of languages.
    """
    others = {name: small for name, small in _small_words().items() if name != "English"}
    name = max(others, key=lambda each: len(words & others[each]))
    telling = (words & others[name]) - _small_words()["English"]
    if len(telling) < 2 or len(words & others[name]) <= english:
        return None
    return name if any(len(word) > 2 or not word.isascii() for word in telling) else None


def _by_first(words: list[str]) -> str | None:
    """Take a short message for what its first word asks in, unless English words follow."""
    name = FIRST_WORDS.get(words[0]) if 0 < len(words) <= SHORT else None
    if name and set(words[1:]) & _small_words()["English"] - _small_words()[name]:
        return None
    return name


@cache
def _scripts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(f"[{letters}]")) for name, letters in SCRIPTS)


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in SMALL_WORDS.items()}
