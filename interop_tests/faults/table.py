"""Call, errno, outcome.  The errnos are those of the man pages of Linux, and of POSIX for recv and send."""

import errno
import socket
from collections import namedtuple

from interop_tests.faults.control import ANY_FD, SHORT

# What has to come of a fault.
NOTHING = 'nothing'
CONNECTION = 'connection'
SERVER = 'server'
GIVES_UP = 'gives-up'
TOLD_SO = 'told-so'
TOLD = {
    NOTHING: 'nobody notices',
    TOLD_SO: 'the client is told 126, cannot run; the next command runs',
    CONNECTION: 'that connection ends, with a line in the log; the next client is served',
    SERVER: 'the server says why in one line, and ends with 70',
    GIVES_UP: 'the program says why in one line, and ends with a status of the contract, or 70; '
              'replies that came before are on standard output',
}

# Errnos of the man pages, of calls that both programs make; AGAIN: those of recv and send that mean "once more".
SOCKET = 'EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT'
SETSOCKOPT = 'EBADF EFAULT EINVAL ENOPROTOOPT ENOTSOCK'
AGAIN = 'SHORT EAGAIN EINTR'
RECV = 'EBADF ECONNREFUSED EFAULT EINVAL ENOMEM ENOTCONN ENOTSOCK ECONNRESET ETIMEDOUT'
CLOSE = 'EBADF EINTR EIO ENOSPC EDQUOT'
IOCTL = 'EBADF EFAULT EINVAL ENOTTY'
FCNTL = 'EBADF EINVAL'
POLL = 'EFAULT EINVAL ENOMEM'
RESOLVING = 'EAI_AGAIN EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NONAME EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM'
WRITE = 'EBADF EDESTADDRREQ EDQUOT EFAULT EFBIG EINVAL EIO ENOSPC EPERM EPIPE'
SEND = ('EACCES EALREADY EBADF ECONNRESET EDESTADDRREQ EFAULT EINVAL EISCONN EMSGSIZE ENOBUFS ENOMEM ENOTCONN '
        'ENOTSOCK EOPNOTSUPP EPIPE')

# outcomes: any of them; why: a sentence for the page.
Row = namedtuple('Row', 'call fd errnos outcomes why')


def row(call, errnos, outcomes, why='', fd=ANY_FD):
    return Row(call, fd, errnos.split(), outcomes.split(), why)


# A server that serves: a client comes, says something, and leaves.
SERVING = [
    row('accept4', 'EAGAIN EBADF ECONNABORTED EFAULT EINTR EINVAL ENOTSOCK EOPNOTSUPP EPERM EPROTO ENETDOWN '
                   'ENOPROTOOPT EHOSTDOWN ENONET EHOSTUNREACH ENETUNREACH', NOTHING, 'the client waits in the backlog'),
    row('accept4', 'EMFILE ENFILE ENOBUFS ENOMEM', NOTHING, 'a line, a pause, and accept is called again'),
    row('recv', AGAIN, NOTHING),
    row('recv', RECV, CONNECTION),
    row('send', AGAIN, NOTHING),
    row('send', SEND, CONNECTION),
    row('shutdown', 'EBADF EINVAL ENOTCONN ENOTSOCK', NOTHING),
    row('close', CLOSE, NOTHING, 'Linux has taken the descriptor back'),
    row('poll', 'EINTR', NOTHING),
    row('poll', POLL, 'connection server', 'whoever waited: a conversation, or the server'),
    row('select', 'EINTR', NOTHING),
    row('select', 'EBADF EINVAL ENOMEM', SERVER),
    row('epoll_wait', 'EINTR', NOTHING),
    row('epoll_wait', 'EBADF EFAULT EINVAL', SERVER),
    row('epoll_ctl', 'EBADF EEXIST EINVAL ELOOP ENOENT ENOMEM ENOSPC EPERM', 'nothing connection',
        'nothing, where a descriptor is taken out of the list'),
    row('setsockopt', SETSOCKOPT, NOTHING, 'small writes are slower'),
    row('fcntl', FCNTL, 'nothing connection'),
    row('ioctl', IOCTL, 'nothing connection', 'Python makes a socket non-blocking with it'),
    row('fork', 'EAGAIN ENOMEM ENOSYS', CONNECTION),
    row('waitpid', 'ECHILD EINTR EINVAL', NOTHING),
    row('pthread_create', 'EAGAIN EINVAL EPERM', CONNECTION),
]

# A server that answers datagrams; a client that asks again when an answer does not come.
ANSWERING = [
    row('recvfrom', 'EAGAIN EINTR', NOTHING),
    row('recvfrom', RECV, NOTHING, 'a line in the log, and the datagram is read by the next call'),
    row('sendto', SEND + ' EAGAIN EINTR', NOTHING, 'a line in the log; the answer is lost, and asked for again'),
    row('poll', 'EINTR', NOTHING),
    row('poll', POLL, SERVER),
]

# A server that runs programs.
RUNNING = [
    row('posix_spawn', 'EAGAIN ENOMEM ENOEXEC', TOLD_SO),
    row('pipe', 'EMFILE ENFILE', TOLD_SO),
    row('pipe2', 'EMFILE ENFILE', TOLD_SO),
    row('fork', 'EAGAIN ENOMEM', TOLD_SO),
    row('waitpid', 'ECHILD EINTR', 'nothing', 'the status of a program that somebody else has waited for is 0'),
    row('read', 'SHORT EAGAIN EINTR', 'nothing told-so', "told so: Python's subprocess reads a pipe of its own"),
    row('read', 'EBADF EINVAL EIO', 'nothing told-so', 'the output ends there'),
]

