"""Effects shown before they happen: a change that moves other documents is done only when its effects were seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi.responses import HTMLResponse

from assistant.web.pages import Pages
from knowledge.ingestion.preview import Effect, Preview
from knowledge.ingestion.report import sentences
from knowledge.model import Validity

SEEN = "seen"


def agreed(form: Mapping[str, str], found: Preview) -> bool:
    """Whether whoever sent `form` has seen exactly these effects."""
    return form.get(SEEN) == found.fingerprint


def harmless(found: Preview, own: int) -> bool:
    """Whether a change needs no second look: nothing but the document itself, and that only into force, or out of
    sight."""
    return not found.later and all(effect.document_id == own and _plain(effect) for effect in found.now)


def ask(
    pages: Pages,
    form: Mapping[str, str],
    found: Preview,
    *,
    own: int | None,
    heading: str,
    action: str,
    back: str,
    changes: Sequence[tuple[str, str, str]] = (),
    stopping: Sequence[str] = (),
) -> HTMLResponse:
    """The page that shows what will happen. `changes` are fields with their value before and after, `stopping` says
    what stops; agreeing sends the form again to `action`."""
    return pages.page(
        "admin_effects.html",
        heading=heading,
        action=action,
        back=back,
        changes=changes,
        effects=sentences(found, own),
        stopping=stopping,
        fields=[(name, value) for name, value in form.items() if name != SEEN],
        seen=found.fingerprint,
        section="admin",
    )


def _plain(effect: Effect) -> bool:
    before, after = effect.validity
    return before is after and after is Validity.IN_FORCE
