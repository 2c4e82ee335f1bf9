"""Words on which the truth of a sentence hangs: numbers, opposites, negations, quantifiers."""

from __future__ import annotations

import re

STEM = 6
"""Letters by which two words count as one, once their ending is off."""

ENDINGS = tuple("ations ation ings ing edly ed ies es s ly er est".split())

DIGITS = re.compile(r"\d+(?:[.,]\d+)*")

NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty""".split()
    )
} | dict(
    zip(
        "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split(),
        "30 40 50 60 70 80 90 100 1000 1000000 1000000000".split(),
        strict=True,
    )
)
NUMBER_WORDS |= {"dozen": "12", "half": "0.5", "quarter": "0.25", "twice": "2", "double": "2"}
NUMBER_WORDS |= {"doubles": "2", "triple": "3", "twofold": "2", "threefold": "3", "both": "2"}
NUMBER_WORDS |= {"pair": "2", "single": "1", "once": "1"}

NO_COUNT = frozenset("one once single both pair half".split())
"""Number words that mostly count nothing: a source need not hold them."""

KIND_LISTS = {
    "negation": """not no never neither nor without cannot none nothing fail fails failed lack lacks
        lacking unable rather instead unlike except excluding but""",
    "always": """all any every always entirely fully completely whatever regardless whole only must
        exclusively solely exactly never none no guarantee guarantees guaranteed certain certainly
        definitely prove proves proven universally each identical unique""",
    "sometimes": """some many most often sometimes usually may might can could several partly likely
        partially generally typically possible possibly potential potentially suggest suggests few
        part subset half mostly largely nearly almost about approximately roughly""",
    "up": """increase increases increased increasing more higher better improve improves improved
        improving larger greater bigger faster stronger outperform outperforms exceed exceeds gain
        gains raise raises raised grow grows above high large big strong fast rises rising longer
        richer upper maximum maximize maximizes over best improvement improvements benefit benefits
        superior deeper late later after before""",
    "down": """decrease decreases decreased decreasing less fewer lower worse reduce reduces reduced
        reducing smaller slower weaker underperform underperforms lose loses loss lowers drop drops
        shrink shrinks below low small weak slow falls falling shorter minimum minimize minimizes
        under worst degrade degrades degradation hurt hurts harm inferior earlier early cut cuts""",
}
KINDS = {kind: frozenset(words.split()) for kind, words in KIND_LISTS.items()}
"""Kinds of words, each with its members; one that only the claim holds is suspicious."""

OPPOSITE_PAIRS = """increase/decrease increase/reduce raise/reduce raise/lower grow/shrink more/less
more/fewer higher/lower high/low better/worse best/worst large/small larger/smaller big/small
greater/smaller fast/slow faster/slower strong/weak stronger/weaker improve/degrade improve/worsen
improve/hurt gain/loss maximize/minimize maximum/minimum outperform/underperform before/after
early/late earlier/later first/last with/without above/below over/under all/some always/sometimes
all/most every/some only/also convex/nonconvex linear/nonlinear supervised/unsupervised
labeled/unlabeled labelled/unlabelled seen/unseen known/unknown online/offline local/global
static/dynamic discrete/continuous deterministic/stochastic random/deterministic positive/negative
upper/lower encoder/decoder training/inference train/test teacher/student input/output
source/target forward/backward row/column node/edge easy/hard simple/complex similar/different
same/different common/rare frequent/rare often/rarely possible/impossible necessary/unnecessary
few/many short/long shorter/longer narrow/wide shallow/deep dense/sparse add/remove
include/exclude enable/prevent help/hurt cheap/expensive success/failure succeed/fail
sufficient/insufficient stable/unstable symmetric/asymmetric homogeneous/heterogeneous
bounded/unbounded sublinear/superlinear exponential/polynomial rise/fall superior/inferior
upward/downward single/multiple internal/external fixed/learned frozen/trained fixed/adaptive
explicit/implicit direct/indirect manual/automatic synthetic/real private/public both/one
together/separately exact/approximate mean/variance theoretical/empirical
theoretically/empirically"""


def stem(word: str) -> str:
    """Cut a word in lower case down to what its forms share."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)][:STEM]
    return word[:STEM]


def number(word: str) -> str | None:
    """Give the number that a word in lower case is, however spelt; None if it is none."""
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    return _plain(word) if word[0].isdigit() else None


def numbers(text: str) -> set[str]:
    """Give all numbers of `text`, those within words too, as in `F1`."""
    words = re.findall(r"[a-z]+", text.lower())
    said = {NUMBER_WORDS[word] for word in words if word in NUMBER_WORDS}
    return said | {_plain(found) for found in DIGITS.findall(text)}


def _plain(word: str) -> str:
    found = DIGITS.match(word)
    digits = found.group().replace(",", "") if found else word
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _opposites() -> dict[str, frozenset[str]]:
    pairs = [pair.split("/") for pair in OPPOSITE_PAIRS.split()]
    both = [(stem(one), stem(other)) for one, other in pairs]
    both += [(other, one) for one, other in both]
    return {of: frozenset(other for one, other in both if one == of) for of, _ in both}


OPPOSITES = _opposites()
"""By stem: the stems of what says the contrary."""
