"""The web page and those who mean harm: papers, words, and requests that it does not need."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect

from tests.chromium import found
from tests.served import served
from tests.web_page import HOSTILE, NO_BROWSER, ask, open_footnote, show

pytestmark = pytest.mark.skipif(found() is None, reason=NO_BROWSER)

KEY = "a-long-enough-key"
EVIL = "<img src=x onerror=\"document.title='got in'\"> giraffe networks {{7*7}} ${7*7}"


def test_a_paper_that_means_harm_is_only_text(page: Any) -> None:
    turn = ask(page, "What do giraffe networks do?")
    expect(turn.locator(".source")).to_contain_text("<b onmouseover=alert(1)>Giraffe networks</b>")
    card = open_footnote(turn)
    expect(card).to_contain_text("<img src=x onerror=")
    page.keyboard.press("Escape")
    turn.get_by_role("button", name="Papers like this").click()
    expect(turn.locator(".similar li").first).to_be_visible()
    ask(page, EVIL)
    expect(page.locator(".turn h2").last).to_have_text(EVIL)
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    search = show(page, "search")
    search.get_by_label("Search").fill(EVIL)
    expect(search.locator(".paper").first).to_contain_text(HOSTILE["authors"][0])
    for tab in ("today", "corpus", "quality"):
        show(page, tab)
    assert page.title() == "Footnote"
    for made in ("img", "#thread script", "[onerror]", "[onload]", "[onmouseover]"):
        expect(page.locator(made)).to_have_count(0)
    assert page.locator("a[href^=javascript]").count() == 0


def test_the_policy_stops_what_would_get_in(web_browser: Any, web_url: str) -> None:
    """As if a text had not been escaped: it neither runs nor asks for anything."""
    with web_browser.new_context() as context:
        page = context.new_page()
        told: list[str] = []
        refused: list[tuple[str, str | None]] = []
        asked: list[str] = []
        page.on("console", lambda each: told.append(each.text))
        page.on("request", lambda each: asked.append(each.url))
        page.on("requestfailed", lambda each: refused.append((each.url, each.failure)))
        page.goto(web_url)
        expect(page.locator("#question")).to_be_visible()
        page.evaluate(
            """document.getElementById("thread").innerHTML =
            "<img src='https://evil.example/x.png'><img src=x onerror='document.title=1'>" +
            "<p style='color:red' onclick='document.title=2'>here</p>" +
            "<iframe srcdoc='<script>parent.document.title=3</script>'></iframe>" """
        )
        page.locator("#thread p").click()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        assert page.title() == "Footnote"
        assert (
            page.locator("#thread p").evaluate("e => getComputedStyle(e).color") != "rgb(255, 0, 0)"
        )
        elsewhere = [each for each in asked if not each.startswith(web_url)]
        assert refused == [(each, "csp") for each in elsewhere]
        assert [each for each in told if "Content Security Policy" in each]


def test_the_policy_names_scripts_by_a_nonce_that_changes(web_url: str) -> None:
    policies = [httpx2.get(web_url).headers["content-security-policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([\w-]+)'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    assert len(nonces[0]) == 1
    assert "unsafe" not in policies[0]
    assert policies[0].startswith("default-src 'none'; ")
    page = httpx2.get(web_url).text
    assert re.findall(r"<script(?! nonce=)[^>]*>", page) == []
    assert re.findall(r'\son\w+="|\sstyle="', page) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/startup-events"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/config"),
        ("POST", "/"),
        ("GET", "/proxy=http://127.0.0.1/"),
        ("GET", "/page/static/0/page.js"),
        ("GET", "/assets/../config"),
    ],
)
def test_what_the_page_does_not_need_is_not_there(web_url: str, method: str, path: str) -> None:
    answer = httpx2.request(method, f"{web_url}{path}", content=b"x" if method == "POST" else None)
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("chat", ["../../etc", "x" * 22 + "!", "short", "a" * 22])
def test_a_conversation_that_nobody_had_shows_nothing(web_url: str, chat: str) -> None:
    answer = httpx2.get(f"{web_url}/page/chats/{chat}")
    assert answer.status_code in (200, 404, 422)
    assert answer.status_code != 200 or answer.text == ""


def test_with_a_key_the_page_asks_for_it_first(web_browser: Any, sample_home: Any) -> None:
    with (
        served(sample_home, env={"FOOTNOTE_API_KEY": KEY}) as url,
        web_browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(url)
        expect(page).to_have_url(f"{url}/login")
        assert page.request.get(f"{url}/page/corpus").status == 401
        page.get_by_label("The key of this server").fill(KEY)
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#question")).to_be_visible()
        cookie = context.cookies()[0]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        ask(page, "How does SOAP work?")
        page.get_by_role("button", name="Log out").click()
        expect(page).to_have_url(f"{url}/login")
        page.goto(url)
        expect(page).to_have_url(f"{url}/login")
