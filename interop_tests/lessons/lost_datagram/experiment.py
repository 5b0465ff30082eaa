import socket
from contextlib import closing

from interop_tests.lessons.stage import Datagrams, our_client


def lose_the_first(stage, server, process):
    server.sock.recvfrom(65536)
    stage.say('the first datagram is lost')
    server.sock.settimeout(2)
    try:
        data, address = server.sock.recvfrom(65536)
        stage.say('client sends it again')
    except socket.timeout:
        stage.say('client waits')
        return None
    server.sock.sendto(data.upper(), address)
    return address


def naive(stage):
    with closing(Datagrams()) as server:
        process = stage.start_client('naive_client', [server.port])
        lose_the_first(stage, server, process)
        process.kill()
        stage.say('nothing is lost:')
        process = stage.start_client('naive_client', [server.port])
        for _ in range(2):
            data, address = server.sock.recvfrom(65536)
            server.sock.sendto(data.upper(), address)
        for line in stage.output(process):
            stage.say('client prints: %s', line)


def ours(stage):
    with closing(Datagrams()) as server:
        client = our_client(stage, server, b'hello\n' + b'x' * 2000 + b'\n', hex_lines=False)
        lose_the_first(stage, server, client.process)
        stage.say('nothing is lost:')
        data, address = server.sock.recvfrom(65536)
        server.sock.sendto(data.upper(), address)
        for line in stage.output(client.process):
            stage.say('client receives %d bytes', len(line))
        client.close()
