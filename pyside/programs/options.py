"""The command line, as ``docs/peer-contract.md`` fixes it.

C twin: ``c_ref/programs/options.c``, with the same texts.  Read next: ``server.py`` and ``client.py``.
"""

import getopt

from pyside.net import allowlist, listening
from pyside.net.compat import path_bytes
from pyside.net.netio import FAMILIES, TYPES
from pyside.wire.errors import Unsupported, UsageError
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS

# Those whose server answers one datagram with one, and the models that wait for one connection at a time.
DATAGRAM_PROTOCOLS = ('echo', 'upper')
SEQPACKET_MODELS = ('fork', 'iterative', 'socketserver', 'thread')
IMPLEMENTATIONS = ('python', 'cffi')
LOOPBACK = {'inet': '127.0.0.1', 'inet6': '::1', 'unix': None}

# sun_path of unix(7) less the terminating NUL.
PATH_MAX_BYTES = 107
LENGTH_MAX = 2 ** 62
COUNT_MAX = 2 ** 20
# It has to fit into the one frame, whose length is u32be, with the exit status.
OUTPUT_MAX = 2 ** 31 - 1
SECONDS_MAX = 10 ** 6

ADDRESS_HELP = """\
  --family F          inet, inet6 or unix (inet)
  --type T            stream, dgram or, with --family unix, seqpacket; the last two for echo and upper (stream)
  --host H            host name or address (127.0.0.1, with inet6 ::1)
  --port N            port (%s)
  --path P            path of the socket, with --family unix
"""

PROTOCOL_HELP = """\
  --format F          u8, u16be, u32be, u64be, u16le, u32le, varint or netstring (u32be)
  --max-frame N       longest message allowed, in bytes (16777216)
  --timeout S         seconds of silence allowed (30)
"""

SERVER_HELP = """\
usage: server PROTOCOL [OPTION VALUE]...

Serve command, count, echo, frame, greet, sizeok or upper until SIGTERM or SIGINT.
The first line on standard output says where: LISTENING HOST PORT, or LISTENING PATH.

""" + ADDRESS_HELP % '0: any that is free' + """\
  --model M           how to serve many clients; list names the models (thread)
""" + PROTOCOL_HELP + """\
  --max-connections N connections at a time (1000)
  --allow NAME=PROGRAM,ARGUMENT,...
                      command: what clients may have run, again for each (date, false, true, uname)
  --max-output N      command: longest output of a program, in bytes (1048576)
  --max-runtime S     command: seconds until a program is killed (10)
  --own-user          with --family unix: admit no other user
  --beyond-loopback   command: listen on other addresses than those of loopback, too
  -v                  a line on standard error for each connection that comes and goes
"""

CLIENT_HELP = """\
usage: client PROTOCOL [OPTION VALUE]...

Send each line of standard input as a message and print each reply as a line.

""" + ADDRESS_HELP % 'required' + PROTOCOL_HELP + """\
  --retries N         more attempts when the answer of count is wrong, or a datagram is lost (2)
  --unconnected       with --type dgram: do not connect, so that a dead port is only silence
  --hex               lines are hex digits, two a byte
"""

LIST_HELP = """\
       %s list        print what it can do
"""

VIA_HELP = """\
  --via V             whose sessions: python, or cffi for those in C (python)
"""

EXAMPLE_HELP = """\

example: server frame --port 7000
         printf 'hello\\nworld\\n' | client frame --port 7000
"""

ADDRESS_OPTIONS = ['family=', 'type=', 'host=', 'port=', 'path=', 'format=', 'max-frame=', 'timeout=', 'via=', 'help']
ROLE_OPTIONS = {
    'server': ADDRESS_OPTIONS + [
        'model=', 'max-connections=', 'allow=', 'max-output=', 'max-runtime=', 'own-user', 'beyond-loopback'],
    'client': ADDRESS_OPTIONS + ['retries=', 'unconnected', 'hex'],
}


FLAGS = {
    '-h': 'help',
    '--help': 'help',
    '--hex': 'hex',
    '-v': 'verbose',
    '--own-user': 'own_user',
    '--unconnected': 'unconnected',
    '--beyond-loopback': 'beyond_loopback',
}
NUMBERS = {
    '--port': (0, 65535),
    '--max-frame': (0, LENGTH_MAX),
    '--max-connections': (1, COUNT_MAX),
    '--max-output': (0, OUTPUT_MAX),
    '--retries': (0, COUNT_MAX),
}
SHORT_OPTIONS = {'server': 'hv', 'client': 'h'}


