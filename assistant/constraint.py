r"""What only can be written: sentences that end with numbers of papers, or that it declines.

The grammar is in the EBNF of vLLM's structured outputs, which xgrammar reads. Its form was
measured with a table of 100,000 tokens: what a sentence may hold is one flat choice in one rule,
since behind the end of a rule or of a repetition `{m,n}` every token has to be tried at each step
(20 microseconds become 20 milliseconds). So no sentence has a greatest length; the tokens of the
answer are its limit. Only `root` and `marker` depend on the papers: the rule of a sentence is
prepared once by a server.
"""

from __future__ import annotations

from collections.abc import Sequence

MARKERS = 3
"""Citations of a sentence, at most."""

ABBREVIATIONS = (
    "e.g. i.e. al. vs. cf. approx. w.r.t. Fig. Figs. Eq. Eqs. Sec. Tab. Ref. No.".split()
)
"""Where a full stop and a blank end no sentence."""

BLANKS = r" \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
BRACKETS = r"\[\]\u27e6\u27e7\u3010\u3011\u3014\u3015\uff3b\uff3d"
FULL_STOPS = r"\u061f\u06d4\u0964\u3002\uff01\uff1f\uff61"
UNREADABLE = r"\x00-\x1f\x7f-\x9f\u00ad\ud800-\uf8ff\ufff0-\uffff\U00040000-\U0010ffff"
"""Control characters, halves of pairs, private use, and what stands for what could not be read."""

NEVER = BLANKS + BRACKETS + FULL_STOPS + UNREADABLE
"""What stands nowhere in a sentence; of these, a blank has rules of its own."""

MARKS = r".!?\u2026"
CLOSING = r"\"'\u2019\u201d\u203a\u00bb)}"

START = r"A-Z0-9\"'\u2018\u201c\u00c0-\u00de\u0370-\u03ff\u0410-\u042f\u3041-\u9fff\uac00-\ud7a3"
"""Capitals, digits, quotes, and letters of scripts that have no capitals."""

PLAIN = f"[^{NEVER}{MARKS}(<]"
AFTER_MARK = f"[^{NEVER}{MARKS}(<{CLOSING}]"
AFTER_DIGITS = f"[^{NEVER}{MARKS}(<0-9)]"
AFTER_ABBREVIATION = r"[A-Za-z0-9\u00c0-\u024f\u0370-\u03ff]"


def answer_grammar(numbers: Sequence[int], *, decline: str, sentences: int) -> str:
    """Write the grammar of an answer.

    An answer is `decline`, or 1 to `sentences` sentences with a blank between them. Each has three
    words or more, begins with a capital, a digit or a quote, ends with `.`, `?` or `!`, has none of
    these before a blank inside unless in an abbreviation, and is followed by one to three of
    `numbers` as `[n]`. Without numbers, it can only be declined.
    """
    if not numbers:
        return f"root ::= {_quoted(decline)}"
    marker = " | ".join(_quoted(f"[{number}]") for number in numbers)
    first = " | ".join(_inside())
    second = " | ".join([*_inside(), *_abbreviations()])
    others = f'{second} | " " {PLAIN}'
    return "\n".join(
        [
            f'root ::= {_quoted(decline)} | sentence (" " sentence){{0,{sentences - 1}}}',
            f'sentence ::= claim " " marker{{1,{MARKERS}}}',
            f"marker ::= {marker}",
            f'claim ::= [{START}] ({first})* " " {PLAIN} ({second})* " " {PLAIN} ({others})* [.?!]',
        ]
    )


def _inside() -> list[str]:
    """List what a word may be made of.

    Directly behind `.` stands no blank, nor behind the quote or bracket that closes there. A number
    alone in parentheses is left out, since it reads as a citation. A `<` stands only before a
    blank, a digit or `=`: a model's special tokens have the form `<…>`, and are taken out of the
    text after the grammar has read them.
    """
    ways = [PLAIN, f"[{MARKS}] {AFTER_MARK}", f"[{MARKS}] [{CLOSING}] {AFTER_MARK}"]
    for bracket in ('"("', '" ("'):
        ways.append(f"{bracket} [0-9]* {AFTER_DIGITS}")
        ways.append(f"{bracket} [0-9]* [{MARKS}] {AFTER_MARK}")
        ways.append(f'{bracket} [0-9]* " " {PLAIN}')
    for less in ('"<"', '" <"'):
        ways += [f"{less} [0-9=]", f'{less} " " {PLAIN}']
    return ways


def _abbreviations() -> list[str]:
    return [
        f"{_quoted(f'{before}{name} ')} {AFTER_ABBREVIATION}"
        for name in ABBREVIATIONS
        for before in (" ", " (")
    ]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
