"""The pair cells that failed, run again under ``trace``: a page for each, which the report opens.

``make interop TRACE=failures``.  It is another run: what failed once may pass now, and the page shows that.
"""

import os
import shlex
import subprocess
import sys

from interop_tests.process import ROOT, environment

# What a failing cell calls the command that is run here.
PICTURE = 'both ends in one picture'
MOST = 20
SECONDS = 10


def make(cells, folder):
    """Trace cells; return ``{name of the cell: path of its page}``.

    :param cells: as in the file of results; those without the command, of checks, are passed over.
    :param folder: where the pages go; it is made.
    """
    found = {}
    for cell in cells:
        commands = {one['what']: one['command'] for one in cell.get('detail', {}).get('commands', [])}
        if PICTURE not in commands or len(found) == MOST:
            continue
        if not os.path.isdir(folder):
            os.makedirs(folder)
        path = os.path.join(folder, cell['cell'].replace('/', '_') + '.html')
        if _trace(commands[PICTURE], os.path.abspath(path)):
            found[cell['cell']] = path
    return found


def _trace(command, path):
    """Run ``FEED | python3 -m pyside trace ...`` without a shell; tell whether there is a page now."""
    feed, trace = [shlex.split(part) for part in command.split(' | ', 1)]
    options = ['--html', path, '--seconds', str(SECONDS)]
    given = subprocess.Popen([sys.executable] + feed[1:], cwd=ROOT, stdout=subprocess.PIPE, env=environment())
    with open(os.devnull, 'wb') as nothing:
        at = trace.index('trace') + 1
        subprocess.call([sys.executable] + trace[1:at] + options + trace[at:], cwd=ROOT, stdin=given.stdout,
                        stdout=nothing, stderr=nothing, env=environment())
    given.stdout.close()
    given.wait()
    return os.path.exists(path) and os.path.getsize(path) > 0
