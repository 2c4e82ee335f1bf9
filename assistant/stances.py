"""Stances: sentences in which papers contradict, confirm, or leave something open.

Words decide, and strict ones: a sentence that is missed costs little, one that does not say what
its heading says costs the reader's trust. Only what a paper says of its own results counts. What it
calls open before it speaks of its own work is what it then goes on to solve.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.headings import EMPTY, parts
from assistant.sentence_features import OWN, Candidate
from index.lexical import content_words
from index.minilm import FloatArray
from index.search import Hit

FOUND = r"(?:show|find|found|demonstrat|observ|reveal|indicat|suggest|conclud|confirm|prov|argu)\w*"
BELIEF = (
    r"(?:beliefs?|wisdom|explanations?|assumptions?|intuitions?|expectations?|understanding|views?"
    r"|claims?|findings|results|observations|interpretations?|theor(?:y|ies)|folklore"
    r"|recommendations?)"
)
WORK = rf"(?:{BELIEF}|works?|studies|literature)"

CONTRADICTS = re.compile(
    rf"""
      \b(?:contrary|in\s+contrast)\s+to\s+(?:\w[\w-]*\s+){{0,4}}{BELIEF}\b
    | \b(?:contradict(?:s|ed|ing)?|refut(?:es?|ed|ing)|overturn(?:s|ed|ing)?|at\s+odds\s+with
        |inconsistent\s+with|disprov(?:es?|ed|ing))\s+(?:\w[\w-]*\s+){{0,4}}{WORK}\b
    | \bcontradict\s+those\b
    | \b(?:we|(?:this|our)\s+(?:\w+\s+)?(?:paper|work|study|results?|findings?))\s+(?:\w+\s+)?
        (?:challenges?|questions?|disput(?:es?))\s+(?:the|whether|this|common|prevailing|widely)\b
    | \bchalleng(?:e|es|ing)\s+the\s+(?:\w[\w-]*\s+){{0,4}}
        (?:{BELIEF}|necessity|practice|paradigm|notion)\b
    | \bquestion\s+the\s+(?:viability|relevance|necessity|validity|need|usefulness|reliability)\b
    | \bcalls?(?:ed)?\s+into\s+question\b
    | \b(?:surprisingly|counter-?intuitively),.{{0,60}}\b{FOUND}\b
    | \b{FOUND}\b.{{0,80}}\b(?:surprisingly|counter-?intuitively),
    | \bwe\s+(?:surprisingly|counter-?intuitively)\s+{FOUND}
    | \b(?:while|although)\b.{{0,30}}\b(?:widely|commonly|generally)\s+
        (?:believed|assumed|thought)\b.{{0,200}}\bwe\b
    | \bunlike\b(?:\W+\w+){{0,6}}\W+{WORK}\b.{{0,40}}\bwe\s+{FOUND}
    """,
    re.IGNORECASE | re.VERBOSE,
)

CONFIRMS = re.compile(
    rf"""
      \b(?:consistent|in\s+line|in\s+agreement|in\s+accordance|agrees?|aligns?)\s+with\s+
        (?:the\s+)?(?:previous|prior|earlier|existing|recent|past)\s+(?:\w[\w-]*\s+){{0,3}}{WORK}\b
    | \b(?:confirm|corroborat|support|replicat|reproduc)\w*\s+(?:the\s+)?
        (?:previous|prior|earlier|past)\s+(?:\w[\w-]*\s+){{0,3}}{WORK}\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

