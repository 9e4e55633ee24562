"""Task definitions and services as files, and the workflows that deploy them, read into stacks."""

from __future__ import annotations

from .discovery import find

__all__ = ["find"]
