"""Delivering: a digest sent to its readers as the settings say, and what became of it told."""

from __future__ import annotations

from collections.abc import Sequence
from email.headerregistry import Address

from assistant.delivery.mail import mail_address
from assistant.delivery.sending import Delivery, Sender
from assistant.delivery.sent import Sent
from assistant.delivery.smtp import MailServer
from assistant.digest.digests import Digest
from assistant.errors import DeliveryError
from assistant.settings import Settings
from assistant.talk import Talk
from index.home import Home


def deliver(
    digest: Digest,
    readers: Sequence[Address],
    *,
    sender: Sender,
    settings: Settings,
    talk: Talk,
    again: bool = False,
) -> list[Delivery]:
    """Send a digest to those to whom it was not sent yet.

    Raises:
        DeliveryError: There is no paper to tell of, the server cannot be used, or not every reader
            has got it; what was sent stays noted.
        HomeError: What is sent cannot be noted: nothing was sent.
    """
    if not digest.considered:
        raise DeliveryError(
            f"There is nothing to send: {digest.remark.rstrip('.')}",
            hint="`footnote ingest` adds papers",
        )
    home = Home.open(settings.home)
    with Sent(home.deliveries, moment=settings.now) as sent:
        deliveries = sender.send(digest, readers, sent=sent, moment=settings.now, again=again)
    for delivery in deliveries:
        talk.say(_in_words(delivery))
    _complain(deliveries)
    return deliveries


def readers_named(given: Sequence[str]) -> list[Address]:
    """Read the addresses of readers.

    Raises:
        DeliveryError: One of them is none.
    """
    return [mail_address(reader, where="`--email`") for reader in given]


def sender_of(settings: Settings) -> Sender:
    """Say who sends, and through which server.

    Raises:
        DeliveryError: A setting is missing or wrong.
    """
    if settings.smtp_url is None:
        raise DeliveryError(
            "No server for e-mail is named",
            hint="set FOOTNOTE_SMTP_URL, such as `smtp://user:password@mail.example.org:587`",
        )
    if settings.mail_from is None:
        raise DeliveryError(
            "Nobody is named that digests are from",
            hint="set FOOTNOTE_MAIL_FROM, such as `Footnote <papers@example.org>`",
        )
    return Sender(
        server=MailServer.at(settings.smtp_url),
        address=mail_address(settings.mail_from, where="FOOTNOTE_MAIL_FROM"),
        unsubscribe=settings.unsubscribe,
    )


def _in_words(delivery: Delivery) -> str:
    said = {
        "sent": "Sent to",
        "sent before": "Sent before, and not again, to",
        "uncertain": "Perhaps sent before, and not again, to",
        "refused": "Not sent to",
    }
    return f"{said[delivery.outcome]} {delivery.reader}"


def _complain(deliveries: Sequence[Delivery]) -> None:
    """Raise what went wrong first."""
    for delivery in deliveries:
        if delivery.error:
            raise delivery.error
    uncertain = [each.reader for each in deliveries if each.outcome == "uncertain"]
    if uncertain:
        raise DeliveryError(
            f"A run before broke off while it sent to `{'`, `'.join(uncertain)}`",
            hint="ask there whether the digest came; `--again` sends it once more",
        )
