"""The pages of an evaluation in a real browser: nothing is asked for, and what moves works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.comparing import compare
from eval.comparison_page import comparison_page
from eval.gates import check_gates
from eval.page import report_page
from eval.read_reports import read_report
from tests.chromium import Browser, Page, browser, found
from tests.run_reports import TELLS, answered, declined, nugget, report_of, write_report
from tests.test_page import DANCED, DOUBTED, FAILED, GOOD, HOSTILE, TOLD, WRONG, everywhere

pytestmark = pytest.mark.skipif(found() is None, reason="there is no chromium here")

RESULTS = (
    GOOD,
    answered("wrong", DANCED, TOLD, WRONG, nuggets=(nugget(False, TELLS),)),
    answered("doubted", DOUBTED, question="Où dansent les abeilles ?"),
    declined("declined"),
    FAILED,
)
SHOWN = "[...document.querySelectorAll('.case')].filter(e => e.checkVisibility()).map(e => e.id)"
COLOUR = "(s => getComputedStyle(document.querySelector(s)).backgroundColor)"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with browser() as running:
        yield running


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Any:
    """Write the page of a run and open it; in the end nothing was asked for or complained of."""
    pages: list[tuple[Page, Path]] = []

    def open_page(written: str, **how: Any) -> Page:
        path = tmp_path / "report.html"
        path.write_text(written, encoding="utf-8")
        pages.append((chromium.open(path, **how), path))
        return pages[-1][0]

    yield open_page
    for page, path in pages:
        page.run("0") if page.scripts else None  # whatever was under way has been told by now
        assert page.requests == [path.as_uri()]
        assert page.console == []


@pytest.fixture
def page(opened: Any) -> Page:
    """The page of a run with a case of each kind."""
    page: Page = opened(report_page(report_of(*RESULTS)))
    return page


def test_a_filter_shows_its_failures_and_two_show_both(page: Page) -> None:
    assert page.run(SHOWN) == ["k1", "k2", "k3", "k4", "k5"]
    page.click("#only-unsupported")
    assert page.run(SHOWN) == ["k2"]
    page.click("#only-declined")
    assert page.run(SHOWN) == ["k2", "k4"]
    page.settle()
    assert page.run("document.getElementById('count').textContent") == "2 of 5 shown"
    page.click("#only-unsupported")
    page.click("#only-declined")
    assert len(page.run(SHOWN)) == 5


def test_a_search_reads_questions_answers_and_papers_within_the_filter(page: Page) -> None:
    page.press("/")
    page.type("OÙ  abeilles")
    assert page.run(SHOWN) == ["k3"]
    page.press("Escape")
    assert len(page.run(SHOWN)) == 5
    page.type("takes an hour")
    assert page.run(SHOWN) == ["k2"]
    page.click("#only-declined")
    assert page.run(SHOWN) == []


def test_pointing_at_a_sentence_marks_what_carries_it(page: Page) -> None:
    page.run("document.getElementById('k1').open = true")
    plain = page.run(f"{COLOUR}('#k1 .e1')")
    page.point("#k1 .c1")
    assert page.run(f"{COLOUR}('#k1 .e1')") != plain
    assert page.run(f"{COLOUR}('#k1 .e2')") == plain
    page.point("#k1 .c2")
    assert page.run(f"{COLOUR}('#k1 .e1')") == plain
    assert page.run(f"{COLOUR}('#k1 .e2')") != plain


def test_the_keyboard_opens_a_case_and_marks_what_carries_a_sentence(page: Page) -> None:
    page.run("document.querySelector('#k1 summary').focus()")
    page.press("Enter")
    assert page.run("document.getElementById('k1').open")
    plain = page.run(f"{COLOUR}('#k1 .e1')")
    page.press("Tab")
    assert page.run("document.activeElement.textContent").split() == ["a", "“", "verbatim"]
    assert page.run(f"{COLOUR}('#k1 .e1')") != plain
    page.press("Enter")
    assert page.run("location.hash") == "#k1s1e1"


def test_all_that_is_shown_opens_and_closes_at_once(page: Page) -> None:
    count = "document.querySelectorAll('.case[open]').length"
    page.click("#only-declined")
    page.settle()
    page.click("#open")
    page.settle()
    assert page.run(count) == 1
    page.click("#open")
    assert page.run(count) == 0


def test_an_address_opens_its_case(opened: Any) -> None:
    page = opened(report_page(report_of(*RESULTS)))
    page.run("location.hash = '#k2s1e1'; new Promise(done => setTimeout(done, 50))")
    assert page.run("document.getElementById('k2').open")


def test_without_scripts_the_filters_work_and_the_rest_can_be_read(opened: Any) -> None:
    page = opened(report_page(report_of(*RESULTS)), scripts=False)
    tree = page.ask("Accessibility.getFullAXTree")["nodes"]
    named = {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if "role" in n}
    assert ("checkbox", "unsupported sentences 1") in named
    assert not [name for role, name in named if role == "searchbox"]
    assert ("StaticText", GOOD.question) in named
    page.click("#only-unsupported")
    tree = page.ask("Accessibility.getFullAXTree")["nodes"]
    said = {n["name"]["value"] for n in tree if n.get("role", {}).get("value") == "StaticText"}
    assert RESULTS[1].question in said
    assert GOOD.question not in said


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_a_hostile_report_does_nothing(opened: Any, width: int) -> None:
    text = " ".join(HOSTILE)
    page = opened(report_page(report_of(*everywhere(text), writer=text)))
    page.emulate(width=width, height=800)
    page.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert page.run("document.scripts.length") == 1
    assert page.run("document.documentElement.scrollWidth") <= width, "a word is too wide"


def test_the_policy_stops_what_would_get_in(chromium: Browser, tmp_path: Path) -> None:
    """As if a text had not been escaped: it neither runs nor asks for anything."""
    path = tmp_path / "report.html"
    injected = "<script>document.title = 'got in'</script><img src='https://evil.example/x.png'>"
    written = report_page(report_of(GOOD)).replace("</h1>", f"</h1>{injected}")
    path.write_text(written, encoding="utf-8")
    page = chromium.open(path)
    assert page.run("document.title") == "bees, evaluated"
    assert page.run("document.images.length") == 1
    assert page.requests == [path.as_uri()]
    assert len(page.console) == 2
    assert all("Content Security Policy" in line for line in page.console)


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.emulate(width=width, height=900)
    page.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_words_stand_out_from_the_page_in_light_and_dark(page: Page, dark: bool) -> None:
    page.emulate(width=1280, height=900, dark=dark)
    page.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    for selector in ("body", ".note", ".supported", ".unchecked", ".unsupported", "mark.carries"):
        ratio = contrast(page, selector)
        assert ratio >= 4.5, f"{selector}: {ratio:.2f}"


def contrast(page: Page, selector: str) -> float:
    """Give the ratio of luminances of words and what is behind them (WCAG 2.1)."""
    colours = page.run(
        f"(e => {{ const back = e => {{ const c = getComputedStyle(e).backgroundColor;"
        "return c === 'rgba(0, 0, 0, 0)' ? back(e.parentElement) : c };"
        "return [getComputedStyle(e).color, back(e)]; })"
        f"(document.querySelector('{selector}'))"
    )
    dim, bright = sorted(map(luminance, colours))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_page_can_be_printed(page: Page) -> None:
    assert page.printed().startswith(b"%PDF")


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_a_comparison_is_a_page_of_the_same_kind(opened: Any, tmp_path: Path, width: int) -> None:
    question = " ".join(HOSTILE)
    before, after = answered("b", DANCED, question=question), declined("b", question=question)
    folders = [
        write_report(tmp_path / "before", GOOD, before, writer=question),
        write_report(tmp_path / "after", GOOD, after),
    ]
    comparison = compare(*map(read_report, folders))
    page = opened(comparison_page(comparison, check_gates(comparison, [])))
    page.emulate(width=width, height=800)
    assert page.run("document.querySelector('#worse .id').textContent") == "b"
    assert page.run("document.querySelector('#worse .state').textContent") == "answered → declined"
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("document.scripts.length") == 1
