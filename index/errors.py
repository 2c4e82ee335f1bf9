"""Every error of the index; each says the value that was wrong and the cure.

FootnoteError
├── SourceError        a file, a folder or a live source cannot be read
│   └── RefusedError   a live source does not take a request as it is
├── UnknownPaperError  no paper has this id or title
├── HomeError          the home folder cannot be used
│   └── OlderCorpusError  the corpus was written by an older Footnote and is opened to be read
├── BusyError          another process is writing to this home
├── NewerCorpusError   the corpus was written by a newer Footnote
├── ModelError         the embedding model is missing or altered
├── StaleIndexError    the vectors were made by another model or other settings
├── VectorServerError  the server of the vectors cannot be used
└── EngineError        the cluster that is to read and embed cannot be used
"""


class FootnoteError(Exception):
    """What went wrong, in one line, and what the user can do about it."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(FootnoteError):
    """A file, a folder or a live source cannot be read."""


class RefusedError(SourceError):
    """A live source does not take a request as it is (HTTP status 4xx)."""


class UnknownPaperError(FootnoteError):
    """No paper of the corpus has this id or title."""


class HomeError(FootnoteError):
    """The home folder cannot be used: read-only, full, or not a folder."""


class OlderCorpusError(HomeError):
    """The corpus was written by an older Footnote; opening it to write brings it up to date."""


class BusyError(FootnoteError):
    """Another process is writing to this home."""


class NewerCorpusError(FootnoteError):
    """The corpus was written by a newer Footnote."""


class ModelError(FootnoteError):
    """The embedding model is missing or altered."""


class StaleIndexError(FootnoteError):
    """The vectors were made by another model or with other settings."""


class EngineError(FootnoteError):
    """The cluster that is to read and embed cannot be used: not there, or it cannot go on."""


class VectorServerError(FootnoteError):
    """The server of the vectors cannot be used: not there, not let in, or something else."""
