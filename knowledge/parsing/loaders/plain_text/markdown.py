"""Reading .md: markup out, wording in.

A Markdown library would renumber lists and take `<中华人民共和国国家赔偿法>` for a tag, so the few kinds of
markup that official texts meet are handled line by line, among them what DokuWiki and pandoc leave behind.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from knowledge.errors import ReadingError
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, clean, compose
from knowledge.parsing.loaders.encoding import decode
from knowledge.parsing.loaders.lines import join_block
from knowledge.parsing.loaders.plain_text.plain import is_web_page
from knowledge.parsing.loaders.tables import CELL_BORDER, row_text, rows_of_column_table

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:[ \t]+|(?=[\u3400-\u9fff《（第]))(.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_RULE = re.compile(r"\s{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_BULLET = re.compile(r"^\s*[-*+][ \t]+(?=\S)")
_QUOTE = re.compile(r"^\s{0,3}(?:>[ \t]?)+")
_DASHES = re.compile(r"\s*-{3,}(?:[ \t]+-{3,})*[ \t]*$")
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_NOTE_TEXT = re.compile(r"\[\^[^\]]+\]:")

_RAW = re.compile(r"`([^`]*)`\{=?html\}")
_CODE = re.compile(r"(`+)(.+?)\1")
_IMAGE = re.compile(r"\{\{[^{}]*\}\}|!\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_WIKI_IMAGE = re.compile(r"\{\{()[^{}]*\}\}")
_HTML_TABLE = re.compile(r"<table\b[^>]*>.*?</table\s*>", re.IGNORECASE | re.DOTALL)
_STRUCK_TAG = re.compile(r"<(s|del|strike)\b[^<>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:<[^>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+[\"'][^)]*)?\)")
_NOTE_MARK = re.compile(r"\[\^[^\[\]]+\]")
_URL = re.compile(r"<(https?://[^>]+)>")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|center|cite|code|color|del|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|o:p|ol|p|pre|s"
    r"|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:[\s#/][^<>]*)?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>|</tr>", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*\*|\*\*|___|__)(?=\S)(.+?)(?<=\S)\1")
# Between Chinese characters a star is markup, between letters and figures it may stand for times.
_STAR = re.compile(r"(?<![*\\A-Za-z0-9_])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?!\*)")
_UNDERSCORE = re.compile(r"(?<![\w_])_(?=[^\s_])([^_]+?)(?<=[^\s_])_(?![\w_])")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_DOWNLOAD = re.compile(r"\s*(?:\[\[[^\[\]]*\]\]|\[[^\[\]]*\]\([^()]*\))\s*$")
_DOWNLOAD_WORDS = re.compile(r"下载|附件|PDF|pdf|打印|返回")
# Characters that escaping protects while markup is taken out: \* becomes one of these and comes back as *.
_SHELTER = 0xF0000


def read_markdown(data: bytes, name: str) -> SourceText:
    text = decode(data, name).replace("\r\n", "\n").replace("\r", "\n")
    card, text = _without_front_matter(text, name)
    if is_web_page(text):
        from knowledge.parsing.loaders.html.page import read_html

        return read_html(data, name)
    seen = _Seen()
    paragraphs = list(_paragraphs_and_tables(_without_comments(text), seen))
    title = card.get("title") or next((clean(one.text) for one in paragraphs if one.level is not None), None)
    return compose(paragraphs, title=title, notes=seen.notes(), card=card, left_out=seen.account.pieces)


def _without_front_matter(text: str, name: str) -> tuple[Mapping[str, str], str]:
    """Fields of the YAML block at the head of a file and the text after it.

    Values are strings: a list is joined with "；", a list inside it with "、", dates are ISO.

    Raises ReadingError when the block is not valid YAML.
    """
    match = _FRONT_MATTER.match(text)
    if match is None or ":" not in match[1]:
        return {}, text
    import yaml

    try:
        # Aliases (`*a`) let a few hundred bytes stand for more than a computer can hold; no identity card needs one.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(match[1], Loader=yaml.SafeLoader)):
            raise ReadingError(f"《{name}》开头的信息块用了 YAML 别名（*），请把内容直接写出来。")
        fields = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 2} 行" if mark else "开头"
        raise ReadingError(f"《{name}》开头的信息块{where}不是正确的 YAML，请检查冒号、引号和缩进。") from error
    if not isinstance(fields, dict):
        return {}, text
    card = {str(key): _as_text(value) for key, value in fields.items() if value is not None}
    return card, text[match.end() :]


def _as_text(value: object, between: str = "；") -> str:
    if isinstance(value, list):
        return between.join(_as_text(item, "、") for item in value)
    if isinstance(value, dict):
        return "，".join(f"{key}：{_as_text(item, '、')}" for key, item in value.items())
    return str(value)


def _without_comments(text: str) -> str:
    """Text without `<!-- … -->`; one that is never closed is left as it is."""
    kept: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[position:start])
        position = end + 3
    return "".join((*kept, text[position:]))


class _Seen:
    """What was met on the way through one file, and left out of its text."""

    def __init__(self) -> None:
        self.account = Account()
        self.tables = 0

    def notes(self) -> list[str]:
        if not self.tables:
            return []
        return [f"表格 {self.tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。"]


def _paragraphs_and_tables(text: str, seen: _Seen) -> Iterator[Paragraph]:
    """Paragraphs of the text; a `<table>` in it becomes one line for each of its rows."""
    position = 0
    for found in _HTML_TABLE.finditer(text):
        yield from _paragraphs(text[position : found.start()], seen)
        yield from _html_rows(found[0], seen)
        position = found.end()
    yield from _paragraphs(text[position:], seen)


def _html_rows(source: str, seen: _Seen) -> Iterator[Paragraph]:
    from bs4 import BeautifulSoup

    from knowledge.parsing.loaders.html.tables import filled_rows, is_data

    table = BeautifulSoup(source, "lxml").table
    assert table is not None
    if not is_data(table):
        yield from _paragraphs(_TAG.sub("", _BREAK.sub("\n", source.replace("</td>", "\n"))), seen)
        return
    seen.tables += 1
    if table.caption is not None:
        yield Paragraph(_inline(table.caption.decode_contents().strip(), seen))
    for _, words in filled_rows(table, lambda cell: _inline(cell.decode_contents().strip(), seen)):
        if line := row_text(words):
            yield Paragraph(line)


def _paragraphs(text: str, seen: _Seen) -> Iterator[Paragraph]:
    in_table = False
    for block in _blocks(text.split("\n")):
        was_in_table, in_table = in_table, False
        heading = _HEADING.match(block[0])
        if heading and len(block) == 1:
            yield Paragraph(_inline(heading[2], seen), level=len(heading[1]))
        elif len(block) > 1 and _DASHES.match(block[0]) and _DASHES.match(block[-1]):
            seen.tables += 1
            yield from (Paragraph(_inline(row, seen)) for row in rows_of_column_table(block))
        elif (rows := _pipe_rows(block)) is not None:
            in_table = True  # rows may stand apart
            seen.tables += not was_in_table
            yield from (Paragraph(" ".join(_inline(row, seen).split("\n"))) for row in rows if row)
        else:
            yield from _prose(block, seen)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines that belong together; a heading is a block of its own, a pandoc table is one block."""
    block: list[str] = []
    in_table = in_fence = False
    for line in lines:
        if _FENCE.match(line):
            in_fence = not in_fence
            line = ""
        empty = not line.strip(" \t\u3000\xa0\u200b")
        if in_fence and not empty:
            yield [re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)]
            continue
        if in_table or (not block and _opens_table(line, lines)):
            block.append("" if empty else line)
            in_table = len(block) == 1 or not (_DASHES.match(line) and len(line.split()) == 1)
            if not in_table:
                yield block
                block = []
            continue
        underline = _UNDERLINE.match(line)
        if underline and len(block) == 1 and not block[0].startswith("\\|"):
            yield [("# " if underline[1][0] == "=" else "## ") + block[0].strip()]
            block = []
            continue
        single = _HEADING.match(line) is not None
        if (empty or single or _RULE.match(line) or _BULLET.match(line)) and block:
            yield block
            block = []
        if single:
            yield [line]
        elif not empty and not _RULE.match(line):
            block.append(line)
    if block:
        yield block


