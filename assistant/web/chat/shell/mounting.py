"""Puts the Gradio page at `/` of the FastAPI application, inside its shell."""

from __future__ import annotations

import hashlib

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from assistant.web.chat.look.stylesheet import stylesheet
from assistant.web.chat.look.theme import theme
from assistant.web.chat.look.words import words
from assistant.web.chat.page import build_page
from assistant.web.chat.shell.assets import FOLDER, Assets
from assistant.web.chat.shell.shell import Shell
from assistant.web.chat.view import View
from assistant.web.pages import kept, kept_file, static_url
from assistant.web.site import Site

THREADS = 200  # handlers at work at once, each of them mostly waiting
MOST_WAITING = 1000  # events in line
#: Sessions of Gradio kept, each about 100 kB; of itself it keeps 10,000. Nothing of ours is in them: one that is gone is made anew.
SESSIONS = 500


def mount(app: FastAPI, site: Site) -> None:
    """The last route of `app`: whatever has no route of its own is Gradio's, and of that only what the page needs."""
    view = View(site)
    page = build_page(site, view)
    page.max_threads = THREADS  # before `queue`: it limits asynchronous handlers too
    page.state_session_capacity = SESSIONS
    page.queue(max_size=MOST_WAITING, default_concurrency_limit=None, api_open=False)
    app.add_middleware(CORSMiddleware, allow_origins=[])  # else Gradio answers other origins itself
    gr.mount_gradio_app(
        app,
        page,
        "/",
        auth_dependency=site.reader,
        theme=theme(),
        i18n=words(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        max_file_size=1,
    )

    def first(request: Request, conversation_id: str | None) -> str:
        return view.first(site.reader(request), conversation_id)

    last = app.router.routes[-1]
    assert isinstance(last, Mount), "Gradio mounts itself as the last route"
    kinds = {component["type"] for component in page.get_config_file()["components"]}
    assets = {True: Assets.of(kinds), False: Assets.of(kinds - {"chatbot"})}  # an empty page does not draw it
    head = site.pages.render("_head.html", style=_served(app, "chat-page.css", stylesheet()))
    frames: dict[bool, tuple[str, str]] = {}
    for shown, needed in assets.items():
        sheet = _served(app, "gradio-chat.css" if shown else "gradio.css", needed.style)
        frames[shown] = head + needed.links, f'<link rel="stylesheet" href="{sheet}">'
    scripts = assets[True].scripts
    for name in scripts:
        kept_file(FOLDER / name, "br")  # compressed now, not while the first reader waits
    last.app = Shell(last.app, site.reader, frames.__getitem__, first, scripts)


def _served(app: FastAPI, name: str, style: str) -> str:
    """The address under which a style sheet of ours is served from now on."""
    content = style.encode()
    url = f"{static_url(name)}?{hashlib.sha256(content).hexdigest()[:12]}"  # Gradio's part changes with its release

    async def reply(request: Request) -> Response:
        return kept(content, ".css", request.headers.get("accept-encoding", ""))

    app.router.routes.insert(0, Route(static_url(name), reply))
    return url
