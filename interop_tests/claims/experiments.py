"""The experiments in Python: each puts one claim to the kernel and returns what it saw.

A function ``claim_12`` returns an ordered list of ``(what, value)``; a value is a
number, ``ok``, or the name of an errno or an exception.  C twins: ``*.c``, which
print the same.
"""

import atexit
import errno
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECONDS = 10
STACK = 128 * 1024
MIB = 1024 * 1024
LARGE = 16 * MIB


def listener(backlog=5, options=(), port=0, host='127.0.0.1'):
    sock = socket.socket()
    for option in options:
        sock.setsockopt(socket.SOL_SOCKET, option, 1)
    sock.bind((host, port))
    sock.listen(backlog)
    return sock


def connected():
    """Return two TCP sockets that are connected with each other."""
    with closing(listener()) as server:
        near = socket.create_connection(server.getsockname(), SECONDS)
        far = server.accept()[0]
    near.settimeout(SECONDS)
    far.settimeout(SECONDS)
    return near, far


def unix_pair():
    near, far = socket.socketpair()
    near.settimeout(SECONDS)
    far.settimeout(SECONDS)
    return near, far


def datagram():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(SECONDS)
    sock.bind(('127.0.0.1', 0))
    return sock


def dead_port(kind=socket.SOCK_STREAM):
    with closing(socket.socket(socket.AF_INET, kind)) as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()


def folder():
    """Make a folder that goes away with this program."""
    path = tempfile.mkdtemp(prefix='claim-')
    atexit.register(shutil.rmtree, path, True)
    return path


def outcome(function, *arguments):
    """Return a number or ``ok``, or the name of the errno or of the exception."""
    try:
        value = function(*arguments)
    except socket.timeout:
        return 'time-out'
    except EnvironmentError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)
    except Exception as error:
        return type(error).__name__
    if isinstance(value, (bytes, bytearray)):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 'ok'


def completed(backlog, attempts, accepts=0):
    """Count the connects that complete while nobody accepts, or only some that were accepted first."""
    with closing(listener(backlog)) as server:
        socks = []
        for _ in range(accepts):
            socks.append(socket.create_connection(server.getsockname(), SECONDS))
            server.accept()[0].close()
        for _ in range(attempts - accepts):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(server.getsockname())
            socks.append(sock)
        time.sleep(0.1)
        count = sum(bool(select.select([], [sock], [], 0)[1]) for sock in socks)
        for sock in socks:
            sock.close()
    return count


def in_time_wait(options=()):
    """Let a server close first, so that its end is in TIME_WAIT; return its address."""
    with closing(listener(5, options)) as server:
        address = server.getsockname()
        client = socket.create_connection(address, SECONDS)
        accepted = server.accept()[0]
    accepted.close()
    client.recv(1)
    client.close()
    return address


def time_waits(port):
    """Count the connections of a local port that /proc/net/tcp shows in state 06, TIME_WAIT."""
    with open('/proc/net/tcp') as table:
        rows = [line.split() for line in table][1:]
    return sum(row[1].endswith(':%04X' % port) and row[3] == '06' for row in rows)


def bind_again(address, options=()):
    return outcome(lambda: listener(1, options, address[1]).close())


def killed_peer(unread):
    """Kill the process at the other end, which has read everything or nothing; return what recv says."""
    with closing(listener()) as server:
        code = ('import socket, sys, time\ns = socket.create_connection(("127.0.0.1", int(sys.argv[1])))\n'
                's.sendall(b"r")\ntime.sleep(100)')
        child = subprocess.Popen([sys.executable, '-c', code, str(server.getsockname()[1])])
        sock = server.accept()[0]
    sock.settimeout(SECONDS)
    sock.recv(1)
    if unread:
        sock.sendall(b'unread')
    child.kill()
    child.wait()
    return outcome(sock.recv, 10)


def claim_1():
    return [('connects completed of 8, listen(0)', completed(0, 8))]


def claim_2():
    return [('connects completed of 64, listen(64)', completed(64, 64))]


def claim_3():
    return [('connects completed of 3, listen(1)', completed(1, 3)),
            ('connects completed of 5, one of them accepted', completed(1, 5, 1))]


def claim_4():
    reuse = [socket.SO_REUSEADDR]
    address, without = in_time_wait(reuse), in_time_wait()
    return [('bind with SO_REUSEADDR', bind_again(address, reuse)),
            ('connections still in TIME_WAIT', time_waits(address[1])),
            ('the same, where the first server was without it', bind_again(without, reuse))]


