"""The file of results: written line by line as verdicts come, by all processes of a run (docs/results.md).

Each line is appended with one write under a lock, so that nothing that has been found is lost, whatever ends
the run.
"""

import fcntl
import json
import os
import platform
import subprocess
import time

from interop_tests import trials, verdict
from interop_tests.matrix import Cell, cell_id
from interop_tests.peers import abilities
from interop_tests.process import ROOT
from pyside.programs.version import CONTRACT, VERSION


class Results(object):
    """A file that lines are appended to.

    :param path: where it is.
    """

    def __init__(self, path):
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, line):
        data = (json.dumps(line, sort_keys=True) + '\n').encode('utf-8')
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            while data:
                data = data[os.write(self._fd, data):]
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self):
        os.close(self._fd)


def header(rows, found, selection, part, mine, checks, arguments):
    """Return the first line: where the results come from."""
    return {'run': {
        'date': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()),
        'commit': _commit(),
        'suite': VERSION,
        'contract': CONTRACT,
        'python': platform.python_version(),
        'system': '%s %s %s' % (platform.system(), platform.release(), platform.machine()),
        'command': ['pytest'] + list(arguments),
        'selection': selection,
        'part': part,
        'cells': found,
        'mine': list(mine),
        'peers': [{
            'name': peer.name, 'command': peer.command, 'version': _version(peer),
            'lists': sorted(abilities(peer, 'server') | abilities(peer, 'client'))} for peer in rows],
        'checks': {check.name: trials.described(check) for check in checks},
    }}


def line(cell, found, seconds, known=None):
    """Return the line of a cell."""
    if isinstance(cell, Cell):
        route = cell.route
        said = {'cell': cell_id(cell), 'client': route.client.name, 'server': route.server.name,
                'protocol': route.protocol, 'format': route.format, 'transport': route.transport, 'case': cell.case}
    else:
        ends = (trials.SUITE, cell.peer.name) if cell.check.role == 'server' else (cell.peer.name, trials.SUITE)
        said = {'cell': trials.trial_id(cell), 'client': ends[0], 'server': ends[1], 'protocol': cell.protocol,
                'format': cell.format, 'transport': cell.transport, 'case': cell.check.name, 'check': cell.check.name}
    said.update(status=found.status, text=found.text, seconds=round(seconds, 4))
    if known is not None:
        said['known'] = known
    if found.status not in verdict.GREEN and found.detail:
        said['detail'] = found.detail
    return said


def _commit():
    """Return the commit of the checkout, or None without git."""
    try:
        commit = _git('rev-parse', '--short', 'HEAD')
        return commit + ('+changes' if _git('status', '--porcelain', '--untracked-files=no') else '')
    except (EnvironmentError, subprocess.CalledProcessError):
        return None


def _git(*words):
    with open(os.devnull, 'w') as nothing:
        return subprocess.check_output(('git', '-C', ROOT) + words, stderr=nothing).decode('ascii').strip()


def _version(peer):
    """Return what is known of a peer's version without running it again."""
    if not peer.ours:
        return None
    return VERSION if peer.name not in ('perl', 'node') else None
