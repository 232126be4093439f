"""What all commands share: options, JSON on stdout, progress on stderr, and errors as one Chinese sentence.

Exit codes: 0 done; 2 bad input (an unknown id, a file that cannot be read, a wrong option); 1 a failure; 130 interrupted.
An error class of another package may say its own code in a class attribute `exit_code`.
"""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, ParamSpec, Protocol, TypeVar

import typer

from knowledge.errors import InvalidCard, KnowledgeError, NotInLibrary, ReadingError

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130

DataOption = Annotated[
    Path | None,
    typer.Option("--data", envvar="XUESI_DATA", help="数据文件夹。", show_default="./data", metavar="文件夹"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象，便于程序读取。")]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")


class Advance(Protocol):
    """Moves a progress bar to `done` of `total`, with a word about what is being done."""

    def __call__(self, done: int, total: int, what: str = "") -> None: ...


def chinese_errors(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a command end with one sentence on stderr and the right exit code instead of a traceback.

    `XUESI_DEBUG=1` shows the traceback of what nobody expected.
    """

    @functools.wraps(command)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except (typer.Exit, typer.Abort, KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("XUESI_DEBUG"):
                raise
            say(_sentence(error))
            raise typer.Exit(exit_code(error)) from None

    return guarded


def run(app: typer.Typer, provider: object, arguments: Sequence[str] | None = None, name: str = "xuesi") -> int:
    """Run a command line (`arguments`, else the process's own) and return its exit code; `provider` is `ctx.obj`."""
    import typer._click.exceptions as click

    given = list(sys.argv[1:] if arguments is None else arguments)
    if "--help" in given or len(given) < 2:
        _speak_chinese()
    command = typer.main.get_command(app)
    try:
        code = command.main(
            args=given,
            prog_name=name,
            standalone_mode=False,
            obj=provider,
        )
        return code if isinstance(code, int) else DONE
    except click.UsageError as error:
        if sentence := _usage(error):
            say(sentence)
        return BAD_INPUT
    except click.ClickException as error:
        say(error.format_message())
        return BAD_INPUT
    except (typer.Abort, KeyboardInterrupt):
        say("已中断；此前报告完成的内容都已保存。")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`); nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def exit_code(error: Exception) -> int:
    """2 for what the user can put right in the command, else 1."""
    if isinstance(error, (ReadingError, NotInLibrary, InvalidCard, UnicodeEncodeError)):
        return BAD_INPUT
    own = getattr(type(error), "exit_code", FAILED)
    return own if isinstance(own, int) else FAILED


def say(sentence: str) -> None:
    """One line on stderr."""
    print(sentence, file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """One JSON value on stdout, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


@contextmanager
def bar(what: str) -> Iterator[Advance]:
    """A progress bar on stderr while something long runs. Nothing is drawn where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int, what: str = "") -> None:
            progress.update(task, completed=done, total=total)
            if what:
                progress.update(task, description=what)

        yield advance


def progress(items: Sequence[_T], what: str) -> Iterator[_T]:
    """`items` one by one, with a bar that says how many are done."""
    with bar(what) as advance:
        for done, item in enumerate(items):
            advance(done, len(items))
            yield item
        advance(len(items), len(items))


def _sentence(error: Exception) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "输入里有不完整的字符，请删去后再试。"
    if isinstance(error, KnowledgeError) or hasattr(type(error), "exit_code"):
        return str(error)
    if type(error).__module__.endswith(".errors"):
        return str(error)
    return f"出现意外错误（{type(error).__name__}：{error}）；设置 XUESI_DEBUG=1 再运行一次可以看到详情。"


_INTEGER: Final = re.compile(r"valid integer|valid number")
_UNKNOWN: Final = re.compile(r"No such command '([^']*)'\.(?: Did you mean (.*)\?)?")


def _usage(error: Any) -> str:
    """Click's usage errors in Chinese; "" where the help page has said it all."""
    import typer._click.exceptions as click

    context = getattr(error, "ctx", None)
    hint = f"请看 {context.command_path if context else 'xuesi'} --help。"
    message = error.format_message()
    if not message:
        return ""
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(sorted(error.possibilities))}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}；{hint}"
    if unknown := _UNKNOWN.search(message):
        near = f"，是不是 {unknown[2]}" if unknown[2] else ""
        return f"没有命令“{unknown[1]}”{near}；{hint}"
    if isinstance(error, click.MissingParameter):
        return f"缺少参数 {_name(error)}；{hint}"
    if isinstance(error, click.BadParameter):
        wrong = "应是数字" if _INTEGER.search(message) else error.message.rstrip(".")
        return f"参数 {_name(error)} 的值不对（{wrong}）；{hint}"
    return f"命令写得不对（{message.rstrip('.')}）；{hint}"


def _name(error: Any) -> str:
    hint = error.param.get_error_hint() if error.param is not None else error.param_hint or ""
    return str(hint).strip("'")


def _speak_chinese() -> None:
    """Headings and marks of the help pages."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
    rich_utils.ENVVAR_STRING = "[环境变量：{}]"