def _opens_table(line: str, lines: list[str]) -> bool:
    """Whether an indented row of dashes opens a pandoc table: it needs an equal row that closes it."""
    return line.startswith("  ---") and _DASHES.match(line) is not None and lines.count(line) > 1


def _pipe_rows(block: list[str]) -> list[str] | None:
    """Rows of a table with `|` between cells, `\\|` and DokuWiki's `^` for header cells; None for prose."""
    plain = [line.rstrip().replace("\\|", "|").replace("\\^", "^") for line in block]
    first, last = plain[0].lstrip(), plain[-1]
    if first[:1] not in ("|", "^") or first.count(first[0]) < 2 or (len(block) == 1 and last[-1] != first[0]):
        return None
    # In pandoc's line blocks only an unescaped bar in the first column begins a line.
    bars = ("|",) if block[0].startswith("| ") else ("|", "^", "\\|", "\\^")
    rows: list[str] = []
    for line, words in zip(block, plain, strict=True):
        if _TABLE_RULE.match(words):
            continue
        words = words.strip().replace("\\\\", " ")
        if line.startswith(bars) or not rows:
            rows.append(words.replace("^", "|") if words.startswith("^") else words)
        else:  # a cell that runs over the end of its line
            rows[-1] += words
    cells = [row.strip("|").split("|") for row in rows]
    return [row_text(row, len(cells[0])) for row in cells]


