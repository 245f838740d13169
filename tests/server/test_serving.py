"""The socket the server listens on."""

import asyncio
import socket

from cdalake.server.serving import listen


async def _accepted(listener: socket.socket) -> int:
    """The option TCP_NODELAY of a connection that asyncio accepted."""
    heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        heard.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(hear, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
        try:
            return await heard
        finally:
            writer.close()


def test_an_answer_does_not_wait_until_the_reader_has_acknowledged_its_headers() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert asyncio.run(_accepted(listener)) != 0
