"""Which days a message restricts the papers to, if it says so of papers and not of anything else."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from assistant.dates import Mention, Span, mentions
from assistant.surveys import asks_for_several

LOOK_BACK = 300
"""Characters before a date in which the words are sought that make it a date of papers."""

PAPERS = r"(?:papers?|articles?|preprints?|publications?|abstracts?|submissions?)"
ABOUT = (
    r"(?:on|about|regarding|concerning|in|for|covering|around|studying|using|with"
    r"|(?:dealing|that\s+deal)\s+with|related\s+to)"
)
OUT = (
    r"(?:published|posted|listed|submitted|released|uploaded|announced|featured|added|new|out|there"
    r"|(?:came|come|comes|coming)\s+out|appear(?:ed|ing)?|written)"
)
WORKS = rf"(?:{PAPERS}|stud(?:y|ies)|works?|research|methods?|approaches|techniques|results)"
ANYTHING = rf"(?:what|anything|something|everything|(?:which|how\s+many)\s+(?:new\s+)?{WORKS})"
DIGEST = (
    r"(?:digest|summary|summari[sz]e|sum\s+up|recap|round-?up|overview|highlights?|newsletter"
    r"|list(?:ing)?|news|what(?:\s+has|['’]s|\s+is)?\s+(?:happened|hot|trending|going\s+on))"
)
WERE = r"(?:(?:that|which)\s+)?(?:(?:were|was|are|is|(?:has|have|had)(?:\s+been)?)\s+)?"
VERB = r"(?:['’]s|(?:\s+(?:is|are|was|were|has|have|had|been|got|just|there|they|people|anyone|you|we))+)?"
SAID_OF = r"(?:from|of|on|in|for|during|within|over|dated|by)"
THE = r"(?:the\s+)?"
END = r"\s*(?:[?.!]|$)"


class Frame(NamedTuple):
    """Words around a date that say it of papers."""

    name: str
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
    Frame("last week's papers", r"(?:^|[\s(])(?P<cut>(?:the\s+)?)", rf"(?P<cut>['’]s?)\s+(?:[\w-]+\s+){{0,4}}?(?:{PAPERS}|{DIGEST})\b", "the", bare=True),
    Frame("2024 papers", r"(?:^|\b(?:the|all|any|of|from|me|some|list|show|find|summari[sz]e|recent)\s+)(?P<cut>)", rf"\s+(?:[\w-]+\s+)?{PAPERS}\b", bare=True),
    Frame("papers published in 2024", rf"\b{PAPERS}\s+(?P<cut>{WERE}(?:{OUT}\s+)?(?:{SAID_OF}\s+)?{THE})"),
    Frame("papers (2024)", rf"\b{PAPERS}\s*(?P<cut>\()", r"(?P<cut>\))", bare=True),
    Frame("papers on pruning from 2024", rf"\b{PAPERS}\s+{ABOUT}\s+.{{1,200}}?(?P<cut>,?\s+{WERE}(?:{OUT}\s+)?(?:{SAID_OF}\s+)?{THE})", END),
    Frame("what came out in 2024", rf"(?:^|\W){ANYTHING}{VERB}\s+{OUT}(?P<cut>\s+(?:{SAID_OF}\s+)?{THE})"),
    Frame("anything new on pruning in 2024", rf"(?:^|\W){ANYTHING}{VERB}\s+{OUT}\s+{ABOUT}\s+.{{1,100}}?(?P<cut>,?\s+(?:{SAID_OF}\s+)?{THE})", END),
    Frame("digest of this week", rf"\b{DIGEST}(?P<cut>\s+(?:{SAID_OF}\s+)?{THE})", rf"(?P<cut>(?:['’]s?)?){END}"),
    Frame("since 2024, what was published", rf"^(?:(?:and|so)\s+)?(?P<cut>(?:{SAID_OF}\s+)?{THE})", rf"(?P<cut>[,:]?)\s+(?=.*\b(?:{PAPERS}|{OUT})\b)"),
    Frame("what is known about pruning since 2024", r"(?P<cut>,?\s+)", END, survey=True),
    Frame("last Tuesday", r"^(?P<cut>(?:(?:from|in|on|for)\s+)?(?:the\s+)?)", END),
)  # fmt: skip
"""Named by an example."""

OPEN = re.compile(r"(?:since|after|before|until|between|from|starting|later|newer|prior)\b", re.I)
"""How an open span or one between two dates begins: it needs no `in` or `from` before it."""

INTRODUCED = re.compile(rf"\b{SAID_OF}\s+(?:the\s+)?$", re.IGNORECASE)


class Restricted(NamedTuple):
    """A message that asks for the papers of some days."""

    span: Span
    rest: str
    """The message without the days."""


def restricted(message: str, *, today: date) -> Restricted | None:
    """Find the days to which the papers are restricted; None if the message names none.

    >>> restricted("What is known since 2010 about ImageNet 2012?", today=date(2025, 10, 30))
    >>> restricted("papers of 2012 about ImageNet", today=date(2025, 10, 30)).rest
    'papers about ImageNet'
    """
    for mention in mentions(message, today=today):
        for frame, before, after in _frames():
            if (rest := _taken_out(message, mention, frame, before, after)) is not None:
                return Restricted(mention.span, rest)
    return None


def _taken_out(
    message: str, mention: Mention, frame: Frame, before: re.Pattern[str], after: re.Pattern[str]
) -> str | None:
    start = max(0, mention.start - LOOK_BACK)
    left = before.search(message, start, mention.start)
    right = after.match(message, mention.end)
    if left is None or right is None or not _fits(message, mention, frame):
        return None
    cut_end = right.end("cut") if "cut" in right.groupdict() else mention.end
    rest = f"{message[: left.start('cut')]} {frame.leaves} {message[cut_end:]}"
    rest = re.sub(r"\bthe\s+the\b", "the", " ".join(rest.split()))
    return re.sub(r"\s+([?.!,;:])", r"\1", rest).strip(" ,:")


def _fits(message: str, mention: Mention, frame: Frame) -> bool:
    opens = OPEN.match(mention.span.words) is not None
    if frame.survey:
        return opens and asks_for_several(message)
    introduced = opens or INTRODUCED.search(message[: mention.start]) is not None
    return not mention.bare or frame.bare or introduced


@cache
def _frames() -> tuple[tuple[Frame, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (frame, re.compile(rf"(?:{frame.before})\Z", re.I), re.compile(frame.after, re.I))
        for frame in FRAMES
    )
