"""What ``--help``, ``--version`` and ``list`` print, from the tables.

C twin: ``c_ref/programs/help.c``, with the same texts.  Read next: ``programs/version.py``.
"""

from pyside.iomodels.table import MODELS
from pyside.net.address import FAMILIES, TYPES
from pyside.programs.choices import listed
from pyside.programs.version import CONTRACT, VERSION
from pyside.protocols.table import PROTOCOLS
from pyside.wire.framing import FORMATS

USAGE = """\
usage: {role} PROTOCOL [OPTION VALUE]...
       {role} list        print what it can do
       {role} --version   print its version

"""

PURPOSE = {
    'server': """\
Serve a protocol until SIGTERM or SIGINT.
The first line on standard output says where: LISTENING HOST PORT, or LISTENING PATH.
""",
    'client': """\
Send each line of standard input as a message and print each reply as a line.
""",
}

ADDRESS_OPTIONS = """\
  --family F          {families} (inet)
  --type T            stream, dgram or, with --family unix, seqpacket; the last two for {datagram_protocols} (stream)
  --host H            host name or address ({inet}, with inet6 {inet6})
  --port N            port ({port})
  --path P            path of the socket, with --family unix
"""

MODEL_OPTION = """\
  --model M           how to serve many clients (thread)
"""

PROTOCOL_OPTIONS = """\
  --format F          {formats} (u32be)
  --max-frame N       longest message allowed, in bytes (16777216)
  --timeout S         seconds of silence allowed (30)
"""

SERVER_OPTIONS = """\
  --max-connections N connections at a time (1000)
  --allow NAME=PROGRAM,ARGUMENT,...
                      command: what clients may have run, again for each (date, false, true, uname)
  --max-output N      command: longest output of a program, in bytes (1048576)
  --max-runtime S     command: seconds until a program is killed (10)
  --own-user          with --family unix: admit no other user
  --beyond-loopback   command: listen on other addresses than those of loopback, too
  -v                  a line on standard error for each connection that comes and goes
"""

CLIENT_OPTIONS = """\
  --retries N         more attempts when the answer of count is wrong, or a datagram is lost (2)
  --unconnected       with --type dgram: do not connect, so that a dead port is only silence
  --hex               lines are hex digits, two a byte, with spaces between bytes or without
"""

VIA_OPTION = """\
  --via V             whose sessions: python, or cffi for those in C (python)
"""

EXAMPLE = """\

example: server frame --port 7000
         printf 'hello\\nworld\\n' | client frame --port 7000
"""

PORT = {'server': '0: any that is free', 'client': 'required'}


def help_text(role):
    """Return what ``--help`` prints."""
    options = [ADDRESS_OPTIONS, PROTOCOL_OPTIONS, CLIENT_OPTIONS, VIA_OPTION]
    models = ''
    if role == 'server':
        options = [ADDRESS_OPTIONS, MODEL_OPTION, PROTOCOL_OPTIONS, SERVER_OPTIONS, VIA_OPTION]
        models = _section('models', MODELS)
    return ''.join([
        USAGE.format(role=role), PURPOSE[role], _section('protocols', PROTOCOLS), models, '\noptions:\n',
        ''.join(options).format(
            families=listed(FAMILIES, 'or'), formats=listed(FORMATS, 'or'), port=PORT[role],
            datagram_protocols=listed([row.name for row in PROTOCOLS.values() if row.over_datagrams], 'and'),
            inet=FAMILIES['inet'].loopback, inet6=FAMILIES['inet6'].loopback),
        EXAMPLE])


def version_text(program):
    """Return what ``--version`` prints."""
    return '%s %s, peer contract %d\n' % (program, VERSION, CONTRACT)


def list_text():
    """Return what ``list`` prints: one ability a line."""
    tables = (('protocol', PROTOCOLS), ('format', FORMATS), ('model', MODELS), ('family', FAMILIES), ('type', TYPES))
    return ''.join('%s %s\n' % (kind, name) for kind, names in tables for name in names)


def _section(title, table):
    return '\n%s:\n' % title + ''.join('  %-19s %s\n' % (row.name, row.summary) for row in table.values())
