"""The implicit label of files with generated content, as GB 45438-2025 writes it into the properties of a file."""

from __future__ import annotations

import hashlib
import json

from assistant.web.export.sheet import SYSTEM, Sheet

PROPERTY = "AIGC"
_IS_GENERATED = "1"  # 1 generated, 2 perhaps, 3 suspected


def implicit_label(sheet: Sheet) -> str:
    """The value of the property. `ProduceID` tells files of different content apart."""
    content = repr((sheet.title, sheet.parts, sheet.footnotes)).encode()
    label = {
        "Label": _IS_GENERATED,
        "ContentProducer": sheet.model or SYSTEM,
        "ProduceID": hashlib.sha256(content).hexdigest()[:32],
        "ReservedCode1": "",
        "ContentPropagator": SYSTEM,
        "PropagateID": "",
        "ReservedCode2": "",
    }
    return json.dumps(label, ensure_ascii=False)
