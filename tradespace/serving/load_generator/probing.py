"""Whether a server can be asked at all, and by which interface, before a load is sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from tradespace.errors import InputError
from tradespace.serving.load_generator.apis import AnswerApi
from tradespace.serving.load_generator.asking import Asking
from tradespace.serving.load_generator.client_connections import ConnectionPool, HttpReply
from tradespace.serving.load_generator.outcomes import unanswered_status

UNKNOWN_PATH, NO_KEY = (404, 405), (401, 403)
"""Statuses of HTTP."""


async def found_api(asking: Asking, apis: Sequence[AnswerApi], question: str) -> Asking:
    """Ask one question by each interface, until the server knows it.

    Raises:
        InputError: there is no server, it wants another key, or knows none of the interfaces.
    """
    pool = ConnectionPool(asking.target)
    try:
        for api in apis:
            known = replace(asking, api=api)
            reply = await _reply(pool, known, question)
            if reply.status in NO_KEY:
                raise InputError(f"{asking.target} wants {'another' if asking.key else 'a'} key ({reply.status})")
            if reply.status not in UNKNOWN_PATH:
                return known
    finally:
        pool.close()
    paths = " nor ".join(api.url_path(asking.target.path) for api in apis)
    raise InputError(f"{asking.target} answers, but knows no {paths}; give the URL that `tradespace serve` prints")


async def _reply(pool: ConnectionPool, asking: Asking, question: str) -> HttpReply:
    try:
        async with asyncio.timeout(asking.timeout):
            return await pool.ask(asking.request(question))
    except OSError as error:
        raise InputError(
            f"nothing answers at {asking.target} ({unanswered_status(error)}): start the server first, for instance "
            "with `tradespace serve STUDY`"
        ) from None
