"""The errors of the assistant; those of the index are in `index.errors`.

FootnoteError
├── QuestionError       there is nothing that could be answered
├── HistoryError        what was said before cannot be read
├── CommandError        a command in a chat cannot be carried out
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


class SupportError(FootnoteError):
    """A scorer of support cannot be used, or cannot judge a claim."""


class ChatModelError(FootnoteError):
    """The language model cannot be used: not there, not let in, silent, or broken off."""


class WindowError(ChatModelError):
    """Prompt and answer together are more tokens than the model reads."""


class RefusedError(ChatModelError):
    """The server does not take a request as it is (HTTP status 400)."""
