"""Plain text, as it comes, cut into sentences with the markers that stand in or behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.markers import MARKER, OPENING, marker_length, parenthesis_length
from assistant.sentence_ends import CLOSING, FINAL, FINAL_ALONE, Before, before, ends
from assistant.window import Waiting, Window, character, run

LONGEST = 2000
"""Characters at which a sentence without end is cut."""

BLANK_LINES = 100
"""Blanks and line breaks up to which a line of markers belongs to the sentence before it."""

BLANKS = " \t\u00a0"

STOPS = re.compile(rf"[\n{re.escape(FINAL + OPENING)}]")

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
    while True:
        stop = STOPS.search(plain.text, at, LONGEST)
        if stop is None and len(plain.text) >= LONGEST:
            return _cut(plain.text)
        if stop is None and plain.over:
            return len(plain.text)
        if stop is None:
            at = max(at, len(plain.text))
            yield
            continue
        at = stop.start()
        if stop.group() == "\n":
            return (yield from _lone_markers(plain, at))
        if stop.group() in OPENING:
            at += (yield from marker_length(plain, at)) or 1
            continue
        behind = yield from run(plain, at, of=FINAL, most=LONGEST)
        end = yield from _end_behind(plain, at, behind)
        if end:
            return end
        at = behind


def _cut(text: str) -> int:
    """Find a place in a text without end that parts neither a word nor a marker."""
    blank = max(text.rfind(blank, LONGEST // 2, LONGEST) for blank in BLANKS)
    place = blank if blank > 0 else LONGEST
    for marker in MARKER.finditer(text):
        if marker.start() < place < marker.end():
            return marker.end() if marker.end() <= LONGEST else marker.start() or LONGEST
    return place


def _end_behind(plain: Window, mark: int, behind: int) -> Waiting[int]:
    """Find the end of a sentence with punctuation from `mark` to `behind`; 0 if it goes on."""
    closed = yield from run(plain, behind, of=CLOSING, most=LONGEST)
    end = yield from _markers_behind(plain, closed)
    place = yield from run(plain, end, of=BLANKS, most=LONGEST)
    following = yield from character(plain, place)
    if following in ("", "\n"):
        return (yield from _lone_markers(plain, end))
    if plain.text[behind - 1] in FINAL_ALONE:
        return end
    if place == closed:
        return 0
    sentence = plain.text[:mark]
    if before(sentence) is Before.NAME:
        following = yield from _word(plain, place)
    goes_on = not ends(
        sentence,
        plain.text[mark:behind],
        closing=plain.text[behind:closed],
        marked=end > closed,
        following=following,
    )
    return 0 if goes_on else end


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
        look = yield from run(plain, end, of=BLANKS + ",;&" * (end > place), most=LONGEST)
        size = yield from marker_length(plain, look)
        if not size:
            size = yield from parenthesis_length(plain, look)
        if not size:
            break
        end = yield from run(plain, look + size, of=FINAL + CLOSING, most=LONGEST)
    return end


def _lone_markers(plain: Window, place: int) -> Waiting[int]:
    """Give the end of the markers that alone fill the line behind `place`, or `place`."""
    start = yield from run(plain, place, of=BLANKS + "\n", most=BLANK_LINES)
    end = start
    while size := (yield from marker_length(plain, end)):
        end = yield from run(plain, end + size, of=BLANKS + ",;", most=BLANK_LINES)
    following = yield from character(plain, end)
    return end if end > start and following in ("", "\n") else place