def _prose(block: list[str], seen: _Seen) -> Iterator[Paragraph]:
    if len(block) == 1 and _DOWNLOAD.match(plain := _ESCAPED.sub(r"\1", block[0])) and _DOWNLOAD_WORDS.search(plain):
        seen.account.leave("下载链接", clean(_inline(block[0], seen)))
        return
    if _NOTE_TEXT.match(block[0]):
        seen.account.leave("脚注", _inline(" ".join([_NOTE_TEXT.sub("", block[0]), *block[1:]]), seen))
        return
    pieces: list[list[str]] = [[]]
    for line in block:
        hard_break = line.endswith("  ") or (line.endswith("\\") and not line.endswith("\\\\\\"))
        words = _QUOTE.sub("", _BULLET.sub("", line), count=1).rstrip(" \t")
        pieces[-1].append(re.sub(r"(?<!\\)\\$|\\\\$", "", words))
        if hard_break:
            pieces.append([])
    for piece in pieces:
        # Emphasis and links may span the line end, so the lines are joined before the markup is taken out.
        yield from (Paragraph(_inline(line, seen)) for line in join_block(piece))


def _inline(text: str, seen: _Seen) -> str:
    text = _ESCAPED.sub(lambda match: chr(_SHELTER + ord(match[1])), text)
    text = _RAW.sub(r"\1", text)
    text = _CODE.sub(lambda match: _sheltered(match[2]), text)
    text = _left_out(_IMAGE, "图片", text, seen)
    for pattern in (_STRUCK, _STRUCK_TAG):
        text = _left_out(pattern, "划掉的文字", text, seen)
    text = _WIKI_LINK.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _NOTE_MARK.sub("", text)
    text = _URL.sub(r"\1", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    for pattern in (_STRONG, _STRONG, _STAR, _UNDERSCORE):
        text = pattern.sub(lambda match: match[match.re.groups], text)
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = "".join(chr(ord(char) - _SHELTER) if _SHELTER <= ord(char) < _SHELTER + 128 else char for char in text)
    # Wiki markup that a converter escaped comes to light only now.
    text = _left_out(_WIKI_IMAGE, "图片", text, seen)
    return _TAG.sub("", _WIKI_LINK.sub(r"\1", text))


def _left_out(pattern: re.Pattern[str], what: str, text: str, seen: _Seen) -> str:
    """Text without what matches; the last group of the pattern is its words."""
    for found in pattern.finditer(text):
        seen.account.leave(what, found[found.re.groups] or "")
    return pattern.sub("", text)


def _sheltered(text: str) -> str:
    return "".join(chr(_SHELTER + ord(char)) if char.isascii() and not char.isalnum() else char for char in text)
