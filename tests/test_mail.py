"""A digest as e-mail, through a real SMTP server: what is sent, to whom, and that it comes once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Citation, WrittenBy
from assistant.delivery.delivering import deliver, readers_named, sender_of
from assistant.delivery.mail import mail_address
from assistant.digest.digests import Digest, Entry, Topic
from assistant.errors import DeliveryError
from assistant.settings import Settings
from eval.gold import Silence
from index.papers import Paper
from tests.mail_server import PASSWORD, USER, Post, mail_server, make_certificate

READERS = ("ada@example.org", "Bo Ek <bo@example.org>")
SENDER = "Footnote <papers@example.org>"


def digest_of(day: date = date(2025, 10, 30), *, considered: int = 1) -> Digest:
    paper = Paper(title="Kites\r\nBcc: all@example.org", abstract="Kites fly.", source="text")
    topic = Topic("Kites – and ‘strings’", ("kites",), (), (Entry(1, paper, None, None),))
    return Digest(
        title="Thursday, 30 October 2025",
        since=day,
        until=day,
        overview=(),
        topics=(topic,),
        citations=(Citation(1, paper),),
        considered=considered,
        remark="One paper is dated 30 October 2025." if considered else "No paper is there.",
        rank="votes",
        writer=WrittenBy("quotes"),
        left_out=0,
        silhouette=0.0,
    )


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(post: Post) -> Iterator[int]:
    with mail_server(post) as port:
        yield port


Send = Callable[..., Any]


@pytest.fixture
def send(tmp_path: Path, port: int) -> Send:
    """Send a digest as the settings say."""

    def sending(
        digest: Digest | None = None, readers: Sequence[str] = READERS, **more: Any
    ) -> list[str]:
        url = more.pop("url", f"smtp://127.0.0.1:{port}")
        environment = {
            "FOOTNOTE_SMTP_URL": url,
            "FOOTNOTE_MAIL_FROM": SENDER,
            "FOOTNOTE_NOW": "2025-10-30T07:00:00+00:00",
            **more.pop("environment", {}),
        }
        settings = Settings.read(environment, home=tmp_path / "home")
        done = deliver(
            digest or digest_of(),
            readers_named(readers),
            sender=sender_of(settings),
            settings=settings,
            talk=Silence(),
            **more,
        )
        return [each.outcome for each in done]

    return sending


def test_a_mail_is_plain_text_first_and_then_the_page(send: Send, post: Post) -> None:
    assert send() == ["sent", "sent"]
    assert post.readers == ["ada@example.org", "bo@example.org"]
    mail = post.mails[0]
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert "Kites – and ‘strings’" in text.get_content()
    assert "Content-Security-Policy" in page.get_content()


def test_its_headers_tell_where_to_unsubscribe_and_nothing_else_gets_in(
    send: Send, post: Post
) -> None:
    send()
    for mail in post.mails:
        assert mail["From"] == SENDER
        assert mail["List-Unsubscribe"] == "<mailto:papers@example.org?subject=unsubscribe>"
        assert mail["Subject"] == "Papers of Thursday, 30 October 2025: 1"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Bcc"] is None
    ids = [mail["Message-ID"] for mail in post.mails]
    assert len(set(ids)) == 2
    send(again=True)
    assert [mail["Message-ID"] for mail in post.mails[2:]] == ids


def test_an_address_to_unsubscribe_can_be_set(send: Send, post: Post) -> None:
    send(environment={"FOOTNOTE_UNSUBSCRIBE": "https://example.org/off?x=1"})
    assert post.mails[0]["List-Unsubscribe"] == "<https://example.org/off?x=1>"
    with pytest.raises(DeliveryError, match="FOOTNOTE_UNSUBSCRIBE"):
        send(environment={"FOOTNOTE_UNSUBSCRIBE": "javascript:alert(1)"})


def test_nobody_is_sent_the_same_digest_twice(send: Send, post: Post) -> None:
    assert send() == ["sent", "sent"]
    assert send(readers=["ADA@example.org", "new@example.org"]) == ["sent before", "sent"]
    assert post.readers == ["ada@example.org", "bo@example.org", "new@example.org"]
    assert send(digest_of(date(2025, 10, 31))) == ["sent", "sent"]


def test_one_reader_named_twice_gets_one_mail(send: Send, post: Post) -> None:
    send(readers=["ada@example.org", "Ada <ada@example.org>"])
    assert post.readers == ["ada@example.org"]


def test_a_reader_who_is_refused_costs_no_other_the_mail_and_is_tried_again(
    send: Send, post: Post
) -> None:
    post.refused = {"ada@example.org"}
    with pytest.raises(DeliveryError, match="550 no such reader"):
        send()
    assert post.readers == ["bo@example.org"]
    post.refused = set()
    assert send() == ["sent", "sent before"]


def test_a_mail_that_is_refused_at_its_end_is_sent_by_the_next_run(send: Send, post: Post) -> None:
    post.after_mail = "451 try later"
    with pytest.raises(DeliveryError, match="451 try later"):
        send()
    post.after_mail = "250 OK"
    assert send() == ["sent", "sent"]
    assert len(post.mails) == 2


def test_where_the_server_breaks_off_after_a_mail_it_is_not_sent_again(
    send: Send, post: Post
) -> None:
    post.after_mail = ""
    with pytest.raises(DeliveryError, match="did not say whether it took") as caught:
        send(readers=["ada@example.org"])
    assert "--again" in caught.value.hint
    post.after_mail = "250 OK"
    with pytest.raises(DeliveryError, match="A run before broke off"):
        send(readers=["ada@example.org"])
    assert post.readers == ["ada@example.org"]
    assert send(readers=["ada@example.org"], again=True) == ["sent"]


def test_nothing_is_sent_of_a_day_without_papers(send: Send, post: Post) -> None:
    with pytest.raises(DeliveryError, match="There is nothing to send: No paper is there"):
        send(digest_of(considered=0))
    assert post.mails == []


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"FOOTNOTE_SMTP_URL": ""}, "No server for e-mail"),
        ({"FOOTNOTE_SMTP_URL": "http://example.org"}, "FOOTNOTE_SMTP_URL"),
        ({"FOOTNOTE_SMTP_URL": "smtp://:99999"}, "FOOTNOTE_SMTP_URL"),
        ({"FOOTNOTE_SMTP_URL": "smtp://127.0.0.1:1"}, "at port 1 cannot be used"),
        ({"FOOTNOTE_MAIL_FROM": ""}, "Nobody is named"),
        ({"FOOTNOTE_MAIL_FROM": "papers"}, "FOOTNOTE_MAIL_FROM is `papers`"),
    ],
)
def test_a_setting_that_is_wrong_is_an_error_with_a_cure(
    environment: dict[str, str], names: str, send: Send, post: Post
) -> None:
    with pytest.raises(DeliveryError, match=names) as caught:
        send(environment=environment)
    assert caught.value.hint
    assert post.mails == []


@pytest.mark.parametrize("reader", ["ada", "ada@", "@x", "a@b\r\nBcc: c@d", "ada@exämple.org", ""])
def test_what_is_no_address_is_refused(reader: str) -> None:
    with pytest.raises(DeliveryError, match="is no address"):
        mail_address(reader, where="`--email`")


def test_a_password_is_sent_encrypted_to_a_server_that_is_known(
    send: Send, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    with mail_server(post, certificate=certificate, password=True) as port:
        login = f"{USER}:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@"
        with pytest.raises(DeliveryError, match="cannot be trusted"):
            send(url=f"smtp://{login}localhost:{port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(url=f"smtp://{login}localhost:{port}") == ["sent", "sent"]
        assert post.encrypted == [True, True]
        with pytest.raises(DeliveryError, match="does not let `someone` in") as caught:
            send(digest_of(date(2025, 1, 1)), url=f"smtp://someone:wrong@localhost:{port}")
        assert "wrong" not in str(caught.value)


def test_settings_do_not_show_the_password() -> None:
    settings = Settings.read({"FOOTNOTE_SMTP_URL": "smtp://me:hidden@example.org"})
    assert "hidden" not in repr(settings)
