"""Does a sentence end at this punctuation? Abbreviations, initials, numbers, what follows."""

from __future__ import annotations

import re
from enum import Enum, auto

FINAL = ".?!…。！？｡।؟۔"
"""Punctuation that ends a sentence."""

FINAL_ALONE = "。！？｡"
"""What of it ends a sentence with no blank behind it."""

CLOSING = "\"'”’»›)]}」』）"
"""What belongs to the sentence though it stands behind its final punctuation."""

NEVER = frozenset("e.g eg i.e ie cf vs viz fig figs eq eqs eqn approx resp incl excl w.r.t".split())
"""Abbreviations behind which a sentence always goes on."""

NEVER_AS_NAME = frozenset(
    "Dr Mr Mrs Ms Prof St Gen Rep Sen Gov Lt Capt Rev Sec Secs Tab Alg Thm Def Prop Lem Cor App "
    "Ch Chap Vol Ref Refs".split()
)
"""The same, written with a capital."""

OFTEN = frozenset(
    "al et etc no nos p pp vol ch chap sec secs min max avg std est dept inc ltd co corp jr sr ed "
    "eds ref refs tab art op cit ibid ca alg thm def prop lem cor app suppl ex seq dim num conf "
    "acc prec orig temp param params config univ dist assoc nr hr hrs yr yrs jan feb mar apr jun "
    "jul aug sep sept oct nov dec".split()
)
"""Abbreviations behind which a sentence goes on unless a capital follows."""

STARTS = re.compile(
    r"(?:The|This|That|These|Those|It|Its|In|On|At|For|We|They|He|She|You|However|Moreover|Thus"
    r"|Furthermore|Additionally|But|And|Or|So|If|When|While|With|By|As|To|Here|There|Both|Such|Our"
    r"|Their|Another|Other|Therefore|Hence|Finally|Also|Unlike|Although|Since|Because|After|Before"
    r"|Results|Experiments|Specifically|Using|Given|Each|All|Many|Most|Some|First|Second|Third|One"
    r"|Two|Despite|Once|Then|Now|Let|Extensive|A|An)(?![\w.])"
)
"""Words that begin a sentence and are no name."""

TOKEN = re.compile(r"[^\s()\[\]\"“”'‘’*/—–-]+$")
"""The word before the punctuation."""

INITIALS = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+|[A-Z]")

LISTED = re.compile(r"(?:^\s*|[:;,]\s+)\(?(\d{1,2})$")
"""What may be the number of an item in a list that runs on in the line."""

WITHOUT_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{1,4}")

LOOK = 40
"""Characters before a full stop that say what it is."""


class Before(Enum):
    """What stands before a full stop."""

    WORD = auto()
    NUMBER = auto()
    ABBREVIATION = auto()
    """Never ends a sentence."""
    OFTEN = auto()
    """Ends a sentence if a capital follows."""
    NAME = auto()
    """Ends a sentence if a word follows that is no name: `J.`, `U.S.`, `Ph.D.`"""


def before(sentence: str) -> Before:
    """Say what stands at the end of `sentence`, which is written up to its full stop."""
    found = TOKEN.search(sentence[-LOOK:])
    token = found.group() if found else ""
    if token in NEVER_AS_NAME or token.lower() in NEVER:
        return Before.ABBREVIATION
    if token.lower() in OFTEN or WITHOUT_VOWEL.fullmatch(token):
        return Before.OFTEN
    if INITIALS.fullmatch(token):
        return Before.NAME
    if token[-1:].isdigit():
        return Before.ABBREVIATION if _listed(sentence) else Before.NUMBER
    return Before.WORD


def _listed(sentence: str) -> bool:
    """Say whether the number that stands last is the first of a list, or the next."""
    found = LISTED.search(sentence[-LOOK:])
    if not found:
        return False
    number = int(found[1])
    return number == 1 or sentence.strip() == found[1] or f"{number - 1}." in sentence


def ends(sentence: str, mark: str, *, closing: str, marked: bool, following: str) -> bool:
    """Say whether `sentence`, written up to its punctuation `mark`, ends there.

    Args:
        closing: The quotes and brackets that close directly behind the mark.
        marked: Whether a citation stands between them and what follows.
        following: What follows in the line, from its first character on: that one character, or
            the whole word and one more character behind initials.
    """
    small = following[:1].islower()
    inside = sentence.count("(") > sentence.count(")") + closing.count(")")
    if following[:1] in ",;:" or (small and inside):
        return False
    if mark != ".":
        return not small or (marked and mark[-1] in "?!")
    kind = before(sentence)
    if kind is Before.ABBREVIATION or (kind in (Before.OFTEN, Before.NAME) and ")" in closing):
        return False
    if kind is Before.NAME:
        return STARTS.match(following) is not None
    if kind is Before.OFTEN:
        return not (small or following[:1].isdigit() or following[:1] == "(")
    return not small or marked or (kind is Before.WORD and not closing)
