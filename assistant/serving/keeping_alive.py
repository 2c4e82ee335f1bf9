"""Keeping alive: a stream in which nothing happens says so, before a proxy takes it for dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

from anyio import CancelScope

Event = TypeVar("Event")

PING = b": still at work\n\n"
"""A comment of server-sent events, which readers of events pass over."""


async def kept_alive(
    events: AsyncGenerator[Event, None], *, every: float
) -> AsyncGenerator[Event | None, None]:
    """Give the events as they come, and None whenever none has come for so long.

    Args:
        every: Seconds.
    """

    async def step() -> Event:
        return await anext(events)

    coming: asyncio.Task[Event] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(step())
            done, _ = await asyncio.wait({coming}, timeout=every)  # which does not cancel it
            if not done:
                yield None
                continue
            ended, coming = coming, None
            try:
                event = ended.result()
            except StopAsyncIteration:
                return
            yield event
    finally:
        with CancelScope(shield=True):
            try:
                if coming is not None:
                    await asyncio.wait({coming})  # what it waits for is a thread or a process
            except asyncio.CancelledError:
                if coming is not None:
                    coming.cancel()  # the server is ending
                raise
            await events.aclose()
