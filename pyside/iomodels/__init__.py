"""The I/O models: how one server serves many clients.  One file each, all with the one function ``serve``.

C twin: the table in ``c_ref/server.c``.  Read next: ``iterative.py``, ``threaded.py``, ``forking.py``.
"""

from pyside.iomodels import forking, iterative, threaded

MODELS = {
    'fork': forking.serve,
    'iterative': iterative.serve,
    'thread': threaded.serve,
}
