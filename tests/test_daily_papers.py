"""The Daily Papers, list by list: nothing lost, nothing twice, and what broke off goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from index.errors import SourceError
from tests.live_reading import LiveReading
from tests.paper_server import CUT_OFF, NONE, Asked, Instead, PaperServer, Status, hub_row

OCTOBER = [date(2025, 10, day) for day in range(1, 32)]
WEEK = [date(2025, 10, day) for day in range(27, 32)]


@pytest.fixture
def october(paper_server: PaperServer) -> None:
    """Two papers on each working day."""
    for day in OCTOBER:
        if day.weekday() < 5:
            numbers = (2 * day.day, 2 * day.day + 1)
            paper_server.lists[day] = [hub_row(number, day=day) for number in numbers]


def days_asked(server: PaperServer) -> list[str]:
    return [asked.query["date"] for asked in server.asked]


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize(
    ("source", "papers", "days"),
    [
        ("hf:2025-10-30", 2, 1),
        ("hf:2025-W44", 10, 7),
        ("hf:2025-10", 46, 31),
        ("hf:2025-10-30..2025-11-02", 4, 4),
        ("hf:2025-11-10..", 0, 1),
        ("hf:2025-11-08..2025-11-09", 0, 2),
    ],
)
def test_a_day_a_week_a_month_are_read_day_by_day_until_today(
    source: str, papers: int, days: int, live: LiveReading, paper_server: PaperServer
) -> None:
    ingested = live.ingest(source)
    assert (ingested.added, ingested.rejected) == (papers, 0)
    assert len(set(days_asked(paper_server))) == len(paper_server.asked) == days


def test_the_list_day_is_that_of_the_row_else_the_one_asked_for(
    live: LiveReading, paper_server: PaperServer
) -> None:
    day = date(2025, 10, 30)
    paper_server.lists[day] = [hub_row(1, day=date(2025, 10, 29)), hub_row(2)]
    live.ingest(f"hf:{day}")
    papers = live.papers()
    assert papers["2510.00001"].listed == (date(2025, 10, 29),)
    assert papers["2510.00002"].listed == (day,)


def test_today_is_the_day_of_the_user_but_never_one_that_utc_has_not_reached(
    live: LiveReading, paper_server: PaperServer
) -> None:
    live.clock.moment = datetime(2025, 11, 10, 23, 30, tzinfo=UTC)
    for today in (date(2025, 11, 9), date(2025, 11, 10), date(2025, 11, 11)):
        live.ingest("hf:today", today=today)
    assert days_asked(paper_server) == ["2025-11-09", "2025-11-10", "2025-11-10"]
    assert live.said == ["The list of 2025-11-10 is not out yet"] * 2


def test_a_day_to_come_is_an_error_and_nobody_is_asked(
    live: LiveReading, paper_server: PaperServer
) -> None:
    for source in ("hf:2025-11-11", "hf:2025-W47", "hf:2025-12", "arxiv:cs.CL@2025-12"):
        with pytest.raises(SourceError, match="is still to come: today is 2025-11-10"):
            live.ingest(source)
    assert paper_server.asked == []


def test_a_long_list_is_read_to_its_last_page(live: LiveReading, paper_server: PaperServer) -> None:
    day = date(2025, 10, 30)
    paper_server.lists[day] = [hub_row(number, day=day) for number in range(1, 251)]
    assert live.ingest(f"hf:{day}").added == 250
    assert [asked.query["p"] for asked in paper_server.asked] == ["0", "1", "2"]
    assert live.ingest(f"hf:{day}").read == 0
    paper_server.lists[day][120]["paper"]["upvotes"] = 999
    assert live.ingest(f"hf:{day}").updated == 1


def test_a_page_that_is_empty_and_not_the_last_is_asked_for_again(
    live: LiveReading, paper_server: PaperServer
) -> None:
    day = date(2025, 10, 30)
    paper_server.page = 2
    paper_server.lists[day] = [hub_row(number, day=day) for number in range(1, 6)]
    more = (("link", '<https://huggingface.co/x>; rel="next"'),)
    paper_server.fail(Instead(b"[]", more), NONE, Instead(b"[]"), Instead(b"[]", more))
    ingested = live.ingest(f"hf:{day}")
    assert (ingested.added, ingested.rejected) == (5, 0)


def test_a_list_of_a_working_day_that_is_empty_is_looked_at_twice(
    live: LiveReading, paper_server: PaperServer
) -> None:
    day = date(2025, 10, 30)
    paper_server.lists[day] = [hub_row(1, day=day)]
    paper_server.fail(Instead(b"[]"))
    assert live.ingest(f"hf:{day}").added == 1
    paper_server.asked.clear()
    live.ingest("hf:2025-10-24..2025-10-27")
    assert days_asked(paper_server) == [
        *("2025-10-24", "2025-10-24", "2025-10-25", "2025-10-26", "2025-10-27", "2025-10-27"),
    ]


def test_a_page_that_was_promised_and_stays_empty_ends_the_list_and_is_told(
    live: LiveReading, paper_server: PaperServer
) -> None:
    day = date(2025, 10, 30)
    paper_server.page = 2
    paper_server.lists[day] = [hub_row(number, day=day) for number in range(1, 4)]
    paper_server.faults = lambda asked: NONE if asked.query["p"] == "0" else Instead(b"[]")
    ingested = live.ingest(f"hf:{day}")
    assert ingested.added == 2
    (problem,) = ingested.problems
    assert (problem.origin, problem.line) == (f"hf:{day}", None)
    assert "promised and stays empty" in problem.why


def test_a_row_that_is_damaged_costs_no_other(live: LiveReading, paper_server: PaperServer) -> None:
    day = date(2025, 10, 30)
    rows = [hub_row(1, day=day), hub_row(2, day=day, upvotes="many"), hub_row(3, day=day)]
    paper_server.lists[day] = [*rows, {}]
    ingested = live.ingest(f"hf:{day}")
    assert (ingested.added, ingested.rejected) == (2, 2)
    assert {problem.origin for problem in ingested.problems} == {f"hf:{day}"}


@pytest.mark.usefixtures("october")
def test_a_month_that_broke_off_goes_on_where_it_was(
    live: LiveReading, paper_server: PaperServer
) -> None:
    def broken(asked: Asked) -> Status | object:
        return Status(400) if asked.query["date"] == "2025-10-17" else NONE

    paper_server.faults = broken  # type: ignore[assignment]
    with pytest.raises(SourceError):
        live.ingest("hf:2025-10")
    assert live.corpus.count() == 24
    paper_server.fail()
    paper_server.asked.clear()
    assert live.ingest("hf:2025-10").added == 22
    assert days_asked(paper_server)[0] == "2025-10-17"
    paper_server.asked.clear()
    assert live.ingest("hf:2025-10").read == 0
    assert days_asked(paper_server)[0] == "2025-10-01"


def test_a_day_that_was_not_over_is_read_again_when_a_month_goes_on(
    live: LiveReading, paper_server: PaperServer
) -> None:
    first, second = date(2025, 11, 9), date(2025, 11, 10)
    for number, day in enumerate((first, second), start=1):
        paper_server.lists[day] = [hub_row(number, day=day)]
    paper_server.faults = lambda asked: Status(400) if asked.query["date"] == "2025-11-10" else NONE
    with pytest.raises(SourceError):
        live.ingest("hf:2025-11")
    paper_server.lists[first].append(hub_row(3, day=first))
    live.clock.pass_by(timedelta(days=1))
    paper_server.fail()
    live.ingest("hf:2025-11")
    assert sorted(live.papers()) == ["2510.00001", "2510.00002", "2510.00003"]


def test_watching_reads_a_week_first_then_what_was_missed(
    live: LiveReading, paper_server: PaperServer
) -> None:
    for number in range(1, 31):
        day = date(2025, 11, number)
        paper_server.lists[day] = [hub_row(number, day=day)]
    live.watch("hf:today")
    assert days_asked(paper_server) == [f"2025-11-{day:02}" for day in range(4, 11)]
    paper_server.asked.clear()
    live.clock.pass_by(timedelta(days=20))
    live.watch("hf:today")
    assert days_asked(paper_server) == [f"2025-11-{day:02}" for day in range(7, 31)]


def test_watching_takes_up_what_came_later_to_a_list_of_the_last_days(
    live: LiveReading, paper_server: PaperServer
) -> None:
    day = date(2025, 11, 10)
    paper_server.lists[day] = [hub_row(1, day=day)]
    live.watch("hf:today")
    live.clock.pass_by(timedelta(days=2))
    paper_server.lists[day] = [hub_row(2, day=day), hub_row(1, day=day, upvotes=50)]
    ingested = live.watch("hf:today")
    assert (ingested.added, ingested.updated) == (1, 1)
    assert live.papers()["2510.00001"].upvotes == 50


def test_a_round_that_broke_off_is_finished_by_the_next(
    live: LiveReading, paper_server: PaperServer
) -> None:
    days = [date(2025, 11, day) for day in range(4, 11)]
    for number, day in enumerate(days, start=1):
        paper_server.lists[day] = [hub_row(number, day=day)]
    paper_server.faults = lambda asked: CUT_OFF if asked.query["date"] == "2025-11-07" else NONE
    with pytest.raises(SourceError, match="no JSON, or was cut off"):
        live.watch("hf:today")
    assert live.corpus.count() == 3
    paper_server.fail()
    live.clock.pass_by(timedelta(days=9))
    assert live.watch("hf:today").added == 4
