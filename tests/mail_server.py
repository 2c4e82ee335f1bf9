"""A real SMTP server on this machine, encrypted or not, with the faults that tests ask for."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

aiosmtpd = pytest.importorskip("aiosmtpd", reason="aiosmtpd is not installed")

from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402

USER, PASSWORD = "reader", "s3cret/of@mine"


class Post:
    """What the server was given, and how it answers."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        """Readers whom it does not know."""
        self.after_mail: str = "250 OK"
        """What it says once it has a mail; empty: it breaks off without a word."""
        self.kills: int | None = None
        """The process that is to die once its mail is there, and before it is told so."""
        self.encrypted: list[bool] = []
        """For each mail, whether it came encrypted."""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        assert envelope.rcpt_tos == [mail["To"].addresses[0].addr_spec]
        if self.after_mail.startswith("250") or not self.after_mail:
            self.mails.append(mail)
            self.encrypted.append(session.ssl is not None)
        if self.kills:
            os.kill(self.kills, signal.SIGKILL)
        if not self.after_mail:
            server.transport.abort()
        return self.after_mail

    @property
    def readers(self) -> list[str]:
        """To whom mails came, in the order in which they came."""
        return [mail["To"].addresses[0].addr_spec for mail in self.mails]


@contextmanager
def mail_server(
    post: Post, *, certificate: Path | None = None, password: bool = False
) -> Iterator[int]:
    """Run a server, with STARTTLS if there is a certificate; give its port."""

    class Server(Controller):
        def factory(self) -> SMTP:
            context = None
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
            return SMTP(
                self.handler,
                hostname="localhost",
                tls_context=context,
                auth_required=password,
                auth_require_tls=True,
                authenticator=_authenticated,
            )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(post, hostname="127.0.0.1", port=port, ready_timeout=60)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def _authenticated(server: Any, session: Any, envelope: Any, kind: str, given: Any) -> AuthResult:
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def make_certificate(folder: Path) -> Path:
    """Make a certificate for `localhost` that only who is told to trust it trusts."""
    place = folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(place), "-out", str(folder / "only.pem")),
        ],
        check=True,
        capture_output=True,
    )
    with place.open("a") as both:
        both.write((folder / "only.pem").read_text())
    return place
