"""What `xuesi eval bench` sets side by side: our own search, plain LangChain, txtai, and the bare encoder.

Each takes the same passages and answers the same questions; each is loaded only when it is made, in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from eval.errors import MissingExtra
from knowledge.embeddings import open_encoder
from knowledge.ingestion.collection import Item
from knowledge.knowledge_base import KnowledgeBase
from knowledge.metadata.register import Register
from knowledge.retrieval.finder import Finder
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.search import Searcher

CHUNK, OVERLAP = 500, 50
#: As the model was trained; the same for every rival.
QUERY, PASSAGE = "query: ", "passage: "


class Rival(Protocol):
    """Takes passages, block by block, and finds them."""

    def index(self, items: Sequence[Item]) -> None:
        """Take in one more block; it can be found when this returns."""
        ...

    def search(self, question: str, k: int) -> list[str]:
        """Keys of at most `k` passages, best first, each once."""
        ...


class BareEncoder:
    """Only encodes: what no search with this encoder can be faster than. Finds nothing."""

    def __init__(self, _folder: Path, model: Path) -> None:
        self._encoder = open_encoder(str(model))

    def index(self, items: Sequence[Item]) -> None:
        self._encoder.embed_documents([_written(item) for item in items])

    def search(self, question: str, k: int) -> list[str]:
        self._encoder.embed_query(question)
        return []


class Xuesi:
    """Ours as the server runs it: SQLite, words and Chroma all brought up to date with every block."""

    def __init__(self, folder: Path, model: Path) -> None:
        encoder = open_encoder(str(model))  # now: the index keeper would try again and again without it
        self._kb = KnowledgeBase.open(folder, lambda: encoder, register=Register.load())
        self._finder = Finder(Searcher(self._kb), self._kb.register, Lexicon.load())
        self._keeper = self._kb.indexes.keep()
        self._keeper.wait(600)
        self._kb.indexes.warm()
        self._blocks = len(self._kb.published())

    def index(self, items: Sequence[Item]) -> None:
        self._blocks += 1
        self._kb.add_collection(f"block-{self._blocks}", items)
        self._kb.dense.refresh()

    def search(self, question: str, k: int) -> list[str]:
        return [hit.passage.address for hit in self._finder.find(question, k)]


class LangChain:
    """As its tutorials do it: RecursiveCharacterTextSplitter, langchain-chroma, HuggingFaceEmbeddings. `settings` go to
    sentence-transformers."""

    def __init__(self, folder: Path, model: Path, **settings: Any) -> None:
        try:
            from langchain_chroma import Chroma
            from langchain_core.documents import Document
            from langchain_huggingface import HuggingFaceEmbeddings
            from langchain_text_splitters import RecursiveCharacterTextSplitter
        except ImportError as error:
            raise MissingExtra.of(error) from None
        self._document = Document
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        embeddings = HuggingFaceEmbeddings(
            model_name=str(model),
            model_kwargs=settings,
            encode_kwargs={"prompt": PASSAGE},
            query_encode_kwargs={"prompt": QUERY},
        )
        self._store = Chroma("bench", embeddings, persist_directory=str(folder))

    def index(self, items: Sequence[Item]) -> None:
        whole = [self._document(page_content=_written(item), metadata={"key": item.key}) for item in items]
        self._store.add_documents(self._splitter.split_documents(whole))

    def search(self, question: str, k: int) -> list[str]:
        # Of a long passage several pieces may come: twice as many are asked for, so that `k` passages are among them.
        found = self._store.similarity_search(question, k=2 * k)
        return list(dict.fromkeys(piece.metadata["key"] for piece in found))[:k]


class LangChainInt8(LangChain):
    """The same with our quantised model folder in place of torch: what is left is the flow alone."""

    def __init__(self, folder: Path, model: Path) -> None:
        super().__init__(folder, model, trust_remote_code=True)


class Txtai:
    """txtai's Embeddings (faiss) as its introduction makes them."""

    def __init__(self, _folder: Path, model: Path) -> None:
        try:
            from txtai import Embeddings
        except ImportError as error:
            raise MissingExtra.of(error) from None
        instructions = {"query": QUERY, "data": PASSAGE}
        self._embeddings = Embeddings(path=str(model), method="sentence-transformers", instructions=instructions)
        self._filled = False

    def index(self, items: Sequence[Item]) -> None:
        add = self._embeddings.upsert if self._filled else self._embeddings.index
        add([(item.key, _written(item), None) for item in items])
        self._filled = True

    def search(self, question: str, k: int) -> list[str]:
        return [key for key, _ in self._embeddings.search(question, k)]


#: Name on the command line of a rival's process → how to make it from a folder of its own and the model's folder.
RIVALS: dict[str, Callable[[Path, Path], Rival]] = {
    "encoder": BareEncoder,
    "xuesi": Xuesi,
    "langchain": LangChain,
    "langchain-int8": LangChainInt8,
    "txtai": Txtai,
}
#: Those that run the model on torch; the others take the built-in folder.
ON_TORCH = frozenset({"langchain", "txtai"})


def _written(item: Item) -> str:
    return f"{item.title}\n{item.text}" if item.title else item.text
