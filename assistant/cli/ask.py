"""`xuesi ask` and `xuesi search`: parse, call one method, print."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assistant.answerer import Answerer
from assistant.answering.editions import standing_in_words
from assistant.conversations.answer_json import answer_json, hits_json
from assistant.errors import InvalidQuestion
from assistant.model import CURATED_LABEL, LABELS, MODES, Answer, Message, Mode
from knowledge.cli.console import DataOption, chinese_errors, progress
from knowledge.retrieval.search import Scope


@chinese_errors
def ask(
    ctx: typer.Context,
    question: Annotated[str | None, typer.Argument(help="问题，例如：公务员法第五十九条")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    history: Annotated[Path | None, typer.Option(help='上文，JSON 文件：[{"role":"user","content":"…"}, …]。')] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='成批提问，JSONL 文件，每行 {"id","question","history"}；每题输出一行 JSON，写错的行输出 error。'
        ),
    ] = None,
    mode: Annotated[str, typer.Option(help="auto、extract（原文摘录）或 generate（AI生成，需要配置模型）。")] = "auto",
    as_of: Annotated[str | None, typer.Option(help="按这一天的时效回答，写作 2020-05-01。")] = None,
    data: DataOption = None,
) -> None:
    """提一个问题，得到句句有出处的回答。

    例：xuesi ask "公务员受警告处分，处分期多长？"
        xuesi ask "公务员法59条" --json
        xuesi ask --batch questions.jsonl > answers.jsonl
    """
    if mode not in MODES:
        raise InvalidQuestion(f"没有“{mode}”这种回答方式，请用 auto、extract 或 generate。")
    way = MODES[mode]
    if way is Mode.GENERATE and ctx.obj.writer_for() is None:
        raise InvalidQuestion("还没有配置语言模型，不能用 generate；请去掉 --mode，或用 --mode extract。")
    if (question is None) == (batch is None):
        raise InvalidQuestion("请给出一个问题，或用 --batch 指定一个 JSONL 文件（二者只取其一）。")
    day = _day(as_of)
    if batch is not None:
        answer_batch(ctx.obj.answerer(data), _lines(batch), day, way)
        return
    past = _history(history)
    answer = ctx.obj.answerer(data).answer(question or "", past, as_of=day, mode=way)
    print(json.dumps(answer_json(answer), ensure_ascii=False, indent=2) if as_json else readable(answer))


@chinese_errors
def search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="检索词或问题")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="返回的片段数。")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象。")] = False,
    data: DataOption = None,
) -> None:
    """检索条文片段，好的在前；分数越高越相关。

    例：xuesi search "请客送礼" -k 5
    """
    if not query.strip():
        raise InvalidQuestion("检索词是空的，请输入要找的内容。")
    hits = ctx.obj.answerer(data).searcher.search(query, k, Scope())
    if as_json:
        print(json.dumps(hits_json(query, hits), ensure_ascii=False, indent=2))
        return
    for rank, hit in enumerate(hits, start=1):
        edition = f"（{hit.document.card.edition}）" if hit.document.card.edition else ""
        print(
            f"{rank}. {hit.score:.3f}  《{hit.document.card.title}》{edition} {hit.passage.address} · {hit.document.validity}"
        )
        print(f"   {' '.join(hit.passage.text.split())[:120]}")
    if not hits:
        print("没有找到。")


def readable(answer: Answer) -> str:
    """An answer for the terminal: notices, text, then the sources."""
    lines = [f"! {notice.text}" for notice in answer.notices]
    lines += [answer.text, ""]
    sources = answer.refusal.nearest if answer.refusal else answer.citations
    if sources:
        lines.append("最接近的原文：" if answer.refusal else "来源：")
    for citation in sources:
        document = citation.document
        edition = f"（{document.edition}）" if document.edition else ""
        lines.append(
            f"[{citation.marker}] 《{document.title}》{edition} {citation.address} · {standing_in_words(document)}"
        )
        if answer.refusal:
            lines.append(f"    {' '.join(citation.quote.split())[:80]}")
    sure = f"{CURATED_LABEL}（{answer.curated.question}）" if answer.curated else f"把握 {answer.confidence:.2f}"
    lines.append(f"—— {LABELS[answer.mode]} · {sure}")
    return "\n".join(lines)


def answer_batch(answerer: Answerer, lines: Sequence[str], day: date | None, way: Mode | None) -> None:
    """One object for each line that is not empty, in their order; a bad one says what is wrong and stops no other."""
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    for number, line in progress(numbered, "回答问题"):
        case: dict[str, object] = {}
        try:
            case = _case(line)
            answer = answerer.answer(str(case["question"]), _messages(case.get("history")), as_of=day, mode=way)
            said = {"id": case.get("id"), **answer_json(answer)}
        except (InvalidQuestion, UnicodeEncodeError) as error:
            words = str(error) if isinstance(error, InvalidQuestion) else "有不完整的字符，请删去后再问。"
            said = {"id": case.get("id"), "line": number, "question": case.get("question"), "error": words}
        # Half a character cannot be printed; what is wrong with the line has been said.
        print(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"), flush=True)


def _case(line: str) -> dict[str, object]:
    """Raises InvalidQuestion for a line that is no question."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        cause = error.msg if isinstance(error, json.JSONDecodeError) else "数字太长或嵌套太深"
        raise InvalidQuestion(f"这一行不是 JSON（{cause}），请改正后再试。") from None
    if not isinstance(case, dict) or not isinstance(case.get("question"), str):
        raise InvalidQuestion("这一行缺少 question，请改正后再试。")
    return case


def _lines(path: Path) -> list[str]:
    """The lines of a file; what is not UTF-8 in one of them is left for that line to be refused."""
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return content.decode("utf-8-sig", "surrogateescape").split("\n")
    except OSError as error:
        raise InvalidQuestion(f"读不了文件 {path}：{_cause(error)}。") from None


def _history(path: Path | None) -> tuple[Message, ...]:
    if path is None:
        return ()
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidQuestion(f"读不了上文文件 {path}：{_cause(error)}。") from None
    return _messages(stored)


def _messages(stored: object) -> tuple[Message, ...]:
    if stored is None:
        return ()
    if not isinstance(stored, list):
        raise InvalidQuestion('上文应是一个列表，每项写作 {"role":"user","content":"…"}。')
    messages = []
    for message in stored:
        if not isinstance(message, dict) or message.get("role") not in ("user", "assistant"):
            raise InvalidQuestion("上文的每一项要有 role（user 或 assistant）和 content。")
        content = str(message.get("content", ""))
        content.encode("utf-8")  # raises UnicodeEncodeError for half a character, which nothing can read
        messages.append(Message(message["role"], content))
    return tuple(messages)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidQuestion(f"“{text}”不是日期，请写作 2020-05-01 这样的形式。") from None


def _cause(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    if isinstance(error, PermissionError):
        return "没有读取权限"
    return "内容不是 UTF-8 编码的 JSON"
