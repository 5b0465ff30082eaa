"""What Linux tells about a process that another one has started: proc(5)."""

import os
import select


def children(pid):
    """Return the state of each child of a process by its number; ``Z`` is a zombie."""
    return {child: state for child, (state, parent) in processes().items() if parent == pid}


def processes():
    """Return state and parent of each process by its number."""
    found = {}
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            state, parent = _stat(int(name))[:2]
        except EnvironmentError:
            continue  # it has ended meanwhile
        found[int(name)] = (state, int(parent))
    return found


def descriptors(pid):
    """Count the open descriptors of a process."""
    return len(os.listdir('/proc/%d/fd' % pid))


def is_polled_for_both(pid):
    """Tell whether an epoll of a process watches a descriptor for reading and for writing: proc(5), fdinfo."""
    both = select.EPOLLIN | select.EPOLLOUT
    for name in os.listdir('/proc/%d/fdinfo' % pid):
        try:
            with open('/proc/%d/fdinfo/%s' % (pid, name)) as info:
                if any(line.startswith('tfd:') and int(line.split()[3], 16) & both == both for line in info):
                    return True
        except EnvironmentError:
            continue  # it was closed meanwhile
    return False


def cpu_ticks(pid):
    """Return the time that a process has used, in ticks of the system clock."""
    return sum(int(field) for field in _stat(pid)[11:13])


def memory(pid, name):
    """Return a size from a process's status, ``VmRSS`` or ``VmHWM``, in bytes; 0 when it has just ended."""
    try:
        with open('/proc/%d/status' % pid) as status:
            for line in status:
                if line.startswith(name + ':'):
                    return int(line.split()[1]) * 1024
    except EnvironmentError:
        pass
    return 0


def stopped(leader):
    """Tell whether each thread of a session is stopped, which takes a moment after SIGSTOP was sent."""
    threads = [(pid, thread) for pid in session(leader) for thread in os.listdir('/proc/%d/task' % pid)]
    return all(_stat('%d/task/%s' % thread)[0] == 'T' for thread in threads)


def _stat(pid):
    """Return the fields behind the name, which may have blanks and parentheses in it."""
    with open('/proc/%s/stat' % pid) as stat:
        return stat.read().rsplit(')', 1)[1].split()


def data_of_session(leader):
    """Return the writable memory, mapped and not only touched, of all processes of a session, in bytes."""
    return sum(memory(pid, 'VmData') for pid in session(leader))


def session(leader):
    """List the processes of a session."""
    found = []
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            if int(_stat(int(name))[3]) == leader:
                found.append(int(name))
        except EnvironmentError:
            continue
    return found