def claim_5():
    address = in_time_wait()
    with closing(listener()) as server:
        unused = server.getsockname()
    return [('bind after the server closed a connection first', bind_again(address)),
            ('bind after no connection', bind_again(unused))]


def claim_6():
    reuse = [getattr(socket, 'SO_REUSEPORT', 15)]
    with closing(listener()) as server, closing(listener(5, reuse)) as shared:
        return [('second bind', bind_again(server.getsockname())),
                ('second bind, SO_REUSEPORT on both', bind_again(shared.getsockname(), reuse)),
                ('second bind, to 127.0.0.2', outcome(
                    lambda: listener(1, (), server.getsockname()[1], '127.0.0.2').close()))]


def claim_7():
    with open('/proc/sys/net/ipv4/ip_unprivileged_port_start') as start:
        first = int(start.read())
    if os.geteuid() == 0:
        os.setuid(65534)
    return [('ip_unprivileged_port_start', first),
            ('bind below ip_unprivileged_port_start as an ordinary user',
             outcome(socket.socket().bind, ('127.0.0.1', first - 1)) if first else 'no such port'),
            ('bind at it', outcome(socket.socket().bind, ('127.0.0.1', first)))]


def reach(host, to, family=socket.AF_INET):
    with closing(listener(5, (), 0, host)) as server, closing(socket.socket(family)) as client:
        client.settimeout(SECONDS)
        return outcome(client.connect, (to, server.getsockname()[1]))


def claim_8():
    return [("bound to '', connect to 127.0.0.2", reach('', '127.0.0.2')),
            ('bound to localhost, connect to 127.0.0.2', reach('localhost', '127.0.0.2')),
            ("bound to '', connect to ::1", reach('', '::1', socket.AF_INET6))]


def claim_9():
    near, far = connected()
    far.sendall(b'x')
    zero = outcome(near.recv, 0)
    near.recv(1)
    far.shutdown(socket.SHUT_WR)
    half = outcome(near.recv, 1)
    near.sendall(b'still here')
    return [('recv of 0 bytes, with data there', zero), ('recv, peer only half-closed', half),
            ('recv of that peer', outcome(far.recv, 100))]


def claim_10():
    near, far = connected()
    far.sendall(b'hello')
    return [('recv(10) when 5 bytes are there', outcome(near.recv, 10))]


def claim_11():
    return [('recv, the killed peer had read everything', killed_peer(False)),
            ('recv, the killed peer had not', killed_peer(True))]


def claim_12():
    def waited(prepare, seconds):
        near, far = connected()
        kept = prepare(near, far)
        timer = threading.Timer(0.2, far.close)
        timer.start()
        near.settimeout(seconds)
        found = outcome(near.recv, 10)
        del kept
        return found

    return [('recv that waited when the peer closed', waited(lambda near, far: None, SECONDS)),
            ('the same, the peer had a dup', waited(lambda near, far: far.dup(), 0.5)),
            ('the same, the peer had not read everything', waited(lambda near, far: near.send(b'unread'), SECONDS))]


def claim_13():
    near, far = connected()
    far.close()
    plain = outcome(near.recv, 10)
    near, far = connected()
    near.sendall(b'unread')
    select.select([far], [], [], SECONDS)
    far.close()
    return [('recv, peer closed', plain), ('recv, peer closed with input unread', outcome(near.recv, 10))]


def claim_14():
    near, far = connected()
    near.shutdown(1)
    far.sendall(b'hello')
    return [('recv after shutdown(1)', outcome(near.recv, 10))]


def claim_15():
    near, _far = connected()
    near.shutdown(socket.SHUT_WR)
    return [('send after shutdown(SHUT_WR)', outcome(near.send, b'x'))]


def send_to_deaf(pair):
    near, far = pair
    near.shutdown(socket.SHUT_RD)
    first = outcome(far.send, b'x')
    time.sleep(0.05)
    return first, outcome(far.send, b'x')


def claim_16():
    tcp, unix = send_to_deaf(connected()), send_to_deaf(unix_pair())
    return [('first send over TCP', tcp[0]), ('second send over TCP', tcp[1]),
            ('first send over a unix socket', unix[0])]


def claim_17():
    near, _far = connected()
    near.setblocking(False)
    sent = near.send(b'x' * LARGE)
    return [('send of 16 MiB, not blocking', 'fewer' if sent < LARGE else 'all'),
            ('SO_ERROR afterwards', near.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))]


