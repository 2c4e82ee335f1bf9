"""Sentences and the numbers they cite, out of the text of a model as it comes in pieces."""

import os
import time
from itertools import pairwise
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.citations import CitationReader, Cited, parse

KNOWN = frozenset(range(1, 10))

EXAMPLES = int(os.environ.get("FOOTNOTE_EXAMPLES", "300"))
"""How many texts each property is tried on; `FOOTNOTE_EXAMPLES=10000` looks harder."""

Read = tuple[str, tuple[int, ...], tuple[int, ...]]


def read(raw: str) -> list[Read]:
    return [(each.text, each.numbers, each.unknown) for each in parse(raw, KNOWN)]


def texts(raw: str) -> list[str]:
    return [each.text for each in parse(raw, KNOWN)]


def one(text: str, *numbers: int) -> list[Read]:
    return [(text, numbers, ())]


def read_in_pieces(pieces: list[str]) -> list[Cited]:
    reader = CitationReader(KNOWN)
    found = [cited for piece in pieces for cited in reader.feed(piece)]
    return found + reader.close()


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
    "The code `a[1]` and ``b`[2]`` holds.",
    "The formula $a[1]$ holds.",
    "The formula \\( a[1] \\) and \\[ b [1] \\] holds.",
    "The formula $$b [1]$$ holds.",
    "See [the note] and [ ] and [].",
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
    ("raw", "expected"),
    [
        ("- One [1].\n* Two.\n+ Three\n• Four", ["One.", "Two.", "Three", "Four"]),
        ("1. One.\n2) Two.\n10. Three", ["One.", "Two.", "Three"]),
        ("> - **One** *is* it.", ["One is it."]),
        ("# Head\n\nOne.\n## Head two.\nTwo.", ["One.", "Two."]),
        ("**Head:**\nOne.\n**Head**\nTwo.", ["One.", "Two."]),
        ("**One.** Two. **Three.**", ["One.", "Two.", "Three."]),
        ("One.\n---\nTwo.\n***\n", ["One.", "Two."]),
        ("A* search and 2 * 3 and x**2 stay.", ["A* search and 2 * 3 and x**2 stay."]),
        ("One *is* it. *Two* is. *Three is.*", ["One is it.", "Two is.", "Three is."]),
        ("One [1].\nReferences:\n[1] A paper.", ["One."]),
        ("One.\n\n**Sources**\n1. A paper.", ["One."]),
        ("One.\n## Bibliography\nA paper.", ["One."]),
        ("One.\nSources: [1] A paper.", ["One."]),
        ("Sources of noise are many.", ["Sources of noise are many."]),
        ("One[^1].\n\n[^1]: A paper, a venue.\nTwo.", ["One.", "Two."]),
    ],
)
def test_markdown_is_made_plain(raw: str, expected: list[str]) -> None:
    assert texts(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<think>One [1].</think>Two.", ["Two."]),
        ("<think>\nOne.\n</think>\n\nTwo.", ["Two."]),
        ("One. <THINK>Two.", ["One."]),
        ("One.</think> Two.", ["One.", "Two."]),
        ("The `<think>` tag helps.", ["The `<think>` tag helps."]),
        ("One.<|im_end|>", ["One."]),
        ("One<|eot_id|>.</s>[/INST]", ["One."]),
        ("a < b and c <| d.", ["a < b and c <| d."]),
        ("O\x1b[31mn\x1b[0me.\x1b]8;;http://x.y\x07", ["One."]),
        ("O\x00n\x7fe \u202eis\u200b it\ufffd.\ud800", ["One is it."]),
        ("One [\u200b1\u2060].", ["One."]),
        ("One\u00a0\u00a0two [1]\u2028Three", ["One two", "Three"]),
    ],
)
def test_what_is_no_text_is_dropped(raw: str, expected: list[str]) -> None:
    assert texts(raw) == expected


