"""Puts the Gradio page at `/` of the FastAPI application, inside its shell."""

from __future__ import annotations

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
from assistant.web.chat.shell.assets import FOLDER, needed, preloads
from assistant.web.chat.shell.shell import Shell
from assistant.web.chat.view import View
from assistant.web.pages import FOR_EVER, kept_file, static_url
from assistant.web.site import Site

STYLE = "chat-page.css"
THREADS = 200  # handlers at work at once, each of them mostly waiting
MOST_WAITING = 1000  # events in line


def mount(app: FastAPI, site: Site) -> None:
    """The last route of `app`: whatever has no route of its own is Gradio's, and of that only what the page needs."""
    app.router.routes.insert(0, Route(static_url(STYLE), _style))
    view = View(site)
    page = build_page(site, view)
    page.max_threads = THREADS  # before `queue`: it limits asynchronous handlers too
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
    always = site.pages.render("_head.html", style=static_url(STYLE))
    kinds = {component["type"] for component in page.get_config_file()["components"]}
    with_chat, without = needed(kinds), needed(kinds - {"chatbot"})  # an empty page does not draw it
    heads = {shown: always + preloads(with_chat if shown else without) for shown in (True, False)}
    for name in with_chat:
        kept_file(FOLDER / name, "br")  # compressed now, not while the first reader waits
    last.app = Shell(last.app, site.reader, heads.__getitem__, first, with_chat)


async def _style(_request: Request) -> Response:
    return Response(stylesheet(), media_type="text/css", headers={"Cache-Control": FOR_EVER})
