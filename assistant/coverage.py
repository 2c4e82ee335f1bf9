"""How much of a question a paper covers, measured so that other papers make no difference.

Each word of the question takes its best match among the paper's tokens (late interaction, as in
ColBERT, arXiv:2004.12832). What a match is worth is told by a fixed background, the papers of the
bundled sample: a word that any paper matches says nothing, one that few match decides. A corpus'
own word statistics would do the same for a large corpus, and nothing for one of a single paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.sentence_features import Candidate
from index.lexical import STOP_WORDS
from index.minilm import FloatArray, IntArray

FOUND = 0.75
"""A word matched at least so well is in the paper, in this form or another."""

MISSING = 0.62
"""A word matched worse is not; between the two lies what is only related."""

WINDOW = 3
"""Sentences in a row that are matched together."""

STEM = 6
"""Letters by which two words count as one; with endings cut off first it was no better."""

SPREAD = 0.8
"""The share of background papers that match a word worse than what is usual for it."""

RUNNER_UP = 3
"""The background paper taken as the best wrong one: two before it might hold the answer."""

SCALE = 254.0
"""A background number of at most 0.5 is kept as a byte."""

FIRST_RANKED, LAST = 1996, 30522
"""Places in MiniLM's vocabulary between which words are ordered by frequency."""

WORD = re.compile(r"[^\W_]+")
INNER_CAPITAL_OR_DIGIT = re.compile(r"[^\W\d_].*[A-Z]|[^\W\d_]\d|\d[^\W\d_]")

ASKING_WORDS = frozenset(
    """able actually another anyone approach approaches best better compare compared difference even
    every exist existing first give given good help instead kind know known like make makes many
    may method methods might model models much need one paper papers possible really result results
    say says show shown still study studies take two want way ways within without work
    works""".split()
)
"""Words in which papers are asked about; a paper need not hold them to answer."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question as MiniLM read it."""

    text: str
    vectors: FloatArray
    """(tokens, 128), unit length."""
    offsets: IntArray
    """(tokens, 2): characters of the text; empty for special tokens."""
    ids: IntArray
    """(tokens,): places in MiniLM's vocabulary."""
    embedding: FloatArray
    """(384,), unit length: the mean over the tokens."""


class Background(NamedTuple):
    """The papers of the bundled sample, as `python -m eval.training.background` keeps them."""

    tokens: FloatArray
    """(papers, tokens, 128): of each, as many token vectors, of unit length."""
    embeddings: FloatArray
    """(papers, 384), unit length."""


@cache
def background() -> Background:
    """Load the background, in a few milliseconds."""
    with files("assistant").joinpath("background.npz").open("rb") as file, np.load(file) as kept:
        tokens = kept["tokens"].astype(np.float32) / np.float32(SCALE)
        return Background(tokens, kept["embeddings"].astype(np.float32))


@dataclass(frozen=True)
class Asked:
    """What is known of a question before any paper is looked at; an array has a number a word."""

    vectors: FloatArray
    """(tokens, 128), special tokens left out."""
    words: tuple[str, ...]
    share: FloatArray
    """(words, tokens): each word's mean over its tokens."""
    rarity: FloatArray
    """Of its rarest token in English, from 0 to 1."""
    name: FloatArray
    """1 if it is spelt like a name, an acronym or a version."""
    split: FloatArray
    """1 if it is so rare that MiniLM knows it only in pieces."""
    usual: FloatArray
    """How well papers on other things match it."""
    importance: FloatArray
    """The less usual, the more; at most 1."""
    wrong: dict[str, float]
    """What the background reaches: see `_background_reach`."""


def asked(question: AskedQuestion, behind: Background) -> Asked | None:
    """Look at the words of a question; None if it has none."""
    inner = question.offsets[:, 1] > question.offsets[:, 0]
    ids = question.ids[inner]
    chosen = _telling_words(question.text, question.offsets[inner])
    if not chosen:
        return None
    share = np.array([tokens / tokens.sum() for _, tokens in chosen], np.float32)
    vectors = question.vectors[inner]
    papers, centres, width = behind.tokens.shape
    matches = (vectors @ behind.tokens.reshape(-1, width).T).reshape(-1, papers, centres).max(2)
    usual = share @ np.quantile(matches, SPREAD, axis=1, method="lower").astype(np.float32)
    importance = np.clip(1 - usual, 0.05, 1) ** 2
    similarities = behind.embeddings @ question.embedding
    return Asked(
        vectors=vectors,
        words=tuple(word.group() for word, _ in chosen),
        share=share,
        rarity=np.array([_rarity(ids[tokens]) for _, tokens in chosen], np.float32),
        name=np.array([_name(question.text, word) for word, _ in chosen], np.float32),
        split=np.array([tokens.sum() > 1 for _, tokens in chosen], np.float32),
        usual=usual,
        importance=importance,
        wrong=_background_reach(matches, share, importance, similarities),
    )


def coverage(asked: Asked, paper: Candidate, similarity: float | None) -> dict[str, float]:
    """Measure how much of a question a paper covers.

    Args:
        similarity: The cosine of MiniLM's embeddings of the question and of title and abstract;
            without it, the two measures that need it are left out.
    """
    best = _best_matches(asked.vectors, paper)
    words = asked.share @ best.max(1)
    by_sentence = asked.share @ np.maximum(best, best[:, :1])
    said, weight = _said(asked.words, paper), asked.importance
    measures = {
        **_matched(best, asked.wrong),
        "words_over_wrong": _mean(words, weight) - asked.wrong["words"],
        "usual": float(asked.usual.mean()),
        "said": _mean(said, np.maximum(asked.rarity - 0.5, 0) + 0.05),
        "names_unsaid": float((asked.name * (1 - said)).sum()),
        "in_one_sentence": _in_one_sentence(words, by_sentence, weight),
        **_missing(asked, words, said),
    }
    if similarity is not None:
        measures["meaning_over_median"] = similarity - asked.wrong["meaning_median"]
        measures["meaning_wrong"] = asked.wrong["meaning"]
    return measures


