"""Reading .rtf, also under the names .doc and .wps: paragraphs and tables in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.errors import UnsafeFile
from knowledge.model import SourceText
from knowledge.parsing.loaders.account import Account
from knowledge.parsing.loaders.canonical import Paragraph, compose
from knowledge.parsing.loaders.lines import is_page_number
from knowledge.parsing.loaders.tables import CELL_BORDER
from knowledge.parsing.loaders.word.rtf_flow import Flow
from knowledge.parsing.loaders.word.rtf_tokens import Kind, codec_of, tokens, whole
from knowledge.parsing.loaders.word.rtf_words import LEFT, SKIPPED, STARRED, WORDS

_MOST_NESTED = 10_000  # groups within groups
_GONE, _HIDDEN, _STRUCK = "标为删除的文字", "隐藏的文字", "划掉的文字"
_SYMBOLS = 2  # the character set of Wingdings and its kind
_PROPERTIES = ("deleted", "v", "strike", "striked")


def read_rtf(data: bytes, name: str) -> SourceText:
    """Raises UnsafeFile for groups nested beyond all measure."""
    return _Reader(name).read(data)


@dataclass(slots=True)
class _Words:
    """A group whose words are kept apart; `what` is the control word that opened it."""

    what: str
    pieces: list[str]


@dataclass(slots=True)
class _State:
    """What holds until a group ends. `sink` takes the words, None drops them; `hidden_sink` is where a group inside a
    dropped one may put them after all."""

    sink: Flow | _Words | None
    hidden_sink: Flow | _Words | None = None
    in_fonts: bool = False
    in_info: bool = False
    starred: bool = False
    font: int = 0
    wide_font: int = -1
    wide: bool = False
    fallback: int = 1  # characters after `\u` that stand for it
    gone: str = ""  # the properties of words that are no text


class _Reader:
    """One pass over the tokens of a file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._account = Account()
        self._flow = Flow(self._account)
        self._state = _State(self._flow)
        self._stack: list[_State] = []
        self._charsets: dict[int, int] = {}
        self._page = 936  # code page of words whose font tells none
        self._raw = bytearray()
        self._skip = 0
        self._lost: list[str] = []  # words that follow each other and are gone for one reason
        self._lost_as = ""
        self._title = ""
        self._property = ""
        self._letterhead: list[str] = []
        self._first_page_differs = False

    def read(self, data: bytes) -> SourceText:
        for kind, word, number in tokens(data):
            if kind is Kind.BYTES:
                self._bytes(word)
                continue
            if kind is not Kind.BYTE:
                self._decode()
            if kind is Kind.OPEN:
                self._open()
            elif kind is Kind.CLOSE:
                self._close()
            elif kind is Kind.BYTE:
                self._bytes(bytes((number or 0,)))
            else:
                self._control(word.decode("ascii", "replace"), number)
        self._decode()
        self._settle()
        paragraphs = self._flow.finished()
        opening = {paragraph.text.strip() for paragraph in paragraphs[:5]}
        top = [line for line in self._letterhead if self._first_page_differs and line not in opening]
        for line in self._letterhead:
            if line not in top:
                self._account.leave("页眉", line)
        notes = []
        if self._flow.tables:
            notes.append(f"表格 {self._flow.tables} 处按行展开，单元格之间用“{CELL_BORDER.strip()}”隔开。")
        if self._account.has(_GONE):
            notes.append("文档有未接受的修订：标为插入的文字已收入，标为删除的没有。")
        squeezed = "".join("".join(paragraph.text for paragraph in paragraphs[:30]).split())
        title = self._title if self._title and "".join(self._title.split()) in squeezed else None
        return compose(
            [*map(Paragraph, top), *paragraphs],
            title=title,
            notes=notes,
            left_out=self._account.pieces,
            origin="paper",
        )

    def _open(self) -> None:
        if len(self._stack) >= _MOST_NESTED:
            raise UnsafeFile(f"《{self._name}》的结构套得太深，没有读成，请另存为普通文件后再上传。")
        self._stack.append(self._state)
        self._state = replace(self._state, starred=False)
        self._skip = 0

    def _close(self) -> None:
        self._skip = 0
        if not self._stack:
            return
        ended, self._state = self._state.sink, self._stack.pop()
        outer = self._state.sink
        if ended is outer or ended is None:
            return
        self._settle()
        if isinstance(ended, Flow):
            if isinstance(outer, Flow):
                outer.boxes += ended.finished()
                outer.tables += ended.tables
            return
        words = whole("".join(ended.pieces))
        if ended.what == "title":
            self._title = self._title or words.strip()
        elif ended.what == "sn":
            self._property = words.strip()
        elif ended.what == "sv":
            if self._property == "gtextUNICODE" and words.strip():  # lettering
                self._say(self._state.hidden_sink, words)
        elif ended.what in ("listtext", "pntext"):
            number = words.strip()
            if isinstance(outer, Flow) and any(char.isalnum() for char in number):  # else a bullet
                outer.number(number)
        elif ended.what == "headerf":
            lines = [line.strip() for line in words.split("\n")]
            self._letterhead += [line for line in lines if line and not is_page_number(line)]
        elif words.strip() and not (LEFT[ended.what].startswith("页") and _is_number(words)):
            self._account.leave(LEFT[ended.what], words)

    def _bytes(self, word: bytes) -> None:
        if self._skip:
            dropped = min(self._skip, len(word))
            self._skip -= dropped
            word = word[dropped:]
        if self._state.sink is not None:
            self._raw += word

    def _decode(self) -> None:
        """Turn the bytes so far into words."""
        if not self._raw:
            return
        raw, self._raw = bytes(self._raw), bytearray()
        state = self._state
        if self._charsets.get(state.font) == _SYMBOLS:
            self._text(raw.decode("ascii", "ignore"))  # its other characters are pictures
            return
        page = codec_of(self._charsets.get(state.font, 0)) or codec_of(self._charsets.get(state.wide_font, 0))
        for codec in (page or f"cp{self._page}", "gb18030"):
            try:
                self._text(raw.decode("gb18030" if codec == "cp936" else codec))
                return
            except (UnicodeDecodeError, LookupError):
                continue
        self._text(raw.decode("gb18030", "replace"))

    def _text(self, words: str) -> None:
        state = self._state
        if state.gone and isinstance(state.sink, Flow):
            what = _called(state.gone)
            if what != self._lost_as:
                self._settle()
            self._lost_as = what
            self._lost.append(words)
            return
        self._settle()
        self._say(state.sink, words)

    def _say(self, sink: Flow | _Words | None, words: str) -> None:
        if isinstance(sink, Flow):
            sink.text(words)
        elif sink is not None:
            sink.pieces.append(words)

    def _settle(self) -> None:
        if any(words.strip() for words in self._lost):
            self._account.leave(self._lost_as, whole("".join(self._lost)))
        self._lost.clear()

    def _control(self, word: str, number: int | None) -> None:
        state = self._state
        if state.in_fonts:
            if word == "f":
                state.font = number or 0
            elif word == "fcharset":
                self._charsets[state.font] = number or 0
            return
        if word == "*":
            state.starred = True
            return
        starred, state.starred = state.starred, False
        if word == "ud":
            state.sink = state.hidden_sink
        elif word == "title" and not state.in_info:
            return
        elif word in LEFT and (word in ("sn", "sv", "title") or state.sink is not None):
            state.sink = _Words(word, [])
        elif word in SKIPPED or (starred and word not in STARRED):
            state.hidden_sink = state.hidden_sink or state.sink
            state.sink = None
            state.in_info = state.in_info or word == "info"
        elif word == "fonttbl":
            state.in_fonts, state.sink = True, None
        elif word == "ansicpg":
            self._page = number or 936
        elif word == "titlepg":
            self._first_page_differs = True
        elif word in ("pict", "object"):
            if state.sink is not None:
                self._account.leave("图片" if word == "pict" else "嵌入的文件")
            state.sink = None
        elif word == "shptxt":
            state.sink = Flow(self._account) if isinstance(state.sink, Flow) else state.sink
        elif state.sink is not None:
            self._shown(word, number)

    def _shown(self, word: str, number: int | None) -> None:
        """A control word within text."""
        state = self._state
        if word == "u":
            self._text(chr((number or 0) & 0xFFFF))  # numbers above 32,767 are written as negative ones
            self._skip = state.fallback
        elif word == "uc":
            state.fallback = max(0, number or 0)
        elif word in WORDS:
            self._text(WORDS[word])
        elif word in ("f", "af"):
            if state.wide and word == "af":
                state.wide_font = number or 0
            elif word == "f":
                state.font = number or 0
        elif word in ("dbch", "loch", "hich"):
            state.wide = word == "dbch"
        elif word == "plain":
            state.gone = ""
        elif word in _PROPERTIES:
            marks = set(state.gone.split()) - {word}
            state.gone = " ".join(sorted(marks | ({word} if number != 0 else set())))
        elif isinstance(state.sink, Flow):
            if word == "par" and "deleted" not in state.gone.split():
                self._settle()
            state.sink.control(word, number, deleted="deleted" in state.gone.split())
        elif state.sink is not None and word in ("par", "sect", "cell", "row"):
            state.sink.pieces.append("\n" if word != "cell" else " ")


def _called(gone: str) -> str:
    marks = gone.split()
    return _GONE if "deleted" in marks else _HIDDEN if "v" in marks else _STRUCK


def _is_number(words: str) -> bool:
    return is_page_number(words.strip()) or not words.strip(" \n-—–").strip() or words.strip().isdecimal()
