"""The Markdown of a language model made plain while it comes; code and formulas sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.model_text.window import Waiting, Window, beginnings, character, find, measure, run

SEALED = dict(zip("[]()【】［］.?!…。！？｡।؟۔ \n", [*range(1, 9), *range(14, 27)], strict=True))
"""The characters that end sentences or make markers, as control characters, which no clean text
has: whoever reads on does not see them in code and formulas."""

SEALING = {ord(letter): code for letter, code in SEALED.items()}
OPENING = {code: ord(letter) for letter, code in SEALED.items()}

CLOSES_WITHIN = 300
"""Characters within which code or a formula closes, or it is none."""

FENCE_WITHIN = 1900
"""The same for code between fences."""

MARK = re.compile(r"> |[-*+•‣◦▪●·–—] |\d{1,3}[.)] ")
PART_OF_MARK = re.compile(r"[->*+•‣◦▪●·–—]|\d{1,3}[.)]?")
"""What a line begins with in a list or a quotation."""

HEADING = re.compile(r"#{1,6} |\*\*[^*\n\[【]{0,120}[^*\n\[【.?!。]\*\*:? *\n|\[\^\d+\]:")
PART_OF_HEADING = re.compile(
    r"#{1,6}|\*|\*\*[^*\n\[【]{0,121}\*{0,2}|\*\*[^*\n\[【]{1,121}\*\*:? {0,9}"
    r"|\[(?:\^\d{0,9}\]?)?"
)
"""How a line begins that is no sentence: a heading, or the definition of a footnote."""

LISTS = ("references", "reference", "sources", "bibliography", "works cited", "citations")

LIST = re.compile(rf"(?i:[#*_ ]*(?:{'|'.join(LISTS)})[*_ ]*(?:\n|:[*_ ]*[\n\[【\d(-]))")
PART_OF_LIST = re.compile(
    rf"(?i:[#*_ ]{{0,9}}(?:{beginnings(LISTS)})?"
    rf"|[#*_ ]{{0,9}}(?:{'|'.join(LISTS)})[*_ ]{{0,9}}:?[*_ ]{{0,9}})"
)
"""The line behind which an answer names what it has cited."""

FENCE = re.compile(r"(?:`{3,}|~{3,})[^`\n]*\n")
PART_OF_FENCE = re.compile(r"`{1,20}|~{1,20}|(?:`{3,20}|~{3,20})[^`\n]{0,60}")

FORMULA = re.compile(
    r"\$(?=[^$]*[\\^_])[^$\s](?:[^$]*[^$\s])?\$|\$(?![^$]*\s\[)[^$\s\d][^$]{0,40}[^$\s]\$|\$[^$\s]\$"
)
"""`$…$` that holds LaTeX or is short; two prices in one sentence are no formula."""

SENTENCES = re.compile(r"[.?!]['’]*\s+[A-Z]")
"""What stands between two backticks that are no code but `quotes' or ``quotes''."""

CLOSES = {
    "$": re.compile(r"\$|\n"),
    "$$": re.compile(r"\$\$|\n {0,30}\n"),
    "\\(": re.compile(r"\\\)|\n"),
    "\\[": re.compile(r"\\\]|\n {0,30}\n"),
}

SPECIAL = re.compile(r"[`$\\*\n]")


def unsealed(text: str) -> str:
    """Give code and formulas their characters back."""
    return text.translate(OPENING)


