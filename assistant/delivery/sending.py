"""Sending a digest to its readers, each once, whatever happens in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from typing import Any

from assistant.delivery.mail import digest_mail
from assistant.delivery.sent import Sent
from assistant.delivery.smtp import Connection, MailServer, UncertainDeliveryError
from assistant.digest.digests import Digest
from assistant.errors import DeliveryError


@dataclass(frozen=True)
class Delivery:
    """What became of the mail to a reader."""

    reader: str
    outcome: str
    """`sent`, `sent before`, `uncertain` if nobody can tell, or `refused`."""
    error: DeliveryError | None = None

    def as_json(self) -> dict[str, Any]:
        """The public JSON shape of a delivery."""
        why = str(self.error) if self.error else None
        return {"reader": self.reader, "outcome": self.outcome, "why": why}


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who sends, and through which server."""

    server: MailServer
    address: Address
    unsubscribe: str | None = None

    def send(
        self,
        digest: Digest,
        readers: Sequence[Address],
        *,
        sent: Sent,
        moment: datetime,
        again: bool = False,
    ) -> list[Delivery]:
        """Send a digest to those who were not sent it; one that fails keeps it from no other.

        Args:
            again: Send it whatever was sent before.

        Raises:
            DeliveryError: The server cannot be used at all; nothing was sent.
        """
        mails = {
            reader.addr_spec.lower(): digest_mail(
                digest,
                sender=self.address,
                reader=reader,
                unsubscribe=self.unsubscribe,
                moment=moment,
            )
            for reader in readers
        }
        with self.server.connected() as connection:
            deliveries = []
            for name, mail in mails.items():
                state = sent.begin(digest.name, name, again=again)
                if state == "new":
                    deliveries.append(_handed_in(connection, mail, digest.name, name, sent=sent))
                else:
                    before = "sent before" if state == "sent" else "uncertain"
                    deliveries.append(Delivery(name, before))
        return deliveries


def _handed_in(
    connection: Connection, mail: Any, digest: str, reader: str, *, sent: Sent
) -> Delivery:
    try:
        connection.send(mail)
    except UncertainDeliveryError as error:
        return Delivery(reader, "uncertain", error)
    except DeliveryError as error:
        sent.forget(digest, reader)
        return Delivery(reader, "refused", error)
    sent.done(digest, reader)
    return Delivery(reader, "sent")
