"""Live sources read into a corpus, with a clock of the test's own and the real client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.adding import Ingested
from index.corpus import Corpus
from index.home import Home
from index.papers import Paper
from index.sources.access import Access
from index.sources.client import Client, Patience
from index.sources.live import catch_up, read_live
from index.sources.names import live_name
from index.sources.pace import Pace
from index.sources.services import Services
from index.sources.titles import find_titles
from index.sources.visits import Told
from tests.paper_server import PaperServer
from tests.standing_clock import StandingClock


def services_at(url: str) -> Services:
    """Let one server stand for all."""
    return Services.at(hf_url=url, arxiv_url=url, arxiv_rss_url=url, arxiv_oai_url=url)


@dataclass
class LiveReading:
    """A corpus, and commands that each begin anew as a process would."""

    corpus: Corpus
    clock: StandingClock
    services: Services
    patience: Patience = field(default_factory=Patience)
    said: list[str] = field(default_factory=list)

    def ingest(self, source: str, *, today: date | None = None) -> Ingested:
        """Read a source once."""
        day = today or self.clock.now().date()
        return self._add(lambda access: read_live(live_name(source), access, today=day))

    def watch(self, source: str) -> Ingested:
        """Catch up with a source."""
        today = self.clock.now().date()
        return self._add(lambda access: catch_up(live_name(source), access, today=today))

    def complete(self) -> Ingested:
        """Look for papers of which only the title is known."""
        papers = self.corpus.papers_without_id()
        return self._add(lambda access: find_titles(papers, access, progress=lambda *_: None))

    def papers(self) -> dict[str, Paper]:
        """Give all papers by id."""
        return {paper.id: paper for paper in self.corpus.papers()}

    def _add(self, tell: Callable[[Access], Iterator[Told]]) -> Ingested:
        pace = Pace(self.corpus.visits, self.clock, say=self.said.append)
        with Client(pace, self.clock, patience=self.patience, chance=lambda: 1.0) as client:
            return self.corpus.add(tell(self._access(client)))

    def _access(self, client: Client) -> Access:
        return Access(
            client=client,
            services=self.services,
            visits=self.corpus.visits,
            clock=self.clock,
            say=self.said.append,
        )


@contextmanager
def live_reading(home: Path, server: PaperServer) -> Iterator[LiveReading]:
    """Open a corpus, which is made if it is not there."""
    with Corpus.open(Home.open(home)) as corpus:
        yield LiveReading(corpus, server.clock, services_at(server.url))
