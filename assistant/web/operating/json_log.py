"""The log as lines of JSON: when, what, for which request, and the kind and place of an error, never what it held."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

from assistant.web.operating.request_id import request_id

_OURS = ("assistant", "knowledge", "eval")


class JsonLines(logging.Formatter):
    """One object a line. A record may carry `fields`, a mapping of numbers and kinds. The message of an exception is left
    out, because it may quote what somebody asked."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id():
            line["request_id"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            line["at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=False)


def write_json_lines() -> None:
    """Write the log of the whole process to standard error as JSON: ours from INFO, that of libraries from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.INFO)
