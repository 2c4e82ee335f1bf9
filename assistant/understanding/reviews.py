"""Requests for an overview of the work on a subject.

That is more than `surveys` asks: a survey is any question that several papers answer together
(`What do recent studies say about pruning?`), and gets an answer; a review is ordered as such
(`related work on pruning`), and gets parts and headings.
"""

from __future__ import annotations

from assistant.understanding.phrases import any_of, compiled, each_of

ASK = any_of("""
    please|can|could|would|will|you|i|i['’]d|want|need|like|to|me|us|a|an|do|get|see|what['’]s
    write|give|show|make|draft|prepare|short|brief|quick|small|systematic|critical|structured
""")
RECENT = any_of("""
    the|this|all|any|existing|recent|current|available|latest|new|known|published|scientific|present
""")
WORK = "(?:works?|literature|research|papers|studies|publications|articles|field)"
REVIEW = "(?:review|survey|overview|summary)"
TO_REVIEW = "(?:review|survey|summari[sz]e|sum up|map|outline|synthesi[sz]e)"
ON = "(?:(?:on|about|of|in|for|around|regarding|concerning|into|to)|:)"

BY_TOPIC = each_of(rf"""
    (({ASK}|{RECENT}) )*(literature|research) {REVIEW} ?{ON} ({WORK} {ON} )?(?P<topic>.+)
    (({ASK}|{RECENT}) )*(review|survey|overview) {ON} ({RECENT} )*({WORK} {ON} )?(?P<topic>.+)
    (what (is|are) )?(({ASK}|{RECENT}) )*(related|prior|previous) {WORK} ?{ON} (?P<topic>.+)
    ({ASK} )*{TO_REVIEW} ({RECENT} )*{WORK} {ON} (?P<topic>.+)
    (what (is|are) )?(({ASK}|{RECENT}) )*state[ -]of[ -]the[ -]art {ON} (?P<topic>.+)
    (what (is|are) )?(({ASK}|{RECENT}) )*sota {ON} (?P<topic>.+)
    what (does|do) ({RECENT} )*literature (say|tell us|report|suggest) (about|on) (?P<topic>.+)
    (({ASK}|{RECENT}) )*literature (on|about) (?P<topic>.+)
""")
"""Orders for an overview that name its topic apart."""

WHOLE = each_of("""
    ((and|so) )?what(['’]s| is) (\\w+ )?known (\\w+ ){0,2}?(about|on|of) .+
    (please )?((can|could) you )?compare (and contrast )?[^ ]+ .+
""")
"""Orders whose whole sentence is the topic."""


def review_topic(words: str) -> str | None:
    """Give what an overview is asked for about; None if none is asked for.

    >>> review_topic("Write a literature review on pruning.")
    'pruning'
    """
    text = words.strip(" ?.!")
    if any(compiled(pattern).fullmatch(text) for pattern in WHOLE):
        return words
    found = (compiled(pattern).fullmatch(text) for pattern in BY_TOPIC)
    return next((str(each["topic"]) for each in found if each), None)
