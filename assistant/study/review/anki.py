"""A deck for Anki of a reader's cards: question in front, answer with its source behind."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: Fixed, so that a deck brought in again changes its cards and does not double them.
_MODEL, _DECK = 1620260301, 1620260302
_FORM = [{"name": "卡片", "qfmt": "{{正面}}", "afmt": "{{正面}}<hr id=answer>{{背面}}"}]


@dataclass(frozen=True, slots=True)
class Side:
    """A card as text; `key` tells it from others of the same reader."""

    key: str
    front: str
    back: str


def deck(cards: Sequence[Side], name: str) -> bytes:
    """The .apkg file. Texts are escaped: nothing in them is markup for Anki."""
    import genanki

    model = genanki.Model(_MODEL, "学思卡片", fields=[{"name": "正面"}, {"name": "背面"}], templates=_FORM)
    made = genanki.Deck(_DECK, name)
    for one in cards:
        fields = [html.escape(words).replace("\n", "<br>") for words in (one.front, one.back)]
        made.add_note(genanki.Note(model=model, fields=fields, guid=genanki.guid_for("xuesi", one.key)))
    with tempfile.TemporaryDirectory(prefix="xuesi-anki-") as folder:
        path = Path(folder, "deck.apkg")
        genanki.Package(made).write_to_file(str(path))
        return path.read_bytes()
