"""What strace says of a program that is recorded at the same time, and the recorder's own lines in the same terms.

strace looks at system calls, the recorder at calls of the C library.  So ``recv`` is ``recvfrom`` there, ``send`` is
``sendto``, and some calls have several system calls that they may become, by the machine and the C library.
"""

import io
import os
import re
import subprocess
from collections import OrderedDict

from pyside.calls import preloading, recording

# Every name that a recorded call has in strace, by the first of them.
ALIASES = [
    ('recvfrom', 'recv'), ('sendto', 'send'), ('poll', 'ppoll'), ('select', 'pselect', 'pselect6', '_newselect'),
    ('epoll_wait', 'epoll_pwait', 'epoll_pwait2'), ('epoll_create1', 'epoll_create'), ('dup2', 'dup3'),
    ('accept4', 'accept'), ('fcntl', 'fcntl64'), ('sendfile', 'sendfile64')]
SAME = {name: names[0] for names in ALIASES for name in names}
# Calls that are no system call, or of several descriptors at once.
LIBRARY_ONLY = re.compile(r'^(getaddrinfo|getnameinfo|gethost|inet_|hton|ntoh|close_range|closefrom)')
# Calls that are recorded where the descriptor is a socket, and those where it may be epoll's.
OF_SOCKETS = ('read', 'write', 'readv', 'writev')
OF_DESCRIPTORS = ('close', 'dup', 'dup2', 'dup3', 'fcntl', 'ioctl')
TRACED = 'network,' + ','.join('?' + name for name in OF_SOCKETS + OF_DESCRIPTORS + (
    'poll', 'ppoll', 'select', '_newselect', 'pselect6', 'epoll_create', 'epoll_create1', 'epoll_ctl', 'epoll_wait',
    'epoll_pwait', 'epoll_pwait2', 'sendfile', 'sendfile64', 'fcntl64'))

LINE = re.compile(r'^(\d+) +(\w+)\((.*)$')
RESUMED = re.compile(r'^(\d+) +<\.\.\. (\w+) resumed>(.*)$')
RESULT = re.compile(r'\) += (-?\d+|0x[0-9a-f]+|\?)(?:<[^ ]*>)?(?: (E[A-Z0-9_]+))?(?: .*)?$')
# A system call that a signal interrupted and that is not begun again: signal(7).
INTERRUPTED = ('ERESTARTNOHAND', 'ERESTART_RESTARTBLOCK', 'ERESTARTSYS')


def available():
    """Tell whether this machine has strace and lets it work."""
    try:
        return subprocess.call(['strace', '-o', os.devnull, 'true'], stderr=subprocess.PIPE) == 0
    except OSError:
        return False


def both(command, folder, seconds):
    """Run a program under strace and the recorder at once.

    :param command: a list of words.
    :returns: two dictionaries ``{thread: [(call, result)]}``, strace's and the recorder's; a result is a number, with
        the name of the error where there was one, or ``?`` where the call never returned.
    """
    traced, recorded = os.path.join(folder, 'strace'), os.path.join(folder, 'calls')
    recording.create(recorded)
    environment = preloading.environment(recorded)
    words = ['timeout', str(seconds), 'strace', '-f', '-qq', '-y', '-o', traced]
    words += ['-e', 'trace=' + TRACED, '-e', 'signal=none']
    for name in ('RECORD_CALLS', 'LD_PRELOAD'):
        words += ['-E', '%s=%s' % (name, environment[name])]
    subprocess.call(words + command)
    with io.open(traced, encoding='utf-8', errors='replace') as lines:
        return _from_strace(lines), _from_recorder(recording.read(recorded)[1])


def _from_recorder(calls):
    found = OrderedDict()
    for call in calls:
        if not LIBRARY_ONLY.match(call.name):
            result = re.match(r'-?\d+( E[A-Z0-9]+)?|\?', recording.DESCRIPTOR.sub(r'\1', call.result or '?'))
            found.setdefault(call.thread, []).append((SAME.get(call.name, call.name), result.group()))
    return found


def _from_strace(lines):
    found, begun = OrderedDict(), {}
    for line in lines:
        match = LINE.match(line)
        resumed = RESUMED.match(line)
        if match:
            thread, name, rest = match.groups()
            if _is_ours(name, rest):
                calls = found.setdefault(int(thread), [])
                calls.append((SAME.get(name, name), _result(rest)))
                begun[thread] = (calls, len(calls) - 1)
            else:
                begun.pop(thread, None)
        elif resumed and resumed.group(1) in begun:
            calls, index = begun[resumed.group(1)]
            calls[index] = (calls[index][0], _result(resumed.group(3)))
    return found


def _is_ours(name, rest):
    if name in OF_SOCKETS:
        return re.match(r'-?\d+<(socket|UNIX|TCP|UDP)', rest) is not None
    if name in OF_DESCRIPTORS:
        return re.match(r'-|-?\d+<(socket|UNIX|TCP|UDP|anon_inode)', rest) is not None
    return True


def _result(rest):
    match = RESULT.search(rest)
    if not match:
        return '?'
    value, error = match.groups()
    if value == '?':
        return '-1 EINTR' if error in INTERRUPTED else '?'
    return str(int(value, 0)) + (' ' + error if error else '')
