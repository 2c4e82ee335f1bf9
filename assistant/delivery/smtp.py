"""The server that takes e-mail, by SMTP (RFC 5321), encrypted unless it is this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from assistant.errors import DeliveryError

PATIENCE = 60.0
"""Seconds to wait for an answer of the server."""

PORTS = {"smtp": 587, "smtps": 465}

EXAMPLE = "set it to an address such as `smtp://user:password@mail.example.org:587`"


class UncertainDeliveryError(DeliveryError):
    """The server had the whole mail and did not say whether it took it."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    encrypted: bool
    """Whether encryption comes first (`smtps`), instead of by STARTTLS."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """Read `smtp://user:password@host:port`; user, password and port can be left out.

        Raises:
            DeliveryError: It is no such address.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
            host = parts.hostname or ""
        except (ValueError, KeyError):
            parts, port, host = SplitResult("", "", "", "", ""), 0, ""
        if not host or parts.path.strip("/") or parts.query:
            raise DeliveryError("FOOTNOTE_SMTP_URL is no address of a mail server", hint=EXAMPLE)
        return cls(
            host=host,
            port=port,
            encrypted=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Connect, encrypt, and log in if there is a user.

        Raises:
            DeliveryError: The server is not there, its certificate is not good, it does not encrypt
                and is another machine, or it does not let us in.
        """
        with self._told():
            session = self._session()
        try:
            yield Connection(session, self)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                session.quit()

    def _session(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.encrypted:
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=PATIENCE, context=context
            )
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        try:
            session.ehlo_or_helo_if_needed()
            if not self.encrypted and session.has_extn("starttls"):
                session.starttls(context=context)
            else:
                self._check_encrypted()
            if self.user is not None:
                session.login(self.user, self.password or "")
        except BaseException:
            session.close()
            raise
        return session

    def _check_encrypted(self) -> None:
        if not (self.encrypted or _is_this_machine(self.host)):
            raise DeliveryError(
                f"`{self.host}` does not encrypt: it offers no STARTTLS",
                hint="use a server that does, or `smtps://`",
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what went wrong with the server in our words."""
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            raise DeliveryError(
                f"`{self.host}` does not let `{self.user}` in: {said(error)}",
                hint="check user and password in FOOTNOTE_SMTP_URL",
            ) from error
        except ssl.SSLError as error:
            raise DeliveryError(
                f"`{self.host}` cannot be trusted: {error.reason or error}",
                hint="check the name and the port in FOOTNOTE_SMTP_URL, and the certificate",
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"`{self.host}` at port {self.port} cannot be used: {said(error)}",
                hint="check FOOTNOTE_SMTP_URL, and that the server runs",
            ) from error


@dataclass(frozen=True)
class Connection:
    """An open way to the server."""

    session: smtplib.SMTP
    server: MailServer

    def send(self, mail: EmailMessage) -> None:
        """Hand in a mail to its one reader.

        Raises:
            UncertainDeliveryError: The connection broke after the mail and before the answer.
            DeliveryError: The server did not take the mail.
        """
        sender, reader = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
        try:
            self.session.rset()
            self._must(self.session.mail(sender))
            self._must(self.session.rcpt(reader))
            code, answer = self.session.docmd("DATA")
            if code != 354:
                raise smtplib.SMTPDataError(code, answer)
        except (smtplib.SMTPException, OSError) as error:
            raise self._refused(reader, error) from error
        try:
            self._hand_over(mail.as_bytes())
        except smtplib.SMTPResponseException as error:
            raise self._refused(reader, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise UncertainDeliveryError(
                f"`{self.server.host}` did not say whether it took the mail to `{reader}`",
                hint="ask the reader; `--again` sends it once more",
            ) from error

    def _hand_over(self, mail: bytes) -> None:
        lines = mail.replace(b"\r\n.", b"\r\n..")  # RFC 5321, 4.5.2
        lines = b"." + lines if lines.startswith(b".") else lines
        self.session.send(lines.removesuffix(b"\r\n") + b"\r\n.\r\n")
        self._must(self.session.getreply())

    def _must(self, reply: tuple[int, bytes]) -> None:
        if not 200 <= reply[0] < 300:
            raise smtplib.SMTPResponseException(*reply)

    def _refused(self, reader: str, error: Exception) -> DeliveryError:
        return DeliveryError(
            f"`{self.server.host}` did not take the mail to `{reader}`: {said(error)}",
            hint="check the addresses, and run the command again",
        )


def said(error: Exception) -> str:
    """Give what a server said, or what became of the connection."""
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        return " ".join(f"{error.smtp_code} {text}".split())
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
