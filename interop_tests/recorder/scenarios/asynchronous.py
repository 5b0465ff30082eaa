"""asyncio: an echo server and three clients in one thread."""
import asyncio


async def serve(reader, writer):
    while True:
        data = await reader.read(100)
        if not data:
            break
        writer.write(data)
        await writer.drain()
    writer.close()


async def talk(port):
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    writer.write(b'hello')
    await reader.readexactly(5)
    writer.close()


async def run():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]
    await asyncio.gather(*[talk(port) for _ in range(3)])
    server.close()


asyncio.get_event_loop_policy().new_event_loop().run_until_complete(run())
