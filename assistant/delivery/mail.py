"""A digest as e-mail: plain text first, then the page; a mail for each reader."""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from urllib.parse import urlsplit

from assistant.delivery.digest_page import digest_page
from assistant.delivery.digest_text import digest_in_text
from assistant.digest.digests import Digest
from assistant.errors import DeliveryError


def digest_mail(
    digest: Digest, *, sender: Address, reader: Address, unsubscribe: str | None, moment: datetime
) -> EmailMessage:
    """Write the mail; the same digest for the same reader has the same Message-ID.

    Args:
        unsubscribe: Where readers take themselves off; else by a mail to the sender.

    Raises:
        DeliveryError: `unsubscribe` is no address of the web or of mail.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _subject(digest)
    mail["From"] = sender
    mail["To"] = reader
    mail["Date"] = format_datetime(moment.astimezone())
    named = sha256(f"{digest.name}\n{reader.addr_spec}".encode()).hexdigest()[:40]
    mail["Message-ID"] = f"<{named}@{sender.domain}>"
    mail["List-Unsubscribe"] = f"<{_unsubscribing(unsubscribe, sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(digest_in_text(digest), cte="quoted-printable")
    mail.add_alternative(digest_page(digest), subtype="html", cte="quoted-printable")
    return mail


def mail_address(text: str, *, where: str) -> Address:
    """Read `papers@example.org` or `Footnote <papers@example.org>`.

    Args:
        where: What it was given as, for the error.

    Raises:
        DeliveryError: It is no address that every server takes.
    """
    name, spec = parseaddr(text)
    try:
        spec.encode("ascii")
        address = Address(name, addr_spec=spec)
    except (ValueError, IndexError, MessageError) as error:
        raise _no_address(text, where) from error
    if not (address.username and address.domain) or any(not c.isprintable() for c in text):
        raise _no_address(text, where)
    return address


def _subject(digest: Digest) -> str:
    papers = len(digest.citations)
    return f"Papers of {digest.title}: {papers or 'none'}"


def _unsubscribing(place: str | None, sender: Address) -> str:
    if place is None:
        return f"mailto:{sender.addr_spec}?subject=unsubscribe"
    if urlsplit(place).scheme not in {"https", "mailto"} or any(c in place for c in "<> \r\n"):
        raise DeliveryError(
            f"FOOTNOTE_UNSUBSCRIBE is `{place}`, which is no address",
            hint="give one that begins with `https:` or `mailto:`",
        )
    return place


def _no_address(text: str, where: str) -> DeliveryError:
    return DeliveryError(
        f"{where} is `{text}`, which is no address of e-mail",
        hint="give one such as `you@example.org`",
    )
