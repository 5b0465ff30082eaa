"""The player: a check's bytes by hand, against anything that listens or dials.

::

    python -m interop_tests play reset-inside-a-message --protocol echo --port 7000    a server that runs already
    python -m interop_tests play a-wrong-reply --client --protocol frame --listen 7000  waits for a client
    python -m interop_tests play a-wrong-reply --client --peer 'node mine.js {role}'    starts the program itself

Everything that goes over the wire is printed as it goes, with what was expected at the end.
"""

import argparse
import difflib
import select
import shlex
import sys

from interop_tests import verdict
from interop_tests.cases import PROTOCOL_FORMATS, TRANSPORTS
from interop_tests.checks.all import CHECKS
from interop_tests.checks.clauses import CLAUSES
from interop_tests.checks.line import Wrong, show
from interop_tests.checks.registry import PREFERRED_PROTOCOLS
from interop_tests.checks.stands import ClientStand, ServerStand
from interop_tests.peers import Peer
from interop_tests.programs import Failed, Server
from pyside.net import netio
from pyside.net.address import FAMILIES

SECONDS = 15


class UsageError(Exception):
    """The command line asks for what there is not."""


class _Elsewhere(object):
    """A server that somebody else has started, with what :class:`ServerStand` asks of one."""

    def __init__(self, transport, where):
        self.transport = transport
        self._where = where

    def socket_address(self):
        return self._where


class _ServerByHand(ServerStand):

    def another(self, extra=()):
        raise UsageError('this check starts and stops the server: give its command with --peer')

    def refuses(self, change, status):
        raise UsageError('this check is one of the command line: give it with --peer')

    def stderr(self):
        return ''


class _ClientByHand(ClientStand):
    """Listens where it is told to, and lets a person run the client."""

    def __init__(self, where, options, listen, say):
        self._given = listen
        ClientStand.__init__(self, Peer('by-hand', 'client'), where, options, SECONDS * 20, say)

    def start(self, messages=(), end=True, text=None, options=()):
        said = ' '.join(self.options + self.where + self.check_options + list(options)
                        + (['--hex'] if text is None else []))
        print('run your client now: CLIENT %s' % said)
        self.tell(messages, end, text)

    def somebody_dials(self):
        sys.stdout.flush()
        return netio.poll({self.listener.fileno(): select.POLLIN}, self.seconds)

    def tell(self, messages=(), end=True, text=None):
        for message in messages:
            print('give it the line:    %s' % (''.join('%02x' % byte for byte in bytearray(message)) or '(empty)'))
        if text:
            print('give it the bytes:   %s' % show(text))
        if end:
            print('and the end of input')

    def prints(self, replies):
        print('now it has to have printed: %s' % (', '.join(map(show, replies)) or 'nothing'))

    def ends(self, status, replies=(), or_replies=None, error=None):
        print('now it has to print: %s' % (', '.join(map(show, replies)) or 'nothing more'))
        print('and to end with the exit status %d: look at it' % status)

    def refuses(self, change, status):
        raise UsageError('this check is one of the command line: give it with --peer')

    prints_raw = echoes_while_it_is_told = refuses