def claim_18():
    """A recursion of thousands of calls of 48 bytes each, the least there can be, does not fit the stack."""
    from pyside.calls import running
    status, _, _, _, calls = running.record(
        [sys.executable, os.path.abspath(__file__), '18_small_stack'], folder=ROOT)
    sends = [call.name for call in calls].count('send')
    return [('sends of one sendall', 'thousands' if sends > STACK // 48 else sends),
            ('they fit a stack of 128 KiB', 'no' if status else 'yes')]


def claim_18_small_stack():
    near, far = unix_pair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    threading.stack_size(STACK)
    # With a time limit the socket does not block, so that send takes what there is room for.
    sender = threading.Thread(target=near.sendall, args=(b'x' * 2 * LARGE,))
    sender.start()
    threading.stack_size(0)
    drain(far, 2 * LARGE)
    sender.join()
    return []


def drain(sock, size):
    left = size
    while left:
        left -= len(sock.recv(min(left, 65536)))


def claim_19():
    near, far = connected()
    near.setblocking(False)
    sent, last = 0, None
    while last is None:
        try:
            sent += near.send(b'x' * 65536)
        except EnvironmentError as error:
            last = errno.errorcode[error.errno]
    near.close()
    received = 0
    chunk = far.recv(65536)
    while chunk:
        received += len(chunk)
        chunk = far.recv(65536)
    return [('send when both buffers are full', last), ('bytes taken and not delivered', sent - received),
            ('datagrams taken and not delivered', 'some' if lost_datagrams(1000) else 'none')]


def lost_datagrams(count):
    """Send datagrams of 4 KiB to a socket that nobody reads; return how many of them it does not have then."""
    sender, receiver = datagram(), datagram()
    for _ in range(count):
        sender.sendto(b'x' * 4096, receiver.getsockname())
    receiver.setblocking(False)
    found = 0
    while outcome(receiver.recv, 1) == 1:
        found += 1
    return count - found


def two_sends(pair):
    near, far = pair
    far.close()
    time.sleep(0.05)
    first = outcome(near.send, b'x')
    time.sleep(0.05)
    return first, outcome(near.send, b'x')


def claim_20():
    tcp, unix = two_sends(connected()), two_sends(unix_pair())
    return [('first send over TCP', tcp[0]), ('second send over TCP', tcp[1]),
            ('first send over a unix socket', unix[0])]


def claim_21():
    near, far = connected()
    near.send(b'')
    x, y = datagram(), datagram()
    x.sendto(b'', y.getsockname())
    return [('something to receive after an empty send over TCP', len(select.select([far], [], [], 0.2)[0])),
            ('something to receive after an empty sendto over UDP', len(select.select([y], [], [], SECONDS)[0]))]


def claim_22():
    x, y = datagram(), datagram()
    x.sendto(b'0123456789', y.getsockname())
    first = outcome(y.recv, 4)
    y.setblocking(False)
    return [('recv(4) of a datagram of 10 bytes', first), ('the next recv', outcome(y.recv, 10))]


def claim_23():
    address, sock, asking = dead_port(socket.SOCK_DGRAM), datagram(), datagram()
    asking.setsockopt(socket.IPPROTO_IP, getattr(socket, 'IP_RECVERR', 11), 1)
    first = outcome(sock.sendto, b'x', address)
    asking.sendto(b'x', address)
    time.sleep(0.05)
    return [('first sendto', first), ('second sendto', outcome(sock.sendto, b'x', address)),
            ('second sendto, IP_RECVERR', outcome(asking.sendto, b'x', address))]


def claim_24():
    sock = datagram()
    sock.connect(dead_port(socket.SOCK_DGRAM))
    first = outcome(sock.send, b'x')
    time.sleep(0.05)
    return [('first send', first), ('second send', outcome(sock.send, b'x'))]


def claim_25():
    server = datagram()
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(SECONDS)
    client.sendto(b'x', server.getsockname())
    server.sendto(b'answer', server.recvfrom(1)[1])
    path = os.path.join(folder(), 's')
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    unix.bind(path)
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', path)
    address = unix.recvfrom(1)[1]
    return [('answer to an unbound UDP client', outcome(client.recv, 10)),
            ('address of an unbound unix client', 'none' if not address else 'some')]


def claim_26():
    with closing(listener()) as server:
        client = socket.create_connection(server.getsockname(), SECONDS)
        sent = outcome(client.send, b'hello')
        accepted = server.accept()[0]
        accepted.settimeout(SECONDS)
        return [('send before accept', sent), ('recv after accept', outcome(accepted.recv, 10))]


def claim_27():
    tcp = socket.socket()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    itself = socket.socket()
    itself.bind(('127.0.0.1', 0))
    return [('TCP connect, nobody listens', outcome(tcp.connect, dead_port())),
            ('TCP connect to itself', outcome(itself.connect, itself.getsockname())),
            ('UDP connect, nobody listens', outcome(udp.connect, dead_port(socket.SOCK_DGRAM)))]


def claim_28():
    return [('connect_ex to a dead port', errno.errorcode[socket.socket().connect_ex(dead_port())]),
            ('connect_ex to a name that cannot be', outcome(socket.socket().connect_ex, ('no such host', 1))),
            ('connect_ex with a list', outcome(socket.socket().connect_ex, ['127.0.0.1', 1]))]


def claim_29():
    near, far = connected()
    near.settimeout(1)
    stop = threading.Event()

    def sip():
        # A MiB four times a second: something moves all the time, and all of it takes longer than the limit.
        while not stop.wait(0.25):
            left = MIB
            while left:
                chunk = far.recv(min(left, 65536))
                if not chunk:
                    return
                left -= len(chunk)

    reader = threading.Thread(target=sip)
    reader.start()
    whole = outcome(near.sendall, b'x' * 20 * MIB)
    stop.set()
    near.close()
    reader.join()
    near, far = connected()
    near.settimeout(1)
    later = threading.Timer(0.6, far.sendall, [b'x'])
    again = threading.Timer(1.2, far.sendall, [b'x'])
    later.start()
    again.start()
    first = outcome(near.recv, 1)
    return [('sendall that goes on for longer than the limit', whole),
            ('two recvs, together longer than the limit', '%s, %s' % (first, outcome(near.recv, 1)))]


def claim_30():
    near, far = connected()
    near.settimeout(0.05)
    first = outcome(near.recv, 10)
    far.sendall(b'hello')
    near.settimeout(SECONDS)
    return [('recv with nothing there', first), ('recv after that', outcome(near.recv, 10))]


def claim_31():
    near, far = connected()
    near.setblocking(False)
    made = near.makefile('rb')
    empty = outcome(lambda: made.read(5))
    far.sendall(b'hello')
    far.close()
    select.select([near], [], [], SECONDS)
    return [('makefile', 'ok'), ('read(5) with nothing there, not blocking', 'nothing' if empty == 'ok' else empty)]


def claim_32():
    near, far = connected()
    made = near.makefile('rb')
    near.close()
    far.sendall(b'x\n')
    line = outcome(made.readline)
    near, far = connected()
    near.makefile('rb').close()
    return [('readline after the socket was closed', line),
            ('send after the file was closed', outcome(near.send, b'x'))]


def claim_33():
    near, _far = connected()
    near.setblocking(False)
    flags = fcntl.fcntl(near.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK
    time_out = near.gettimeout()
    near.settimeout(0.0)
    return [('gettimeout() after setblocking(0)', int(time_out * 1000)),
            ('O_NONBLOCK the same after settimeout(0)', int(
                flags == fcntl.fcntl(near.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK))]


def claim_34():
    return [('gethostbyname of localhost, dots', socket.gethostbyname('localhost').count('.')),
            ('gethostbyname of ::1', outcome(socket.gethostbyname, '::1'))]


def claim_35():
    found = socket.getaddrinfo('127.0.0.1', 80, 0, socket.SOCK_STREAM)
    return [('fields', len(found[0])), ('fields of the address, inet', len(found[0][4])),
            ('fields of the address, inet6', len(socket.getaddrinfo('::1', 80, 0, socket.SOCK_STREAM)[0][4]))]


def claim_36():
    path = os.path.join(folder(), 's')
    os.mknod(path, 0o777 | 0o140000)
    bound = os.path.join(folder(), 's')
    server = socket.socket(socket.AF_UNIX)
    server.bind(bound)
    server.listen(1)
    connect = socket.socket(socket.AF_UNIX).connect
    return [('connect to a socket file that nobody here has bound', outcome(connect, path)),
            ('connect to one that is bound here', outcome(connect, bound))]


def claim_37():
    return [('socket(AF_INET, SOCK_RDM)', outcome(socket.socket, socket.AF_INET, socket.SOCK_RDM)),
            ('socket(AF_UNIX, SOCK_RDM)', outcome(socket.socket, socket.AF_UNIX, socket.SOCK_RDM))]


def joined(no_delay):
    near, far = connected()
    near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, no_delay)
    near.send(b'hello')
    near.send(b'world')
    time.sleep(0.2)
    return outcome(far.recv, 100)


def claim_38():
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    near.send(b'hello')
    near.send(b'world')
    return [('recv(100) after two sends of 5 bytes', joined(0)), ('the same, SOCK_SEQPACKET', outcome(far.recv, 100))]


def claim_39():
    return [('recv(100) after two sends of 5 bytes, TCP_NODELAY', joined(1))]


def slow_exchanges(no_delay, writes):
    near, far = connected()
    near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, no_delay)
    far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def answer():
        for _ in range(30):
            drain(far, 10)
            far.send(b'x')

    server = threading.Thread(target=answer)
    server.start()
    slow = 0
    for _ in range(30):
        began = time.time()
        for _ in range(writes):
            near.send(b'x' * (10 // writes))
        near.recv(1)
        slow += time.time() - began > 0.02
    server.join()
    return 'most' if slow > 15 else 'few'


def claim_40():
    return [('write, write, read: exchanges above 20 ms', slow_exchanges(0, 2)),
            ('the same, TCP_NODELAY', slow_exchanges(1, 2)),
            ('write, read', slow_exchanges(0, 1))]


def claim_42():
    return [('select with descriptor 1024', outcome(select.select, [1024], [], [], 0))]


def claim_43():
    with closing(listener(5, [socket.SO_KEEPALIVE])) as server:
        server.settimeout(SECONDS)
        client = socket.create_connection(server.getsockname(), SECONDS)
        accepted = server.accept()[0]
        flags = fcntl.fcntl(accepted.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK
        client.close()
        return [('SO_KEEPALIVE of the accepted socket', accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)),
                ('O_NONBLOCK of the accepted socket', int(bool(flags))),
                ('time-out of the accepted socket', str(accepted.gettimeout()))]


def claim_44():
    with closing(listener()) as server:
        client = socket.create_connection(server.getsockname(), SECONDS)
        accepted = server.accept()[0]
        client.close()
        return [('port of the accepted socket less that of the listener',
                 accepted.getsockname()[1] - server.getsockname()[1])]


def claim_45():
    with closing(listener()) as server:
        return [('port in getsockname after bind to 0', 'another' if server.getsockname()[1] else '0')]


def claim_46():
    try:
        import socketserver
    except ImportError:
        import SocketServer as socketserver  # PY2: the name of the module

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            if self.request.recv(1) == b'!':
                raise ValueError
            self.request.sendall(b'fine')

    class Server(socketserver.TCPServer):
        def handle_error(self, request, client_address):
            """The framework's own prints the traceback; that it is called is all that matters here."""

    server = Server(('127.0.0.1', 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    answers = []
    for byte in (b'!', b'x'):
        with closing(socket.create_connection(server.server_address, SECONDS)) as client:
            client.sendall(byte)
            answers.append(outcome(client.recv, 10))
    server.shutdown()
    thread.join()
    server.server_close()
    return [('answer of the handler that raises', answers[0]), ('answer to the next client', answers[1])]


def claim_47():
    near, far = connected()
    pid = os.fork()
    if pid == 0:
        time.sleep(100)
        os._exit(0)
    far.close()
    near.settimeout(0.3)
    before = outcome(near.recv, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    near.settimeout(SECONDS)
    return [('recv, the parent has closed', before), ('recv, the child has ended too', outcome(near.recv, 1))]


def claim_48():
    near, _far = connected()
    number = near.fileno()
    made = near.makefile('rb')
    near.close()
    with_file = outcome(os.fstat, number)
    made.close()
    return [('descriptor after close, while a makefile exists', with_file),
            ('descriptor after the file is closed too', outcome(os.fstat, number))]


def claim_49():
    signal.signal(signal.SIGALRM, lambda *_: None)
    with closing(listener()) as server:
        timer = threading.Timer(1, socket.create_connection, [server.getsockname(), SECONDS])
        timer.start()
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        try:
            return [('accept, a handler has run', outcome(lambda: server.accept()[0].close()))]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            timer.join()


def claim_50():
    near, far = connected()
    far.sendall(b'hello')
    timer = threading.Timer(0.2, far.sendall, [b'world'])
    timer.start()
    whole = outcome(near.recv, 10, socket.MSG_WAITALL) if near.settimeout(None) is None else None
    far.sendall(b'hello')
    far.close()
    return [('recv(10, MSG_WAITALL), 5 bytes and later 5', whole),
            ('recv(10, MSG_WAITALL), 5 bytes and the end', outcome(near.recv, 10, socket.MSG_WAITALL))]



def main(number):
    for what, value in globals()['claim_' + number]():
        sys.stdout.write('%s: %s\n' % (what, value))
    sys.stdout.flush()


if __name__ == '__main__':
    sys.path.insert(0, ROOT)
    main(sys.argv[1])
