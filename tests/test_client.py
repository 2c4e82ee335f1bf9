"""The client of live sources: polite, patient within bounds, and never led elsewhere."""

from __future__ import annotations

import json
import socket
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from index.errors import RefusedError, SourceError
from index.sources.client import Patience
from tests.live_reading import LiveReading, services_at
from tests.paper_server import (
    CUT_OFF,
    LOST,
    NONE,
    SILENCE,
    Asked,
    Fault,
    Instead,
    PaperServer,
    Status,
    hub_row,
)

DAY = date(2025, 10, 30)
SOURCE = f"hf:{DAY}"


@pytest.fixture(autouse=True)
def one_list(paper_server: PaperServer) -> None:
    paper_server.lists[DAY] = [hub_row(number, day=DAY) for number in (1, 2, 3)]


def gaps(server: PaperServer) -> list[float]:
    """The seconds between requests."""
    moments = [asked.moment for asked in server.asked]
    return [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]


@pytest.mark.parametrize(
    "fault",
    [
        Status(503),
        Status(500),
        Status(429, (("retry-after", "7"),)),
        CUT_OFF,
        LOST,
        Instead(b"<html>Welcome</html>"),
        Instead(b'{"error": "Internal"}'),
        Instead(b"\x00\x01\x02\x03" * 9),
        Instead(b"[" * 100_000),
        Instead(b"not gzip", (("content-encoding", "gzip"),)),
        Status(200),
    ],
    ids=lambda fault: str(fault)[:40],
)
def test_what_fails_in_passing_is_asked_for_again(
    fault: Fault, live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.fail(fault, fault)
    ingested = live.ingest(SOURCE)
    assert (ingested.added, ingested.rejected) == (3, 0)
    assert len(paper_server.asked) == 3


def test_silence_and_endless_answers_are_not_waited_for(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.patience = Patience(silence=0.3)
    paper_server.fail(SILENCE)
    assert live.ingest(SOURCE).added == 3
    paper_server.lists[DAY].append(hub_row(4, day=DAY))
    live.patience = Patience(answer=-1)
    with pytest.raises(SourceError, match="it took more than -1 seconds to answer"):
        live.ingest(SOURCE)


def test_pauses_grow_and_tries_are_bounded(live: LiveReading, paper_server: PaperServer) -> None:
    paper_server.fail(*[Status(503)] * 100)
    with pytest.raises(SourceError, match=r"failed 6 times, at last because .* HTTP 503") as caught:
        live.ingest(SOURCE)
    assert gaps(paper_server) == [2, 4, 8, 16, 32]
    assert "goes on there" in caught.value.hint


def test_a_server_is_left_alone_for_as_long_as_it_asks(
    live: LiveReading, paper_server: PaperServer
) -> None:
    then = live.clock.now() + timedelta(seconds=100)
    paper_server.fail(
        Status(429, (("retry-after", "40"),)),
        Status(503, (("retry-after", f"{then:%a, %d %b %Y %H:%M:%S} GMT"),)),
        Status(503, (("retry-after", "soon"),)),
    )
    live.ingest(SOURCE)
    assert gaps(paper_server) == [40, 60, 8]
    assert live.said[0] == f"Waiting 40 seconds, as `{paper_server.url}` wants it"


def test_a_long_rest_is_told_at_once_and_kept_by_the_next_command(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.fail(Status(429, (("retry-after", "3600"),)))
    for _ in range(2):
        with pytest.raises(SourceError, match="left alone until 2025-11-10 13:00 UTC"):
            live.ingest(SOURCE)
    assert len(paper_server.asked) == 1
    live.clock.pass_by(timedelta(hours=1))
    assert live.ingest(SOURCE).added == 3


def test_arxiv_that_has_had_enough_is_left_alone_for_ten_minutes(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.fail(Status(429))
    for source in ("arxiv:2510.00001", "arxiv-rss:cs.CL", "arxiv-oai:cs@2025-10"):
        with pytest.raises(SourceError, match="left alone until 2025-11-10 12:10 UTC"):
            live.ingest(source)
    assert len(paper_server.asked) == 1


def test_requests_keep_their_distance_across_commands(
    live: LiveReading, paper_server: PaperServer
) -> None:
    for _ in range(3):
        live.ingest(SOURCE)
    assert gaps(paper_server) == [1, 1]
    paper_server.asked.clear()
    for source in ("arxiv-rss:cs.CL", "arxiv:cs.CL", "arxiv-oai:cs@2025-10"):
        live.ingest(source)
    assert gaps(paper_server) == [3, 3]


def test_a_document_that_has_not_changed_is_not_sent_again(
    live: LiveReading, paper_server: PaperServer
) -> None:
    assert live.ingest(SOURCE).added == 3
    assert live.ingest(SOURCE).read == 0
    assert paper_server.asked[1].headers["if-none-match"]
    paper_server.lists[DAY].append(hub_row(4, day=DAY))
    assert (ingested := live.ingest(SOURCE)).added == 1
    assert ingested.unchanged == 3


def test_what_was_not_stored_is_sent_again(live: LiveReading, paper_server: PaperServer) -> None:
    live.corpus.connection.execute(
        "CREATE TEMP TRIGGER stop BEFORE INSERT ON listings BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(Exception, match="no"):
        live.ingest(SOURCE)
    live.corpus.connection.execute("DROP TRIGGER stop")
    assert live.ingest(SOURCE).added == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://login.example.org/welcome",
        "//example.org/",
        "https://127.0.0.1:1/",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
def test_a_server_that_sends_elsewhere_is_not_followed(
    address: str, live: LiveReading, paper_server: PaperServer
) -> None:
    if not address:
        paper_server.fail(*[Status(302, (("location", "?again"),))] * 99)
        with pytest.raises(SourceError, match="sends in circles"):
            live.ingest(SOURCE)
        return
    paper_server.fail(Status(302, (("location", address),)))
    with pytest.raises(SourceError, match="sends elsewhere") as caught:
        live.ingest(SOURCE)
    assert "FOOTNOTE_HF_URL" in caught.value.hint
    assert len(paper_server.asked) == 1


def test_a_server_that_sends_about_itself_is_followed(
    live: LiveReading, paper_server: PaperServer
) -> None:
    place = f"/api/daily_papers?date={DAY}&limit=100&p=0&again=1"
    paper_server.fail(Status(301, (("location", place),)))
    assert live.ingest(SOURCE).added == 3
    assert paper_server.asked[1].query["again"] == "1"
    assert gaps(paper_server) == [1]


def test_being_offline_is_one_error_that_names_the_cure(
    live: LiveReading, paper_server: PaperServer
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    live.services = services_at(url)
    with pytest.raises(SourceError, match=f"`{url}` cannot be reached: ") as caught:
        live.ingest(SOURCE)
    assert "check the network, or name a mirror in FOOTNOTE_HF_URL" in caught.value.hint
    assert live.clock.slept == []


def test_a_server_that_goes_away_in_the_middle_is_tried_again_then_told(
    live: LiveReading, paper_server: PaperServer
) -> None:
    def going(asked: Asked) -> Fault:
        if len(paper_server.asked) == 2:
            paper_server.close()
            return LOST
        return NONE

    paper_server.faults = going
    with pytest.raises(SourceError, match="failed 6 times, at last because it cannot be reached"):
        live.ingest(f"{SOURCE}..2025-11-01")
    assert live.corpus.count() == 3
    assert live.clock.slept[1:] == [2, 4, 8, 16, 32]


def test_a_refusal_is_told_with_its_reason_and_not_repeated(
    live: LiveReading, paper_server: PaperServer
) -> None:
    body = json.dumps({"error": "Bad\x1b[31m date"}).encode()
    paper_server.fail(Status(400, body=body))
    with pytest.raises(RefusedError, match=r"HTTP 400, `Bad \[31m date`"):
        live.ingest(SOURCE)
    assert len(paper_server.asked) == 1


def test_an_answer_beyond_all_bounds_is_an_error(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.fail(Instead(b" " * (live.patience.size + 1)))
    with pytest.raises(SourceError, match=f"answers with more than {live.patience.size} bytes"):
        live.ingest(SOURCE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("said", ["utf-8", "iso-8859-1", "no-such-charset"])
def test_the_encoding_is_told_by_the_content_whatever_is_said(
    encoding: str, said: str, live: LiveReading, paper_server: PaperServer
) -> None:
    row = hub_row(1, day=DAY, title="Über Eulen – “zählen”")
    body = json.dumps([row], ensure_ascii=False).encode(encoding)
    headers = (("content-type", f"application/json; charset={said}"),)
    paper_server.fail(Instead(body, headers))
    live.ingest(SOURCE)
    assert live.papers()["2510.00001"].title == "Über Eulen – “zählen”"


def test_nothing_personal_is_sent(
    live: LiveReading, paper_server: PaperServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    paper_server.fail(Status(503, (("set-cookie", "who=you"),)))
    live.ingest(SOURCE)
    for asked in paper_server.asked:
        assert asked.headers["user-agent"].startswith("footnote/")
        assert not {"cookie", "authorization"} & set(asked.headers)


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_years(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.ingest(SOURCE)
    live.clock.moment = datetime(2020, 1, 1, tzinfo=UTC)
    for _ in range(2):
        live.ingest("hf:2019-12-29")  # a Sunday, whose empty list is looked at once
    assert live.clock.slept == [1]


def test_a_wrong_address_in_the_settings_names_the_setting() -> None:
    for url in ("example.org", "ftp://example.org", "https://", "https://[", "https://a.b?c"):
        with pytest.raises(SourceError, match="FOOTNOTE_HF_URL is "):
            services_at(url)
    with pytest.raises(SourceError, match="holds a password") as caught:
        services_at("https://me:secret@example.org")
    assert "secret" not in str(caught.value)
