"""Drawing a question: its programs run under ``trace``, and what their picture says.  Read next: ``pages.py``."""

import io
import os
import signal
import subprocess
import sys

from interop_tests.compiling import build
from interop_tests.pictures import DEBUGGING, unseen
from interop_tests.process import ROOT

FOLDER = os.path.dirname(os.path.abspath(__file__))
PICTURES = 'docs/questions'
# For those that hang: what runs longer is killed.
SECONDS = 5


def picture(question):
    """Return the path of a question's picture, from the root."""
    return '%s/%s.svg' % (PICTURES, question.name.replace('_', '-'))


def programs(question):
    """Return the paths of its programs: the server and the client, or one."""
    folder = os.path.join(FOLDER, question.name)
    found = sorted((name for name in os.listdir(folder) if name.endswith(('.c', '.py'))), reverse=True)
    return [os.path.join(folder, name) for name in found]


def draw(question, path):
    """Run the programs and draw them.

    :param path: of the picture that is written.
    :raises ValueError: when the picture does not show what the answer says.
    """
    commands = [_command(program) for program in programs(question)]
    words = ['--seconds', str(SECONDS), '--svg', path] + ['--segments'] * question.segments
    if len(commands) == 1:
        words += ['--'] + commands[0]
    else:
        words += ['--pair'] + [' '.join(command) for command in (commands[0], commands[1] + ['{port}'])]
    with io.open(os.devnull, 'r+b') as nothing:
        # Ctrl-C has to work in what a shell started in the background, too.
        process = subprocess.Popen([sys.executable, '-m', 'pyside', 'trace'] + words, cwd=ROOT, stdin=nothing,
                                   stdout=nothing, stderr=subprocess.PIPE, preexec_fn=_take_interrupts)
        said = process.communicate()[1]
    missing = unseen(question.shows, path)
    if missing:
        raise ValueError('%s: the picture does not show %s; the programs said:\n%s' % (
            question.name, ', '.join(missing), said.decode('utf-8', 'replace')))


def _command(program):
    return [build([program], DEBUGGING)] if program.endswith('.c') else [sys.executable, program]


def _take_interrupts():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
