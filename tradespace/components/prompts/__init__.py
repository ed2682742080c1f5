"""Prompts: what a language model is told, and how passages are written for it."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.prompts.presets import Cautious, Cited, Concise, Titled
from tradespace.components.prompts.standard import Standard
from tradespace.components.prompts.template import JinjaTemplate

PROMPTS: tuple[type[Component], ...] = (Standard, Concise, Titled, Cited, Cautious, JinjaTemplate)
