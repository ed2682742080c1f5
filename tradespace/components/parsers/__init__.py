"""Parsers: how the files of documents are read, each for its kinds of files."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.parsers.notebook import Notebook
from tradespace.components.parsers.pdfminer import PDFMiner
from tradespace.components.parsers.plain_html import PlainHTML
from tradespace.components.parsers.pypdf import PyPDF
from tradespace.components.parsers.trafilatura import Trafilatura

PARSERS: tuple[type[Component], ...] = (PyPDF, PDFMiner, PlainHTML, Trafilatura, Notebook)