class Options(object):
    """What a command line says, after the defaults.

    Lengths are in bytes, times in seconds.
    """

    def __init__(self, role):
        self.role = role
        self.protocol = None
        self.family = 'inet'
        self.type = 'stream'
        self.host = None
        self.port = 0
        self.path = None
        self.model = 'thread'
        self.format = 'u32be'
        self.max_frame = DEFAULT_LIMIT
        self.timeout = 30.0
        self.max_connections = 1000
        self.allow = []
        self.max_output = 1024 * 1024
        self.max_runtime = 10.0
        self.own_user = False
        self.beyond_loopback = False
        self.verbose = False
        self.retries = 2
        self.unconnected = False
        self.hex = False
        self.via = 'python'
        self.help = False


def help_text(role):
    """Return what ``--help`` prints."""
    text = SERVER_HELP if role == 'server' else CLIENT_HELP
    first, rest = text.split('\n', 1)
    return first + '\n' + LIST_HELP % role + rest + VIA_HELP + EXAMPLE_HELP


def parse(role, arguments, models):
    """Read a command line.

    :param role: ``server`` or ``client``.
    :param arguments: what follows the role.
    :param models: the names of the I/O models there are.
    :raises UsageError: with one line that says what was wrong and what was expected.
    :raises Unsupported: for a value that another peer might have.
    """
    options = Options(role)
    try:
        pairs, words = getopt.gnu_getopt(arguments, SHORT_OPTIONS[role], ROLE_OPTIONS[role])
    except getopt.GetoptError as error:
        raise UsageError(error.msg)
    for option, value in pairs:
        _set(options, option, value, models)
    if options.help:
        return options
    if len(words) != 1:
        raise UsageError('one PROTOCOL is expected, not %d' % len(words))
    options.protocol = words[0]
    _check_address(options)
    _check_type(options)
    _check_admission(options)
    return options


def _set(options, option, value, models):
    words = {'--family': FAMILIES, '--type': TYPES, '--model': models, '--format': FORMATS, '--via': IMPLEMENTATIONS}
    if option in FLAGS:
        setattr(options, FLAGS[option], True)
        return
    if option in NUMBERS:
        value = _number(option, value, *NUMBERS[option])
    elif option in ('--timeout', '--max-runtime'):
        value = _seconds(option, value)
    elif option == '--allow':
        value = options.allow + [value]
    elif option in words and value not in words[option]:
        raise Unsupported('%s %s' % (option[2:], value))
    setattr(options, option[2:].replace('-', '_'), value)


def _check_address(options):
    if options.family == 'unix':
        if not options.path:
            raise UsageError('--family unix needs --path')
        if len(path_bytes(options.path)) > PATH_MAX_BYTES:
            raise UsageError('--path is longer than %d bytes' % PATH_MAX_BYTES)
    elif options.role == 'client' and not options.port:
        raise UsageError('the client needs --port')
    if options.host is None:
        options.host = LOOPBACK[options.family]


def _check_type(options):
    if options.unconnected and options.type != 'dgram':
        raise UsageError('--unconnected needs --type dgram')
    if options.type == 'stream':
        return
    if options.type == 'seqpacket' and options.family != 'unix':
        raise Unsupported('family %s over seqpacket' % options.family)
    if options.protocol not in DATAGRAM_PROTOCOLS:
        raise Unsupported('protocol %s over %s' % (options.protocol, options.type))
    if options.type == 'seqpacket' and options.model not in SEQPACKET_MODELS:
        raise Unsupported('model %s over seqpacket' % options.model)


def _check_admission(options):
    options.allow = allowlist.parse(options.allow or allowlist.DEFAULT)
    if options.own_user and options.family != 'unix':
        raise UsageError('--own-user needs --family unix')
    if options.own_user and not listening.can_tell_users():
        raise Unsupported('option --own-user')


def _number(option, value, least, most):
    if _are_digits(value, 19) and least <= int(value) <= most:
        return int(value)
    raise UsageError('%s takes a number from %d to %d, not %s' % (option, least, most, value))


def _seconds(option, value):
    whole, point, fraction = value.partition('.')
    if _are_digits(whole, 9) and (_are_digits(fraction, 9) or not point) and 0 < float(value) <= SECONDS_MAX:
        return float(value)
    raise UsageError('%s takes seconds above 0 and up to %d, not %s' % (option, SECONDS_MAX, value))


def _are_digits(text, most):
    """Tell whether these are ASCII digits; ``str.isdigit`` takes those of every script."""
    return 0 < len(text) <= most and not text.strip('0123456789')
