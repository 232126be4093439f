"""`xuesi queue`: what needs a trainer, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.desk import Provider, note
from assistant.cli.user import COMMAND_LINE
from assistant.conversations.conversations import Conversations
from assistant.conversations.feedback import Feedback
from assistant.curated_answers.answers import CuratedAnswers
from assistant.curation.cases import Cases
from assistant.curation.queues.board import NAMES, Board
from assistant.curation.queues.handling import Handling, Queue, State
from assistant.curation.queues.unanswered import Clusters
from assistant.errors import NoSuchItem
from knowledge.cli.console import DataOption, JsonOption, chinese_errors, print_json

app = typer.Typer(help="待办：没有答上的问题、没用的回答、缺的文件、要复核的。", no_args_is_help=True)

QueueArgument = Annotated[
    Queue,
    typer.Argument(
        metavar="待办", help="、".join(f"{queue} {name}" for queue, name in NAMES.items()), show_default=False
    ),
]


@app.command("list")
@chinese_errors
def every(ctx: typer.Context, queue: QueueArgument, as_json: JsonOption = False, data: DataOption = None) -> None:
    """列出一种待办；没有人名，号码都隐去。

    例：xuesi queue list unanswered
    """
    with _board(ctx, data) as board:
        handled, items = board.handling.of(queue), board.items(queue)
    assignees = [handled[item.subjects[0]].assignee if item.subjects[0] in handled else "" for item in items]
    if as_json:
        print_json(
            [
                {"title": item.title, "why": item.why, "assignee": assignee, "subjects": list(item.subjects)}
                for item, assignee in zip(items, assignees, strict=True)
            ]
        )
        return
    for number, (item, assignee) in enumerate(zip(items, assignees, strict=True), start=1):
        print(f"{number}. {item.title}  {item.why}" + (f"  由 {assignee} 处理" if assignee else ""))
    if not items:
        print("这里没有待办。")


@app.command("close")
@chinese_errors
def close(
    ctx: typer.Context,
    queue: QueueArgument,
    title: Annotated[str, typer.Argument(metavar="标题", help="xuesi queue list 里的那一行标题。")],
    state: Annotated[
        State, typer.Option("--as", metavar="结果", help="supplied 已补充、declined 不补充、done 处理完毕。")
    ],
    words: Annotated[str, typer.Option("--note", metavar="说明", help="没有答上的问题，提问的人会看到。")] = "",
    data: DataOption = None,
) -> None:
    """关闭一项待办。“已补充”会当场再问一次，答得上才关闭。

    例：xuesi queue close unanswered "年休假几天" --as supplied --note 已补充文件
    """
    with _board(ctx, data) as board:
        found = next((item for item in board.items(queue) if item.title == title), None)
        if found is None:
            raise NoSuchItem(f"“{NAMES[queue]}”里没有“{title}”，请用 xuesi queue list {queue} 查看。")
        board.close(COMMAND_LINE, queue, found.subjects, state, words, ctx.obj.answerer(data))
    note(ctx, data, f"关闭待办：{NAMES[queue]}", title, state=str(state))
    print(f"已关闭“{title}”。")


@contextmanager
def _board(ctx: typer.Context, data: Path | None) -> Iterator[Board]:
    provider: Provider = ctx.obj
    folder, kb = provider.data_folder(data), provider.knowledge_base(data)
    conversations = Conversations.open(folder, provider.database_url)
    try:
        yield Board(
            kb,
            conversations,
            Feedback(conversations),
            CuratedAnswers(conversations.database),
            provider.lists(data),
            Cases(folder),
            Handling(conversations.database),
            Clusters(lambda: kb.encoder),
        )
    finally:
        conversations.close()
