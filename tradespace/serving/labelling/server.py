"""Serves the page on which people label answers, which shows what data and models wrote as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tradespace.errors import TradespaceError
from tradespace.explorer.labelling.board import LabelBoard
from tradespace.serving.loopback import LoopbackRequest, LoopbackServer


class SaidOfAnswer(BaseModel):
    """What the page sends: of which answer, and yes (1), no (0) or skipped (null)."""

    model_config = ConfigDict(extra="forbid")

    key: str
    value: Literal[0, 1] | None


class LabelServer(LoopbackServer):
    """The server of the page. `serve_forever` serves until somebody ends it, on the page or here.

    Args:
        board: what is labelled.
        port: 0 for any that is free.

    Raises:
        InputError: the port is taken.
    """

    def __init__(self, board: LabelBoard, port: int = 0) -> None:
        super().__init__(_LabelRequest, port)
        self.board = board

    def shown(self) -> dict[str, Any]:
        """What the page shows."""
        labels = self.board.labels
        return {
            "measure": self.board.measure,
            "policy": labels.policies[-1] if labels.policies else "",
            "answers": [
                {
                    "key": answer.key,
                    "question": answer.question,
                    "answer": answer.answer,
                    "references": answer.references,
                    "passages": answer.passages,
                    "value": self.board.own(answer),
                    "skipped": answer.skipped,
                }
                for answer in labels.asked.values()
            ],
        }


class _LabelRequest(LoopbackRequest):
    folder: ClassVar[Path] = Path(__file__).parent
    server: LabelServer

    def gets(self) -> Mapping[str, Callable[[], None]]:
        return {"answers": lambda: self.send_json(self.server.shown())}

    def posts(self) -> Mapping[str, Callable[[bytes], None]]:
        return {"label": self._label, "end": self._end}

    def _label(self, body: bytes) -> None:
        try:
            said = SaidOfAnswer.model_validate_json(body)
            labels = self.server.board.say(said.key, said.value)
        except (ValidationError, KeyError):
            self.refuse(HTTPStatus.BAD_REQUEST)
        except (TradespaceError, OSError) as error:
            self.send_json({"problem": str(error)}, HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            self.send_json({"open": len(labels.open)})

    def _end(self, body: bytes) -> None:
        self.send_json({})
        Thread(target=self.server.shutdown, daemon=True).start()  # it waits for the loop that waits for this
