"""Chains of rows: each link is the digest of the one before and of its own row, so that no later change goes unnoticed."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

# The link before the first one.
GENESIS = "0" * 64


def canonico(datos: Any) -> str:
    """The one way of writing some data as JSON text (ASCII, keys in order, no spaces)."""
    return json.dumps(datos, sort_keys=True, separators=(",", ":"))


def enlazar(anterior: str, datos: Mapping[str, object]) -> str:
    """The link of a row: SHA-256 of the link before it and of the row's canonical text, in hexadecimal."""
    return sha256((anterior + canonico(datos)).encode()).hexdigest()
