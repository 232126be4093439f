"""What the desk's pages about documents share: the parts handed to `build`, the rules of the house, reading a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile

from assistant.accounts.store import Accounts
from assistant.curated_answers.answers import CuratedAnswers
from assistant.web.pages import Pages
from assistant.web.security.access import LOCAL_ACTOR
from knowledge.knowledge_base import KnowledgeBase
from knowledge.model import Document, Status
from knowledge.operations.upload_worker import Intake

OTHER = "其他"  # where documents without a topic stand
STATUS_NAMES = {Status.DRAFT: "草稿", Status.PUBLISHED: "已发布", Status.WITHDRAWN: "已撤下"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of the house. `second_person`: who brought a text in may not publish it; `largest` bytes of one file;
    `hosts` from which web pages may be fetched, with all names below them."""

    second_person: bool = False
    largest: int = 50 * 1024 * 1024
    hosts: tuple[str, ...] = ()


USUAL = Rules()


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of the desk that concern documents; `curated` are the answers that quote them, where there are any."""

    accounts: Accounts
    knowledge_base: KnowledgeBase
    intake: Intake
    pages: Pages
    rules: Rules
    curated: CuratedAnswers | None = None

    def barred(self, actor: str, document: Document) -> str:
        """Why `actor` may not publish this text; "" when he may."""
        if not self.rules.second_person:
            return ""
        if actor == LOCAL_ACTOR:
            return "本单位要求由另一人核对后发布；请先建账号，再由另一位教员登录后发布。"
        if actor in self.intake.jobs.bringers(document.id, document.sha256):
            return f"《{document.card.title}》是您导入的，按规定要由另一位教员核对后发布。"
        return ""


async def _form(request: Request) -> Mapping[str, str]:
    fields = await request.form()
    return {name: value for name, value in fields.items() if not isinstance(value, UploadFile)}


#: The fields of a form that was sent, as text. Read after the role was checked.
Form = Annotated[Mapping[str, str], Depends(_form)]


def whole_number(text: str) -> int:
    """A number out of a form. Raises 400."""
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise HTTPException(400, "表单里的编号不对，请刷新页面后再试。")
    return int(text)
