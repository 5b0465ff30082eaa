"""``python -m pyside why -- COMMAND``: runs a program under the recorder, and says what is wrong with it.

Read next: ``detecting.py``.
"""

import io
import os
import signal
import sys
import time

from pyside.net.compat import clock
from pyside.trace import conversation, detecting, staging
from pyside.trace.command import split
from pyside.trace.findings import KINDS
from pyside.wire.errors import EXIT_UNSUPPORTED, EXIT_USAGE, UsageError

USAGE = """\
usage: why [OPTION VALUE]... -- COMMAND ARGUMENT...
       why [OPTION VALUE]... --pair 'SERVER COMMAND' 'CLIENT COMMAND'

Runs a program, in whatever language, or a server and its client, watches what they call, and says of troubles that
are known: what it sees, in which line, what shows it, what to write instead, and where that is explained.  A server
runs until Ctrl-C or SIGTERM.

  --output FILE   where the findings go; standard error otherwise
  --seconds N     how long the program may run (60); what runs longer is ended

The exit status is 1 where something was found and 0 where nothing was, whatever the program's was.
"""
EXIT_FOUND = 1
# A child that has just died is no zombie yet: its parent may be on the way to wait for it.
GRACE = 0.2


class Options(object):
    output = server = client = command = None
    seconds = 60


def parse(words):
    """Take the command line apart.

    :raises UsageError: in one line.
    """
    options = Options()
    words = list(words)
    while words and words[0] != '--':
        option = words.pop(0)
        if option == '--pair':
            if len(words) < 2:
                raise UsageError("--pair needs two commands: 'SERVER COMMAND' 'CLIENT COMMAND'")
            options.server, options.client = [split(words.pop(0)) for _ in range(2)]
        elif option not in ('--output', '--seconds'):
            raise UsageError('no option %s; -- stands in front of the program' % option)
        elif not words:
            raise UsageError('%s needs a value' % option)
        elif option == '--output':
            options.output = words.pop(0)
        else:
            value = words.pop(0)
            if not value.isdigit() or not 1 <= int(value) <= 86400:
                raise UsageError('--seconds must be a number from 1 to 86400, not %s' % value)
            options.seconds = int(value)
    options.command = words[1:] or None
    if (options.command is None) == (options.server is None):
        raise UsageError("-- COMMAND is needed, or --pair 'SERVER COMMAND' 'CLIENT COMMAND'")
    return options


def main(words):
    """Run the command; return its exit status."""
    if words[:1] in (['--help'], ['-h']):
        sys.stdout.write(USAGE)
        return 0
    try:
        options = parse(words)
        output = io.open(options.output, 'wb') if options.output else getattr(sys.stderr, 'buffer', sys.stderr)
    except UsageError as error:
        sys.stderr.write('why: %s\n' % error)
        return EXIT_USAGE
    except EnvironmentError as error:
        sys.stderr.write('why: %s: %s\n' % (error.filename or 'cannot write', error.strerror))
        return EXIT_USAGE
    try:
        found, seen = _run(options)
    except staging.CannotRun as error:
        sys.stderr.write('why: %s\n' % error)
        return EXIT_UNSUPPORTED
    output.write(text(found, seen).encode('utf-8'))
    output.flush()
    return EXIT_FOUND if found else 0


def text(found, conversation):
    """Return what is said of findings."""
    if not found:
        calls = len(conversation.events)
        return 'why: no known trouble in %d calls of %d connections\n' % (calls, len(conversation.connections))
    return '\n'.join(_finding(one) for one in found)


def zombies(process):
    """Count the children of a process that have ended and that nobody has waited for; proc(5).

    :param process: its number.
    """
    found = 0
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with io.open('/proc/%s/stat' % name, encoding='utf-8', errors='replace') as file:
                state, parent = file.read().rpartition(')')[2].split()[:2]
        except EnvironmentError:
            continue  # it has ended meanwhile
        found += state == 'Z' and int(parent) == process
    return found


def _run(options):
    with staging.stage() as stage:
        if options.server:
            status = staging.pair(stage, options.server, options.client, options.seconds)
            facts = detecting.Facts(status, 0)
        else:
            facts = _alone(stage, options)
        seen = conversation.of(stage.recording, stage.notes, stage.lines)
        return detecting.find(seen, facts), seen


def _alone(stage, options):
    """Run a program until it ends, the time is over, or we are told to stop; return :class:`detecting.Facts`."""
    told = []
    # Ctrl-C reaches the program by itself; SIGTERM does not.
    signal.signal(signal.SIGINT, lambda *_: told.append(1))
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    process = stage.start(options.command, conversation.CLIENT, None, output=None)
    deadline = clock() + options.seconds
    while process.poll() is None and clock() < deadline and not told:
        time.sleep(staging.PAUSE)
    if process.poll() is not None:
        return detecting.Facts(process.returncode if not told else None, 0)
    dead = zombies(process.pid)
    if dead:
        time.sleep(GRACE)
        dead = min(dead, zombies(process.pid))
    process.terminate()
    if staging.wait(process, clock() + staging.STOP_SECONDS) is None:
        process.kill()
        process.wait()
    return detecting.Facts(None, dead)


def _finding(one):
    kind = KINDS[one.kind]
    file = os.path.relpath(one.file) if one.file.startswith(os.getcwd() + os.sep) else one.file
    place = '%s:%d: ' % (file, one.line) if file else ''
    lines = ['%s%s' % (place, kind.title)]
    if one.text:
        lines.append('    seen:     %s' % one.text)
    lines += ['    call:     %s' % event.text() for event in one.events]
    lines.append('    instead:  %s' % kind.instead)
    lines.append('    see:      %s' % ', '.join(kind.pages))
    return '\n'.join(lines) + '\n'