# A server that starts.
STARTING = [
    row('socket', SOCKET, 'gives-up nothing',
        'nothing: CPython tries without SOCK_CLOEXEC after EINVAL'),
    row('setsockopt', SETSOCKOPT, 'gives-up nothing',
        'nothing: only small writes are slower'),
    row('bind', 'EACCES EADDRINUSE EBADF EINVAL ENOTSOCK EADDRNOTAVAIL EFAULT ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR '
                'EROFS', GIVES_UP),
    row('getaddrinfo', RESOLVING, GIVES_UP),
    row('listen', 'EADDRINUSE EBADF ENOTSOCK EOPNOTSUPP', GIVES_UP),
    row('getsockname', 'EBADF EFAULT EINVAL ENOBUFS ENOTSOCK', 'gives-up nothing',
        'nothing: only the path of a unix socket stays behind'),
    row('pipe', 'EFAULT EINVAL EMFILE ENFILE', GIVES_UP),
    row('pipe2', 'EFAULT EINVAL EMFILE ENFILE', GIVES_UP),
    row('epoll_create1', 'EINVAL EMFILE ENFILE ENOMEM', 'gives-up nothing',
        'nothing: the import of selectors tries it once'),
    row('write', 'EAGAIN', NOTHING, 'somebody has made standard output non-blocking: it is waited for', fd=1),
    row('write', 'SHORT EINTR', 'nothing gives-up', 'gives up: EINTR before Python 3.5', fd=1),
    row('write', WRITE, GIVES_UP, fd=1),
]

# A client: two messages, two replies.
ASKING = [
    row('socket', SOCKET, 'gives-up nothing',
        'nothing: CPython tries without SOCK_CLOEXEC after EINVAL'),
    row('getaddrinfo', RESOLVING, GIVES_UP),
    row('connect', 'EAGAIN', NOTHING, 'the backlog of a unix socket is full; connect is called again'),
    row('connect', 'EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY EBADF ECONNREFUSED EFAULT EINPROGRESS '
                   'EINTR EISCONN ENETUNREACH ENOTSOCK EPROTOTYPE ETIMEDOUT', GIVES_UP),
    row('getsockopt', SETSOCKOPT, GIVES_UP),
    row('setsockopt', SETSOCKOPT, NOTHING, 'small writes are slower'),
    row('fcntl', FCNTL, 'nothing gives-up'),
    row('ioctl', IOCTL, 'nothing gives-up', 'Python makes a socket non-blocking with it'),
    row('poll', 'EINTR', NOTHING),
    row('poll', POLL, GIVES_UP),
    row('recv', AGAIN, NOTHING),
    row('recv', RECV, GIVES_UP),
    row('send', AGAIN, NOTHING),
    row('send', SEND, GIVES_UP),
    row('read', 'EAGAIN', NOTHING, 'somebody has made standard input non-blocking: it is waited for', fd=0),
    row('read', 'SHORT EINTR', 'nothing gives-up', 'gives up: EINTR before Python 3.5', fd=0),
    row('read', 'EBADF EFAULT EINVAL EIO EISDIR', GIVES_UP, fd=0),
    row('write', 'EAGAIN', NOTHING, 'somebody has made standard output non-blocking: it is waited for', fd=1),
    row('write', 'SHORT EINTR', 'nothing gives-up', 'gives up: EINTR before Python 3.5', fd=1),
    row('write', WRITE, GIVES_UP, fd=1),
    row('close', CLOSE, NOTHING, 'Linux has taken the descriptor back'),
]

# The same over datagrams, of a connected socket and of one that is not.
ASKING_DATAGRAMS = [
    row('recvfrom', 'EAGAIN EINTR', NOTHING),
    row('recvfrom', RECV, GIVES_UP),
    row('send', 'EAGAIN EINTR ENOBUFS', NOTHING, 'it is sent again'),
    row('send', SEND.replace('ENOBUFS ', ''), GIVES_UP),
    row('sendto', 'EAGAIN EINTR ENOBUFS', NOTHING, 'with --unconnected'),
    row('sendto', SEND.replace('ENOBUFS ', ''), GIVES_UP, 'with --unconnected'),
    row('poll', 'EINTR', NOTHING),
    row('poll', POLL, GIVES_UP),
]

SECTIONS = [
    ('A server that serves', 'A client comes, says something, and leaves; then another comes.', SERVING),
    ('A server of datagrams', 'A client asks, and asks again when no answer comes.', ANSWERING),
    ('A server that runs programs', 'A client asks for one, then another client.', RUNNING),
    ('A server that starts', '', STARTING),
    ('A client', 'Two messages, two replies.', ASKING),
    ('A client of datagrams', 'The same.', ASKING_DATAGRAMS),
]


def number_of(name):
    """Return an errno, what getaddrinfo returns, or ``SHORT``."""
    return SHORT if name == 'SHORT' else getattr(socket if name.startswith('EAI_') else errno, name)