class PlainText:
    """Reads Markdown, writes sentences as one reads them aloud, a line break behind each line."""

    def __init__(self, clean: Window, plain: Window) -> None:
        """Read `clean`, write into `plain`."""
        self._clean = clean
        self._plain = plain
        self._emphasis: set[bool] = set()
        """What is open: whether it is bold."""
        self._fenced = False

    def read(self) -> Iterator[None]:
        """Read to the end, or to the line behind which only sources are named."""
        while (yield from self._line_start()):
            yield from self._line()
        self._plain.over = True

    def _line_start(self) -> Waiting[bool]:
        """Drop what a line begins with, and lines that are no sentence; is there a line?"""
        clean, self._emphasis = self._clean, set()
        while True:
            letter = yield from character(clean, 0)
            if letter == " ":
                clean.drop(1)
            elif not letter or (yield from measure(clean, 0, whole=LIST, part=PART_OF_LIST)):
                return False
            elif (yield from measure(clean, 0, whole=HEADING, part=PART_OF_HEADING)):
                yield from self._drop_line()
            elif size := (yield from measure(clean, 0, whole=MARK, part=PART_OF_MARK)):
                clean.drop(size)
            elif size := (yield from measure(clean, 0, whole=FENCE, part=PART_OF_FENCE)):
                yield from self._fence(size)
            else:
                return True

    def _drop_line(self) -> Waiting[None]:
        while (letter := (yield from character(self._clean, 0))) and letter != "\n":
            self._clean.drop(1)

    def _fence(self, opening: int) -> Waiting[None]:
        """Seal the code between two fences; a fence that does not close is dropped."""
        clean, mark = self._clean, self._clean.text[0]
        closing = re.compile(rf"\n {{0,9}}{mark}{{3,20}} {{0,9}}(?=\n|\Z)")
        found = None
        if not self._fenced:
            found = yield from find(clean, closing, start=opening - 1, most=FENCE_WITHIN)
            self._fenced = found is None
        else:
            self._fenced = False
        if found:
            self._seal(found.end(), blanks=r"[^\S\n]")
        else:
            clean.drop(min(opening, len(clean.text)))

    def _line(self) -> Waiting[None]:
        """Read to behind the line break."""
        clean = self._clean
        while True:
            found = SPECIAL.search(clean.text)
            self._plain.take(clean, found.start() if found else len(clean.text))
            letter = clean.text[:1]
            if letter == "\n":
                self._plain.take(clean, 1)
                return
            if letter == "*":
                yield from self._stars()
            elif letter:
                yield from self._code_or_formula(letter)
            elif clean.over:
                return
            else:
                yield

    def _code_or_formula(self, letter: str) -> Waiting[None]:
        """Seal code or a formula that closes; else read its first characters as they are."""
        clean = self._clean
        if letter == "`":
            opening = yield from run(clean, 0, of="`", most=CLOSES_WITHIN)
            end = yield from self._closing_ticks(opening)
        else:
            following = yield from character(clean, 1)
            double = letter == "\\" or following == "$"
            opening = 2 if double and following and following not in "\\\n" else 1
            end = yield from self._closing_formula(clean.text[:opening])
        if end:
            self._seal(end)
        else:
            self._plain.take(clean, opening)

    def _closing_ticks(self, opening: int) -> Waiting[int]:
        closing = re.compile(rf"\n|(?<!`)`{{{opening}}}(?!`)")
        if opening > 20:
            return 0
        found = yield from find(self._clean, closing, start=opening, most=CLOSES_WITHIN)
        if not found or found.group() == "\n":
            return 0
        code = self._clean.text[opening : found.start()]
        return found.end() if code == code.strip() and not SENTENCES.search(code) else 0

    def _closing_formula(self, opening: str) -> Waiting[int]:
        if opening not in CLOSES:  # an escaped character
            return 0
        found = yield from find(
            self._clean, CLOSES[opening], start=len(opening), most=CLOSES_WITHIN
        )
        if not found or found.group()[0] == "\n":
            return 0
        end = found.end()
        price = self._clean.text[end : end + 1].isdigit()
        if opening == "$" and (price or not FORMULA.fullmatch(self._clean.text, 0, end)):
            return 0
        return end

    def _seal(self, end: int, *, blanks: str = r"\s") -> None:
        text = re.sub(blanks, " ", self._clean.text[:end])
        self._plain.take(self._clean, end, text=text.translate(SEALING))

    def _stars(self) -> Waiting[None]:
        """Drop the stars of emphasis; those of products, powers and names stay."""
        before = self._plain.last
        size = yield from run(self._clean, 0, of="*", most=CLOSES_WITHIN)
        after = yield from character(self._clean, size)
        if not self._emphasises(before, after, bold=size > 1):
            self._plain.take(self._clean, size)
            return
        start = self._clean.starts[0]
        self._clean.drop(size)
        if after.strip():
            self._clean.starts[0] = start  # so that the stretch holds the stars it needs

    def _emphasises(self, before: str, after: str, *, bold: bool) -> bool:
        """Do the stars between two characters open or close emphasis?"""
        blank_before, blank_after = not before.strip(), not after.strip()
        if bold in self._emphasis and not blank_before:
            self._emphasis.remove(bold)
            return True
        if not blank_after and not before.isalnum():
            self._emphasis.add(bold)
            return True
        if bold:
            power = before.isalnum() and after.isalnum() and not (before + after).isalpha()
            return not power and not (blank_before and blank_after)
        return before in ".?!…。" and blank_after and bool(before)
