"""Words as they are compared: what their forms share, and the numbers that they spell."""

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


def _plain(word: str) -> str:
    found = DIGITS.match(word)
    digits = found.group().replace(",", "") if found else word
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
