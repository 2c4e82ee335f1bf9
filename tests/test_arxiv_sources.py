"""arXiv by query, by feed and in bulk: what broke off goes on, and nothing is read for nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from index.errors import RefusedError, SourceError
from index.sources import arxiv_api
from tests.arxiv_answers import Article
from tests.live_reading import LiveReading
from tests.paper_server import CUT_OFF, NONE, Instead, PaperServer, Status


def articles(count: int, *, since: date = date(2025, 10, 1)) -> list[Article]:
    """Write articles, ten a day."""
    return [
        Article(f"2510.{number:05}", f"Owls & <{number}>", since + timedelta(days=number // 10))
        for number in range(count)
    ]


def windows(server: PaperServer) -> list[str]:
    return [asked.query["search_query"].rpartition(":")[2] for asked in server.asked]


def test_papers_are_read_by_their_ids_and_an_unknown_one_is_told(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = articles(3)
    ingested = live.ingest("arxiv:2510.00002,2510.00000,2510.99999")
    assert (ingested.added, ingested.rejected) == (2, 1)
    assert ingested.problems[0].origin == "arxiv:2510.99999"
    paper = live.papers()["2510.00002"]
    assert (paper.title, paper.authors) == ("Owls & <2>", ("Ada Owl", "Cy Fish"))
    assert (paper.published, paper.categories) == (date(2025, 10, 1), ("cs.CL",))


def test_a_category_is_read_by_the_days_of_submission(
    live: LiveReading, paper_server: PaperServer
) -> None:
    other = Article("2510.77777", "Bees", date(2025, 10, 3), categories=("cs.CV",))
    paper_server.articles = [*articles(60), other]
    assert live.ingest("arxiv:cs.CL@2025-10-02..2025-10-03").added == 20
    assert live.ingest("arxiv:cs.CV+cs.CL@2025-10").added == 41
    assert windows(paper_server)[0] == "[202510020000 TO 202510032359]"


def test_a_category_without_days_is_that_of_the_last_week(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.ingest("arxiv:cs.CL")
    assert windows(paper_server) == ["[202511040000 TO 202511102359]"]


def test_a_query_brings_what_fits_best_or_all_of_some_days(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = [*articles(150), Article("2510.88888", "Bees", date(2025, 10, 2))]
    assert live.ingest("arxiv:bees").added == 1
    assert live.ingest('arxiv:ti:"owls"').added == 100
    assert live.ingest('arxiv:ti:"owls"@2025-10').added == 50


def test_a_query_that_is_refused_is_told(live: LiveReading, paper_server: PaperServer) -> None:
    with pytest.raises(SourceError, match="arXiv refuses the request: `malformed query`"):
        live.ingest("arxiv:(((ti:x")
    assert len(paper_server.asked) == 1


def test_a_long_answer_is_read_page_by_page_and_goes_on_where_it_broke_off(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = articles(450, since=date(2025, 9, 1))
    source = "arxiv:cs.CL@2025-09-01..2025-10-31"
    paper_server.faults = lambda asked: Status(404) if asked.query["start"] == "400" else NONE
    with pytest.raises(RefusedError):
        live.ingest(source)
    assert live.corpus.count() == 400
    paper_server.fail()
    paper_server.asked.clear()
    assert live.ingest(source).added == 50
    assert windows(paper_server) == ["[202510100000 TO 202510312359]"]
    paper_server.asked.clear()
    live.ingest(source)
    assert len(paper_server.asked) == 450 // arxiv_api.PAGE + 1


EMPTY = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"'
    b' xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><o:totalResults>450</o:totalResults></feed>'
)


@pytest.mark.parametrize("fault", [Instead(EMPTY), CUT_OFF, Instead(b"<!DOCTYPE x><feed/>")])
def test_a_page_that_is_empty_or_cut_off_is_asked_for_again_and_then_told(
    fault: Instead, live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = articles(250)
    paper_server.fail(NONE, fault, fault)
    assert live.ingest("arxiv:cs.CL@2025-10").added == 250
    paper_server.fail(*[fault] * 6)
    with pytest.raises(SourceError, match="failed 6 times"):
        live.ingest("arxiv:cs.CL@2025-10")


def test_watching_a_category_asks_from_the_last_settled_day_on(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.watch("arxiv:cs.CL")
    live.clock.pass_by(timedelta(days=30))
    live.watch("arxiv:cs.CL")
    assert windows(paper_server)[1] == "[202511030000 TO 202512102359]"


def test_the_feed_brings_what_is_new_with_the_day_of_its_list(
    live: LiveReading, paper_server: PaperServer
) -> None:
    new, cross, old = articles(3)
    paper_server.announced = [(new, "new"), (cross, "cross"), (old, "replace")]
    assert live.ingest("arxiv-rss:cs.CL+cs.LG").added == 2
    assert paper_server.asked[0].path == "/atom/cs.CL+cs.LG"
    paper = live.papers()[new.id]
    assert (paper.listed, paper.published) == ((date(2025, 11, 10),), None)
    assert paper.abstract == "We study owls."
    assert live.ingest("arxiv-rss:cs.CL+cs.LG").read == 0
    assert "announced nothing" in live.said[-1]


def test_feeds_that_were_missed_are_told_with_the_command_that_reads_them(
    live: LiveReading, paper_server: PaperServer
) -> None:
    first, second = articles(2)
    paper_server.announced = [(first, "new")]
    live.watch("arxiv-rss:cs.CL")
    paper_server.announced, paper_server.announced_on = [(second, "new")], date(2025, 11, 20)
    live.watch("arxiv-rss:cs.CL")
    assert "`footnote ingest arxiv:cs.CL@2025-11-10..2025-11-20`" in live.said[-1]


def test_the_empty_feed_of_a_weekend_is_no_problem(
    live: LiveReading, paper_server: PaperServer
) -> None:
    ingested = live.ingest("arxiv-rss:cs.CL")
    assert (ingested.read, ingested.rejected) == (0, 0)
    assert live.said == ["The feed of cs.CL is empty today"]


def test_a_harvest_follows_its_tokens_month_by_month(
    live: LiveReading, paper_server: PaperServer
) -> None:
    gone = Article("2510.66666", "Gone", date(2025, 10, 1), deleted=True)
    paper_server.articles = [gone, *articles(20), *articles(7, since=date(2025, 12, 1))]
    ingested = live.ingest("arxiv-oai:cs.CL@2025-09-15..2025-11-05")
    assert (ingested.added, ingested.rejected) == (20, 0)
    paper = live.papers()["2510.00019"]
    assert (paper.title, paper.authors) == ("Owls & <19>", ("Ada Owl", "Cy Fish"))
    assert (paper.published, paper.source) == (date(2025, 10, 2), "arxiv")
    begun = [asked.query for asked in paper_server.asked if "from" in asked.query]
    assert [(each["from"], each["until"]) for each in begun] == [
        ("2025-09-15", "2025-09-30"),
        ("2025-10-01", "2025-10-31"),
        ("2025-11-01", "2025-11-05"),
    ]
    assert {each["set"] for each in begun} == {"cs:cs:CL"}


@pytest.mark.parametrize("expired", [False, True])
def test_a_harvest_that_broke_off_goes_on_from_its_token_or_its_month(
    expired: bool, live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = articles(20)
    paper_server.fail(NONE, NONE, NONE, Status(404))
    with pytest.raises(RefusedError):
        live.ingest("arxiv-oai:cs@2025-10")
    assert live.corpus.count() == 9
    paper_server.asked.clear()
    if expired:
        paper_server.tokens.clear()
    assert live.ingest("arxiv-oai:cs@2025-10").added == 11
    assert "resumptionToken" in paper_server.asked[0].query
    assert len(paper_server.asked) == (8 if expired else 4)
    assert bool(live.said) == expired


def test_a_harvest_that_is_refused_is_told(live: LiveReading, paper_server: PaperServer) -> None:
    error = b'<error code="badArgument">no such set</error>'
    answer = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">' + error + b"</OAI-PMH>"
    paper_server.fail(Instead(answer))
    with pytest.raises(RefusedError, match="arXiv refuses the harvest: `no such set`"):
        live.ingest("arxiv-oai:cs.XX@2025-10")


def test_catching_up_with_a_harvest_begins_on_the_day_after_the_last_settled_one(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.watch("arxiv-oai:cs")
    live.clock.pass_by(timedelta(days=10))
    live.watch("arxiv-oai:cs")
    assert [asked.query["from"] for asked in paper_server.asked] == ["2025-11-04", "2025-11-09"]
