"""A real SMTP receiver for tests that send: what arrived is a list of messages."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from scripts.parts import free_ports

NEVER = 3600.0


@dataclass
class Mailbox:
    """What arrived, in order; `refusing` is the answer given instead of taking a mail, such as "451 later", `unknown` the one of
    an address that it takes nothing for. A silent one
    takes a mail and never says so; `goodbye` is what it says at the end; `on_taken` is called with each mail before it is
    answered for."""

    url: str = ""
    arrived: list[EmailMessage] = field(default_factory=list)
    refusing: str = ""
    unknown: dict[str, str] = field(default_factory=dict)
    goodbye: str = ""
    is_silent: bool = False
    on_taken: Callable[[EmailMessage], object] = id

    async def handle_RCPT(  # noqa: N802 (the receiver's name for it)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return self.unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 taken"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the receiver's name for it)
        if self.refusing:
            return self.refusing
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        self.on_taken(message)
        if self.is_silent:
            await asyncio.sleep(NEVER)
        return "250 taken"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.goodbye or "221 bye"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Give `mailbox.url` to the app as SMTP_URL; read `mailbox.arrived`."""
    taken = Mailbox()
    port = free_ports(1)[0]
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    taken.url = f"smtp://localhost:{port}"
    yield taken
    controller.stop()
