"""One sheet of a workbook as its reader hands it on: shown cells, merged areas, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.errors import UnsafeFile
from knowledge.model import LeftOut
from knowledge.parsing.loaders.account import sentences

MAX_ROWS = 20_000  # rows with words; each becomes a passage
MAX_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area of a sheet, both corners included; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """`cells` are the words of the shown cells by row and column, counted from 1 as the program shows them. `named` is
    whether the name is words of the file (Sheet1 and a file's name are not). `loose` are words outside the cells."""

    name: str
    cells: dict[tuple[int, int], str]
    areas: tuple[Area, ...] = ()
    named: bool = True
    loose: tuple[str, ...] = ()


@dataclass(slots=True)
class Omissions:
    """What a workbook does not hand on: counted while it is read, told in sentences at the end."""

    sheets: list[str] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    unsaved: int = 0  # formulas without a stored value
    images: int = 0
    charts: int = 0
    struck: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        told = []
        if self.sheets:
            told.append(f"略去隐藏的工作表 {len(self.sheets)} 张：{'、'.join(self.sheets)}。")
        for name, numbers in self.rows.items():
            told.append(
                f"工作表“{name}”略去隐藏或被筛选掉的 {len(numbers)} 行（第 {_runs(numbers)} 行），需要收入请取消隐藏后另存。"
            )
        for name, letters in self.columns.items():
            told.append(f"工作表“{name}”略去隐藏的列：{'、'.join(letters)}，需要收入请取消隐藏后另存。")
        if self.unsaved:
            told.append(f"公式 {self.unsaved} 处没有存下计算结果，没有收入，请用 Excel 或 WPS 打开并保存后再上传。")
        pieces = [LeftOut("图片", "")] * self.images + [LeftOut("图表", "")] * self.charts
        pieces += [LeftOut("批注", words) for words in self.comments]
        pieces += [LeftOut("划掉的文字", words) for words in self.struck]
        return [*told, *sentences(pieces)]


def check_size(cells: int, name: str) -> None:
    """Raises UnsafeFile for more cells than a table that is read by people has."""
    if cells > MAX_CELLS:
        raise UnsafeFile(f"《{name}》的表格超过 {MAX_CELLS:,} 个单元格，请拆分后再上传。")


def column_letters(number: int) -> str:
    """1 -> `A`, 28 -> `AB`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _runs(numbers: list[int]) -> str:
    """`2—4、7`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs[:8]]
    return "、".join(shown) + ("等" if len(runs) > 8 else "")
