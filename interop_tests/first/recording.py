"""What the TCP pair called while it talked: ``calls.json``, by version of Python.

The server is stopped with Ctrl-C when it waits for the next client: its last ``accept`` never returns.
"""

import io
import json
import os
import signal
import subprocess
import time
from collections import OrderedDict

from interop_tests.first.programs import command
from interop_tests.process import ROOT
from interop_tests.wire import SECONDS
from pyside.calls import normal, preloading, recording, running
from pyside.ledger.versions import name_of, tabulate
from pyside.net.compat import clock

RECORDED = os.path.join(ROOT, 'interop_tests', 'first', 'calls.json')
MESSAGES = b'hello\nworld\n'
# Calls that are the same but for what the descriptor is born with.
PLAIN = {'accept4': 'accept'}


def record(language):
    """Run a server and a client of one language; return ``{'server': lines, 'client': lines}``."""
    with running.place() as path:
        server = subprocess.Popen(command('tcp_server', language) + ['0'], stdout=subprocess.PIPE,
                                  env=preloading.environment(path))
        try:
            port = server.stdout.readline().split()[-1].decode('ascii')
            status, output, errors, _, of_client = running.record(
                command('tcp_client', language) + [port], data=MESSAGES, seconds=SECONDS)
            _wait_for_the_last_accept(path)
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate()
        of_server = recording.read(path)[1]
    if (status, output) != (0, MESSAGES):
        raise AssertionError('%s: exit status %d: %r %r' % (language, status, output, errors))
    return {'server': _own_lines(of_server), 'client': _own_lines(of_client)}


def _wait_for_the_last_accept(path):
    deadline = clock() + SECONDS
    names = []
    while names[-2:] != ['close', 'accept'] and clock() < deadline:
        time.sleep(0.01)
        names = [PLAIN.get(call.name, call.name) for call in recording.read(path)[1]]


def _own_lines(calls):
    """Return the normal lines from the first socket on; an interpreter makes some calls before."""
    first = [call.name for call in calls].index('socket')
    return normal.lines(calls[first:])


def recorded():
    """Return ``{'python': {versions: {role: lines}}, 'c': {role: lines}}``."""
    with io.open(RECORDED, encoding='utf-8') as file:
        return json.load(file, object_pairs_hook=OrderedDict)


def record_all(pythons):
    """Record the pair again.

    :param pythons: paths of interpreters, the oldest first.
    """
    by_python = OrderedDict()
    for python in pythons:
        said = subprocess.check_output([python, '-m', 'interop_tests.first', 'calls'], cwd=ROOT)
        by_python[name_of(python)] = json.loads(said.decode('ascii'), object_pairs_hook=OrderedDict)
    found = OrderedDict([('python', tabulate(by_python)), ('c', record('c'))])
    with io.open(RECORDED, 'w', encoding='utf-8') as file:
        file.write(json.dumps(found, indent=1, separators=(',', ': ')) + u'\n')
