"""The same with asyncio's streams."""

import asyncio
import struct
import sys


async def main():
    reader, writer = await asyncio.open_connection('127.0.0.1', int(sys.argv[1]))
    for line in sys.stdin.buffer:
        payload = line.rstrip(b'\n')
        writer.write(struct.pack('>I', len(payload)) + payload)
        await writer.drain()
        size, = struct.unpack('>I', await reader.readexactly(4))
        sys.stdout.buffer.write(await reader.readexactly(size) + b'\n')
        sys.stdout.buffer.flush()
    writer.close()


asyncio.run(main())
