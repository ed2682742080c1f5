"""Prompts: what a language model is told, and how passages are written for it."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.prompts.standard import Standard

PROMPTS: tuple[type[Component], ...] = (Standard,)
