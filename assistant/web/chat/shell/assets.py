"""Gradio's own scripts and style sheets: which of them our page surely needs, so that it can ask for all of them at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gradio

FOLDER = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
LANGUAGE = "./lang/zh-CN.json"
_ENTRY = re.compile(r'src="\./assets/([\w.-]+\.js)"')
_PAGE = re.compile(r'"\./assets/([\w.-]+)"')
_FILES = re.compile(r"m\.f=\[([^\]]*)\]")
_IMPORT = r"import\(`\./([\w.-]+\.js)`\)(?:(?!import\().)*?(?:__vite__mapDeps\(\[([\d,]*)\]\)|\[\])"
_CALLED = rf"\(\)=>\w+\(\(\)=>{_IMPORT}"
_ANY = re.compile(_IMPORT)


def needed(kinds: Collection[str]) -> list[str]:
    """The names of the files that a page with components of these kinds (`textbox`, …) loads, in the order in which it
    does. Read from Gradio's own build, whose names change with every release; what is not understood is left out, because
    the browser asks for it anyway, only later."""
    entry = _ENTRY.search(_page())
    if entry is None:
        return []
    found = dict.fromkeys([entry[1]])
    application, core = ["", "", *_imports(entry[1], _ANY)][-2:]
    for name in (application, core):
        found |= _with_those_it_needs(entry[1], name)
    blocks = next(iter(_imports(application, _ANY)), "")
    found |= _with_those_it_needs(application, blocks)
    parts = [re.escape(f'"{LANGUAGE}":') + _CALLED]
    parts += [rf"[{{,]{re.escape(kind)}:\{{[^}}]*?component:{_CALLED}" for kind in kinds]
    for part in parts:
        for name in _imports(core, re.compile(part)):
            found |= _with_those_it_needs(core, name, re.compile(part))
    return [name for name in found if (FOLDER / name).is_file()]


@dataclass(frozen=True, slots=True)
class Assets:
    """Scripts that a page asks for at once, and not one after the other as each names the next; and its style sheets, all in
    one. What Gradio's page itself links is not among them."""

    scripts: tuple[str, ...]
    sheets: tuple[str, ...]

    @classmethod
    def of(cls, kinds: Collection[str]) -> Assets:
        """Those of a page with components of these kinds."""
        linked = _PAGE.findall(_page())
        names = [name for name in needed(kinds) if name not in linked]
        return cls(*(tuple(name for name in names if name.endswith(suffix)) for suffix in (".js", ".css")))

    @property
    def links(self) -> str:
        """For <head>. Gradio takes a style sheet that is linked for one that it need not load, used or not."""
        scripts = (f'<link rel="modulepreload" href="./assets/{name}">' for name in self.scripts)
        sheets = (f'<link rel="stylesheet" disabled href="./assets/{name}">' for name in self.sheets)
        return "".join((*scripts, *sheets))

    @property
    def style(self) -> str:
        """All the style sheets, in the order in which Gradio loads them."""
        return "\n".join(_text(name) for name in self.sheets)


@cache
def _page() -> str:
    return (FOLDER.parent / "index.html").read_text(encoding="utf-8")


@cache
def _text(name: str) -> str:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if name and path.is_file() else ""


def _imports(name: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """What the script `name` imports when it is run, once each."""
    return iter(dict.fromkeys(match[1] for match in pattern.finditer(_text(name))))


def _with_those_it_needs(importing: str, imported: str, pattern: re.Pattern[str] = _ANY) -> Mapping[str, None]:
    """`imported` and the files that the script `importing` says it needs."""
    text = _text(importing)
    listed = _FILES.search(text)
    files = re.findall(r'"\./([^"]+)"', listed[1]) if listed else []
    for match in pattern.finditer(text):
        if match[1] == imported:
            numbers = [int(one) for one in (match[2] or "").split(",") if one]
            return dict.fromkeys([imported, *(files[number] for number in numbers if number < len(files))])
    return {}
