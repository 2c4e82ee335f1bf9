"""The days to which a message restricts the papers: said of papers, not of anything else."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from assistant.surveys import asks_for_several
from assistant.understanding.dates import Mention, Span, mentions
from assistant.understanding.phrases import any_of, compiled
from assistant.understanding.reviews import review_topic

LOOK_BACK = 300
"""Characters before a date in which the words are sought that make it a date of papers."""

PAPERS = "(?:papers?|articles?|preprints?|publications?|abstracts?|submissions?)"
WORKS = f"(?:{PAPERS}|stud(?:y|ies)|works?|research|methods?|approaches|techniques|results)"
OUT = any_of("""
    published|posted|listed|submitted|released|uploaded|announced|featured|added|written
    new|out|there|(came|come|comes|coming) out|appear(ed|ing)?
""")
DIGEST = any_of("""
    digest|summary|summari[sz]e|sum up|recap|round-?up|overview|highlights?|newsletter
    list|listing|news|what( has|['’]s| is)? (happened|hot|trending|going on)
    what did i miss|catch me up( on)?
""")
ABOUT = any_of("""
    on|about|regarding|concerning|in|for|covering|around|studying|using|with|by
    dealing with|that deal with|related to
""")
OF = "(?:(?:from|of|on|in|for|during|within|over|dated|by) )?(?:the )?"
WERE = "(?:(?:that|which) )?(?:(?:were|was|are|is|has|have|had)(?: been)? )?"
ANYTHING = f"(?:what|anything|something|everything|(?:which|how many) (?:new )?{WORKS})"
HAS = any_of("""
    ['’]s
    ( (is|are|was|were|has|have|had|been|got|just|there))*
""")
NAMING = "(?:^|(?:the|all|any|of|from|me|some|list|show|find|summari[sz]e|recent) )"
END = r" ?(?:[?.!]|$)"


class Frame(NamedTuple):
    """Words around a date that say it of papers; blanks stand for blanks."""

    example: str
    before: str
    """What ends where the date begins; its group `cut` goes with the date."""
    after: str = ""
    """What begins where the date ends; its group `cut` goes, too."""
    leaves: str = ""
    """What stands in place of the date afterwards."""
    bare: bool = False
    """Whether a year, month or weekday alone is a date here, without `from`, `in`, … before it."""
    survey: bool = False
    """Whether the message must ask for several papers, and the date be open (`since …`)."""


FRAMES = (
    Frame(
        "last week's papers",
        before=r"(?:^|[ (])(?P<cut>(?:the )?)",
        after=rf"(?P<cut>['’]s?) (?:[\w-]+ ){{0,4}}?(?:{PAPERS}|{DIGEST})\b",
        leaves="the",
        bare=True,
    ),
    Frame(
        "2024 papers",
        before=rf"{NAMING}(?P<cut>)",
        after=rf" (?:[\w-]+ )?{PAPERS}\b",
        bare=True,
    ),
    Frame(
        "papers published in 2024",
        before=rf"\b{PAPERS} (?P<cut>{WERE}(?:{OUT} )?{OF})",
    ),
    Frame(
        "papers (2024)",
        before=rf"\b{PAPERS} ?(?P<cut>\()",
        after=r"(?P<cut>\))",
        bare=True,
    ),
    Frame(
        "papers on pruning from 2024",
        before=rf"\b{PAPERS} {ABOUT} .{{1,200}}?(?P<cut>,? {WERE}(?:{OUT} )?{OF})",
        after=END,
    ),
    Frame(
        "what came out in 2024",
        before=rf"(?:^|\W){ANYTHING}{HAS} {OUT}(?P<cut> {OF})",
    ),
    Frame(
        "anything new on pruning in 2024",
        before=rf"(?:^|\W){ANYTHING}{HAS} {OUT} {ABOUT} .{{1,100}}?(?P<cut>,? {OF})",
        after=END,
    ),
    Frame(
        "any recent work on pruning from 2024",
        before=rf"\b(?:any|the) (?:new|recent|latest) {WORKS} {ABOUT} .{{1,100}}?(?P<cut>,? {OF})",
        after=END,
    ),
    Frame(
        "anything on pruning from 2024",
        before=rf"\b(?:any|some|every)thing {ABOUT} .{{1,100}}?(?P<cut>,? {WERE}(?:{OUT} )?{OF})",
        after=END,
    ),
    Frame(
        "what has Maria Alvarez published in 2024",
        before=rf"(?:^|\W)what (?:has|have|did) .{{1,60}} (?:publish|write|{OUT})(?P<cut> {OF})",
        after=END,
    ),
    Frame(
        "digest of this week",
        before=rf"\b{DIGEST}(?P<cut> {OF})",
        after=rf"(?P<cut>(?:['’]s?)?){END}",
    ),
    Frame(
        "since 2024, what was published",
        before=rf"^(?:(?:and|so) )?(?P<cut>{OF})",
        after=rf"(?P<cut>[,:]?) (?=.*\b(?:{PAPERS}|{OUT})\b)",
    ),
    Frame(
        "what is known about pruning since 2024",
        before="(?P<cut>,? )",
        after=END,
        survey=True,
    ),
    Frame(
        "last Tuesday",
        before=rf"^(?P<cut>{OF})",
        after=END,
    ),
)

OPEN = "(?:since|after|before|until|between|from|starting|later|newer|prior)\\b"
"""How an open span or one between two dates begins: it needs no `in` or `from` before it."""

INTRODUCED = r"\b(?:from|of|on|in|for|during|within|over|dated|by) (?:the )?$"


class Restricted(NamedTuple):
    """A message that asks for the papers of some days."""

    span: Span
    rest: str
    """The message without the days."""


def restricted(message: str, *, today: date) -> Restricted | None:
    """Find the days to which the papers are restricted; None if the message names none.

    Args:
        message: On one line, words one blank apart (`messages.plain`).
        today: The day from which `last week` counts.

    >>> restricted("What is known since 2010 about ImageNet 2012?", today=date(2025, 10, 30))
    >>> restricted("papers of 2012 about ImageNet", today=date(2025, 10, 30)).rest
    'papers about ImageNet'
    """
    for mention in mentions(message, today=today):
        for frame in FRAMES:
            if (rest := _taken_out(message, mention, frame)) is not None:
                return Restricted(mention.span, rest)
    return None


def _taken_out(message: str, mention: Mention, frame: Frame) -> str | None:
    """Give the message without the date; None if the frame does not stand around it."""
    start = max(0, mention.start - LOOK_BACK)
    left = compiled(rf"(?:{frame.before})\Z").search(message, start, mention.start)
    right = compiled(frame.after).match(message, mention.end)
    if left is None or right is None or not _fits(message, mention, frame):
        return None
    end = right.end("cut") if "cut" in right.groupdict() else mention.end
    rest = f"{message[: left.start('cut')]} {frame.leaves} {message[end:]}"
    rest = re.sub(r"\bthe the\b", "the", " ".join(rest.split()))
    return re.sub(r" ([?.!,;:])", r"\1", rest).strip(" ,:")


def _fits(message: str, mention: Mention, frame: Frame) -> bool:
    opens = compiled(OPEN).match(mention.span.words) is not None
    if frame.survey:
        return opens and (asks_for_several(message) or review_topic(message) is not None)
    introduced = opens or compiled(INTRODUCED).search(message[: mention.start]) is not None
    return not mention.bare or frame.bare or introduced
