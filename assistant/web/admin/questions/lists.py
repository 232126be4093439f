"""词表: the lists that trainers own, entry by entry."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.model import Role
from assistant.curation.lists import Kind
from assistant.errors import AssistantError, DeskError
from assistant.verification.formulations import flaws
from assistant.web.admin.questions.workbench import Form, Workbench, back
from assistant.web.security.access import allowed
from knowledge.errors import KnowledgeError

SHOWN = 300  # entries

#: What the two sides of an entry are called, and what they are for.
WORDS = {
    Kind.ABBREVIATIONS: ("简称", "全称（几个用顿号隔开）", "问题里写简称时，把全称一起查。"),
    Kind.TYPOS: ("错的写法", "对的写法", "问题里的错字先改正再查；左右相同表示这个词没错。"),
    Kind.SAYINGS: ("日常说法", "文件用语（几个用顿号隔开）", "问题里用日常说法时，把文件里的用语一起查。"),
    Kind.FORMULATIONS: ("名称", "成员的关键词（用顿号隔开）", "写下固定表述的成员；说错项数、列举不全的会标出来。"),
    Kind.BLOCKED: ("话题里的词", "答复（不写就用通用的答复）", "问题里有这些词时不作回答，只给答复。"),
}


def routes(bench: Workbench) -> APIRouter:
    """`/admin/lists`."""
    trainer = allowed(bench.accounts, Role.TRAINER)
    router = APIRouter(prefix="/admin/lists", dependencies=[Depends(trainer)])

    def show(
        kind: Kind, q: str = "", status: int = 200, error: str = "", text: str = "", found: list[str] | None = None
    ) -> HTMLResponse:
        try:
            entries = [one for one in bench.lists.entries(kind) if q in one.key or q in one.value]
        except (AssistantError, KnowledgeError) as broken:  # somebody edited the file by hand
            entries, error = [], error or str(broken)
        return bench.page(
            "admin_lists.html",
            status,
            kind=kind,
            kinds=list(Kind),
            words=WORDS[kind],
            entries=entries[:SHOWN],
            count=len(entries),
            q=q,
            error=error,
            text=text,
            found=found,
        )

    @router.get("")
    def every(kind: str = Kind.ABBREVIATIONS, q: str = "") -> HTMLResponse:
        return show(_kind(kind), q.strip()[:100])

    @router.post("")
    def change(form: Form, actor: str = Depends(trainer)) -> Response:
        kind, key, do = _kind(form.one("kind")), form.one("key"), form.one("do")
        try:
            if do == "put":
                bench.lists.put(kind, key, form.one("value"), form.one("source"))
            elif do == "remove":
                bench.lists.remove(kind, key)
            elif do == "restore":
                bench.lists.restore(kind, key)
            else:
                raise HTTPException(400, "没有这种操作，请刷新页面后再试。")
        except (DeskError, KnowledgeError) as error:
            return show(kind, "", 400, str(error))
        actions = {"put": "修改词表", "remove": "去掉词表条目", "restore": "恢复词表条目"}
        bench.accounts.note(actor, f"{actions[do]}：{kind}", key, value=form.one("value"))
        return back("/admin/lists", kind=str(kind))

    @router.post("/check")
    def check(form: Form) -> HTMLResponse:
        text = form.one("text")[:5000]
        return show(Kind.FORMULATIONS, text=text, found=flaws(text, bench.lists.formulations))

    return router


def _kind(name: str) -> Kind:
    if name not in list(Kind):
        raise HTTPException(404)
    return Kind(name)
