"""How what a model cites is marked, and what only looks like a marker."""

import pytest

from assistant.citations import parse

KNOWN = frozenset(range(1, 10))

Read = tuple[str, tuple[int, ...], tuple[int, ...]]


def read(raw: str) -> list[Read]:
    return [(each.text, each.numbers, each.unknown) for each in parse(raw, KNOWN)]


def one(text: str, *numbers: int) -> list[Read]:
    return [(text, numbers, ())]


MARKERS: list[tuple[str, list[Read]]] = [
    ("Text [1].", one("Text.", 1)),
    ("Text [1][2].", one("Text.", 1, 2)),
    ("Text [2] [1].", one("Text.", 2, 1)),
    ("Text [1, 2].", one("Text.", 1, 2)),
    ("Text [1; 2].", one("Text.", 1, 2)),
    ("Text [1], [2].", one("Text.", 1, 2)),
    ("Text [1] and [2].", one("Text.", 1, 2)),
    ("Text [1-3].", one("Text.", 1, 2, 3)),
    ("Text [1–3].", one("Text.", 1, 2, 3)),
    ("Text [1, 3-4].", one("Text.", 1, 3, 4)),
    ("Text【1】.", one("Text.", 1)),
    ("Text【1†source】.", one("Text.", 1)),
    ("Text【1†see p. 3. Then】 goes on.", one("Text goes on.", 1)),
    ("Text [^1].", one("Text.", 1)),
    ("Text.[^1]", one("Text.", 1)),
    ("Text [Source 1].", one("Text.", 1)),
    ("Text [Paper 2].", one("Text.", 2)),
    ("Text [source 1, source 2].", one("Text.", 1, 2)),
    ("Text [Ref. 1] [Sources: 2, 3].", one("Text.", 1, 2, 3)),
    ("Text [#3].", one("Text.", 3)),
    ("Text [ 1 ].", one("Text.", 1)),
    ("Text [[1]].", one("Text.", 1)),
    ("Text [1](https://example.org/a.b?c=1).", one("Text.", 1)),
    ("Text (1).", one("Text.", 1)),
    ("Text. (1)", one("Text.", 1)),
    ("Text (1)(2).", one("Text.", 1, 2)),
    ("Text (1) [2].", one("Text.", 1, 2)),
    ("Text. (1) More (2).", [*one("Text.", 1), *one("More.", 2)]),
    ("Text ([1]).", one("Text.", 1)),
    ("Text (see [1, 2]) goes on.", one("Text goes on.", 1, 2)),
    ("Text [1]", one("Text", 1)),
    ("Text[1] goes on.", one("Text goes on.", 1)),
    ("Text[1]goes on.", one("Text goes on.", 1)),
    ("[1] shows the text.", one("shows the text.", 1)),
    ("SOAP[1] and word[2] end.", one("SOAP and word end.", 1, 2)),
    ("Text [1], and more [2].", one("Text, and more.", 1, 2)),
    ("Text [1] [1], then [1].", one("Text, then.", 1)),
    ("Text. [1]", one("Text.", 1)),
    ("Text.[1][2]", one("Text.", 1, 2)),
    ("Text.[1].", one("Text.", 1)),
    ("Text. [1], [2] More.", [*one("Text.", 1, 2), *one("More.")]),
    ("Text. [1] More [2].", [*one("Text.", 1), *one("More.", 2)]),
    ('He said "text." [1] More.', [*one('He said "text."', 1), *one("More.")]),
    ("(Text. [1]) More.", [*one("(Text.)", 1), *one("More.")]),
    ("Text! [1] Text? [2]", [*one("Text!", 1), *one("Text?", 2)]),
    ("Text.\n[1]\nMore.", [*one("Text.", 1), *one("More.")]),
    ("Text.\n[1] More.", [*one("Text."), *one("More.", 1)]),
    ("**Text** [1].", one("Text.", 1)),
    ("**Text [1].** More.", [*one("Text.", 1), *one("More.")]),
    ("Text. **[1]** More.", [*one("Text.", 1), *one("More.")]),
    ("文章。[1]更多。[2]", [*one("文章。", 1), *one("更多。", 2)]),
    ("Text [1]. [2] shows more.", [*one("Text.", 1), *one("shows more.", 2)]),
    ("[1]: Text [2]–[3] (see [4]; also [5]).", one("Text.", 1, 2, 3, 4, 5)),
    ("[1]", []),
    ("", []),
]

NO_MARKERS = [
    "(1) first, (2) second.",
    "We do (1) first, (2) second.",
    "It appeared in May (2020).",
    "The value is f(1).",
    "It follows from Eq. (1).",
    "It is a function (3.5) of it.",
    "The element x[1] and W[0] and row_sums[2][3] are large.",
    "Scores lie in [0, 1].",
    "Scores lie in [-1, 1].",
    "The code `a[1]` and ``b`[2].c`` holds.",
    "The formula $a[1]$ holds.",
    "The formula \\( a[1] \\) and \\[ b [1] \\] holds.",
    "The formula $$b [1]$$ holds.",
    "See [the note] and [ ] and [].",
    "The root is sqrt[3]{n}.",
    "See [1.5] and [1:2] and [a1].",
]

NUMBERS: list[tuple[str, list[Read]]] = [
    ("Text [12].", [("Text.", (), (12,))]),
    ("Text [1, 12].", [("Text.", (1,), (12,))]),
    ("Text [0].", [("Text.", (), (0,))]),
    ("Text [01].", one("Text.", 1)),
    ("Text [007][0008].", one("Text.", 7, 8)),
    ("Text [1-999999999].", [("Text.", (1,), (999999999,))]),
    ("Text [8-11].", [("Text.", (8, 9), (10, 11))]),
    ("Text [3-1].", one("Text.", 1, 2, 3)),
    ("Text [" + "1" * 1000 + "].", one("Text.")),
    ("Text [" + "0" * 1000 + "1].", one("Text.", 1)),
    ("Text [1].[" + "9" * 1000 + "-" + "9" * 200 + "]", one("Text.", 1)),
    ("Text [١][２].", one("Text.", 1, 2)),
    ("Text [²].", one("Text [²].")),
]


@pytest.mark.parametrize(("raw", "expected"), MARKERS)
def test_markers_leave_the_text_and_belong_to_their_sentence(
    raw: str, expected: list[Read]
) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize("raw", NO_MARKERS)
def test_what_only_looks_like_a_marker_stays(raw: str) -> None:
    assert read(raw) == one(raw)


@pytest.mark.parametrize(("raw", "expected"), NUMBERS, ids=[each[0][:20] for each in NUMBERS])
def test_a_number_is_known_or_unknown_and_never_harms(raw: str, expected: list[Read]) -> None:
    assert read(raw) == expected


def test_unknown_numbers_are_bounded() -> None:
    cited = parse("Text " + "".join(f"[{number}]" for number in range(10, 300)) + ".", KNOWN)
    assert [each.text for each in cited] == ["Text."]
    assert len(cited[0].unknown) == 20


@pytest.mark.parametrize(
    "end", ["Text [1", "Text [", "Text [1,", "Text [1, 2-", "Text【", "Text [^"]
)
def test_a_marker_cut_off_at_the_end_is_not_shown(end: str) -> None:
    assert read(end) == one("Text")
