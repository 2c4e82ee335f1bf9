"""Follow-ups: messages that make no sense alone, and what the conversation adds to them.

Rules, without a language model: words that point back ("it", "that one", "the two", "[2]"),
openings ("And …", "What if …") and brevity tell that a message depends on what was said; the titles
of the papers of the last two answers say what it is about. Search then reads both the bare message
and the message with these titles: the first says what is new, the second keeps to the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from assistant.answers import titles_in_words
from assistant.conversation import Turn
from assistant.declining import EVIDENCE, answered_by
from index.lexical import content_words
from index.papers import Paper
from index.search import Found
from index.wordings import Context

ANSWERS = 2
"""Answers looked back at; what came before is no longer the topic."""

SURVEY = 3
"""Papers of an answer from which it is a survey: what is asked for next may be among them."""

PAPERS = 6
"""Papers of an answer whose titles are kept: a survey cites so many."""

WEIGHT = 0.7
"""What the message with the titles counts beside the bare one; 0.5 to 1 do alike."""

FAINT = 0.2
"""What it counts for a message that does not point back but has at most FEW words with content: of
105 follow-ups the right papers came among the first five for 99 %, and 95 % without this. Beyond
that, new questions are kept from the old topic: none of 74 short ones was found worse."""

FEW = 7

STAYS, LEAVES, NAMED = 4.0, -8.0, 30.0
"""What is added to the papers of the last answer, in standard deviations of a search's signals: if
the message asks on about them, if it asks for something else, and if it names one by its number."""

BEFORE_POINTER = 4
"""Words with content up to which a pointer points back; after more, at the message itself."""

SHORT = 3
"""Words with content of a message that needs no pointer to be a follow-up."""

LONG = 12
"""Words with content of a message that, ending in a pointer ("… instead?"), still points back."""

ASKING_ON = frozenset(
    """detail details elaborate example exactly explain go happens happen mean ok okay paper papers
    please really say tell thing yes""".split()
)
"""Words that ask for more and say nothing of what."""

OPENING = re.compile(
    r"(?:and|but|or|so|also|then|same|more|explain|elaborate|go on|really|how come"
    r"|(?:what|how) about|what if|tell me more|why\W*$)\b",
    flags=re.IGNORECASE,
)

POINTER = re.compile(
    r"""
      \bit\b(?!\ (?:matter|possible|help|make\ sense|worth|true|known|better|safe|enough|ok|okay
        |useful|necessary|valid|that)\b)
    | \b(?:its|itself|they|their|theirs|them|both|neither|such|same|similar|latter|former|another
        |others?|ones|alternatives?|variants?)\b
    | \b(?:does|do|did|is|was|are|were|can|could|would|will|should|has|have|why|how|when|where|like
        |of|in|with|without|for|on|to|from|about|after|by|give|than|beyond|besides)
      \ (?:that|this|these|those)\b
    | \b(?:that|this|these|those)\ (?:one|kind|sort|way|case|setting|approach|method|model|paper
        |problem|idea|spirit|trick|study|work)s?\b
    | \bthe\ (?:two|authors?|first|second|third|same|(?:\w+\ )?(?:one|version|variant|fix|trick
        |approach|method|paper)s?)\b
    | \b(?:which|another|there|any|no|what)\ one\b | \binto\ one\b
    | \b(?:instead|there|else|too|as\ well|afterwards|then)[\s?.!]*$
    """,
    flags=re.IGNORECASE | re.VERBOSE,
)

ASKS_FOR_OTHER = re.compile(
    r"""
      \b(?:(?:is|are|was|were)\ there|instead|alternatives?|else|similar(?:ly)?|another|others?
        |an(?:y|other)\ (?:way|method|approach|paper|work)|anything|something|anyone|versions?
        |variants?|what\ if|(?:what|how)\ about|and\ if|same|like\ (?:that|this)|of\ (?:that|this)
        |such|in\ that|ones|would|could|can\ i|besides|beyond)\b
    | ^and\ (?!(?:how|why|what|who|when|where|which|does|do|is|are)\b)
    """,
    flags=re.IGNORECASE | re.VERBOSE,
)
"""How one asks for a paper that was not yet cited: it was meant in 60 of 64 such messages."""

ASKS_ON = re.compile(
    r"\b(?:its?|itself|they|their|them|the authors?|(?:that|this) one"
    r"|(?:this|that|the) (?:paper|method|approach|work|study|model|algorithm))\b",
    flags=re.IGNORECASE,
)
"""How one asks on about a paper that was cited: it was meant in 29 of 37 such messages."""

NUMBERS = {"first": 1, "former": 1, "second": 2, "latter": 2, "third": 3, "fourth": 4, "fifth": 5}
NUMBER = re.compile(
    r"\[(\d{1,2})\]|\b(?:number|no\.|paper|source|citation) (\d{1,2})\b"
    r"|\bthe (first|second|third|fourth|fifth)"
    r"(?: (?:one|paper|method|approach|work|study|article|source)\b(?! (?:to|that|which|on|in)\b)"
    r"|\W*$)"
    r"|\bthe (former|latter|last(?= (?:one|paper)))\b",
    flags=re.IGNORECASE,
)

PAIR = re.compile(
    r"\b(?:both|neither|either) (?:of|papers|methods|approaches|works|studies)\b|\bof the two\b"
    r"|\b(?:these|those|the) (?:two|both)\b|\b(?:do|are|can|have) (?:they )?both\b|\bthem both\b"
    r"|\bwhich (?:one )?of (?:them|these|those)\b",
    flags=re.IGNORECASE,
)

NAME = re.compile(r"[^\W\d_].*[A-Z]|[^\W\d_]\d|\d[^\W\d_]|\w\+")


@dataclass(frozen=True)
class FollowUp:
    """A message, and what the conversation adds to it."""

    asked: str
    """What to search for and to answer: the message, or the question before it if it has no words
    of its own ("why?")."""
    question: str
    """The same in words that stand alone, to be shown as "understood as …"."""
    context: Context | None
    """What to give to search beside `asked`; None if the message stands alone."""


def cited(history: Sequence[Turn]) -> tuple[str, ...]:
    """Give the ids of the papers that `standalone` asks for, each once."""
    return tuple(dict.fromkeys(name for answer in _answers(history) for name in answer))


def standalone(message: str, history: Sequence[Turn], papers: Mapping[str, Paper]) -> FollowUp:
    """Find out whether `message` depends on `history`, and complete it if so.

    Args:
        papers: By their ids in the history, the papers that `cited` names; those that the corpus no
            longer holds may be missing.
    """
    before = _last_question(history)
    answers = [[papers[name] for name in names if name in papers] for names in _answers(history)]
    topic = _distinct(paper for answer in answers for paper in answer)
    if not before or not depends(message):
        return _perhaps(message, topic if before else [])
    asked = message if _own_words(message) else before
    titles = [paper.title for paper in topic]
    unanswered = [] if topic and _has_papers(history) else [before]
    last = " ".join(paper.title for paper in (answers[0] if answers else []))
    subject, lift = _subject(message, answers)
    lifts = dict.fromkeys(_keys(subject), lift)
    return FollowUp(
        asked=asked,
        question=_in_full(message, before, subject, leaves=lift < 0),
        context=Context(
            question=" ".join([message, *titles, *unanswered]),
            weight=WEIGHT,
            rewordings=(f"{message} {last}", f"{message} {before}"),
            topic=_keys(topic),
            lifts=lifts,
        ),
    )


def _perhaps(message: str, topic: Sequence[Paper]) -> FollowUp:
    """Hint at the topic where a message points at nothing, but says little."""
    if not topic or _names(message) or len(_own_words(message)) > FEW:
        return FollowUp(message, message, None)
    hint = " ".join([message, *(paper.title for paper in topic)])
    return FollowUp(message, message, Context(hint, FAINT))


def answered(found: Found) -> float:
    """Give the probability that the first hit answers a question, in any of its wordings.

    A follow-up leaves out what the decision looks for: of those that the first hit answers, 45 %
    would be declined by the bare message, 4 % by the best of the three wordings.
    """
    if found.encoded is None or not found.hits:
        return 0.0
    best = answered_by(found.question, found.encoded, found.hits)
    for text, encoded in found.rewordings:
        hits = [hit.compared_with(encoded) for hit in found.hits[:EVIDENCE]]
        best = max(best, answered_by(text, encoded, hits))
    return best


def depends(message: str) -> bool:
    """Tell whether a message points at what was said before, or is too short to stand alone.

    It did for all 24 follow-ups on which it was made and for 87 % of 105 others, and for 5 % of 194
    questions that stand alone.
    """
    if OPENING.match(message) or NUMBER.search(message) or PAIR.search(message):
        return True
    if len(_own_words(message)) <= SHORT and not _names(message):
        return True
    return any(_points_back(message, pointer) for pointer in POINTER.finditer(message))


def _points_back(message: str, pointer: re.Match[str]) -> bool:
    """Tell whether what a pointer means cannot stand in the message before it."""
    before = message[: pointer.start()]
    if pointer.end() == len(message):
        return len(content_words(message)) <= LONG
    return len(content_words(before)) <= BEFORE_POINTER and not _names(before)


def _names(text: str) -> bool:
    """Tell whether something is spelt like a name: not for the capital that begins a message."""
    return any(
        NAME.search(word) or (place and word[0].isupper() and word != "I")
        for place, word in enumerate(re.findall(r"\w[\w+-]*", text))
    )


def _subject(message: str, answers: Sequence[Sequence[Paper]]) -> tuple[Sequence[Paper], float]:
    """Find the papers that a message points at, and what is added to their scores."""
    last = answers[0] if answers else []
    in_order = _distinct(paper for answer in reversed(answers) for paper in answer)
    pair = last if len(last) > 1 else in_order
    named = _numbered(message, last, pair)
    if named:
        return named, NAMED
    if PAIR.search(message):
        return pair, STAYS
    if not _own_words(message):
        return last, NAMED
    if ASKS_FOR_OTHER.search(message):
        return (last if len(last) < SURVEY else last[:1]), LEAVES
    return last, STAYS if ASKS_ON.search(message) else 0.0


def _numbered(message: str, last: Sequence[Paper], pair: Sequence[Paper]) -> list[Paper]:
    """Give the papers that a message names by number; in brackets it is that of a footnote."""
    found = []
    for match in NUMBER.finditer(message):
        footnote, number, ordinal, end = match.groups()
        among = last if footnote or number else pair
        place = int(footnote or number or NUMBERS.get((ordinal or end).lower(), len(pair)))
        if 0 < place <= len(among):
            found.append(among[place - 1])
    return found


def _in_full(message: str, before: str, subject: Sequence[Paper], *, leaves: bool) -> str:
    """Write a message so that it stands alone."""
    text = message if _own_words(message) or not before else f"{before} {message}"
    if not subject:
        return text if text != message else f"{before} {message}"
    return f"{text} ({'beside' if leaves else 'on'} {titles_in_words(subject)})"


def _last_question(history: Sequence[Turn]) -> str:
    """Give the last question that says what it is about; empty if there is none."""
    asked = [turn.text for turn in history if turn.role == "user" and _own_words(turn.text)]
    return asked[-1] if asked else ""


def _answers(history: Sequence[Turn]) -> list[tuple[str, ...]]:
    """Give what the last answers cited, the last first; one that cited nothing is left out."""
    cited = (turn.papers[:PAPERS] for turn in reversed(history) if turn.papers)
    return list(islice(cited, ANSWERS))


def _has_papers(history: Sequence[Turn]) -> bool:
    answers = [turn for turn in history if turn.role == "assistant"]
    return bool(answers and answers[-1].papers)


def _own_words(message: str) -> list[str]:
    """Give the words that say what is asked, beside those that ask for more of the same."""
    without = NUMBER.sub(" ", message)
    return [word for word in content_words(without) if word not in ASKING_ON]


def _distinct(papers: Iterable[Paper]) -> list[Paper]:
    return list({paper.id: paper for paper in papers}.values())


def _keys(papers: Iterable[Paper]) -> tuple[int, ...]:
    return tuple(paper.key for paper in papers if paper.key is not None)
