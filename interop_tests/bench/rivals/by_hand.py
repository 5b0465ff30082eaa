"""Frames by a dozen lines of one's own in an asyncio.Protocol: no limit, no time, no error."""

import asyncio
import struct
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.rest = transport, b''

    def data_received(self, data):
        data = self.rest + data
        at, answers = 0, []
        while len(data) - at >= 4:
            end = at + 4 + struct.unpack_from('>I', data, at)[0]
            if end > len(data):
                break
            payload = data[at + 4:end]
            answers.append(struct.pack('>I', len(payload)) + payload)
            at = end
        self.rest = data[at:]
        self.transport.write(b''.join(answers))


async def main():
    server = await asyncio.get_running_loop().create_server(Echo, '127.0.0.1', 0, backlog=1000)
    print('LISTENING 127.0.0.1 %d' % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if sys.argv[-1] == 'uvloop':
    import uvloop
    uvloop.install()
asyncio.run(main())