def test_code_in_a_fence_is_one_stretch_without_citations() -> None:
    block = "```python\nx = a[1]  # see [2]. Then\n```"
    assert read(f"One [1].\n{block}\nTwo [2].") == [
        *one("One.", 1),
        *one(block),
        *one("Two.", 2),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("It costs $5 [1]. More for 6 $ [2].", [(1,), (2,)]),
        ("It costs $5 [1] or 6$ [2].", [(1, 2)]),
        ("A ` tick [1]. More [2].", [(1,), (2,)]),
        ("A \\( bracket [1]. More [2].", [(1,), (2,)]),
        ("A $$ sign [1]. More [2].", [(1,), (2,)]),
        ("```\nOne [1].\nTwo [2].", [(1,), (2,)]),
        ("A ` tick " + "word " * 80 + "[1]. A ` more [2].", [(1,), (2,)]),
        ("```\n" + "word\n" * 600 + "One [1].\n```\nTwo [2].", [(1,), (2,)]),
    ],
)
def test_what_opens_and_does_not_close_swallows_nothing(
    raw: str, expected: list[tuple[int, ...]]
) -> None:
    assert [each.numbers for each in parse(raw, KNOWN) if each.numbers] == expected


@pytest.mark.parametrize(
    "end", ["Text [1", "Text [", "Text [1,", "Text [1, 2-", "Text【", "Text [^"]
)
def test_a_marker_cut_off_at_the_end_is_not_shown(end: str) -> None:
    assert read(end) == one("Text")


@pytest.mark.parametrize(
    ("so_far", "expected"),
    [
        ("One [1].", []),
        ("One [1]. ", []),
        ("One. [", []),
        ("One. [1", []),
        ("One [1]. T", ["One."]),
        ("One.[1] T", ["One."]),
        ("One. [S", []),
        ("One. [N", ["One."]),
        ("One. [w", ["One."]),
        ("One [1].\nT", ["One."]),
        ("One.\n[1]\n", ["One."]),
        ("As in the U.S. S", []),
        ("文章。更", ["文章。"]),
    ],
)
def test_a_sentence_comes_as_soon_as_it_is_certain(so_far: str, expected: list[str]) -> None:
    assert [each.text for each in CitationReader(KNOWN).feed(so_far)] == expected


def test_a_sentence_without_end_is_cut_at_a_blank() -> None:
    cited = parse("word [1] " * 1000, KNOWN)
    assert all(each.text == " ".join(["word"] * len(each.text.split())) for each in cited)
    assert all(each.numbers == (1,) for each in cited)
    assert max(each.end - each.start for each in cited) <= 2000
    assert sum(len(each.text.split()) for each in cited) == 1000


def test_a_word_without_end_is_cut_too() -> None:
    assert [len(text) for text in texts("x" * 5000)] == [2000, 2000, 1000]


def test_nothing_is_kept_of_what_has_been_read() -> None:
    reader = CitationReader(KNOWN)
    for piece in ["x" * 50_000, "<think>", "y" * 50_000, "</think>", "\n" * 50_000, "." * 50_000]:
        reader.feed(piece)
        assert reader.held < 5000


def test_stretches_are_where_the_sentences_stand() -> None:
    raw = "<think>x</think>\n- *One* is [1]. [2]\n\n2. Two.\u200b"
    assert [raw[each.start : each.end] for each in parse(raw, KNOWN)] == [
        "*One* is [1]. [2]",
        "Two.",
    ]


