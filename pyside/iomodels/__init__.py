"""The I/O models: how one server serves many clients.  One file each, all with the one function ``serve``.

C twin: the table in ``c_ref/programs/server.c``.  Read next: ``iterative.py``, ``threaded.py``, ``forking.py``, then
``selecting.py``, ``polling.py``, ``epolling.py``.
"""

import select
from importlib import import_module

from pyside.net.compat import PY2

MODULES = {
    'fork': 'forking',
    'iterative': 'iterative',
    'poll': 'polling',
    'select': 'selecting',
    'socketserver': 'socketserving',
    'thread': 'threaded',
}
if hasattr(select, 'epoll'):
    MODULES['epoll'] = 'epolling'
# PY2: there is no asyncio.
if not PY2:
    MODULES['asyncio'] = 'asynchronous'


def find(name):
    """Import a model by its name, and only that one: asyncio alone takes longer than all the rest.

    :returns: its function ``serve``.
    """
    return import_module('pyside.iomodels.' + MODULES[name]).serve
