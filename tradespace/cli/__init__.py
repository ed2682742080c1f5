"""The command line: parse, call, print."""

from tradespace.cli.entry import main

__all__ = ["main"]
