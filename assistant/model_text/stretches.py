"""Plain text, as it comes, cut into sentences with the markers that stand in or behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.model_text.markers import MARKER, OPENING, marker_length, parenthesis_length
from assistant.model_text.sentence_ends import CLOSING, FINAL, FINAL_ALONE, Before, before, ends
from assistant.model_text.window import Waiting, Window, character, run

LONGEST = 2000
"""Characters at which a sentence without end is cut."""

BLANK_LINES = 100
"""Blanks and line breaks up to which a line of markers belongs to the sentence before it."""

STOPS = re.compile(rf"[\n{re.escape(FINAL + OPENING)}]")

CAPITALISED = re.compile(r"[A-Z][a-z]+ ")
"""A word that begins a sentence although the blank before it is missing."""

CUT_OFF = re.compile(rf"[{re.escape(OPENING)}]\s*[\^#]?[\d\s,;–-]*\Z")
"""A marker that the end of the text has cut off."""


@dataclass(frozen=True)
class Stretch:
    """A sentence with its markers, and where it stands: `raw[start:end]`."""

    text: str
    start: int
    end: int


def sentences(plain: Window, found: list[Stretch]) -> Iterator[None]:
    """Read `plain`, add each sentence to `found` when it is certain where it ends."""
    while True:
        if plain.text[:1].isspace():
            plain.drop(len(plain.text) - len(plain.text.lstrip()))
        if plain.text:
            end = yield from _end(plain)
            text = plain.text[:end].rstrip()
            if plain.over and end == len(plain.text):
                text = CUT_OFF.sub("", text).rstrip()
            if text:
                found.append(Stretch(text, plain.starts[0], plain.ends[len(text) - 1]))
            plain.drop(end)
        elif plain.over:
            return
        else:
            yield


def _end(plain: Window) -> Waiting[int]:
    """Find where the sentence ends that begins with the window."""
    at = 0
    markers: list[tuple[int, int]] = []
    while True:
        stop = STOPS.search(plain.text, at, LONGEST)
        if stop is None:
            if len(plain.text) >= LONGEST:
                return _cut(plain.text, markers)
            if plain.over:
                return len(plain.text)
            at = len(plain.text)
            yield
        elif stop.group() == "\n":
            return (yield from _lone_markers(plain, stop.start()))
        elif stop.group() in OPENING:
            size = yield from marker_length(plain, stop.start())
            at = stop.start() + (size or 1)
            markers.append((stop.start(), at))
        else:
            at = yield from run(plain, stop.start(), of=FINAL, most=LONGEST)
            if end := (yield from _end_behind(plain, stop.start(), at)):
                return end


def _cut(text: str, markers: list[tuple[int, int]]) -> int:
    """Find a place in a text without end that parts neither a word nor a marker."""
    blank = text.rfind(" ", LONGEST // 2, LONGEST)
    place = blank if blank > 0 else LONGEST
    for start, end in markers:
        if start < place < end:
            return end if end <= LONGEST else start or LONGEST
    return place


def _end_behind(plain: Window, mark: int, behind: int) -> Waiting[int]:
    """Find the end of a sentence with punctuation from `mark` to `behind`; 0 if it goes on."""
    closed = yield from run(plain, behind, of=CLOSING, most=LONGEST)
    end = yield from _markers_behind(plain, closed)
    place = yield from run(plain, end, of=" ", most=LONGEST)
    following = yield from character(plain, place)
    if following in ("", "\n"):
        return (yield from _lone_markers(plain, end))
    if plain.text[behind - 1] in FINAL_ALONE:
        return end
    sentence, glued, marked = plain.text[:mark], place == closed, end > closed
    if glued or before(sentence) is Before.NAME:
        following = yield from _word(plain, place)
    if glued and not CAPITALISED.fullmatch(following):
        return 0
    final, closing = plain.text[mark:behind], plain.text[behind:closed]
    if not ends(sentence, final, closing=closing, marked=marked, following=following):
        return 0
    apart = marked and plain.text[closed] == plain.text[end] == " "
    begins_next = apart and following.islower() and MARKER.search(sentence)
    return closed if begins_next else end


def _word(plain: Window, place: int) -> Waiting[str]:
    """Give the word at `place` and the character behind it."""
    end = place
    while end - place < 20 and (yield from character(plain, end)).isalpha():
        end += 1
    return plain.text[place : end + 1]


def _markers_behind(plain: Window, place: int) -> Waiting[int]:
    """Give the end of the markers, if any, behind a sentence that ends at `place`."""
    end = place
    while end < LONGEST + place:
        look = yield from run(plain, end, of=" ,;&-–" if end > place else " ", most=LONGEST)
        size = yield from marker_length(plain, look)
        if not size:
            size = yield from parenthesis_length(plain, look)
        if not size:
            break
        end = yield from run(plain, look + size, of=FINAL + CLOSING, most=LONGEST)
    return end


def _lone_markers(plain: Window, place: int) -> Waiting[int]:
    """Give the end of the markers that alone fill the line behind `place`, or `place`."""
    start = yield from run(plain, place, of=" \n", most=BLANK_LINES)
    end = start
    while end < place + LONGEST and (size := (yield from marker_length(plain, end))):
        end = yield from run(plain, end + size, of=" ,;", most=BLANK_LINES)
    following = yield from character(plain, end)
    alone = end > start and following in ("", "\n")
    return end if alone else place