def main(arguments):
    """Play one check; return the exit status: 0 when nothing differed, 1 when something did, 2 for a slip."""
    options = _parse(arguments)
    try:
        check = _find(options)
        where = _where(check, options)
        print('%s: %s' % (check.name, check.demand))
        print('wire:     %s' % check.wire)
        print('expected: %s' % check.expected)
        print('contract: %s (%s)' % (CLAUSES[check.clause].quote, CLAUSES[check.clause].page))
        stand = _stand(check, where, options)
        try:
            check.run(stand)
        finally:
            errors = stand.stderr()
            stand.close()
            if errors:
                sys.stdout.write('stderr:\n' + ''.join('    %s\n' % line for line in errors.splitlines()))
    except UsageError as error:
        sys.stderr.write('play: %s\n' % error)
        return 2
    except EnvironmentError as error:
        sys.stderr.write('play: %s: %s\n' % (options.peer or options.path or options.host, error.strerror or error))
        return 2
    except Failed as failed:
        print('%s: %s' % (failed.verdict.status, failed.verdict.text))
        return 1
    except Wrong as wrong:
        print('%s: %s' % (wrong.status, wrong.actual))
        print('expected: %s' % (wrong.expected or check.expected))
        return 1
    print('%s: nothing differed' % verdict.PASS)
    return 0


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog='python -m interop_tests play', description='Do what a check does on the wire, by hand.',
        epilog='docs/checks.md has the names.')
    parser.add_argument('check', help='the name of a check; docs/checks.md has them')
    parser.add_argument('--client', action='store_true', help='the check of a client of this name (a server)')
    parser.add_argument('--protocol', help='one of those that the check names')
    parser.add_argument('--format', help='one of the framings that the check names')
    parser.add_argument('--transport', help='inet, inet6, unix; with -dgram or -seqpacket behind it')
    parser.add_argument('--host', help='where the server listens (loopback)')
    parser.add_argument('--port', type=int, help='the port of a server that runs')
    parser.add_argument('--path', help='the path of a unix socket')
    parser.add_argument('--listen', action='store_true', help='wait for a client that you run yourself')
    parser.add_argument('--peer', metavar='COMMAND', help='start the program itself; {role} becomes server or client')
    return parser.parse_args(arguments)


def _find(options):
    role = 'client' if options.client or options.listen else 'server'
    if (role, options.check) in CHECKS:
        return CHECKS[role, options.check]
    other = 'server' if role == 'client' else 'client'
    if (other, options.check) in CHECKS:
        if other == 'client':
            return CHECKS[other, options.check]
        raise UsageError('%s is a check of a server: leave out --client and --listen' % options.check)
    near = difflib.get_close_matches(options.check, [name for _, name in CHECKS], 3, 0.4)
    raise UsageError('no check %s%s; docs/checks.md lists them' % (
        options.check, '; did you mean %s' % ' or '.join(near) if near else ''))


def _where(check, options):
    protocol = options.protocol or (check.protocols or PREFERRED_PROTOCOLS)[0]
    if check.protocols and protocol not in check.protocols or protocol not in PROTOCOL_FORMATS:
        raise UsageError('%s is tried with %s, not with %s' % (
            check.name, ', '.join(check.protocols or PREFERRED_PROTOCOLS), protocol))
    formats = check.formats or PROTOCOL_FORMATS[protocol]
    frame_format = options.format or ('u32be' if 'u32be' in formats else formats[0])
    if frame_format not in formats:
        raise UsageError('%s is tried with %s, not with %s' % (check.name, ', '.join(formats), frame_format))
    transports = check.transports if isinstance(check.transports, list) else TRANSPORTS[protocol]
    transport = options.transport or ('unix' if options.path and 'unix' in transports else transports[0])
    if transport not in transports:
        raise UsageError('%s is tried over %s, not over %s' % (check.name, ', '.join(transports), transport))
    return protocol, frame_format, transport


def _stand(check, where, options):
    protocol, frame_format, transport = where
    family, _, kind = transport.partition('-')
    if options.port is not None and not 0 < options.port < 65536:
        raise UsageError('--port takes a number from 1 to 65535, not %d' % options.port)
    try:
        shlex.split(options.peer or '')
    except ValueError as error:
        raise UsageError('--peer %s: %s' % (options.peer, error))
    if check.role == 'client':
        if options.peer:
            return ClientStand(Peer('played', options.peer), where, check.options, SECONDS, _say)
        return _ClientByHand(where, check.options, None, _say)
    if options.peer:
        server = Server(Peer('played', options.peer), protocol, frame_format, transport, SECONDS, check.options)
        stand = ServerStand(server, where, check.options, SECONDS, _say)
        stand.keep(server)
        return stand
    if check.program:
        raise UsageError('%s looks at the program, not only at the wire: give its command with --peer' % check.name)
    if family == 'unix' and not options.path or family != 'unix' and options.port is None:
        raise UsageError('say where the server listens, with --port or --path, or start it with --peer')
    address = options.path if family == 'unix' else (options.host or FAMILIES[family].loopback, options.port)
    if check.options:
        print('run your server with: %s' % ' '.join(check.options))
    return _ServerByHand(_Elsewhere(transport, address), where, check.options, SECONDS, _say)


def _say(who, data, event):
    print('%6s: %s' % (who, event or show(data, 48)))
