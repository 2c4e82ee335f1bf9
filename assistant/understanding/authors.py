"""Whose papers a message asks for."""

from __future__ import annotations

from typing import NamedTuple

from assistant.understanding.phrases import any_of, compiled, each_of
from index.lexical import STOP_WORDS

LONGEST_NAME = 5
"""Words of a name: `Maria de la Cruz Alvarez`."""

PAPERS = "(?:papers?|articles?|preprints?|publications?|abstracts?|works?|research|studies)"
WROTE = "(?:written|published|authored|co-?authored|co-?written|posted|submitted)"
WRITE = "(?:write|publish|author|post|work on)"
NAME = r"(?P<name>[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){0,5}?)(?: et al\.?)?"
TOPIC = "(?: (?:on|about|regarding|concerning) (?P<topic>.+))?"
ASK = any_of("""
    please|can|could|would|you|i|want|need|like|to|see|read|list|show|give|tell|find|get|me|us
    search|look|for|fetch|display|summari[sz]e|what|which|are|is|there|do|have|how|many|about
""")
ALL = "(?:the|all|any|every|some|of|recent|latest|new|newest|other|more)"

AUTHOR_FRAMES = each_of(f"""
    ({ASK} )*({ALL} )*{PAPERS}( are| is)?( {WROTE})? by {NAME}{TOPIC}
    ({ASK} )*(everything|anything|all|stuff)( {WROTE})? by {NAME}{TOPIC}
    what (else )?(has|have) {NAME} ({WROTE}|worked on){TOPIC}
    what (else )?did {NAME} {WRITE}{TOPIC}
    (what|which) {PAPERS} (has|have|did) {NAME} ({WROTE}|{WRITE}){TOPIC}
    (has|have|did) {NAME} ({WROTE}|{WRITE}) (anything|something|(any )?papers?){TOPIC}
    ({ASK} )*{NAME}['’]s? (papers|articles|publications|preprints){TOPIC}
    (find )?(papers (with|where) )?authors?[:=] ?{NAME}
""")
"""How an author's papers are asked for."""

PARTICLES = frozenset(
    "al bin da de del della den der di dos du el ibn la le ter van von y zu".split()
)

NOT_NAMES = frozenset(
    """adversarial algorithm algorithms anyone anybody area attention author authors back been best
    category chance citation citations code community contrastive data dataset date day deep default
    descent design diffusion distillation embedding everyone evaluation example experts far field
    fine fine-tuning gradient group hand humans importance industry it judges keyword keywords
    language law layer layers learning length literature llm llms machine means method methods model
    models month name nature network networks neural number one optimal order organisation
    organization others people popularity pretraining prompting pruning recent reinforcement
    relevance research researchers sampling score scientists search similarity size someone somebody
    studies subject supervised theme title topic topics training transformers upvotes venue votes
    week who work year you""".split()
)
"""What a paper can be by, or can have written, without being a person."""


class Author(NamedTuple):
    """An author's name as it was written, and a subject if one was said."""

    name: str
    topic: str


def author_named(words: str) -> Author | None:
    """Find the author whose papers are asked for; None if it is no such request.

    >>> author_named("what has Chelsea Finn written about robots?")
    Author(name='Chelsea Finn', topic='robots')
    """
    text = words.strip(" ?.!,;")
    for frame in AUTHOR_FRAMES:
        found = compiled(frame).fullmatch(text)
        if found and _is_name(found["name"]):
            return Author(found["name"].rstrip(".,"), found.groupdict().get("topic") or "")
    return None


def _is_name(name: str) -> bool:
    words = name.split()
    main = [word.strip(",") for word in words if word.lower() not in PARTICLES]
    if not main or len(words) > LONGEST_NAME:
        return False
    if any(word.lower().strip(".") in NOT_NAMES | STOP_WORDS for word in main if len(word) > 2):
        return False
    capitals = [not word[0].islower() for word in main]
    return all(capitals) or not any(capitals)
