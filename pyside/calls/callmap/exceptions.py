"""What a C errno becomes in Python: ``OSError`` and its classes.

Sources: errno(3), PEP 3151.  Read next: ``rows.py``.
"""

# From Python 3.3 on; every other number is plain OSError.
CLASSES = {
    'BlockingIOError': ['EAGAIN', 'EALREADY', 'EINPROGRESS', 'EWOULDBLOCK'],
    'BrokenPipeError': ['EPIPE', 'ESHUTDOWN'],
    'ConnectionAbortedError': ['ECONNABORTED'],
    'ConnectionRefusedError': ['ECONNREFUSED'],
    'ConnectionResetError': ['ECONNRESET'],
    'FileExistsError': ['EEXIST'],
    'FileNotFoundError': ['ENOENT'],
    'InterruptedError': ['EINTR'],
    'NotADirectoryError': ['ENOTDIR'],
    'PermissionError': ['EACCES', 'EPERM'],
    'TimeoutError': ['ETIMEDOUT'],
}


def exception(name):
    """Return the name of the exception that Python 3 raises for an error.

    :param name: an errno such as ``EAGAIN``, or a code of getaddrinfo such as ``EAI_NONAME``.
    """
    if name.startswith('EAI_'):
        return 'socket.gaierror'
    for found, names in CLASSES.items():
        if name in names:
            return found
    return 'OSError'
