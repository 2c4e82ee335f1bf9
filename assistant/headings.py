"""Headings: phrases that papers share, as their titles and abstracts print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.lexical import STOP_WORDS

LONGEST = 4
"""Words of a heading at most."""

WORD = re.compile(r"[^\W_]+(?:[-‐–'’][^\W_]+)*")
JOINT = re.compile(r"[-‐–]")
ADJECTIVE = ("ly", "ive", "ous", "ical", "able", "ible", "less")

EMPTY = frozenset(
    """accuracy additional al algorithm algorithmic analysis analyze application applied
    approach approximate approximation architecture art art-of-the author available aware
    based baseline behavior benchmark better beyond bound case challenge class code comparable
    competitive complex complexity comprehensive computation computational compute concept
    condition consistent contribution cost current data dataset deep demand demonstrate design
    different domain downstream driven dynamic effect effective effectively effectiveness
    efficient efficiently empirical empirically end end-to-end enhance entire error evaluation
    evidence example existing experiment experimental exploring extensive extra factor fast
    feature field final finding first five fixed four framework function further gain general
    good guide hard high high-quality higher human idea image impact important improve
    improved improvement improving including individual information input insight insights
    introduce investigation issue key known lack large large-scale larger layer learn learned
    learning level life limit limited local low machine main mechanism method metric million
    minimal model modeling module multi multiple need network neural new novel number one open
    open-source optimal optimization optimized order original output overall paper parameter
    part performance performing perspective play plug point popular potential power practical
    practice present previous prior problem procedure process property propose proposed
    publicly quality question rate rates real real-world recent recently reference reliable
    representation research result rethinking review revisiting right robust role runtime
    sample scalable scale scenario score second self sequence set setting shelf short show
    significant significantly simple single size small smaller sota source space spaces speed
    speedup standard state state-of-the-art step strategy strong structure structured study
    sub superior support survey system systematic target task technique test text theoretical
    theory third three time token tool toward towards train trained training two type
    understanding unified unknown use useful user value various version view way ways well
    wide without work world year zero""".split()
)
"""Words that say nothing of a subject: a phrase of nothing else is no heading."""

SINGLE = frozenset(
    """adapter agent alignment annotation attack attention audio augmentation autoencoder
    autoencoding backdoor backpropagation bias calibration causality chemistry clustering
    compression confidence contamination convergence copying corruption counterfactual
    curriculum deduplication denoising detection disentanglement distillation divergence
    diversity dropout embedding energy ensemble entropy equivariance exploration fairness
    finetuning forecasting forgetting generalisation generalization gradient graph grokking
    hallucination hardware hypernetwork hyperparameter identifiability imaging inference
    initialization instruction interpolation interpretability invariance jailbreak kernel
    latency logit materials mathematics medicine memorization memory mixup molecule momentum
    multilinguality multimodality normalization optimizer outlier overfitting
    overparameterization parsing perplexity personalization planning preference pretraining
    privacy prompt protein pruning quantisation quantization reasoning recommendation
    reconstruction regression regularisation regularization retrieval reward robotics
    robustness safety scheduler segmentation simulation sparsity speculation speech stability
    steganography summarization supervision symmetry tokenization tokenizer toxicity transfer
    transformer translation uncertainty unlearning verification video vocabulary watermark
    watermarking whitening""".split()
)
"""Words that are a heading alone."""

VERBAL = frozenset(
    """accelerating according achieve achieving across adapt address addressing adopt adopting
    affect affecting aim aims allow allowing alongside already among apply applying argue
    arise associated become begin besides boosting build building call called cause causing
    challenging characterising characterizing claim combating combine combining come compare
    compared comparing compress consider contain containing contribute cut demonstrating
    demystifying depend designed despite determine determining develop directly discover does
    doing dubbed due easily effortless employ employing enable enabling enhance enhancing
    enough ensure especially estimating evaluate evaluating even exhibit exhibiting exploit
    explore exploring extend extending facilitate far finding focus follow following fully
    furthermore generate get give given go greatly help highly however identify improve
    improving incorporate increase increasing integrate integrating introduce introducing
    involve keep lead leading leverage leveraging lie like limit limiting make making many
    match matching maximize maximizing meet minimize minimizing mitigating moreover mostly
    much named namely observe observing obtain offer often operate optimize optimizing
    outperform outperforming particularly per perform predict present presented presenting
    preserve preserving produce propose proposing prove provide providing reach reduce
    reducing remain remaining remove removing report require requiring respectively result
    resulting reveal robustifying select serve several show showing solve stabilizing still
    suffer suggest suggesting surpass surpassing tackle take termed therefore thus train
    training transcending tremendous tuning typically understand unleashing upon use using
    utilize via whether widely within yet yield""".split()
)
"""Words with which no noun phrase begins or ends: verbs and adverbs of abstracts."""


@dataclass(frozen=True)
class Phrase:
    """One to LONGEST words in a row."""

    key: tuple[str, ...]
    """By which phrases are one: in lower case, hyphens parted, without the ending of a plural."""
    text: str
    """As it is printed: `text[start:end]` of what was read."""
    start: int
    end: int
    whole: bool
    """Whether no noun follows, of which it would be a part only, as `sparse` of `sparse models`."""


def phrases(text: str) -> Iterator[Phrase]:
    """Give the phrases of a text that could be headings."""
    found = list(WORD.finditer(text))
    words = [word.group().lower() for word in found]
    edges = [_may_end_phrase(word) for word in words]
    gaps = [text[one.end() : other.start()] for one, other in pairwise(found)]
    for first in (n for n, may in enumerate(edges) if may):
        for last in range(first, min(first + LONGEST, len(found))):
            if last > first and gaps[last - 1].strip(" "):
                break  # no phrase goes over a comma, a bracket or the end of a sentence
            start, end = found[first].start(), found[last].end()
            if edges[last] and _is_noun_phrase(text[start:end], words[first : last + 1]):
                key = tuple(part for word in words[first : last + 1] for part in parts(word))
                whole = last + 1 == len(found) or bool(gaps[last].strip(" "))
                whole = whole or _follows_noun(words[last + 1])
                yield Phrase(key, text[start:end], start, end, whole)


@lru_cache(maxsize=1 << 14)
def parts(word: str) -> tuple[str, ...]:
    """Part a word at its hyphens; plurals become singulars."""
    return tuple(_singular(part) for part in JOINT.split(word.lower()))


def heading(printed: Sequence[Phrase]) -> str:
    """Write a phrase as a heading: in the plural if it is printed so, else in its commonest form.

    Names keep their capitals, words that have them in titles only lose them.
    """
    counts = Counter(_as_heading(phrase.text) for phrase in printed)
    return max(counts, key=lambda text: (_singular(text) != text, counts[text], text))


def _is_noun_phrase(printed: str, words: Sequence[str]) -> bool:
    """Whether words, of which the first and the last may end a phrase, are one."""
    if len(words) == 1:
        return _is_name(printed) or _singular(words[0]) in SINGLE
    inner = [word for word in words[1:-1] if word in STOP_WORDS or word in VERBAL]
    return inner in ([], ["of"]) and not words[-1].endswith(ADJECTIVE)


@lru_cache(maxsize=1 << 14)
def _may_end_phrase(word: str) -> bool:
    verbal = {word, _singular(word)} & VERBAL
    return not verbal and word not in STOP_WORDS and not word[0].isdigit()


def _is_name(printed: str) -> bool:
    """Whether capitals and small letters are mixed as in `LoRA` and `LLMs`."""
    return bool(re.search(r"[a-z].*[A-Z]|[A-Z]{2}.*[a-z]", printed)) and "-" not in printed


def _follows_noun(word: str) -> bool:
    """Whether what comes before a word is no part of a longer noun phrase."""
    return word in STOP_WORDS or word in VERBAL or word.endswith(("ly", "ed"))


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def _as_heading(printed: str) -> str:
    """Take the capitals of a title away, not those of names and acronyms."""
    words = ["".join(map(_small, re.split(r"([-‐–])", word))) for word in printed.split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _small(part: str) -> str:
    return part if any(letter.isupper() for letter in part[1:]) else part.lower()
