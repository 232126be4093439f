"""关于 and 用户协议: what the system is and is not, what it runs on, and what its readers agree to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.web.site import Site
from knowledge.model import Validity


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The model that writes answers, as it is registered: its provider and filing number (备案号) may be empty."""

    name: str
    provider: str = ""
    filing_number: str = ""


def routes(site: Site, model: Callable[[], LanguageModel | None]) -> APIRouter:
    """`/about` and `/terms`; `model` is the one at work now."""
    router = APIRouter()

    @router.get("/about")
    def about() -> HTMLResponse:
        documents = site.knowledge_base.published()
        return site.pages.page(
            "about.html",
            version=_version(),
            encoder=site.knowledge_base.encoder.name,
            model=model(),
            held=len(documents),
            in_force=sum(document.validity is Validity.IN_FORCE for document in documents),
            known=len(site.knowledge_base.register.entries),
            section="about",
        )

    @router.get("/terms")
    def terms() -> HTMLResponse:
        return site.pages.page("terms.html", model=model(), section="about")

    return router


def _version() -> str:
    try:
        return version("xuesi")
    except PackageNotFoundError:  # run from its folder without having been installed
        return "未安装的源码"