OPEN = re.compile(
    r"""
      \b(?:remains?|is\s+still|are\s+still|is\s+yet)\s+(?:(?:an?|largely|mostly|poorly|rather|to
        \s+be)\s+)*(?:unclear|unknown|open|elusive|unexplored|underexplored
        |unsolved|understood|limited|unexplained|unresolved|challenging|difficult|seen|explored)
    | \bremained\s+unexplored\b
    | \b(?:little|not\s+much)\s+is\s+known\b
    | \bstill\s+far\s+from\b
    | \bopen\s+(?:questions?|problems?)\b
    | \bwe\s+leave\b | \bleft\s+(?:for|to)\s+future\b | \bis\s+left\s+open\b
    | \b(?:calls?|calling)\s+for\s+(?:future|further|more|new)\b
    | \b(?:needs?|requires?|without)\s+(?:further|more|future)\s+(?:work|research|study)\b
    | \bpoints?\s+(?:to|out)\s+(?:the\s+|several\s+)?(?:limitations?|limits)\b
    | \b(?:has|have)\s+(?:intrinsic|fundamental|inherent)\s+limitations?\b
    | \b(?:no\s+existing|none\s+of\s+(?:these|the|them)|even\s+state-of-the-art)\b.{0,80}
        \b(?:can|could|fail\w*|consistently|reliabl\w+|safely)\b
    | \b(?:current|existing|recent|state-of-the-art|today's|modern|these)\s+(?:[\w-]+\s+){0,4}
        (?:still\s+|often\s+)?(?:fail|fails|struggle|struggles|cannot|fall\s+short)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

SOLVED = re.compile(
    r"\b(?:address|overcom|tackl|mitigat|circumvent|solv|surmount|alleviat|bridg|fill)\w*\b"
    r"|\boutperform|\bto\s+this\s+end\b"
    r"|\bwe\s+(?:therefore\s+|thus\s+)?(?:propose|introduce|present|develop)\b",
    re.IGNORECASE,
)
"""Words of a sentence that names a gap as what the paper closes."""

PRAISE = re.compile(
    r"\b(?:outperform|state[- ]of[- ]the[- ]art|sota\b|superior|effectiveness|competitive"
    r"|baselines?|remarkable|promising"
    r"|our\s+(?:\w+\s+)?(?:method|approach|model|framework|algorithm)"
    r"|proposed|extensive\s+experiments|code\b|github)",
    re.IGNORECASE,
)
"""Words of a sentence that praises the paper's own method: no two papers agree by that."""

UP = frozenset(
    """improve improves improving improved increase increases increasing increased better help helps
    helped benefit benefits beneficial higher faster boost boosts enhance enhances gain gains
    accelerate accelerates""".split()
)
DOWN = frozenset(
    """reduce reduces reducing reduced decrease decreases decreasing decreased worse hurt hurts harm
    harms harmful lower degrade degrades degrading degraded slower drop drops decline declines
    detrimental saturate saturates worsen worsens dilutes""".split()
)
NOT = frozenset({"no", "not", "cannot", "never", "without", "hardly", "neither", "nor"})

SPEAKS = re.compile(
    rf"{OWN.pattern}|\bthe\s+(?:authors?|paper|work|study|article)\b", re.IGNORECASE
)
"""How a paper, or who retells it, begins to speak of its own work."""

SAME_MATTER = 0.7
"""How well the tokens of two findings must match both ways for them to be on one matter."""

SHARED = 3
"""Words they must have in common, those of the subject and empty ones left out."""


@dataclass(frozen=True)
class Said:
    """A sentence of a paper: the one at `place`."""

    hit: Hit
    place: int


@dataclass(frozen=True)
class Stances:
    """What papers on one subject contradict, confirm and leave open."""

    agreeing: tuple[Said, ...]
    disagreeing: tuple[Said, ...]
    open: tuple[Said, ...]


def stances(question: str, hits: Sequence[Hit]) -> Stances:
    """Find the sentences in which `hits` take a stance, at most one of a kind in each paper."""
    kinds: dict[str, list[Said]] = {"contradicts": [], "confirms": [], "open": []}
    findings: list[_Finding] = []
    for hit in hits:
        texts = Candidate.of(hit).texts
        own = next((n for n, text in enumerate(texts) if SPEAKS.search(text)), len(texts))
        for place, text in enumerate(texts):
            if place < own:
                continue
            kind = _kind(text, late=own < place >= len(texts) // 2)
            if kind and all(said.hit is not hit for said in kinds[kind]):
                kinds[kind].append(Said(hit, place))
            if finding := _finding(question, hit, place, text=text):
                findings.append(finding)
    alike, opposite = _pairs(findings)
    return Stances(
        agreeing=_once([*alike, *kinds["confirms"]]),
        disagreeing=_once([*opposite, *kinds["contradicts"]]),
        open=tuple(kinds["open"]),
    )


def _once(said: Sequence[Said]) -> tuple[Said, ...]:
    return tuple({(each.hit.paper.id, each.place): each for each in said}.values())


def _kind(text: str, *, late: bool) -> Literal["contradicts", "confirms", "open"] | None:
    if OPEN.search(text) and not SOLVED.search(text) and late:
        return "open"
    if CONTRADICTS.search(text):
        return "contradicts"
    return "confirms" if CONFIRMS.search(text) else None


@dataclass(frozen=True, eq=False)
class _Finding:
    """A sentence that says which way something goes."""

    said: Said
    up: bool
    words: frozenset[str]
    tokens: FloatArray
    """(tokens, 128), unit length."""


def _finding(question: str, hit: Hit, place: int, *, text: str) -> _Finding | None:
    words = re.findall(r"[^\W_]+", text.lower())
    ups, downs = (sum(word in side for word in words) for side in (UP, DOWN))
    if PRAISE.search(text) or not re.search(FOUND, text, re.I) or (ups > 0) == (downs > 0):
        return None
    turned = sum(word in NOT for word in words) % 2 == 1
    subject = {part for word in content_words(question) for part in parts(word)}
    matter = {part for word in content_words(text) for part in parts(word)}
    start, end = hit.vectors.sentences[place]
    offsets = hit.vectors.offsets
    tokens = hit.vectors.tokens[(offsets[:, 0] >= start) & (offsets[:, 1] <= end)]
    return _Finding(
        said=Said(hit, place),
        up=(ups > 0) != turned,
        words=frozenset(matter - subject - EMPTY - UP - DOWN),
        tokens=tokens / np.maximum(np.linalg.norm(tokens, axis=1, keepdims=True), 1e-9),
    )


def _pairs(findings: Sequence[_Finding]) -> tuple[list[Said], list[Said]]:
    """Pair findings of two papers on one matter: those that point one way, and opposite ones."""
    alike: list[Said] = []
    opposite: list[Said] = []
    for n, one in enumerate(findings):
        for other in findings[n + 1 :]:
            if one.said.hit is other.said.hit or len(one.words & other.words) < SHARED:
                continue
            if _same_matter(one.tokens, other.tokens) >= SAME_MATTER:
                (alike if one.up == other.up else opposite).extend([one.said, other.said])
    return alike, opposite


def _same_matter(one: FloatArray, other: FloatArray) -> float:
    """Give the mean best match of the tokens, of the worse of the two directions."""
    if not len(one) or not len(other):
        return 0.0
    similarity = one @ other.T
    return float(min(similarity.max(0).mean(), similarity.max(1).mean()))
