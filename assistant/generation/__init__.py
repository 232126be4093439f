"""Answers written by a language model from numbered sentences of the library, and checked against them."""

from __future__ import annotations

from assistant.generation.chat_openai import EndpointSettings
from assistant.generation.endpoint import Endpoint
from assistant.generation.failures import Failure, GenerationFailed, NotWritten, WrongEndpoint

__all__ = ["Endpoint", "EndpointSettings", "Failure", "GenerationFailed", "NotWritten", "WrongEndpoint"]
