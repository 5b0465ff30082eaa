"""Runs at the start of every Python that is traced, 2.7 to the newest: PYTHONPATH puts it in front.

A program's own ``sitecustomize`` runs after it.  Without ``TRACE_LINES`` nothing else happens.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def _the_next():
    """Import the ``sitecustomize`` that this one hides, if there is one."""
    own = sys.modules.pop('sitecustomize', None)
    hidden = [entry for entry in sys.path if os.path.abspath(entry) == HERE]
    sys.path[:] = [entry for entry in sys.path if entry not in hidden]
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        if own is not None:
            sys.modules['sitecustomize'] = own
    finally:
        sys.path[:0] = hidden


if os.environ.get('TRACE_LINES'):
    import pyside_trace_lines
    pyside_trace_lines.begin(os.environ['TRACE_LINES'], int(os.environ['TRACE_LINES_ROOM']))
_the_next()
