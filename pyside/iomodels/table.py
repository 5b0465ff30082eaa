"""The one table of I/O models: how one server serves many clients.  One file each, all with the one function ``serve``.

``--help``, ``list``, errors and what works over seqpacket derive from it.

C twin: ``c_ref/iomodels/table.c``.  Read next: ``iomodels/iterative.py``.
"""

import select
from collections import OrderedDict, namedtuple
from importlib import import_module

from pyside.net.compat import PY2

# over_seqpacket: whether it waits for one connection at a time, and so keeps the boundaries of messages.
Model = namedtuple('Model', 'name module over_seqpacket summary')

MODELS = OrderedDict((row.name, row) for row in (
    Model('asyncio', 'asynchronous', False, 'one thread; callbacks of the standard library'),
    Model('epoll', 'epolling', False, 'one thread; the kernel keeps the list of clients, epoll(7)'),
    Model('fork', 'forking', True, 'a process for each client'),
    Model('iterative', 'iterative', True, 'one client after another'),
    Model('poll', 'polling', False, 'one thread; all clients in every call, poll(2)'),
    Model('select', 'selecting', False, 'one thread; descriptors below 1024 in every call, select(2)'),
    Model('socketserver', 'socketserving', True, 'a thread for each client, from the standard library'),
    Model('thread', 'threaded', True, 'a thread for each client'),
))
if not hasattr(select, 'epoll'):
    del MODELS['epoll']
# PY2: there is no asyncio.
if PY2:
    del MODELS['asyncio']


def find(name):
    """Import a model by its name, and only that one: asyncio alone takes longer than all the rest.

    :returns: its function ``serve``.
    """
    return import_module('pyside.iomodels.' + MODELS[name].module).serve
