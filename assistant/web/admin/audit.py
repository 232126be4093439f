"""改动记录: who changed what and when, in words, to be narrowed down and taken away as a table. For administrators."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from assistant.accounts.audit import Entry, Wanted
from assistant.accounts.model import ROLE_NAMES, Role
from assistant.accounts.store import Accounts
from assistant.web.admin.paging import At, paging
from assistant.web.answer_layout import time_in_words
from assistant.web.pages import Pages
from assistant.web.security.access import allowed

SHOWN = 100  # changes on a page
LATELY = 5000  # rows from which the choices of the page come
TAKEN = 100_000  # rows of one export
#: What the keys of a detail are called; what is not here is a matter of the program and not told.
_WORDS = {
    "document": "文件编号",
    "changes": "",
    "effects": "影响",
    "role": "角色",
    "class": "班次编号",
    "from": "原来",
    "to": "改为",
    "name": "名称",
    "starts_on": "开始",
    "ends_on": "结束",
    "notice": "通知",
    "addresses": "受限的地址",
    "address": "来自",
    "sessions": "退出的登录",
    "items": "项数",
    "note": "说明",
    "value": "内容",
    "cards": "卡片",
    "id": "编号",
    "answerable": "能否回答",
    "bytes": "字节",
    "outcome": "结果",
    "model": "模型",
    "base_url": "地址",
}
_VALUES = {
    "True": "是",
    "False": "否",
    "new": "新文件",
    "updated": "新版本",
    "unchanged": "没有变化",
    "None": "无",
    "": "无",
}


def routes(accounts: Accounts, pages: Pages) -> APIRouter:
    """`/admin/audit` and `/admin/audit.csv`."""
    router = APIRouter(prefix="/admin")
    administrator = Depends(allowed(accounts, Role.ADMINISTRATOR))

    def limits(actor: str, action: str, q: str, since: str, until: str) -> Wanted:
        return Wanted(actor, action, q.strip()[:100], _start(since), _start(until, days=1))

    @router.get("/audit", dependencies=[administrator])
    def page(
        actor: str = "", action: str = "", q: str = "", since: str = "", until: str = "", at: At = 0
    ) -> HTMLResponse:
        wanted = limits(actor, action, q, since, until)
        chosen = {"actor": actor, "action": action, "q": q[:100], "since": since[:10], "until": until[:10]}
        place = paging(at, SHOWN, accounts.trail.count(wanted), "/admin/audit", chosen)
        lately = accounts.history(LATELY)
        return pages.page(
            "admin_audit.html",
            entries=[(entry, in_words(entry)) for entry in accounts.trail.latest(SHOWN, wanted, place.at * SHOWN)],
            place=place,
            actors=sorted({entry.actor for entry in lately}),
            actions=sorted({entry.action for entry in lately}),
            chosen=chosen,
            section="admin",
        )

    @router.get("/audit.csv")
    def export(
        actor: str = "",
        action: str = "",
        q: str = "",
        since: str = "",
        until: str = "",
        by: str = administrator,
    ) -> Response:
        rows = accounts.history(TAKEN, limits(actor, action, q, since, until))
        written = io.StringIO()
        table = csv.writer(written)
        table.writerow(["序号", "时间", "谁", "做了什么", "对象", "详情"])
        for entry in rows:
            cells = (entry.actor, entry.action, entry.subject, in_words(entry))
            table.writerow([entry.id, time_in_words(entry.at), *(_harmless(cell) for cell in cells)])
        accounts.note(by, "导出改动记录", f"{len(rows)} 条")
        name = f"attachment; filename=xuesi-audit-{datetime.now():%Y%m%d}.csv"
        content = written.getvalue().encode("utf-8-sig")  # so that spreadsheets know the encoding
        return Response(content, media_type="text/csv", headers={"Content-Disposition": name})

    return router


def in_words(entry: Entry) -> str:
    """The detail of a change as a sentence: `施行日期：2023-06-01 → 2027-06-01`."""
    said = [_said(name, value) for name, value in entry.detail.items() if name in _WORDS]
    return "；".join(one for one in said if one)


def _said(name: str, value: Any) -> str:
    if name == "changes" and isinstance(value, Mapping):
        return "；".join(
            f"{field}：{before or '（空）'} → {after or '（空）'}" for field, (before, after) in value.items()
        )
    if isinstance(value, list):
        return f"{_WORDS[name]}：{''.join(str(one) for one in value)}" if value else ""
    if name in ("role", "from", "to") and value in list(Role):
        value = ROLE_NAMES[Role(value)]
    if value in ("", None) and name not in ("from", "to"):
        return ""
    return f"{_WORDS[name]}：{_VALUES.get(str(value), value)}"


def _start(day: str, days: int = 0) -> datetime | None:
    """When a day begins here, in UTC; `days` later. None for no day."""
    try:
        begins = datetime.combine(date.fromisoformat(day) + timedelta(days=days), datetime.min.time())
    except ValueError:
        return None
    return begins.astimezone().astimezone(UTC).replace(tzinfo=None)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