@pytest.mark.parametrize(
    "unit",
    ["Words of a sentence, as they come [1]. ", ". [1", "$", "`", "<", "e.g. (", "[[1]1]", "**a "],
)
def test_a_long_text_in_single_characters_is_read_in_time_that_grows_with_its_length(
    unit: str,
) -> None:
    text = unit * (100_000 // len(unit))
    reader, started = CitationReader(KNOWN), time.process_time()
    for letter in text:
        reader.feed(letter)
    reader.close()
    assert time.process_time() - started < 5


TRICKY = st.sampled_from(
    [
        *"[]()【】.,;:?!*`$\\<>|/#-–^†_'\"~ \n\t0123456789aAxX…。",
        *[
            "[1]",
            "[2, 3]",
            "[1-4]",
            "【2】",
            "【1†s】",
            "[^1]",
            "(1)",
            "(2020)",
            "[Source 1]",
            "[#3]",
        ],
        *["[0]", "[99]", "[01]", "[²]", "[١]", "[1", "1]", "[[", "]]", "[1](http://a.b)", "x[1]"],
        *[
            ". ",
            "\n\n",
            "\n- ",
            "\n1. ",
            "\n# ",
            "\n> ",
            "**",
            "***",
            "```",
            "\n```\n",
            "$$",
            "\\[",
        ],
        *["\\]", "\\(", "\\)", "e.g. ", "et al. ", "Fig. ", "U.S. ", "3.5", "v1.2", "...", "The "],
        *[
            "<think>",
            "</think>",
            "<|im_end|>",
            "<|",
            "|>",
            "</s>",
            "[/INST]",
            "\x1b[",
            "\x1b]",
            "31m",
        ],
        *[
            "\u200b",
            "\u202e",
            "\ufffd",
            "\ud800",
            "\x00",
            "\r\n",
            "\u00a0",
            "\u2028",
            "word ",
            "Text",
        ],
        *["References:\n", "Sources:", "[^1]: ", "x" * 150, " word" * 60, "1" * 400],
    ]
)

ANY = st.one_of(
    st.lists(TRICKY, max_size=40).map("".join),
    st.text(max_size=200),
    st.text(alphabet=st.characters(), max_size=60),
)

WORDS = st.lists(
    st.sampled_from("SOAP uses curvature of the loss, in (two) steps; 3.5 times vs. Adam".split()),
    min_size=1,
    max_size=9,
).map(" ".join)


@st.composite
def ordinary(draw: st.DrawFn) -> str:
    """Write an answer as a model does: sentences, each with its markers."""
    marker = st.sampled_from(
        [" [1]", " [2][3]", "[4]", " [1, 99]", " 【5†source】", " [Paper 6]", ""]
    )
    answer = ""
    for _ in range(draw(st.integers(1, 5))):
        words, marks = draw(WORDS), draw(marker)
        end = draw(st.sampled_from([f"{marks}.", f".{marks}", f"{marks}?"]))
        answer += f"It {words}{draw(marker)} is so{end}" + draw(st.sampled_from([" ", "\n- "]))
    return answer


@st.composite
def cut(draw: st.DrawFn, source: st.SearchStrategy[str]) -> tuple[str, list[str]]:
    raw = draw(source)
    places = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    bounds = [0, *places, len(raw)]
    return raw, [raw[start:end] for start, end in pairwise(bounds)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(cut(st.one_of(ANY, ordinary())))
def test_the_pieces_do_not_matter(example: tuple[str, list[str]]) -> None:
    raw, pieces = example
    assert read_in_pieces(pieces) == parse(raw, KNOWN) == read_in_pieces(list(raw))


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_no_marker_is_left_in_a_text(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert not [each for each in parse(cited.text, KNOWN) if each.numbers or each.unknown]


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_a_text_holds_words_and_nothing_that_acts(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert cited.text == cited.text.strip()
        assert {"Cc", "Cf", "Cs"}.isdisjoint(map(category, cited.text.replace("\n", "")))
        assert any(letter.isalnum() for letter in cited.text)
        assert "  " not in cited.text or "\n" in cited.text  # code between fences stays as it is


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_numbers_are_known_ones_without_doubles(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        assert KNOWN.issuperset(cited.numbers)
        assert KNOWN.isdisjoint(cited.unknown)
        assert len(set(cited.numbers)) == len(cited.numbers)
        assert len(set(cited.unknown)) == len(cited.unknown) <= 20


@settings(max_examples=EXAMPLES, deadline=None)
@given(ANY)
def test_stretches_ascend_and_hold_the_sentence_only(raw: str) -> None:
    reached = 0
    for cited in parse(raw, KNOWN):
        assert reached <= cited.start < cited.end <= len(raw)
        assert raw[cited.start : cited.end] == raw[cited.start : cited.end].strip()
        reached = cited.end


@settings(max_examples=EXAMPLES, deadline=None)
@given(ordinary())
def test_an_ordinary_stretch_says_the_same_when_it_is_read_again(raw: str) -> None:
    for cited in parse(raw, KNOWN):
        again = read(raw[cited.start : cited.end])
        assert again == [(cited.text, cited.numbers, cited.unknown)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_numbers_come_in_the_order_of_their_markers(numbers: list[int]) -> None:
    raw = " ".join(f"word [{number}]" for number in numbers)
    assert parse(raw, KNOWN)[0].numbers == tuple(dict.fromkeys(numbers))


def test_an_answer_is_read_while_it_is_written() -> None:
    reader = CitationReader({1, 2})
    pieces = "SOAP is |fast [|1|]|.| It| uses Adam.[|2|][3]| And".split("|")
    assert [[each.text for each in reader.feed(piece)] for piece in pieces] == [
        *[[], [], [], [], [], ["SOAP is fast."]],
        *[[], [], [], ["It uses Adam."]],
    ]
    assert [each.text for each in reader.close()] == ["And"]
