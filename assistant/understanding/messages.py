"""A message made plain: without what acts on a terminal or a page, and the words to search for."""

from __future__ import annotations

import re
import unicodedata

from index.lexical import STOP_WORDS
from index.papers import tidy

LONGEST_MESSAGE = 10_000
"""Characters of a message that are kept."""

LONGEST_WORD = 100
"""Letters and digits on end that can still be a word; MiniLM reads no longer ones either."""

ESCAPES = re.compile(
    r"""
      (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]           # colours, moves
    | (?:\x1b\]|\x9d)[^\x07\x1b\x9c]{0,500}(?:\x07|\x1b\\|\x9c)  # titles, links
    | \x1b[ -/]*[0-~]
    """,
    re.VERBOSE,
)
"""What a terminal takes for an order, with its parameters."""

REVERSED = re.compile("\u202e([^\u202c\u202d\u202e\n]*)[\u202c]?")
"""Letters that are shown from right to left."""

SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(
    r"""</?(?:a|b|i|u|p|q|s|br|hr|h[1-6]|em|li|ol|ul|td|tr|th|div|img|pre|sub|sup|svg|body|code|font
    |form|head|html|link|meta|span|table|input|video|audio|embed|iframe|object|strong|button|details
    |marquee|script|style|title|tag)\b[^<>]*>""",
    re.IGNORECASE | re.VERBOSE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)

SQL_ORDER = r"""(?:drop\s+table|delete\s+from|insert\s+into
    |select\b.{0,80}\bfrom|update\s.{0,80}\bset|union\s+(?:all\s+)?select|alter\s+table|or\s+['"\d]\S{0,20}\s*=)"""
SQL = re.compile(
    rf"""^(?: \w{{0,20}}['"]\W{{0,5}} {SQL_ORDER} .{{0,200}}?(?:--|/\*|;|$)
            | {SQL_ORDER} .{{0,200}}?(?:--|;)
         ) [\s;*/-]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""The beginning of a message that is meant for a database."""

OPERATORS = frozenset({"and", "or", "not", "near", "xor"})

PLEAS = re.compile(
    r"""
      (?:\s*[,;–—]\s*|\s+)(?:please|pls|plz|thanks|thank\s+you|thx|asap)
      (?:\s+in\s+advance|\s+so\s+much|\s+a\s+lot)?[\s!.?]*$
    | (?<=[?!.])\s+an?[sw]{1,3}e?r\w{0,2}\s+(?:me\s+)?
      (?:fast|quick\w*|now|asap|soon|please|pls)[\s!.?]*$
    | (?<=[?!.])\s+(?:hurry(?:\s+up)?|be\s+(?:quick|fast)|i\s+need\s+(?:it|this)\s+\w+)[\s!.?]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What a message ends with besides its question."""


def plain(message: str) -> str:
    """Take out what would act: escape sequences, control, zero-width and bidi characters.

    It becomes one line in NFC, of at most `LONGEST_MESSAGE` characters. What was shown from right
    to left on purpose (U+202E) is put into the order in which it was read.
    """
    text = ESCAPES.sub("", message[:LONGEST_MESSAGE])
    text = REVERSED.sub(lambda found: found[1][::-1], text)
    return tidy("".join(letter for letter in text if letter.isspace() or not _acts(letter)))


def _acts(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs"}


def searchable(text: str) -> str:
    """Take out what no paper holds: emoji, markup, code before a question, pleas; calm shouting.

    >>> searchable("WHAT DOES GROKKING MEAN FOR US ???!!! ANSWER FAST")
    'what does grokking mean for us?'
    """
    text = TAG.sub(" ", SCRIPT.sub(" ", text))
    text = SQL.sub("", "".join(" " if _pictures(letter) else letter for letter in text), count=1)
    text = " ".join(text.split())
    text = re.sub(r"[^\W_]+", lambda word: "" if _too_long(word[0]) else word[0], text)
    text = _without_pleas(_calm(text))
    text = re.sub(r"\s*[?!]{2,}", lambda marks: "?" if "?" in marks[0] else "!", text)
    return re.sub(r" +([?!.])", r"\1", " ".join(text.split()))


def says_nothing(text: str) -> bool:
    """Whether no word is left to search for: blanks, one letter, punctuation, operators, markup."""
    marked = TAG.search(text) is not None
    shown = ENTITY.sub(" ", TAG.sub(" ", SCRIPT.sub(" ", text)))
    words = re.findall(r"[^\W_]+", shown.lower())
    if marked and len(words) < 3:
        return True
    words = [word for word in words if word not in OPERATORS]
    return not words or (len(words) == 1 and len(words[0]) == 1 and words[0] < "\u2e80")


def holds_overlong_word(text: str) -> bool:
    """Whether `searchable` leaves out letters on end that are too many for a word."""
    return any(_too_long(word) for word in re.findall(r"[^\W_]+", text))


def _pictures(letter: str) -> bool:
    """Whether the letter is an emoji or a part of one."""
    category = unicodedata.category(letter)
    return (
        (category == "So" and letter > "\u22ff")
        or letter in "\ufe0e\ufe0f\u20e3"
        or ("\U0001f3fb" <= letter <= "\U0001f3ff")
    )


def _too_long(word: str) -> bool:
    """Whether this is no word: none of a script with blanks between words is so long."""
    return len(word) > LONGEST_WORD and all(letter < "\u0e00" for letter in word)


def _calm(text: str) -> str:
    """Write shouting in small letters, so that its words are not taken for names."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    loud = [word for word in words if word.isupper()]
    shouting = len(words) >= 4 and len(loud) > 0.8 * len(words)
    return text.lower() if shouting and STOP_WORDS & set(text.lower().split()) else text


def _without_pleas(text: str) -> str:
    while (shorter := PLEAS.sub("", text)) != text:
        text = shorter
    return text
