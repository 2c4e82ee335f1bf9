"""What a language model writes that is no text: thoughts, special tokens, control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.model_text.window import Waiting, Window, beginnings, measure

THOUGHT = ("<think>", "<thinking>")
THOUGHT_ENDS = ("</think>", "</thinking>")

TOKENS = (
    *("<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>"),
    *("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
)
"""Special tokens of chat templates that have no common form."""

LINE_BREAKS = "\v\f\x85\u2028\u2029"
"""Line breaks besides `\\n`."""

BLANKS = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blanks besides the common one."""

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\r\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Controls, zero-width characters, bidi marks, surrogates, U+FFFD: Unicode's Cc, Cf and Cs, and
what it lets a renderer ignore."""

SUSPECT = re.compile(rf"[<\[{LINE_BREAKS}{BLANKS}{INVISIBLE}]")
BLANK = re.compile(f"[{BLANKS}]")


TOKEN = r"<[|｜][^<>|｜\s]{1,40}[|｜]>|" + "|".join(map(re.escape, TOKENS))

SPECIAL_TOKEN = re.compile(TOKEN)

NOISE = re.compile(
    rf"{TOKEN}|(?i:{'|'.join(THOUGHT + THOUGHT_ENDS)})"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # sets colours, moves the cursor
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # sets titles and links
)

PART_OF_NOISE = re.compile(
    rf"<[|｜][^<>|｜\s]{{0,40}}[|｜]?|{beginnings(TOKENS)}"
    rf"|(?i:{beginnings(THOUGHT + THOUGHT_ENDS)})"
    r"|\x1b|(?:\x1b\[|\x9b)[0-?]{0,60}[ -/]{0,4}|\x1b[\]PX^_][^\x07\x1b\n]{0,300}\x1b?"
)

THOUGHT_END = re.compile("|".join(THOUGHT_ENDS), flags=re.IGNORECASE)

NESTED = 8
"""Times that tokens are taken out of a text in which taking one out makes another."""


def without_noise(raw: Window, clean: Window) -> Iterator[None]:
    """Read `raw`, write what of it is text into `clean`.

    Every line break becomes `\\n`, every blank the common one.
    """
    while True:
        found = SUSPECT.search(raw.text)
        clean.take(raw, found.start() if found else len(raw.text))
        if found:
            yield from _suspect(raw, clean)
        elif raw.over:
            clean.over = True
            return
        else:
            yield


def _suspect(raw: Window, clean: Window) -> Waiting[None]:
    """Read the noise at the start of `raw`, or the character that only looked like it."""
    letter = raw.text[0]
    size = yield from measure(raw, 0, whole=NOISE, part=PART_OF_NOISE)
    word = raw.text[:size].lower()
    if word in THOUGHT + THOUGHT_ENDS and clean.last == "`":
        clean.take(raw, size)  # it is spoken of
    elif word in THOUGHT:
        yield from _thought(raw)
    elif size:
        raw.drop(size)
    elif letter in LINE_BREAKS:
        clean.take(raw, 1, text="\n")
    elif BLANK.match(letter):
        clean.take(raw, 1, text=" ")
    elif letter in "<[":
        clean.take(raw, 1)
    else:
        raw.drop(1)


def _thought(raw: Window) -> Waiting[None]:
    """Drop what the model thinks; a thought that does not close is dropped to the end."""
    while True:
        found = THOUGHT_END.search(raw.text)
        if found:
            raw.drop(found.end())
            return
        raw.drop(len(raw.text) if raw.over else max(0, len(raw.text) - len(THOUGHT_ENDS[-1])))
        if raw.over:
            return
        yield


def without_tokens(text: str) -> str:
    """Take out the special tokens of a text, also those that arise when others are taken out."""
    for _ in range(NESTED):
        text, found = SPECIAL_TOKEN.subn("", text)
        if not found:
            return text
    return text.replace("<", "").replace("[", "")
