"""A pair cell as commands, for programs that run it themselves: ``python -m interop_tests cell CELL``.

It prints one JSON object: ``server`` and ``client``, lists of words; ``transport``; ``framing``, or null; ``input``,
the lines that the client reads.
"""

import argparse
import json
import sys

from interop_tests import cases, matrix, peers

SHAPE = 'CLIENT-to-SERVER/PROTOCOL[-FRAMING]/TRANSPORT/CASE, such as py311-to-c/frame-u8/inet/length-255'


class NoSuchCell(Exception):
    """A name that is no cell's; says why in one line."""


def commands(name):
    """Return what the head of the module describes.

    :param name: as the suite prints it.
    :raises NoSuchCell: in one line.
    """
    client, server, protocol, framing, transport, case = _parts(name)
    options = [protocol] + cases.transport_options(transport) + (['--format', framing] if framing else [])
    return {
        'server': matrix.command(server, 'server') + options, 'client': matrix.command(client, 'client') + options,
        'transport': transport, 'framing': framing,
        'input': cases.lines(cases.messages_of(cases.CASES[case], protocol)).decode('ascii')}


def _parts(name):
    words = name.split('/')
    pair = words[0].split('-to-')
    if len(words) != 4 or len(pair) != 2:
        raise NoSuchCell('must be %s, not %s' % (SHAPE, name))
    protocol, _, framing = words[1].partition('-')
    if protocol not in cases.PROTOCOL_FORMATS or (framing or '-') not in cases.PROTOCOL_FORMATS[protocol]:
        raise NoSuchCell('%s: no protocol and framing %s' % (name, words[1]))
    if words[2] not in cases.TRANSPORTS[protocol]:
        raise NoSuchCell('%s: no transport %s' % (name, words[2]))
    if words[3] not in cases.CASES:
        raise NoSuchCell('%s: no case %s; there are %s' % (name, words[3], ', '.join(cases.CASES)))
    rows = {peer.name: peer for peer in peers.PEERS + peers.this_python()}
    if not set(pair) <= set(rows):
        rows.update((peer.name, peer) for peer in peers.all_pythons())
    for one in pair:
        if one not in rows:
            raise NoSuchCell('%s: no peer %s; there are %s' % (name, one, ', '.join(sorted(rows))))
    return [rows[one] for one in pair] + [protocol, framing or None, words[2], words[3]]


def main(words):
    """Print a cell; return the exit status."""
    parser = argparse.ArgumentParser(
        prog='python -m interop_tests cell', description='Print a pair cell as commands, in JSON.')
    parser.add_argument('cell', help=SHAPE)
    try:
        found = commands(parser.parse_args(words).cell)
    except NoSuchCell as error:
        sys.stderr.write('%s\n' % error)
        return 2
    sys.stdout.write(json.dumps(found) + '\n')
    return 0
