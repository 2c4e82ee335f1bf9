"""The corpus: every paper in one SQLite database, the truth from which all else is derived."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Self

from index import adding, shelf
from index.adding import Ingested
from index.backlog import Backlog
from index.database import Database
from index.home import Home
from index.papers import SOURCES, Paper, Source
from index.shelf import DayRange
from index.sources.visits import Told, Visits
from index.tellings import wording


@dataclass(frozen=True, kw_only=True)
class Status:
    """The corpus in numbers."""

    papers: int
    listings: int
    by_source: Mapping[Source, int]
    """Papers by the source of their abstract; only sources that have one, the best last."""
    first_day: date | None
    """The earliest list day."""
    last_day: date | None
    generation: int


class Corpus:
    """The papers of a home; use it in `with`, from any number of threads.

    Which paper a reading is of: its arXiv id decides; a title alone stands for the first paper that
    had it. Two arXiv ids are two papers even under one title. The order in which sources are read
    changes nothing, with two exceptions: which of several arXiv ids gets what is told under their
    common title alone, and which text stands when one source tells two on the same or on no day
    (the one read last).

    Whoever opens it to write holds `Home.writer_lock` from before until after.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.backlog = Backlog(database)
        """What is not yet indexed, and what is to be deleted from the index."""
        self.visits = Visits(database)
        """What is remembered of live sources."""

    @classmethod
    def open(cls, home: Home, *, read_only: bool = False) -> Corpus:
        """Open the corpus of `home`; to write, make it or bring it up to date first.

        A read-only corpus needs no lock and no permission to write, and sees what others commit.

        Raises:
            HomeError: It cannot be read or written, is damaged or, if `read_only`, is not there.
            NewerCorpusError: A newer Footnote wrote it.
        """
        return cls(Database(home.corpus, read_only=read_only))

    def close(self) -> None:
        """Close the connections of all threads."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for the tables that other files own."""
        return self._database.connection

    @property
    def generation(self) -> int:
        """A number that grows with every commit, of papers or of what is noted as indexed."""
        return int(self._database.rows("SELECT number FROM generation")[0][0])

    def add(self, readings: Iterable[Told]) -> Ingested:
        """Store what `readings` tell; adding the same again changes nothing.

        They are committed batch by batch: a kill or a full disk leaves what was committed, and
        adding them once more completes it.

        Raises:
            HomeError: No room is left, or the home cannot be written.
        """
        return adding.add(self._database, readings)

    def remove(self, name: str) -> Paper:
        """Delete a paper; its texts stay out even if a source tells them again.

        Another text under the same id or title is a new paper, with a new key.

        Raises:
            UnknownPaperError: There is no such paper.
        """
        with self._database.transaction() as connection:
            paper = self.paper(name)
            told = "SELECT wording FROM other_wordings WHERE paper_key = ?"
            wordings = {wording(paper)} | {w for (w,) in connection.execute(told, (paper.key,))}
            connection.executemany(
                "INSERT INTO removed_wordings VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(each, paper.id) for each in sorted(wordings)],
            )
            connection.execute("DELETE FROM papers WHERE key = ?", (paper.key,))
        return paper

    def find(self, name: str) -> Paper | None:
        """Find a paper by arXiv id or address, by a present or former `t-…` id, or by its title."""
        return shelf.find_paper(self._database, name)

    def paper(self, name: str) -> Paper:
        """Find a paper as `find` does.

        Raises:
            UnknownPaperError: There is none; the hint names the nearest titles.
        """
        return shelf.paper_named(self._database, name)

    def papers(self, *, day: date | None = None, after: int = 0) -> Iterator[Paper]:
        """Give the papers behind the key `after`, in the order of keys: all, or a day's."""
        return shelf.papers_in_order(self._database, day, after=after)

    def papers_by_key(self, keys: Collection[int]) -> dict[int, Paper]:
        """Give the papers of `keys` in the order of keys; a key without paper is left out."""
        return shelf.papers_by_key(self._database, keys)

    def papers_by_author(self, name: str) -> list[Paper]:
        """Give the papers of an author, in the order of keys; case and accents do not matter.

        Every word of `name` must be a word of one author's name, or its initial: "Y. Bengio" and
        "Bengio" are both "Yoshua Bengio".
        """
        return shelf.papers_by_author(self._database, name)

    def papers_without_id(self) -> list[Paper]:
        """Give the papers of which the title is known and no arXiv id, in the order of keys."""
        rows = self._database.rows("SELECT key FROM papers WHERE arxiv_id IS NULL")
        return list(shelf.papers_by_key(self._database, [key for (key,) in rows]).values())

    def count_with_authors(self) -> int:
        """How many papers have their authors recorded."""
        query = "SELECT count(*) FROM papers WHERE authors <> '[]'"
        return int(self._database.rows(query)[0][0])

    def day_range_keys(self, since: date | None, until: date | None) -> DayRange:
        """Find the papers of the days from `since` to `until`, both included.

        A paper's days are those of its lists; without any, the one on which it was published.
        Without either bound every paper is in, undated ones too.
        """
        return shelf.keys_between(self._database, since, until)

    def count(self) -> int:
        """How many papers there are."""
        return int(self._database.rows("SELECT count(*) FROM papers")[0][0])

    def texts(self) -> list[tuple[int, bytes]]:
        """Give the key of every paper and the hash of its text, in the order of keys."""
        rows = self._database.rows("SELECT key, text_hash FROM papers ORDER BY key")
        return [(key, text.encode()) for key, text in rows]

    def status(self) -> Status:
        """Count what is there."""
        rows = self._database.rows
        counts = dict(rows("SELECT source, count(*) FROM papers GROUP BY source"))
        days = "SELECT count(*), min(nullif(day, '')), max(nullif(day, '')) FROM listings"
        listings, first, last = rows(days)[0]
        return Status(
            papers=sum(counts.values()),
            listings=listings,
            by_source={source: counts[source] for source in SOURCES if source in counts},
            first_day=date.fromisoformat(first) if first else None,
            last_day=date.fromisoformat(last) if last else None,
            generation=self.generation,
        )