def _matched(best: FloatArray, wrong: dict[str, float]) -> dict[str, float]:
    """Measure how well the tokens match: anywhere, in title and a few sentences, in the title."""
    title, sentences = best[:, :1], best[:, 1:]
    starts = range(max(1, sentences.shape[1] - WINDOW + 1))
    windows = [np.hstack([title, sentences[:, at : at + WINDOW]]).max(1) for at in starts]
    whole = float(best.max(1).mean())
    return {
        "tokens": whole,
        "tokens_in_window": float(max(window.mean() for window in windows)),
        "tokens_in_title": float(title.mean()),
        "tokens_over_wrong": whole - wrong["tokens"],
        "tokens_over_median": whole - wrong["tokens_median"],
    }


def _missing(asked: Asked, words: FloatArray, said: FloatArray) -> dict[str, float]:
    """Measure what the paper lacks, which tells more than what it has."""
    weight = asked.importance
    missing = weight * (words < MISSING)
    lift = np.clip((words - asked.usual) / (1.05 - asked.usual), -0.5, 1)
    third = max(1, len(words) // 3)
    return {
        "weakest_third": float(np.sort(lift)[:third].mean()),
        "worst_unsaid": float((missing * (1 - said)).max()),
        "two_worst": float(np.sort(missing)[-2:].sum() / weight.sum()),
        "names_missing": float((missing * asked.name).sum() / weight.sum()),
        "split_missing": float((missing * asked.split).sum() / weight.sum()),
    }


def _background_reach(
    matches: FloatArray, share: FloatArray, importance: FloatArray, similarities: FloatArray
) -> dict[str, float]:
    """Give what the best wrong paper of the background, or its median paper, reaches."""
    middle = matches.shape[1] // 2
    tokens, meaning = np.sort(matches.mean(0)), np.sort(similarities)
    words = np.sort(importance @ (share @ matches) / importance.sum())
    return {
        "tokens": float(tokens[-RUNNER_UP]),
        "tokens_median": float(tokens[middle]),
        "words": float(words[-RUNNER_UP]),
        "meaning": float(meaning[-RUNNER_UP]),
        "meaning_median": float(meaning[middle]),
    }


def _best_matches(question: FloatArray, paper: Candidate) -> FloatArray:
    """Find each token's best match in the title and in each sentence, -1 where there is none."""
    best = np.full((len(question), len(paper.sentences) + 1), -1.0, np.float32)
    if len(paper.vectors) == 0:
        return best
    starts = np.array([start for start, _ in paper.sentences], np.int64)
    segment = np.searchsorted(starts, paper.offsets[:, 0], side="right")
    order = np.argsort(segment, kind="stable")
    filled, first = np.unique(segment[order], return_index=True)
    similarity = question @ paper.vectors[order].T
    best[:, filled] = np.maximum.reduceat(similarity, first, axis=1)
    return best


def _in_one_sentence(words: FloatArray, by_sentence: FloatArray, weight: FloatArray) -> float:
    """Give how much of what the paper holds stands together in one sentence."""
    found = float(weight @ (words >= FOUND))
    together = float((weight @ (by_sentence >= FOUND)).max())
    return together / (found + 1e-6)


def _said(words: tuple[str, ...], paper: Candidate) -> FloatArray:
    """Tell which words stand in the paper, in any ending or written together with others."""
    text = f"{paper.title} {paper.abstract}".lower()
    stems = {word[:STEM] for word in WORD.findall(text)}
    letters = "".join(WORD.findall(text))
    low = [word.lower() for word in words]
    return np.array(
        [word[:STEM] in stems or (len(word) > 3 and word in letters) for word in low], np.float32
    )


def _telling_words(
    text: str, places: IntArray
) -> list[tuple[re.Match[str], npt.NDArray[np.bool_]]]:
    """Give the words that say what is asked, or all if none does, with their tokens."""
    found = [(word, _tokens(word, places)) for word in WORD.finditer(text)]
    found = [(word, tokens) for word, tokens in found if tokens.any()]
    return [(word, tokens) for word, tokens in found if not _empty(word.group())] or found


def _tokens(word: re.Match[str], places: IntArray) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = (places[:, 0] >= word.start()) & (places[:, 1] <= word.end())
    return inside


def _empty(word: str) -> bool:
    return word.lower() in STOP_WORDS or word.lower() in ASKING_WORDS


def _rarity(ids: IntArray) -> float:
    """Give the rarest token's place on a logarithmic scale (Zipf)."""
    rank = max(int(ids.max()) - FIRST_RANKED + 1, 1)
    return float(np.log(rank) / np.log(LAST - FIRST_RANKED))


def _name(text: str, word: re.Match[str]) -> bool:
    """Tell whether a word is spelt like a name: not for the capital that begins a sentence."""
    if INNER_CAPITAL_OR_DIGIT.search(word.group()):
        return True
    before = text[: word.start()].rstrip()
    return word.group()[0].isupper() and before != "" and before[-1] not in ".?!:"


def _mean(values: FloatArray, weights: FloatArray) -> float:
    return float(values @ weights / weights.sum())
