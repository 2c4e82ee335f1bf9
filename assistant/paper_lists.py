"""Requests for papers themselves: those of some days, on a subject or on any."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from assistant.paper_days import ABOUT, DIGEST, OUT, PAPERS

ASK = (
    r"(?:(?:please|can|could|would|will|you|i|i['’]d|want|need|like|to|see|read|know|list|show|give|tell|find"
    r"|get|fetch|display|print|make|write|send|recommend|suggest|search|look|for|me|us|about|summari[sz]e"
    r"|sum\s+up|recap|have|do|are|is|there|what|which|how\s+many|and|a|an)\s+)*"
)
ALL = (
    r"(?:(?:the|all|any|every|some|of|new|newest|latest|recent|interesting|important|best|top|good|most"
    r"|upvoted|popular|daily|arxiv|hugging\s+face|ai|ml)\s+)*"
)
NEWS = (
    rf"(?:(?:what|anything|something|everything)(?:['’]s|(?:\s+(?:is|are|was|were|has|have|been|got|just|there))*)"
    rf"(?:\s+(?:the\s+)?(?:{OUT}|happened|news|hot|trending|going\s+on))|(?:any|the|latest)\s+news)"
)
EXIST = r"(?:\s+(?:are|were|is)?\s*(?:there|do\s+you\s+have|you\s+have|have\s+you(?:\s+got)?|in\s+(?:the|your|my)\s+corpus|out|published|listed|new))?"

ANY_SUBJECT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{ASK}{ALL}{PAPERS}{EXIST}",
        rf"{ASK}{ALL}{DIGEST}(?:\s+(?:of|for|from|on)\s+{ALL}{PAPERS})?",
        NEWS,
        r"(?:please\s+)?(?:list|show|give\s+me|tell\s+me(?:\s+about)?|what\s+about)?",
    )
)
"""Requests that name no subject."""

SUBJECT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{ASK}{ALL}{PAPERS}{EXIST}\s+{ABOUT}\s+(?P<topic>.+)",
        rf"{NEWS}\s+{ABOUT}\s+(?P<topic>.+)",
        rf"{ASK}{ALL}(?P<topic>[\w-]+(?:\s+[\w-]+){{0,4}})\s+{PAPERS}",
    )
)
"""Requests for papers on a topic, if they also name days."""

SUBJECT_ALONE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:{LIST}{ALL}|{ALL}){PAPERS}\s+(?:on|about|regarding|concerning|related\s+to|(?:that\s+)?deal(?:ing)?\s+with)\s+(?P<topic>.+)"
        for LIST in (
            r"(?:please\s+)?(?:(?:can|could)\s+you\s+)?(?:list|show|give|find|get|recommend|suggest|search)\s+"
            r"(?:me\s+|us\s+|for\s+)?",
            r"(?:are\s+there|do\s+you\s+have|have\s+you(?:\s+got)?|i\s+(?:want|need)|i\s+am\s+looking\s+for)\s+",
        )
    )
)
"""Requests for papers on a topic that need name no days; a question is not taken for one."""

LATEST = re.compile(rf"\b(?:new|newest|latest|recent|news|today|daily|{DIGEST})\b", re.IGNORECASE)


class Listed(NamedTuple):
    """What papers are asked for."""

    kind: Literal["digest", "papers"]
    topic: str


def asked_list(words: str, *, dated: bool) -> Listed | None:
    """Find what papers are asked for; None if the message asks something of them.

    Args:
        words: The message without its days.
        dated: Whether it named days.

    >>> asked_list("the papers on retrieval", dated=True)
    Listed(kind='papers', topic='retrieval')
    """
    text = words.strip(" ?.!,;:")
    for pattern in (*(SUBJECT if dated else ()), *SUBJECT_ALONE):
        if found := pattern.fullmatch(text):
            topic = str(found["topic"])
            if not any(each.fullmatch(text) for each in ANY_SUBJECT):
                return Listed("papers", topic)
    if (dated or text) and any(each.fullmatch(text) for each in ANY_SUBJECT):
        return Listed("digest" if dated or LATEST.search(text) else "papers", "")
    return None
