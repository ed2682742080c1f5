"""What a server demands, and what it puts up with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of a server.

    Attributes:
        queue: requests that may wait for one group of stages; those beyond are refused.
        seconds: within which every request is answered, or told that it is not. A replica that works on one batch for
            longer is taken for hung, and started again.
        drain_seconds: that accepted requests have left when the server is asked to end.
        request_bytes: of a request's body, at most.
        key: that clients must send; empty where anybody may ask who can reach the server.
        log_questions: whether questions are written to the log.
    """

    queue: int = 256
    seconds: float = 60.0
    drain_seconds: float = 60.0
    request_bytes: int = 1_000_000
    key: str = field(default="", repr=False)
    log_questions: bool = False
