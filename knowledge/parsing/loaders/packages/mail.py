"""Reading .eml and .mht: the document in the letter or the saved page; what a letter carries is read by itself."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

from knowledge.errors import EmptyFile, ReadingError, UnsafeFile
from knowledge.model import Heading, SourceText
from knowledge.parsing.loaders.canonical import clean
from knowledge.parsing.loaders.html.page import read_html
from knowledge.parsing.loaders.plain_text.plain import read_plain

_MOST_PARTS = 500
_LETTERHEAD = "略去信头（发件人、收件人、时间）。"


def read_mht(data: bytes, name: str) -> SourceText:
    """The page that was saved; pages within it (frames) are left out and counted. Raises ReadingError and its kind."""
    pages = [part for part in _parts(data, name) if part.get_content_type() == "text/html"]
    if not pages:
        raise EmptyFile(f"《{name}》里没有网页正文，请用浏览器重新保存后再上传。")
    source = read_html(_payload(pages[0]), name)
    if len(pages) == 1:
        return source
    return replace(source, notes=(*source.notes, f"略去内嵌网页 {len(pages) - 1} 个。"))


def read_eml(data: bytes, name: str) -> SourceText:
    """The subject and the body of a letter. Raises ReadingError and its kind; EmptyFile for a letter without words."""
    body = _body(data, name)
    if body is None:
        raise EmptyFile(f"《{name}》的信里没有正文，请单独上传它的附件。")
    read_part = read_html if body.get_content_type() == "text/html" else read_plain
    source = read_part(_payload(body), name)
    subject = clean(str(_message(data, name)["Subject"] or "")).replace("\n", "")
    carried = [title for title, _ in attachments(data, name)]
    notes = [*source.notes, _LETTERHEAD, *([f"附件按各自的格式另行读入：{'、'.join(carried)}。"] if carried else [])]
    if not subject or source.text.startswith(subject):
        return replace(source, notes=tuple(notes), title=source.title or subject or None)
    shift = len(subject) + 1
    moved = tuple(Heading(one.start + shift, one.end + shift, one.level) for one in source.headings)
    return replace(
        source,
        text=f"{subject}\n{source.text}",
        headings=(Heading(0, len(subject), 1), *moved),
        title=subject,
        notes=tuple(notes),
    )


def has_body(data: bytes, name: str) -> bool:
    """Whether a letter says something itself, besides what it carries."""
    return _body(data, name) is not None


def attachments(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file that a letter carries; pictures within its text are no files of their own."""
    for number, part in enumerate(_parts(data, name), 1):
        if _is_attachment(part):
            suffix = ".eml" if part.get_content_type() == "message/rfc822" else ""
            yield clean(part.get_filename() or "") or f"附件{number}{suffix}", _payload(part)


def _body(data: bytes, name: str) -> EmailMessage | None:
    """The part that holds the words of a letter: the formatted one, which programs send along with a plain one."""
    texts = [part for part in _parts(data, name) if not _is_attachment(part) and part.get_content_maintype() == "text"]
    for kind in ("text/html", "text/plain"):
        for part in texts:
            if part.get_content_type() == kind and _has_words(_payload(part), kind, name):
                return part
    return None


def _has_words(data: bytes, kind: str, name: str) -> bool:
    read_part = read_html if kind == "text/html" else read_plain
    try:
        return bool(read_part(data, name).text)
    except ReadingError:
        return True  # reading it again says what is wrong


def _is_attachment(part: EmailMessage) -> bool:
    if part.get_content_type() == "message/rfc822":
        return True
    if part.get_content_disposition() == "attachment":
        return True
    return bool(part.get_filename()) and part.get_content_maintype() not in ("image", "text")


def _parts(data: bytes, name: str) -> list[EmailMessage]:
    """All parts that hold something; those of a letter within the letter stay in it."""
    found: list[EmailMessage] = []
    waiting = [_message(data, name)]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_type() != "message/rfc822" and part.is_multipart():
            waiting[:0] = [one for one in part.get_payload() if isinstance(one, EmailMessage)]
        else:
            found.append(part)
        if len(found) + len(waiting) > _MOST_PARTS:
            raise UnsafeFile(f"《{name}》有 {_MOST_PARTS} 个以上的部分，为安全起见没有读入。")
    return found


def _message(data: bytes, name: str) -> EmailMessage:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _unreadable(name) from error
    if not isinstance(message, EmailMessage) or not message.keys():
        raise _unreadable(name)
    return message


def _payload(part: EmailMessage) -> bytes:
    """The bytes of a part as they were sent: programs state wrong encodings, the readers look for themselves."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        letter = inner[0] if isinstance(inner, list) and inner else None
        return letter.as_bytes() if isinstance(letter, EmailMessage) else b""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _unreadable(name: str) -> ReadingError:
    return ReadingError(f"《{name}》不是完整的邮件或单文件网页，请重新导出后再上传。")
