"""The errors of the assistant; those of the index are in `index.errors`.

FootnoteError
├── QuestionError       there is nothing that could be answered
├── HistoryError        what was said before cannot be read
├── CommandError        a command in a chat cannot be carried out
├── InterestsError      what a reader follows cannot be read
├── PeriodError         the days of a digest cannot be told
├── DeliveryError       a digest cannot be sent
├── ServingError        a server cannot be started as it is told to
├── UnknownModelError   a server is asked for a model that it does not have
├── TooLargeError       more was sent than is taken
├── CrowdedError        more is asked at once than can be answered
├── SupportError        a scorer of support cannot be used, or cannot judge a claim
└── ChatModelError      the language model cannot be used, or broke off
    ├── WindowError     prompt and answer together are more than the model reads
    └── RefusedError    the server does not take a request as it is
"""

from index.errors import FootnoteError


class QuestionError(FootnoteError):
    """There is nothing that could be answered."""


class HistoryError(FootnoteError):
    """What was said before cannot be read."""


class CommandError(FootnoteError):
    """A command in a chat cannot be carried out."""


class InterestsError(FootnoteError):
    """What a reader follows cannot be read."""


class PeriodError(FootnoteError):
    """The days of a digest cannot be told."""


class DeliveryError(FootnoteError):
    """A digest cannot be sent."""


class ServingError(FootnoteError):
    """A server cannot be started as it is told to."""


class UnknownModelError(FootnoteError):
    """A server is asked for a model that it does not have."""


class TooLargeError(FootnoteError):
    """More was sent than is taken."""


class CrowdedError(FootnoteError):
    """More is asked at once than can be answered."""


class SupportError(FootnoteError):
    """A scorer of support cannot be used, or cannot judge a claim."""


class ChatModelError(FootnoteError):
    """The language model cannot be used: not there, not let in, silent, or broken off."""


class WindowError(ChatModelError):
    """Prompt and answer together are more tokens than the model reads."""


class RefusedError(ChatModelError):
    """The server does not take a request as it is (HTTP status 400)."""
