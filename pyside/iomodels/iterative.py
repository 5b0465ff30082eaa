"""Iterative server: one client after another (Stevens, UNP section 1.5).

::

    accept -> poll -> recv -> feed -> to_send -> send -> ...     until the conversation is over
           -> close -> accept -> ...

The others wait in the kernel's backlog; one silent client holds up all of them
until the idle timeout.

C twin: ``c_ref/iomodels/iterative.c``.
Read next: ``iomodels/threaded.py``, which gives each client a loop of its own.
"""

import select

from pyside.iomodels import seqpackets
from pyside.net import netio, signals
from pyside.net.compat import clock
from pyside.net.netio import Stopped
from pyside.wire.errors import RESET, PeerError, no_memory

# After this many moves it is time to check whether the server was told to stop.
MOVES_PER_TURN = 16


def serve(service):
    """Serve until SIGTERM or SIGINT.

    :param service: a :class:`pyside.iomodels.service.Service`.
    """
    while True:
        accepted = service.accept()
        if accepted is None:
            return
        talk(service, *accepted)


def talk(service, sock, peer):
    """Talk until the conversation is over, then close; an error costs this connection and one line.

    :param service: a :class:`pyside.iomodels.service.Service`.
    :param sock: an accepted socket.
    :param peer: its name, for the log.
    """
    if service.options.type == 'seqpacket':
        seqpackets.talk(service, sock, peer)
        return
    try:
        conversation = service.new_conversation(peer)
    except MemoryError:
        service.refuse_for_memory(sock, peer)
        return
    poller = select.poll()
    poller.register(signals.stop_fd, select.POLLIN)
    try:
        while not conversation.over:
            try:
                if conversation.wanted_program is None:
                    _turn(service, conversation, sock, poller)
                else:
                    _run_program(service, conversation, sock)
            except PeerError as error:
                conversation.lost(error)
            except EnvironmentError as error:
                conversation.lost(netio.connection_error(error))
            except MemoryError:
                conversation.lost(no_memory())
    except Stopped:
        conversation.stop()
    finally:
        netio.close(sock)
        service.log_lines(conversation)


def _turn(service, conversation, sock, poller):
    """Wait until something can be moved, then move while there is something."""
    poller.register(sock, (conversation.wants_read and select.POLLIN) | (conversation.wants_write and select.POLLOUT))
    ready = netio.wait_ready(poller, 0 if conversation.wants_more_time else conversation.deadline - clock())
    # Before the look at what is there, so that the deadline ends only what was looked at after it: between the
    # two the process may be stopped, or wait for the interpreter's lock.
    now = clock()
    for _ in range(MOVES_PER_TURN):
        if not _move(service, conversation, sock):
            break
    conversation.tick(now)
    _send(service, conversation, sock)
    # Last, so that what had come before the signal is not lost.
    if signals.stop_fd in ready:
        raise Stopped


def _move(service, conversation, sock):
    """Receive, work, and send, without waiting; return whether anything has moved."""
    now = clock()
    data = None
    if conversation.wants_read:
        data = netio.recv(sock)
        if data:
            conversation.feed(data, now)
        elif data is not None:
            conversation.feed_eof(now)
    if conversation.wants_more_time:
        conversation.tick(now)
    sent = _send(service, conversation, sock)
    return data is not None or sent > 0


def _send(service, conversation, sock):
    """Send what the kernel takes, and half-close where that is wanted; return how many bytes were sent."""
    # Before the answer, so that the line about it is in the log when the peer sees the answer.
    service.log_lines(conversation)
    sent = 0
    if conversation.wants_write:
        sent = netio.send(sock, conversation.to_send())
        conversation.sent(sent, clock())
    if conversation.wants_half_close:
        netio.half_close(sock)
        conversation.half_closed()
    return sent


def _run_program(service, conversation, sock):
    """Run the program that the conversation wants, until it is over, the client is gone, or the server is to stop."""
    execution = service.start_program(conversation.wanted_program)
    try:
        while not execution.over:
            # POLLHUP and POLLERR come without being asked for: the client is gone.
            events = {execution.fd: select.POLLIN, signals.stop_fd: select.POLLIN, sock.fileno(): 0}
            ready = netio.poll(events, max(0, execution.deadline - clock()))
            if signals.stop_fd in ready:
                raise Stopped
            if sock.fileno() in ready:
                raise PeerError(RESET, 'the client left while its command ran')
            if clock() >= execution.deadline:
                execution.look()
            elif execution.fd in ready:
                execution.read()
    finally:
        execution.kill()
    conversation.program_done(execution.status, execution.output, clock(), execution.killed)
    # Now, because the next program may run for long.
    _move(service, conversation, sock)
