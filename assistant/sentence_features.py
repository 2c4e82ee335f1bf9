"""What selection knows of each sentence of a paper, in numbers, once a question is asked.

Three kinds: how near the sentence is to the question, by late interaction (each token of the
question with its best match, as in ColBERT, arXiv:2004.12832); where it stands, counted from the
sentence in which the authors begin to speak of their own work; and what it means, as the mean of
its token vectors. Everything is of this one paper, so a larger corpus changes no answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.lexical import content_words
from index.minilm import FloatArray, IntArray
from index.search import Hit

BoolArray = npt.NDArray[np.bool_]

NAMES = (
    *("excess", "sharpness", "closeness", "rare_words"),
    *("first", "place", "sentences", "background", "second_of_own", "third_of_own"),
    *("digit", "figure", "length"),
    *("number_asked_place", "number_not_asked_figure", "way_asked_proposal", "reason_asked_cause"),
    *("fact_asked_finding", "theory_asked_theory", "theory_not_asked_theory", "late_background"),
)
"""The columns of `features` before those of the mean token vector."""

SHARPNESS = 20.0
"""A token's match that is 0.05 worse than its best one in the paper counts e times less."""

STEM = 6
"""Letters by which two words count as one."""

OWN = re.compile(r"\b(we|our|this (paper|work|study|article)|here)\b", re.I)
DIGIT = re.compile(r"\d")
FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:\\?%|x\b|times|×)|\d+\.\d+", re.I)
PROPOSAL = re.compile(
    r"\b(we|this paper|this work|paper|here)\b.{0,40}"
    r"\b(propos|introduc|present|develop|design|devis|describ|call)"
    r"|\b(novel|new) (method|approach|framework|algorithm|model)",
    re.I,
)
CAUSE = re.compile(
    r"\b(because|since|due to|caus|lead|result in|results in|stem|arise|owing|therefore|thus"
    r"|hence|consequen)",
    re.I,
)
FINDING = re.compile(
    r"\b(show|demonstrat|find|found|prove|establish|observe|reveal|indicat|suggest|conclu"
    r"|confirm|highlight)",
    re.I,
)
THEORY = re.compile(r"\b(theor|prov|bound|converg|guarantee|complexity|optimal|asymptot)", re.I)

ASKS_NUMBER = re.compile(
    r"\b(how (much|many|large|big|far|often|fast|long|high|low)|by how|which (values|scores)"
    r"|what (percentage|share|fraction|accuracy|score|gain|speed|number|rate|factor)"
    r"|which (dataset|benchmark)|percent|figures?|numbers?|cost|saving)|%",
    re.I,
)
ASKS_REASON = re.compile(r"\b(why|reason|caus|explain)", re.I)
ASKS_WAY = re.compile(
    r"\bhow (can|do|does|is|are|to|could|should|would)\b|\bis there\b|way to"
    r"|\bwhat (method|approach|could|would)",
    re.I,
)
ASKS_FACT = re.compile(
    r"(^|[.,?] )(is|are|does|do|can|could|did|has|have|will|would|should)\b", re.I
)
ASKS_THEORY = re.compile(
    r"\b(prov|guarantee|theor|bound|converg|rate|complexity|formal|sample)", re.I
)


@dataclass(frozen=True)
class Candidate:
    """A paper from which sentences may be quoted."""

    title: str
    abstract: str
    sentences: tuple[tuple[int, int], ...]
    """Where each starts and ends in the abstract, in order."""
    vectors: FloatArray
    """(tokens, dimensions), unit length: of title and abstract."""
    offsets: IntArray
    """(tokens, 2): characters of the abstract; (-1, -1) for title and special tokens."""

    @classmethod
    def of(cls, hit: Hit) -> Candidate:
        """Take from a hit what the models that choose and decline look at."""
        return cls(
            title=hit.paper.title,
            abstract=hit.paper.abstract,
            sentences=tuple((int(start), int(end)) for start, end in hit.vectors.sentences),
            vectors=hit.vectors.tokens,
            offsets=hit.vectors.offsets,
        )

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        return [self.abstract[start:end] for start, end in self.sentences]


def features(question: str, question_vectors: FloatArray, candidate: Candidate) -> FloatArray:
    """Describe each sentence, given a question.

    Args:
        question_vectors: (tokens, dimensions), unit length, in the space of the candidate's.

    Returns:
        (sentences, len(NAMES) + dimensions), not yet scaled: the NAMES, then the mean token vector
        less the mean over the sentences.
    """
    texts = candidate.texts
    inside = _inside(candidate)
    best, title = _best_matches(question_vectors, candidate, inside)
    means = _means(candidate.vectors, inside)
    named = np.column_stack(
        [
            *_nearness(best, title),
            _standardised(_cosines(means, question_vectors.mean(0))),
            _standardised(_rare_words(question, texts)),
            _standing(texts),
            _wording(question, texts),
            _standardised(best.mean(0)) * (_from_own(texts) < 0),
        ]
    )
    return np.hstack([named, means - means.mean(0)]).astype(np.float32)


