"""Encodes the sentences and passages of the published library while nobody asks, so that who asks need not wait for it."""

from __future__ import annotations

import logging
import threading
from typing import Final

from assistant.answering.sentence_similarity import Sentences, in_context
from assistant.answering.sentences import units
from knowledge.chunking.indexed import indexed_text
from knowledge.errors import KnowledgeError
from knowledge.knowledge_base import KnowledgeBase

QUIET_SECONDS: Final = 1.0  # since somebody last asked
LOOK_AGAIN: Final = 2.0  # seconds until it is looked whether the library has changed
_AT_ONCE: Final = 4  # sentences between two looks whether somebody asks: some 25 ms

_log = logging.getLogger(__name__)


class SentencesAhead:
    """A thread that keeps `sentences` filled from `library`, as far as they have room."""

    def __init__(self, library: KnowledgeBase, sentences: Sentences) -> None:
        self._library = library
        self._sentences = sentences
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="sentences-ahead", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        done = None
        while not self._stop.is_set():
            try:
                generation = self._library.generation
                if generation != done and self._encode():
                    done = generation
            except KnowledgeError:
                _log.exception("sentences could not be encoded ahead")
            self._stop.wait(LOOK_AGAIN)

    def _encode(self) -> bool:
        """Whether all of the library is encoded, or as much as there is room for."""
        for document in self._library.published():
            for passage in self._library.passages(document.version_id):
                every = units(passage.text, passage.start)
                texts = [in_context(unit, every) for unit in every]
                for first in range(0, len(texts), _AT_ONCE):
                    if not self._undisturbed():
                        return False
                    if not self._sentences.learn(texts[first : first + _AT_ONCE]):
                        return True
                if not self._undisturbed():
                    return False
                self._sentences.tokens.learn(indexed_text(document.card.title, passage.context, passage.text))
        return True

    def _undisturbed(self) -> bool:
        """Wait until nobody asks; False when it is time to end."""
        while self._sentences.quiet_for() < QUIET_SECONDS:
            if self._stop.wait(QUIET_SECONDS / 4):
                return False
        return not self._stop.is_set()
