"""LaTeX made readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.latex import readable


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"the $\ell_2$ norm", "the ℓ_2 norm"),
        (r"$\alpha$-divergence", "α-divergence"),
        (r"25\% of it", "25% of it"),
        (r"R\&D costs \$5", "R&D costs $5"),
        (r"\textbf{bold} and \emph{slanted}", "bold and slanted"),
        (r"{\em really}", "really"),
        ("$O(n)$ steps", "O(n) steps"),
        ("a variable $x$ here", "a variable x here"),
        ("from 66.3 %rightarrow72.9 %", "from 66.3 %→72.9 %"),
        (r"$a\rightarrow b$", "a→ b"),
    ],
)
def test_formulas_and_commands_are_shown_in_plain_characters(written: str, shown: str) -> None:
    assert readable(written) == shown


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 in May and $6 in June",
        "US$ and A$",
        "no LaTeX at all, 100% sure",
        r"C:\ is a drive",
        "$",
        "\\",
        "",
    ],
)
def test_text_that_is_no_latex_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


def test_command_that_reads_a_file_reads_none(tmp_path: object) -> None:
    secret = "/etc/passwd"
    for text in (rf"\input{{{secret}}}", rf"$\input{{{secret}}}$", rf"\include{{{secret}}}"):
        assert "root:" not in readable(text)


@pytest.mark.parametrize(
    "text",
    [
        r"$\frac{1$ and \begin{x} \end{y}",
        r"$}{$ \left( $\right$",
        "\\verb^1Bhref\\\\sqrt\\ensuremath",
        r"$\url$ \frac $\overline$ \input",
        "\\a" + "{" * 300,
        r"\def\x{\x\x}\x $\x$",
    ],
)
def test_broken_latex_is_shown_somehow_and_nothing_is_said(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert readable(text)
    assert not caplog.records


PIECES = st.sampled_from(
    [*"$^_&%~{}[]|\\ x1", "frac", "verb", "url", "sqrt", "input", "begin", "end", "left", "em "]
)


@given(st.lists(PIECES, max_size=16).map("".join))
def test_any_mix_of_commands_is_read_without_error_or_control_characters(text: str) -> None:
    assert all(letter.isprintable() for letter in readable(text))


@given(st.text(alphabet=st.characters(exclude_characters="$\\")))
def test_text_without_dollar_or_backslash_never_changes(text: str) -> None:
    assert readable(text) == text