def _inside(candidate: Candidate) -> BoolArray:
    """Tell which token lies in which sentence: (sentences, tokens)."""
    spans = np.array(candidate.sentences, np.int64).reshape(-1, 2)
    starts, ends = candidate.offsets[:, 0], candidate.offsets[:, 1]
    return (starts >= spans[:, :1]) & (ends <= spans[:, 1:]) & (starts >= 0)


def _best_matches(
    question: FloatArray, candidate: Candidate, inside: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Find each question token's best match in each sentence, and in the title.

    Returns:
        (tokens, sentences) and (tokens, 1); 0 where there is nothing to match.
    """
    similarity = question @ candidate.vectors.T
    best = np.zeros((len(question), len(inside)), np.float32)
    for place, tokens in enumerate(inside):
        if tokens.any():
            best[:, place] = similarity[:, tokens].max(1)
    of_title = candidate.offsets[:, 0] < 0
    title = similarity[:, of_title].max(1, keepdims=True) if of_title.any() else best[:, :1] * 0
    return best, title


def _nearness(best: FloatArray, title: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum up the best matches: how far above the title's, and how near to the paper's best."""
    above = np.maximum(best - title, 0)
    sharp = np.exp((best - best.max(1, keepdims=True)) * SHARPNESS)
    return _standardised(above.mean(0)), _standardised(sharp.mean(0))


def _means(vectors: FloatArray, inside: BoolArray) -> FloatArray:
    """Average the token vectors of each sentence."""
    weights = inside / np.maximum(inside.sum(1, keepdims=True), 1)
    means: FloatArray = weights.astype(np.float32) @ vectors
    return means


def _cosines(rows: FloatArray, vector: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
    cosines: FloatArray = rows @ vector / np.maximum(lengths, 1e-9)
    return cosines


def _rare_words(question: str, texts: Sequence[str]) -> FloatArray:
    """Count the words shared with the question; one that few sentences hold counts more."""
    asked = {word[:STEM] for word in content_words(question)}
    shared = [asked & {word[:STEM] for word in content_words(text)} for text in texts]
    holding = Counter(word for words in shared for word in words)
    return np.array([sum(1 / holding[word] for word in words) for words in shared], np.float32)


def _from_own(texts: Sequence[str]) -> FloatArray:
    """Number the sentences from the one in which the authors first speak of their own work."""
    own = next((place for place, text in enumerate(texts) if OWN.search(text)), 0)
    return np.arange(len(texts), dtype=np.float32) - own


def _standing(texts: Sequence[str]) -> FloatArray:
    """Say where each sentence stands."""
    count, from_own = len(texts), _from_own(texts)
    places = np.arange(count)
    columns = (
        places == 0,
        places / max(1, count - 1),
        np.full(count, count / 10),
        from_own < 0,
        from_own == 1,
        from_own == 2,
    )
    return np.column_stack(columns).astype(np.float32)


def _wording(question: str, texts: Sequence[str]) -> FloatArray:
    """Say what each sentence holds, alone and where the question asks for it."""

    def asks(pattern: re.Pattern[str]) -> float:
        return float(pattern.search(question) is not None)

    def holds(pattern: re.Pattern[str]) -> FloatArray:
        return np.array([pattern.search(text) is not None for text in texts], np.float32)

    number, theory, figure = asks(ASKS_NUMBER), asks(ASKS_THEORY), holds(FIGURE)
    columns = (
        holds(DIGIT),
        figure,
        np.log([1 + len(text.split()) for text in texts]),
        number * np.linspace(0, 1, len(texts)),
        (1 - number) * figure,
        asks(ASKS_WAY) * holds(PROPOSAL),
        asks(ASKS_REASON) * holds(CAUSE),
        asks(ASKS_FACT) * holds(FINDING),
        theory * holds(THEORY),
        (1 - theory) * holds(THEORY),
    )
    return np.column_stack(columns).astype(np.float32)


def _standardised(values: FloatArray) -> FloatArray:
    """Shift and scale, so that sentences are compared within their paper only."""
    scaled: FloatArray = (values - values.mean()) / (values.std() + 1e-6)
    return scaled
