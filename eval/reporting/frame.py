"""The frame of the trainers' desk around the pages of evaluation: the same way between pages, the same look."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from fastapi import Request
from markupsafe import Markup
from starlette.responses import HTMLResponse

from assistant.web.pages import Pages
from eval.reporting.report import TEMPLATES, furnished, script, style


class Frame:
    """Makes pages of this room's templates within the desk's. `tools` are the pages that each of them leads to: words →
    name of the route."""

    def __init__(self, pages: Pages, tools: Mapping[str, str]) -> None:
        self._environment = furnished(pages.beside(TEMPLATES))
        self._tools = tools

    def page(self, request: Request, template: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
        """A whole page as a reply; it may run and load nothing but the desk's own and what it carries in itself."""
        ways = {words: request.url_for(name).path for words, name in self._tools.items()}
        html = self._environment.get_template(template).render(
            frame="desk_page.html",
            style=style("framed"),
            section="admin",
            home=request.url_for("eval_runs").path,
            ways=ways,
            way=request.url.path,
            **values,
        )
        return HTMLResponse(html, status, headers={"Content-Security-Policy": _policy(), "Cache-Control": "no-store"})


def _policy() -> str:
    """Besides the desk's files the style and the script within the page, by what they hold; the charts set the colours of
    their lines in attributes."""
    return (
        f"default-src 'none'; script-src 'self' {_hash(script())}; style-src 'self' {_hash(style('framed'))}; "
        "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _hash(text: Markup) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
