"""From bytes to characters: the encodings in which Chinese offices really save their files."""

from __future__ import annotations

import codecs

from knowledge.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TRIALS = ("gb18030", "utf-16-le", "utf-16-be", "big5hkscs")
# The characters that fill Chinese prose. Text read with the wrong encoding consists of rare ones.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
    "学法所民得经十三之进着等部度家力理起小现加都两体制机当使点从业本去把性好应开它合还因由其些然前外政四日那社义事平"
    "相全表间与关各重新内数正心反明原利或但质第向道命此变条只没结解问意建月公无系情者最立代想已通并提直题党程展五果员"
    "位入常文总次式活设及管特件长求基资级统组织领导干规章章节款项执纪律监察违处罚责任务单负权益会议报告通知，。、；：“”（）《》"
    "　為這個們時來國會發動種後經進開還應關問題與黨員導幹規條違處責務單負權議報產體業對學實現無從長間點當將"
)
_LIKELY = 0.2  # share of frequent characters; real prose has .4 to .7, misread bytes under .1
_DAMAGE = 0.002  # share of characters
_FEW = 5  # damaged bytes that even a short text may have, up to one character in forty
_SAMPLE = 200_000


def decode(data: bytes, name: str) -> str:
    """Characters of a text file: byte-order mark, strict UTF-8, then whichever trial reads like Chinese.

    A few damaged bytes in an otherwise sound file become U+FFFD, which the canonical text's notes report.
    Raises ReadingError when no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(name) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _by_trial(data, name)
    # NUL is valid UTF-8: Latin text in UTF-16 without a mark looks like this.
    return _by_trial(data, name) if "\0" in text else text


def _by_trial(data: bytes, name: str) -> str:
    best, best_share = "", 0.0
    for encoding in _TRIALS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = _likeness(text)
        if share > best_share:
            best, best_share = text, share
    if best_share >= _LIKELY:
        return best
    rescued = _with_damage(data) or _by_detector(data)
    if rescued is None:
        raise _undecodable(name)
    return rescued


def _with_damage(data: bytes) -> str | None:
    """Text with a few bytes that fit no encoding: web pages cut strings in the middle of a character."""
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        borne = max(_DAMAGE * len(text), min(_FEW, len(text) // 40))
        if text.count("\ufffd") <= borne and _likeness(text) >= _LIKELY:
            return text
    return None


def _by_detector(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    match = from_bytes(data[:_SAMPLE]).best()
    if match is None:
        return None
    try:
        text = data.decode(match.encoding)
    except UnicodeDecodeError:
        return None
    return text if _likeness(text) >= _LIKELY else None


def _likeness(text: str) -> float:
    """Share of visible characters that are frequent Chinese or plain ASCII; 0 when there are control characters."""
    sample = text[:_SAMPLE]
    if any(char < " " and char not in "\t\n\r\f\x1a" for char in sample):
        return 0.0
    visible = [char for char in sample if not char.isspace() or char == "\u3000"]
    return sum(char in _FREQUENT or char.isascii() for char in visible) / len(visible) if visible else 0.0


def _undecodable(name: str) -> ReadingError:
    return ReadingError(f"《{name}》的文字编码无法识别，请用记事本打开后另存为 UTF-8 再上传。")
