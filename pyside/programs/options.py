"""The command line, as ``docs/peer-contract.md`` fixes it.

C twin: ``c_ref/programs/options.c``, with the same texts.  Read next: ``programs/help.py``.
"""

from pyside.iomodels.table import MODELS
from pyside.net import allowlist, listening
from pyside.net.address import FAMILIES, PATH_MAX_BYTES, TYPES, family_of, is_loopback, name, resolve
from pyside.net.compat import os_bytes
from pyside.programs.choices import unsupported
from pyside.protocols.table import PROTOCOLS
from pyside.wire.errors import Unsupported, UsageError
from pyside.wire.framing import DEFAULT_LIMIT, FORMATS

IMPLEMENTATIONS = ('python', 'cffi')

LENGTH_MAX = 2 ** 62
COUNT_MAX = 2 ** 20
# It has to fit into the one frame, whose length is u32be, with the exit status.
OUTPUT_MAX = 2 ** 31 - 1
SECONDS_MAX = 10 ** 6

ADDRESS_OPTIONS = [
    'family=', 'type=', 'host=', 'port=', 'path=', 'format=', 'max-frame=', 'timeout=', 'via=', 'help', 'version']
ROLE_OPTIONS = {
    'server': ADDRESS_OPTIONS + [
        'model=', 'max-connections=', 'allow=', 'max-output=', 'max-runtime=', 'own-user', 'beyond-loopback'],
    'client': ADDRESS_OPTIONS + ['retries=', 'unconnected', 'hex'],
}


FLAGS = {
    '-h': 'help',
    '--help': 'help',
    '--version': 'version',
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
CHOICES = {
    '--family': FAMILIES, '--type': TYPES, '--model': MODELS, '--format': FORMATS, '--via': IMPLEMENTATIONS}
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
        self.version = False


def parse(role, arguments):
    """Read a command line.

    :param role: ``server`` or ``client``.
    :param arguments: what follows the role.
    :raises UsageError: with one line that says what was wrong and what was expected.
    :raises Unsupported: for a value that another peer might have.
    """
    options = Options(role)
    pairs, words = _split(role, arguments)
    for option, value in pairs:
        _set(options, option, value)
    if options.help or options.version:
        return options
    options.protocol = _protocol(words)
    _check_address(options)
    _check_type(options)
    _check_admission(options)
    return options


def addresses(options):
    """List the addresses that the options name; see :func:`pyside.net.address.resolve`."""
    return resolve(options.family, options.host, options.port, options.path)


def listening_address(options):
    """Return where a server listens: the number of the family, and the address.

    :raises PeerError: ``unreachable``, when the name has no address of the family.
    :raises UsageError: when the programs of ``command`` could be run from other machines, without --beyond-loopback.
    """
    family, address = addresses(options)[0]
    if options.protocol == 'command' and not options.beyond_loopback and not is_loopback(address):
        raise UsageError('command on %s, beyond loopback, needs --beyond-loopback' % name(address))
    return family, address


def _split(role, arguments):
    """Split a command line into options with their values, and other words.

    What is spelled in full is looked up here: the import of getopt takes as long as all that a client needs.
    """
    pairs, words, rest = [], [], iter(arguments)
    for word in rest:
        name_of_option = word[2:] if word.startswith('--') else None
        if name_of_option in ROLE_OPTIONS[role] and not word.endswith('='):
            pairs.append((word, ''))
        elif name_of_option and name_of_option + '=' in ROLE_OPTIONS[role]:
            value = next(rest, None)
            if value is None:
                return _getopt(role, arguments)
            pairs.append((word, value))
        elif word.startswith('-'):
            return _getopt(role, arguments)
        else:
            words.append(word)
    return pairs, words


def _getopt(role, arguments):
    """Split a command line with ``--name=value``, beginnings of names, letters, or a slip: getopt(3)."""
    import getopt
    try:
        return getopt.gnu_getopt(arguments, SHORT_OPTIONS[role], ROLE_OPTIONS[role])
    except getopt.GetoptError as error:
        # Newer versions list the possible options behind a semicolon.
        raise UsageError(error.msg.partition(';')[0])


def _protocol(words):
    if len(words) != 1:
        numbers = [word for word in words if not word.strip('0123456789')]
        raise UsageError('one PROTOCOL is expected, not %d%s' % (
            len(words), '; the port is --port %s' % numbers[0] if numbers else ''))
    if words[0] not in PROTOCOLS:
        raise unsupported('protocol', words[0], PROTOCOLS)
    return words[0]


def _set(options, option, value):
    if option in FLAGS:
        setattr(options, FLAGS[option], True)
        return
    if option in NUMBERS:
        value = _number(option, value, *NUMBERS[option])
    elif option in ('--timeout', '--max-runtime'):
        value = _seconds(option, value)
    elif option == '--allow':
        value = options.allow + [value]
    elif option in CHOICES and value not in CHOICES[option]:
        raise unsupported(option[2:], value, CHOICES[option])
    setattr(options, option[2:].replace('-', '_'), value)


def _check_address(options):
    if options.family == 'unix':
        if not options.path:
            raise UsageError('--family unix needs --path')
        if len(os_bytes(options.path)) > PATH_MAX_BYTES:
            raise UsageError('--path is longer than %d bytes' % PATH_MAX_BYTES)
    elif options.path is not None:
        raise UsageError('--path needs --family unix')
    elif options.role == 'client' and not options.port:
        raise UsageError('the client needs --port')
    if options.host is None:
        options.host = FAMILIES[options.family].loopback
    elif options.family != 'unix' and family_of(options.host) not in (None, options.family):
        raise UsageError('--host %s needs --family %s' % (options.host, family_of(options.host)))


def _check_type(options):
    if options.unconnected and options.type != 'dgram':
        raise UsageError('--unconnected needs --type dgram')
    if options.type == 'stream':
        return
    if options.type == 'seqpacket' and options.family != 'unix':
        raise Unsupported('family %s over seqpacket' % options.family)
    if not PROTOCOLS[options.protocol].over_datagrams:
        raise Unsupported('protocol %s over %s' % (options.protocol, options.type))
    if options.type == 'seqpacket' and not MODELS[options.model].over_seqpacket:
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
    raise UsageError('%s takes seconds such as 2.5, above 0 and up to %d, not %s' % (option, SECONDS_MAX, value))


def _are_digits(text, most):
    """Tell whether these are ASCII digits; ``str.isdigit`` takes those of every script."""
    return 0 < len(text) <= most and not text.strip('0123456789')
