"""Every error of the index; each says the value that was wrong and the cure.

FootnoteError
├── SourceError        a file or folder cannot be read
├── UnknownPaperError  no paper has this id or title
├── HomeError          the home folder cannot be used
├── BusyError          another process is writing to this home
├── NewerCorpusError   the corpus was written by a newer Footnote
├── ModelError         the embedding model is missing or altered
└── StaleIndexError    the vectors were made by another model or other settings
"""


class FootnoteError(Exception):
    """What went wrong, in one line, and what the user can do about it."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(FootnoteError):
    """A file or folder cannot be read."""


class UnknownPaperError(FootnoteError):
    """No paper of the corpus has this id or title."""


class HomeError(FootnoteError):
    """The home folder cannot be used: read-only, full, or not a folder."""


class BusyError(FootnoteError):
    """Another process is writing to this home."""


class NewerCorpusError(FootnoteError):
    """The corpus was written by a newer Footnote."""


class ModelError(FootnoteError):
    """The embedding model is missing or altered."""


class StaleIndexError(FootnoteError):
    """The vectors were made by another model or with other settings."""
