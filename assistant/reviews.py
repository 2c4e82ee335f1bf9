"""Requests for an overview of the work on a subject.

That is more than `surveys` asks: a survey is any question that several papers answer together
(`What do recent studies say about pruning?`), and gets an answer; a review is ordered as such
(`related work on pruning`), and gets parts and headings.
"""

from __future__ import annotations

import re

ASK = (
    r"(?:(?:please|can|could|would|will|you|i|i['’]d|want|need|like|to|write|give|show|make|draft|do|prepare"
    r"|get|me|us|see|a|an|the|this|short|brief|quick|small|systematic|critical|structured)\s+)*"
)
WORK = r"(?:work|works|literature|research|papers|studies|publications|field|articles)"
KIND = r"(?:(?:the|all|any|existing|recent|current|available|latest|new|known|published|scientific|present)\s+)*"
ON = r"(?:on|about|of|in|for|around|regarding|concerning|into|to|with)"

REVIEWS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<whole>(?:(?:and|so)\s+)?what(?:['’]s|\s+is)\s+(?:\w+\s+)?known\s+(?:\w+\s+){0,2}?(?:about|on|of)\s+.+)",
        r"(?P<whole>(?:please\s+)?(?:can\s+you\s+)?compare\s+(?:and\s+contrast\s+)?\S+\s+.+)",
        rf"{ASK}(?:literature|research)\s+(?:review|survey|overview|summary)\s*(?:{ON}\s+|:\s*)(?P<topic>.+)",
        rf"{ASK}(?:review|survey|overview)\s+{ON}\s+{KIND}(?:{WORK}\s+{ON}\s+)?(?P<topic>.+)",
        rf"(?:what\s+(?:is|are)\s+)?{ASK}{KIND}(?:related|prior|previous)\s+(?:work|works|literature)\s*(?:{ON}\s+|:\s*)(?P<topic>.+)",
        rf"{ASK}(?:review|survey|summari[sz]e|sum\s+up|map|outline|synthesi[sz]e)\s+{KIND}{WORK}\s+{ON}\s+(?P<topic>.+)",
        rf"(?:what(?:['’]s|\s+is)\s+)?{ASK}{KIND}(?:state[\s-]of[\s-]the[\s-]art|sota)\s+(?:in|of|for|on)\s+(?P<topic>.+)",
        rf"what\s+(?:does|do)\s+{KIND}{WORK}\s+(?:say|know|tell\s+us|report|suggest)\s+(?:about|on)\s+(?P<topic>.+)",
        rf"{ASK}{KIND}literature\s+(?:on|about)\s+(?P<topic>.+)",
    )
)
"""How an overview is ordered: about its `topic`, or by the `whole` sentence."""


def review_topic(words: str) -> str | None:
    """Give what an overview is asked for about; None if none is asked for.

    >>> review_topic("Write a literature review on pruning.")
    'pruning'
    """
    text = words.strip(" ?.!")
    for pattern in REVIEWS:
        if found := pattern.fullmatch(text):
            return words if "whole" in pattern.groupindex else str(found["topic"])
    return None
