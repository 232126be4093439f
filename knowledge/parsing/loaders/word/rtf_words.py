"""The control words of RTF that stand for characters, and those that open groups with words of their own or with none."""

from __future__ import annotations

from typing import Final

#: Characters that are written as words.
WORDS: Final = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "~": "\u00a0",
    "_": "-",
}
#: Groups whose words are left out, and how the report calls them.
LEFT: Final = {
    "footnote": "脚注和尾注",
    "annotation": "批注",
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "页眉"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "页脚"),
    **dict.fromkeys(("title", "sn", "sv", "listtext", "pntext"), ""),
}
#: Groups that hold no words of the text, or words that stand there a second time for old programs.
SKIPPED: Final = frozenset(
    (
        *("colortbl", "stylesheet", "info", "nonshppict", "shprslt", "nonesttables", "upr", "sp"),
        *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"),  # lines above notes
    )
)
#: Of the groups that a program may pass over (`\*`), those with words.
STARRED: Final = frozenset(
    ("shppict", "shpinst", "annotation", "ud", "moMath", "moMathPara", "nesttableprops", "fldrslt", "fonttbl")
)
