"""Counting tokens: o200k_base where tiktoken and its table are at hand, else characters / 4."""

from __future__ import annotations

from collections.abc import Callable


def token_counter() -> tuple[Callable[[str], int], str]:
    """A function that counts, and the name of how it does.

    tiktoken wants the network for its table, unless ``TIKTOKEN_CACHE_DIR`` is a folder that has it.
    """
    try:
        import tiktoken
    except ImportError:
        return _by_characters, "characters / 4 (tiktoken is not installed)"
    try:
        encoding = tiktoken.get_encoding("o200k_base")
    except Exception as error:  # requests' errors, of a library that is not ours to import
        return _by_characters, f"characters / 4 (no o200k_base table: {type(error).__name__})"
    return lambda text: len(encoding.encode(text, disallowed_special=())), "o200k_base"


def _by_characters(text: str) -> int:
    return len(text) // 4
