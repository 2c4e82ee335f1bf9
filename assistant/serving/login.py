"""The page on which a reader gives the key, and gets a cookie for it."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from string import Template
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.serving.access import COOKIE, COOKIE_SECONDS, Access
from assistant.serving.gate import LOGIN

WRONG = "That is not the key of this server."


def login_routes(access: Access) -> APIRouter:
    """Give the routes of logging in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    def show() -> Response:
        return _page("")

    @router.post(LOGIN)
    def log_in(request: Request, key: Annotated[str, Form(max_length=1_000)] = "") -> Response:
        if not access.is_key(key.strip()):
            return _page(WRONG)
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(
            COOKIE,
            access.cookie(),
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post(f"{LOGIN}/out")
    def log_out() -> Response:
        answer = RedirectResponse(LOGIN, status_code=303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return router


def _page(wrong: str) -> HTMLResponse:
    """Fill the page; nothing in it comes from outside."""
    folder = files("assistant.serving") / "templates"
    style = (folder / "login.css").read_text(encoding="utf-8")
    page = Template((folder / "login.html").read_text(encoding="utf-8"))
    checksum = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{checksum}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        page.substitute(style=style, wrong=wrong),
        status_code=401 if wrong else 200,
        headers={"Content-Security-Policy": policy},
    )
