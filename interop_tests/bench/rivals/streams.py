"""Frames by asyncio's streams: readexactly the header, readexactly the payload, write, drain."""

import asyncio
import struct
import sys


async def serve(reader, writer):
    try:
        while True:
            header = await reader.readexactly(4)
            payload = await reader.readexactly(struct.unpack('>I', header)[0])
            writer.write(header + payload)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0, backlog=1000)
    print('LISTENING 127.0.0.1 %d' % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if sys.argv[-1] == 'uvloop':
    import uvloop
    uvloop.install()
asyncio.run(main())
