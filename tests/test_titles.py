"""Papers of which only the title is known, found by exactly that title."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from index.errors import SourceError
from index.papers import Listing, Paper, Reading, title_id
from tests.arxiv_answers import Article
from tests.live_reading import LiveReading
from tests.paper_server import NONE, PaperServer, Status, hub_row

DAY = date(2025, 10, 30)


def save(live: LiveReading, *titles: str, day: date | None = None) -> None:
    """Store papers as a saved page tells them."""
    for title in titles:
        paper = Paper(title=title, abstract="We study owls.", source="text")
        live.corpus.add([Reading(paper=paper, listing=Listing(day), origin="page", line=1)])


def paths(server: PaperServer) -> list[str]:
    return [asked.path for asked in server.asked]


def test_the_list_of_its_day_tells_id_authors_and_votes(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.lists[DAY] = [hub_row(number, day=DAY) for number in range(1, 9)]
    save(live, "OWLS that  count to 3", "Owls That Count to 4", day=DAY)
    assert live.complete().updated == 2
    assert len(paper_server.asked) == 1
    papers = live.papers()
    assert set(papers) == {"2510.00003", "2510.00004"}, "no other paper of the list is taken"
    paper = papers["2510.00003"]
    assert (paper.authors, paper.upvotes) == (("Ada Owl", "Bo Bee"), 3)
    assert paper.listed == (DAY,)


def test_what_is_on_no_known_list_is_searched_for(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.lists[DAY] = [hub_row(number, day=DAY) for number in range(1, 9)]
    save(live, "Owls that count to 5")
    live.complete()
    assert paths(paper_server) == ["/api/papers/search"]
    assert live.papers()["2510.00005"].upvotes == 5


def test_what_hugging_face_does_not_know_is_searched_for_at_arxiv(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = [Article("2509.00001", "Bees: a (short) history", date(2025, 9, 1))]
    save(live, "Bees: A (Short) History")
    live.complete()
    assert paths(paper_server) == ["/api/papers/search", "/api/query"]
    assert live.papers()["2509.00001"].authors == ("Ada Owl", "Cy Fish")


@pytest.mark.parametrize(
    "title", ["Owls that count to 55", "Owls that count", "Owls that counts to 5"]
)
def test_a_title_that_is_only_near_is_another_paper(
    title: str, live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.lists[DAY] = [hub_row(5, day=DAY)]
    paper_server.articles = [Article("2509.00001", f"{title} again", date(2025, 9, 1))]
    save(live, title, day=DAY)
    ingested = live.complete()
    assert (ingested.added, ingested.updated) == (0, 0)
    assert list(live.papers()) == [title_id(title)]
    assert live.papers()[title_id(title)].authors == ()


def test_a_title_of_several_papers_is_told_and_left_open(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.articles = [
        Article("2509.00001", "Counting owls", date(2025, 9, 1)),
        Article("2509.00002", "Counting Owls", date(2025, 9, 2)),
    ]
    save(live, "Counting owls")
    (problem,) = live.complete().problems
    assert problem.why == "`Counting owls` is the title of several papers: 2509.00001, 2509.00002"
    assert list(live.papers()) == [title_id("Counting owls")]


def test_what_nobody_knew_is_looked_for_again_after_a_week(
    live: LiveReading, paper_server: PaperServer
) -> None:
    save(live, "Nobody's owls", day=DAY)
    for days, requests in ((0, 4), (1, 4), (6, 8)):  # an empty list is looked at twice
        live.clock.pass_by(timedelta(days=days))
        live.complete()
        assert len(paper_server.asked) == requests


def test_what_was_found_before_it_broke_off_is_kept(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.lists[DAY] = [hub_row(1), hub_row(2, title="Bees")]
    save(live, "Owls that count to 1", "Bees")
    paper_server.fail(NONE, Status(404))
    with pytest.raises(SourceError):
        live.complete()
    assert set(live.papers()) == {"2510.00001", title_id("Bees")}
    live.complete()
    assert set(live.papers()) == {"2510.00001", "2510.00002"}


def test_a_list_is_read_in_full_later_though_one_of_its_papers_was_looked_for(
    live: LiveReading, paper_server: PaperServer
) -> None:
    paper_server.lists[DAY] = [hub_row(number, day=DAY) for number in range(1, 9)]
    save(live, "Owls that count to 3", day=DAY)
    live.complete()
    assert live.ingest(f"hf:{DAY}").added == 7
