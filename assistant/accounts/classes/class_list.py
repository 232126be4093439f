"""A class as a CSV table: columns 用户名, 姓名 and 密码 (which may be empty)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from assistant.accounts.errors import InvalidAccount

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One trainee; `password` "" asks for one to be made. `line` counts from 1, the head included."""

    line: int
    name: str
    display_name: str
    password: str


def parse(content: bytes) -> list[Row]:
    """The rows of a CSV file in UTF-8 or GB18030, as spreadsheets save it. Raises InvalidAccount, naming the line."""
    reader = csv.DictReader(io.StringIO(_text(content), newline=""))
    if not {"用户名", "姓名"} <= set(reader.fieldnames or ()):
        raise InvalidAccount("名单的第一行要有“用户名”“姓名”两列（“密码”一列可以没有），请改好再导入。")
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, fields in enumerate(reader, start=2):
        name, shown, password = ((fields.get(column) or "").strip() for column in ("用户名", "姓名", "密码"))
        if not (name or shown):
            continue
        if not name:
            raise InvalidAccount(f"名单第 {line} 行没有用户名，请补上再导入。")
        if name in seen:
            raise InvalidAccount(f"名单第 {line} 行的用户名“{name}”与第 {seen[name]} 行重复，请改好再导入。")
        seen[name] = line
        rows.append(Row(line, name, shown or name, password))
    if not 0 < len(rows) <= MOST_ROWS:
        raise InvalidAccount(f"名单里有 {len(rows)} 人，一次要有 1 到 {MOST_ROWS} 人。")
    return rows


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidAccount("名单的编码认不出，请另存为 UTF-8 编码的 CSV 再导入。")
