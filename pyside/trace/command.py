"""``python -m pyside trace``: runs a server and its client, and draws what they said to each other.

Read next: ``staging.py``.
"""

import fcntl
import io
import locale
import os
import shlex
import struct
import sys
import termios

from pyside.calls import recording
from pyside.trace import capture, conversation, segments, staging, terminal
from pyside.wire.errors import EXIT_UNSUPPORTED, EXIT_USAGE, UsageError
from pyside.wire.framing import FORMATS

USAGE = """\
usage: trace [OPTION]... --pair 'SERVER COMMAND' 'CLIENT COMMAND'
       trace [OPTION]... --cell CELL
       trace [OPTION]... -- COMMAND ARGUMENT...

Runs a server and its client, in whatever languages, and draws what they called, line by line, with the bytes
between them.  Standard input goes to the client; the server is stopped when the client has ended.  In the client's
command {host}, {port} and {path} become those where the server listens.  No shell reads the commands.  What the
programs print goes to standard error.  The exit status is the client's; 128 and the signal's number where a signal
ended it.

  --cell CELL      a cell of the matrix: py27-to-c/frame-u8/inet/length-255
  --framing NAME   where frames begin and end: %s
  --segments       the segments between them, too: both run in a network of their own, which has its loopback alone
  --html FILE      a page, too, which needs nothing of the net
  --svg FILE       a picture for a page of your own, of every call
  --all            every call of a long run, which is folded otherwise
  --width N        columns; those of the terminal, or 80
  --ascii          no other signs than ASCII's
  --seconds N      how long the run may take (60); what runs longer is killed and drawn
  --limit N        how many calls are recorded at the most (100000)

It is one run: the kernel may cut and join the same bytes elsewhere in the next.
""" % ', '.join(FORMATS)


class Options(object):
    server = client = command = cell = framing = html = svg = None
    everything = ascii = segments = False
    width = None
    seconds = 60
    limit = recording.DEFAULT_LIMIT


# The attribute that an option sets, and what its value may be.
VALUES = {'--cell': 'cell', '--framing': 'framing', '--html': 'html', '--svg': 'svg'}
NUMBERS = {'--width': ('width', terminal.NARROWEST, terminal.WIDEST), '--seconds': ('seconds', 1, 86400),
           '--limit': ('limit', 1, 10000000)}
FLAGS = {'--all': 'everything', '--ascii': 'ascii', '--segments': 'segments'}


def parse(words):
    """Take the command line apart.

    :raises UsageError: in one line.
    """
    options = Options()
    words = list(words)
    while words and words[0] != '--':
        option = words.pop(0)
        if option in FLAGS:
            setattr(options, FLAGS[option], True)
        elif option == '--pair':
            if len(words) < 2:
                raise UsageError("--pair needs two commands: 'SERVER COMMAND' 'CLIENT COMMAND'")
            options.server, options.client = [split(words.pop(0)) for _ in range(2)]
        elif option not in VALUES and option not in NUMBERS:
            raise UsageError('no option %s; trace --help lists them' % option)
        elif not words:
            raise UsageError('%s needs a value' % option)
        elif option in VALUES:
            setattr(options, VALUES[option], words.pop(0))
        else:
            _number(options, option, words.pop(0))
    options.command = words[1:] or None
    if [options.server, options.cell, options.command].count(None) != 2:
        raise UsageError("one of --pair 'SERVER COMMAND' 'CLIENT COMMAND', --cell CELL and -- COMMAND is needed")
    if options.framing is not None and options.framing not in FORMATS:
        raise UsageError('--framing must be one of %s, not %s' % (', '.join(FORMATS), options.framing))
    return options


def main(words):
    """Run the command; return its exit status."""
    if words[:1] in (['--help'], ['-h']):
        sys.stdout.write(USAGE)
        return 0
    try:
        options = parse(words)
        for path in filter(None, (options.html, options.svg)):
            io.open(path, 'ab').close()  # better now than after the run
        return _run(options)
    except UsageError as error:
        sys.stderr.write('trace: %s\n' % error)
        return EXIT_USAGE
    except staging.CannotRun as error:
        sys.stderr.write('trace: %s\n' % error)
        return EXIT_UNSUPPORTED
    except EnvironmentError as error:
        sys.stderr.write('trace: %s: %s\n' % (error.filename or 'cannot write', error.strerror))
        return EXIT_USAGE


def _run(options):
    with staging.stage(options.limit) as stage:
        listener = _capture(stage) if options.segments else None
        status, names = _perform(options, stage)
        found = conversation.of(stage.recording, stage.notes, stage.lines, options.framing)
        if listener is not None:
            packets, missed = listener.stop()
            segments.attach(found, packets)
            if missed:
                sys.stderr.write('trace: %d segments came too fast to be captured\n' % missed)
    found.names = names
    text = terminal.draw(found, options.width or _columns(), not options.ascii and _takes_unicode(),
                         sys.stdout.isatty(), options.everything)
    getattr(sys.stdout, 'buffer', sys.stdout).write(text.encode('utf-8'))
    if options.html is not None:
        from pyside.trace import page
        page.write(found, options.html)
    if options.svg is not None:
        from pyside.trace import picture
        with io.open(options.svg, 'w', encoding='utf-8') as file:
            file.write(picture.alone(found))
    return status if status >= 0 else 128 - status


def _capture(stage):
    """Begin to capture; None, and why, where that is not permitted."""
    try:
        capture.enter()
        return capture.Capture(stage.segments)
    except capture.CannotCapture as error:
        sys.stderr.write('trace: segments are inferred: %s\n' % error)
        return None


def _perform(options, stage):
    """Run what the options ask for; return the exit status and the names of the two sides."""
    if options.command is not None:
        return staging.alone(stage, options.command, options.seconds), [_title('', options.command), '']
    if options.cell is not None:
        from pyside.trace import cells
        with cells.prepared(options.cell) as (server, client, stdin, framing):
            options.framing = options.framing or framing
            return staging.pair(stage, server, client, options.seconds, stdin), _titles(client, server)
    status = staging.pair(stage, options.server, options.client, options.seconds)
    return status, _titles(options.client, options.server)


def _titles(client, server):
    return [_title('client: ', client), _title('server: ', server)]


def _title(role, words):
    return role + ' '.join([os.path.basename(words[0])] + words[1:])


def split(text):
    """Return the words of a command, as a shell would, without one.

    :raises UsageError: when there are none.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError('%s: %s' % (text, str(error).lower()))
    if not words:
        raise UsageError('a command of --pair is empty')
    return words


def _number(options, option, value):
    name, least, most = NUMBERS[option]
    if not value.isdigit() or not least <= int(value) <= most:
        raise UsageError('%s must be a number from %d to %d, not %s' % (option, least, most, value))
    setattr(options, name, int(value))


def _columns():
    """Return how wide the terminal is; 80 where there is none."""
    if os.environ.get('COLUMNS', '').isdigit():
        return int(os.environ['COLUMNS'])
    try:
        found = fcntl.ioctl(sys.stdout.fileno(), termios.TIOCGWINSZ, b'\0' * 8)
    except EnvironmentError:
        return 80
    return struct.unpack('HHHH', found)[1] or 80


def _takes_unicode():
    """Whether the locale has more than ASCII; what goes to a file is for the same reader."""
    locale.setlocale(locale.LC_CTYPE, '')
    return locale.nl_langinfo(locale.CODESET).upper().replace('-', '') == 'UTF8'
