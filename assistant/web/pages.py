"""Templates and static files: every value is escaped, every file is named by its content."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import brotli
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.answering.editions import edition_in_words, is_own_words, standing_in_words
from assistant.conversations.feedback import LONGEST_COMMENT, Reason
from assistant.web.answer_layout import VALIDITY_CLASS, address_in_words, day_in_words, snippet, time_in_words, view
from assistant.web.reader.titles import Words
from assistant.web.security.viewer import viewer

HERE = Path(__file__).parent
STATIC = HERE / "static"
FOR_EVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_QUALITY = 9  # of brotli's 11: the best takes ten times as long and saves three per cent more


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for somebody, and what they are, in words."""

    count: int
    words: str


class Pages:
    """Renders the templates. There is no way to pass markup through: autoescape is on and no template says `safe`.
    `desk_links` are further pages of the desk: address and name; `signing_on` is what single sign-on is called, "" for
    none; `places` words an address of a version's text; `titles` finds the documents
    that a text names, save itself."""

    def __init__(
        self,
        desk_links: Sequence[tuple[str, str]] = (),
        signing_on: str = "",
        places: Callable[[int, str], str] = lambda _version_id, address: address_in_words(address),
        titles: Callable[[str, int | None], Sequence[Words]] = lambda text, _of: (Words(text),),
    ) -> None:
        self.places = places
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            static=static_url, viewer=viewer, reasons=list(Reason), longest_comment=LONGEST_COMMENT, asking_why=False
        )
        self._environment.globals.update(desk_links=list(desk_links), signing_on=signing_on, what_waits=self._waiting)
        self._counts: Callable[[], Mapping[str, Waiting]] = dict
        self._environment.tests.update(own_words=lambda document: is_own_words(document.card.kind, document.card.title))
        self._environment.filters.update(
            address=address_in_words,
            where=lambda cited: places(cited.version_id, cited.address),
            titled=lambda text, of=None: titles(text, of),
            day=day_in_words,
            moment=time_in_words,
            edition=edition_in_words,
            standing=standing_in_words,
            snippet=snippet,
            validity_class=VALIDITY_CLASS.__getitem__,
            view=view,
        )

    def count_waiting(self, counts: Callable[[], Mapping[str, Waiting]]) -> None:
        """Have the way between the pages of the desk say what waits at an address; asked once for each page."""
        self._counts = counts

    def _waiting(self) -> Mapping[str, Waiting]:
        return self._counts()

    def beside(self, folder: Path) -> Environment:
        """The templates in `folder`, which may stand in the frame of ours (`base.html`, `_desk.html`)."""
        loaders = [FileSystemLoader(folder), FileSystemLoader(HERE / "templates")]
        environment = self._environment.overlay(loader=ChoiceLoader(loaders))
        environment.globals, environment.filters = dict(environment.globals), dict(environment.filters)
        return environment

    def render(self, template: str, **values: object) -> str:
        """The text of `template`. Raises when it uses a value that was not given."""
        return self._environment.get_template(template).render(**values)

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """A whole page as a reply."""
        return HTMLResponse(self.render(template, **values), status_code=status)


@cache
def static_url(name: str) -> str:
    """`/static/<hash>/style.css`: the address changes with the content of any file, so a browser may keep it for ever.

    One hash for all files, because the scripts import each other by relative names.
    """
    return f"/static/{_fingerprint()}/{quote(name)}"


def static_route() -> Route:
    """Serves the files under `static/`."""

    async def serve(request: Request) -> Response:
        path = (STATIC / request.path_params["name"]).resolve()
        if STATIC not in path.parents or path.suffix not in _TYPES or not path.is_file():
            return Response(status_code=404)
        return kept_file(path, request.headers.get("accept-encoding", ""))

    return Route("/static/{fingerprint}/{name:path}", serve)


def kept_file(path: Path, accepted: str) -> Response:
    """A script, style sheet or drawing whose name changes with its content, read and compressed once; `accepted` are the
    encodings that the browser takes."""
    return kept(_read(path), path.suffix, accepted)


def kept(content: bytes, suffix: str, accepted: str) -> Response:
    """The same of a file that is made by us."""
    encoding = next((one for one in ("br", "gzip") if one in accepted), "")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(_compressed(content, encoding), media_type=_TYPES[suffix], headers=headers)


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


@cache
def _compressed(content: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(content, quality=_QUALITY))
    return gzip.compress(content) if encoding else content


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
