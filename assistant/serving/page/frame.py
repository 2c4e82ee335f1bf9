"""The frame of the page: Gradio's tabs, and nothing of Gradio that is not needed for them.

Gradio's index is sent with a policy of its own, under which no script runs but those it names by a
nonce and what these load; no style stands in the text, nothing is asked for from elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from secrets import token_urlsafe

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from assistant.html_page import fragment
from assistant.serving.page.assets import FOR_EVER, address

TABS = ("Chat", "Today", "Search", "Corpus", "Quality")
ASSETS = ("/assets/", "/static/")
"""What is below is Gradio's style and scripts; their names change with what they hold."""
THEME = "/theme.css"

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)

UNWANTED = re.compile(
    r'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>|'
    r"<style>.*?</style>",
    flags=re.DOTALL,
)
"""What names places elsewhere, for those who show a link to the page, and colours that are not
ours."""
STYLED = re.compile(r'(<(?:html|body|gradio-app)\b[^>]*?)\s+style="[^"]*"')
"""Styles that the policy would refuse; `frame.css` has them."""


class Frame:
    """Gradio's application, of which only the index and its assets are reached."""

    def __init__(self, *, header: str, panels: Callable[[], str]) -> None:
        """Put HTML into the page.

        Args:
            header: What stands above the tabs.
            panels: Gives at each visit what stands behind them, a part for each of TABS.
        """
        self._header = header
        self._panels = panels
        self._gradio = _gradio()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep Gradio's own tasks going."""
        async with self._gradio.router.lifespan_context(self._gradio):
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the index and the assets; nothing else is there.

        Raises:
            HTTPException: There is no such page.
        """
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(404)
        if path == "/":
            await self._index(scope, receive, send)
        elif path == THEME or path.startswith(ASSETS):
            await self._gradio(scope, receive, _lasting(send))
        else:
            raise HTTPException(404)

    async def _index(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def take(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self._gradio({**scope, "method": "GET"}, receive, take)
        nonce = token_urlsafe(16)
        page = self._framed(body.decode(), nonce).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(page)).encode()),
            (b"content-security-policy", POLICY.format(nonce=nonce).encode()),
        ]
        await send({"type": start["type"], "status": start["status"], "headers": headers})
        await send({"type": "http.response.body", "body": page})

    def _framed(self, index: str, nonce: str) -> str:
        """Put our style, scripts and panels into Gradio's index."""
        index = STYLED.sub(r"\1", UNWANTED.sub("", index))
        head = fragment("assistant.serving.page", "head", address=address)
        index = index.replace("</head>", f"{head}</head>", 1)
        index = re.sub(r"<script\b", f'<script nonce="{nonce}"', index)
        index = index.replace("<gradio-app", f"{self._header}<gradio-app", 1)
        before, body, after = index.rpartition("</body>")
        return f"{before}{self._panels()}{body}{after}"


def _gradio() -> FastAPI:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    fonts = ["system-ui", "sans-serif"]
    theme = gradio.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])
    with gradio.Blocks(title="Footnote", analytics_enabled=False) as blocks, gradio.Tabs():
        for name in TABS:
            with gradio.Tab(name, id=name.lower(), elem_id=f"tab-{name.lower()}"):
                gradio.Column(elem_id=name.lower())
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    mounted: FastAPI = gradio.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme,
        footer_links=[],
        ssr_mode=False,
        enable_monitoring=False,
    )
    return mounted


def _lasting(send: Send) -> Send:
    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            kept = [(b"cache-control", FOR_EVER.encode())]
            headers = [each for each in message["headers"] if each[0].lower() != b"cache-control"]
            message = {**message, "headers": [*headers, *kept]}
        await send(message)

    return send_on
