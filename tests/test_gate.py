"""The gate: who and what is let through, by a real server around an application that counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from assistant.serving.access import COOKIE, Access
from assistant.serving.gate import Gate
from assistant.serving.limits import KIB, Limits
from tests.served import listening

KEY = "0123456789abcdef-key"
BEARER = {"Authorization": f"Bearer {KEY}"}
PAGE = {"Accept": "text/html,application/xhtml+xml"}
SMALL = Limits(body=KIB, upload=4 * KIB, per_minute=6_000, refusals_per_minute=3)
EVERYWHERE = ["/", "/api/ask", "/v1/models", "/mcp", "/metrics", "/feed.xml", "/other", "/healthy"]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer 200 with the number of bytes that came; log-ins are refused."""
    size, more = 0, scope["type"] == "http"
    if scope["type"] == "lifespan":
        return
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    status = 401 if scope["path"] == "/login" and scope["method"] == "POST" else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def gate(key: str | None, limits: Limits = SMALL, counted: list[Any] | None = None) -> Gate:
    noted: list[Any] = [] if counted is None else counted
    return Gate(
        echo,
        access=Access.with_key(key),
        limits=limits,
        requested=lambda place, status: noted.append((place, status)),
    )


@pytest.fixture(scope="module")
def locked() -> Iterator[httpx2.Client]:
    """A server with a key."""
    with listening(gate(KEY)) as url, httpx2.Client(base_url=url) as client:
        yield client


@pytest.fixture(scope="module")
def local() -> Iterator[httpx2.Client]:
    """A server without one."""
    with listening(gate(None)) as url, httpx2.Client(base_url=url) as client:
        yield client


@pytest.mark.parametrize("path", EVERYWHERE)
def test_everything_is_refused_without_the_key(locked: httpx2.Client, path: str) -> None:
    refused = locked.get(path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "FOOTNOTE_API_KEY" in refused.text


@pytest.mark.parametrize("path", EVERYWHERE)
def test_the_key_opens_everything(locked: httpx2.Client, path: str) -> None:
    assert locked.get(path, headers=BEARER).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/login"])
def test_health_and_the_log_in_are_open(locked: httpx2.Client, path: str) -> None:
    assert locked.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/api/ask", 200), ("/v1/models", 401), ("/mcp", 401), ("/metrics", 401)],
)
def test_a_cookie_opens_pages_but_not_what_programs_use(
    locked: httpx2.Client, path: str, status: int
) -> None:
    cookie = {"Cookie": f"{COOKIE}={Access(KEY).cookie()}"}
    assert locked.get(path, headers=cookie).status_code == status


def test_a_cookie_that_is_too_old_or_made_up_opens_nothing() -> None:
    access = Access(KEY)
    old = access.cookie(now=0)
    assert access.by_cookie(old, now=1)
    until, _, signature = old.partition(".")
    wrong = [
        (old, None),
        (f"{int(until) + 1}.{signature}", 1),
        (Access(KEY + "x").cookie(now=0), 1),
        ("", 1),
        (until, 1),
        ("²." + signature, 1),
    ]
    assert not [value for value, now in wrong if access.by_cookie(value, now=now)]


def test_the_feeds_secret_opens_the_feed_alone(locked: httpx2.Client) -> None:
    asked = {"secret": Access(KEY).feed_secret}
    assert locked.get("/feed.xml", params=asked).status_code == 200
    assert locked.get("/feed.xml", params={"secret": "x"}).status_code == 401
    assert locked.get("/", params=asked).status_code == 401


def test_a_reader_is_led_to_the_log_in(locked: httpx2.Client) -> None:
    led = locked.get("/", headers=PAGE)
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert locked.get("/api/papers", headers=PAGE).status_code == 401
    assert locked.get("/", headers={**PAGE, **BEARER}).status_code == 200


def test_wrong_keys_are_soon_refused_unseen() -> None:
    with listening(gate(KEY)) as url:
        wrong = {"Authorization": "Bearer guess"}
        told = [
            httpx2.get(f"{url}/api/ask", headers=wrong) for _ in range(SMALL.refusals_per_minute)
        ]
        assert {each.status_code for each in told} == {401}
        late = httpx2.get(f"{url}/api/ask", headers=BEARER)
        assert late.status_code == 429
        assert int(late.headers["retry-after"]) > 0
        assert httpx2.post(f"{url}/login").status_code == 429
        assert httpx2.get(f"{url}/health").status_code == 200


def test_wrong_log_ins_count_as_wrong_keys() -> None:
    with listening(gate(KEY)) as url:
        told = [httpx2.post(f"{url}/login").status_code for _ in range(4)]
        assert told == [401, 401, 401, 429]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "127.0.0.1:1", "[::1]", "[::1]:7860", "LOCALHOST"]
)
def test_without_a_key_this_machine_may_ask(local: httpx2.Client, host: str) -> None:
    assert local.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_without_a_key_another_name_is_refused(local: httpx2.Client, host: str) -> None:
    refused = local.get("/", headers={"Host": host})
    assert refused.status_code == 403
    assert host in refused.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_pages_of_other_sites_are_refused(
    local: httpx2.Client, locked: httpx2.Client, origin: str
) -> None:
    for client in (local, locked):
        headers = {"Origin": origin, **BEARER}
        assert client.post("/api/ingest", headers=headers).status_code == 403


def test_its_own_pages_are_not(local: httpx2.Client) -> None:
    origin = str(local.base_url).rstrip("/")
    assert local.post("/api/ask", headers={"Origin": origin}).status_code == 200


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 256):
        yield b"x" * 256


@pytest.mark.parametrize(
    ("path", "most", "limit"), [("/api/ask", KIB, "1 KiB"), ("/api/ingest", 4 * KIB, "4 KiB")]
)
def test_what_is_too_large_is_refused_with_the_limit(
    local: httpx2.Client, path: str, most: int, limit: str
) -> None:
    for content in (b"x" * most, chunks(most)):
        taken = local.post(path, content=content)
        assert (taken.status_code, taken.text) == (200, str(most))
    for content in (b"x" * (most + 1), chunks(most + 256)):
        refused = local.post(path, content=content)
        assert refused.status_code == 413
        assert limit in refused.json()["detail"]


def test_who_asks_too_often_is_told_the_limit() -> None:
    with listening(gate(None, Limits(per_minute=2))) as url:
        told = [httpx2.get(f"{url}/api/papers") for _ in range(3)]
        assert [each.status_code for each in told] == [200, 200, 429]
        assert "2 requests a minute" in told[2].json()["detail"]
        assert 0 < int(told[2].headers["retry-after"]) <= 30
        assert httpx2.get(f"{url}/v1/models").json()["error"]["type"] == "rate_limit_error"
        assert httpx2.get(f"{url}/health").status_code == 200


@pytest.mark.parametrize("path", ["/", "/health", "/v1/models"])
def test_every_answer_says_what_a_browser_may_do(
    local: httpx2.Client, locked: httpx2.Client, path: str
) -> None:
    for client in (local, locked):
        headers = client.get(path).headers
        assert re.search(
            r"default-src 'none'.*frame-ancestors 'none'", headers["content-security-policy"]
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_requests_are_counted_by_few_names() -> None:
    counted: list[Any] = []
    with listening(gate(None, counted=counted)) as url:
        for path in ("/api/ask", "/x/y", "/.env"):
            httpx2.get(url + path)
    assert counted == [("api", 200), ("other", 200), ("other", 200)]
