"""Markdown, code, formulas, thoughts and control characters in what a model writes."""

import pytest

from assistant.citations import parse

KNOWN = frozenset(range(1, 10))


def texts(raw: str) -> list[str]:
    return [each.text for each in parse(raw, KNOWN)]


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
        ("One\u3000is\u2009it.\tTwo\u00a0is.", ["One is it.", "Two is."]),
    ],
)
def test_what_is_no_text_is_dropped(raw: str, expected: list[str]) -> None:
    assert texts(raw) == expected


def test_code_in_a_fence_is_one_stretch_without_citations() -> None:
    block = "```python\nx = a[1]  # see [2]. Then\n```"
    read = parse(f"One [1].\n{block}\nTwo [2].", KNOWN)
    assert [(each.text, each.numbers) for each in read] == [
        ("One.", (1,)),
        (block, ()),
        ("Two.", (2,)),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("It costs $5 [1]. More for 6 $ [2].", [(1,), (2,)]),
        ("It costs $5 [1] or 6$ [2].", [(1, 2)]),
        ("A ` tick [1]. More [2].", [(1,), (2,)]),
        ("A ``word'' [1] and ``another'' [2].", [(1, 2)]),
        ("A `word' is. More [1] of `it'.", [(1,)]),
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
