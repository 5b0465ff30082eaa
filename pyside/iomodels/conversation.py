"""One session over one connection: the inner loop of the iterative, thread and fork models.

::

    socket()  bind()  listen()                     pyside/net/netio.py
        accept()  <------------------------------  pyside/iomodels/*.py
            start()                        send()
            recv()   -> receive(data)   -> send()     this file
            recv()=0 -> receive_eof()   -> send()
            a program -> receive_result() -> send()
            poll()=0 -> receive_timeout() -> send()
            close()

While a reply is being sent nothing is read, so a peer that does not read its
replies is not read from either, and memory stays bounded.

C twin: ``c_ref/iomodels/conversation.c``.  Read next: ``iomodels/iterative.py``.
"""

import select

from pyside.net import netio, signals
from pyside.net.compat import clock
from pyside.net.datagrams import DatagramSocket, too_long
from pyside.net.execution import Execution
from pyside.net.netio import Stopped
from pyside.wire.errors import RESET, TIMED_OUT, PeerError


def hold(server, connection, peer):
    """Talk until either side is done, then close; an error costs this connection and one line.

    :param server: a :class:`pyside.programs.server.Server`.
    :param connection: an accepted socket.
    :param peer: its name, for the log.
    """
    timeout = server.options.timeout
    server.note(peer, 'connected')
    session = server.new_session()
    try:
        if server.options.type == 'seqpacket':
            heard_all = _converse_in_datagrams(server, connection)
        else:
            heard_all = _converse(server, connection, session, peer)
        if session.error is not None:
            server.log('%s: %s' % (peer, session.error))
        if not heard_all:
            netio.close_gently(connection, timeout)
    except PeerError as error:
        server.log('%s: %s' % (peer, error))
    except Stopped:
        pass
    finally:
        connection.close()
        server.note(peer, 'closed')


def _converse(server, connection, session, peer):
    """Return whether the peer's input was heard to its end."""
    timeout = server.options.timeout
    heard_all = False
    deadline = clock() + timeout
    netio.send_all(connection, session.start(), timeout)
    while not session.finished:
        if not session.time_limit_is_total:
            deadline = clock() + timeout
        data = _recv_until(connection, deadline)
        if data is None:
            reply = session.receive_timeout(timeout)
        elif data:
            reply = session.receive(data)
        else:
            heard_all = True
            reply = session.receive_eof()
        netio.send_all(connection, reply, timeout)
        while session.request is not None:
            execution = _execute(server, connection, session.request, peer)
            netio.send_all(connection, session.receive_result(execution.status, execution.output), timeout)
    return heard_all


def _converse_in_datagrams(server, connection):
    """Answer each datagram with one; return True, because the peer's input was heard to its end."""
    sock = DatagramSocket(connection, server.options.max_frame)
    while True:
        netio.wait(connection, select.POLLIN, server.options.timeout)
        came = sock.receive()
        if came is None:
            continue
        datagram, _ = came
        if datagram is None:
            raise too_long(server.options)
        if not datagram and sock.ended():
            return True
        reply = server.new_session().receive(datagram)
        while not sock.send(reply):
            netio.wait(connection, select.POLLOUT, server.options.timeout)


def _execute(server, connection, name, peer):
    """Run the program that the session asks for, and return the :class:`Execution` when it is over.

    :raises Stopped: on SIGTERM or SIGINT.
    :raises PeerError: ``reset``, when the client is gone.
    """
    execution = Execution(server.options, name)
    try:
        while not execution.over:
            # POLLHUP and POLLERR come without being asked for: nobody is there any more.
            ready = netio.poll(
                {execution.fd: select.POLLIN, signals.stop_fd: select.POLLIN, connection.fileno(): 0},
                max(0, execution.deadline - clock()))
            if signals.stop_fd in ready:
                raise Stopped
            if connection.fileno() in ready:
                raise PeerError(RESET, 'the client left while its command ran')
            if execution.fd in ready:
                execution.read()
            elif not ready:
                execution.on_deadline()
    finally:
        execution.kill()
    server.note_killed(peer, name, execution)
    return execution


def _recv_until(connection, deadline):
    """Return bytes, ``b''`` at the end of input, None at the deadline."""
    left = deadline - clock()
    if left <= 0:
        return None
    try:
        return netio.recv(connection, left)
    except PeerError as error:
        if error.kind != TIMED_OUT:
            raise
        return None
