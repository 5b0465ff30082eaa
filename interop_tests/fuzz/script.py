"""A script: one conversation as a dictionary, and the same as bytes, which ``fuzzer.c`` reads too.

::

    +----------+--------+-------+------+---------+----- - -
    | protocol | format | limit | role | failing | steps: a verb, then its arguments
    +----------+--------+-------+------+---------+----- - -
      one byte each, an index; ``failing`` says which allocation fails in fuzzer.c, 0 for none

    bytes of a verb:    | size | that many |
    or, as a flood:     | size | that many | count, u16be |    so often, one behind the other

Any bytes are a script: an index is taken modulo the length of its table, and where the bytes end, zeros follow.  A step
that the rules of a conversation forbid at that moment (bytes for a conversation that wants none) is left out when it is
played.  In a dictionary data stands as in all vectors: ``["6869", ["00", 300]]``.
"""

import json
import struct
from binascii import hexlify

from interop_tests.vectors import byte_string
from pyside.protocols.table import PROTOCOLS
from pyside.wire.framing import FORMATS

LIMITS = (0, 1, 2, 8, 255, 300, 1000, 70000, 16 * 1024 * 1024)
PROTOCOL_NAMES, FORMAT_NAMES = sorted(PROTOCOLS), list(FORMATS)
ROLES = ('server', 'client')
LOST = ('reset', 'timed-out')
FLOOD_MOST = 4096
QUARTER = 0.25  # exact in binary: times can be compared

# The verbs of each role with the kinds of their arguments; the index is the byte that stands for it.
VERBS = {
    'server': (
        ('feed', ('data',)), ('feed', ('flood',)), ('feed_eof', ()), ('tick', ()), ('sent', ('byte',)),
        ('half_closed', ()), ('program_done', ('byte', 'byte', 'data')), ('lost', ('byte',)), ('stop', ()),
        ('later', ('byte',))),
    'client': (
        ('submit', ('byte', 'data')), ('submit', ('byte', 'flood')), ('submit_eof', ()), ('receive', ('data',)),
        ('receive', ('flood',)), ('receive_eof', ()), ('relay', ())),
}


class BadScript(Exception):
    """What somebody typed is no script; the text says why, in one line."""


def from_text(text):
    """Read a script that somebody typed, as JSON.

    :raises BadScript: when it cannot be played.
    """
    try:
        script = json.loads(text)
    except ValueError as error:
        raise BadScript('no JSON: %s' % error)
    if not isinstance(script, dict):
        raise BadScript('expected {"protocol": ..., "format": ..., "limit": ..., "role": ..., "steps": ...}')
    for key, table in (('protocol', PROTOCOL_NAMES), ('format', FORMAT_NAMES), ('role', ROLES)):
        if script.get(key) not in table:
            raise BadScript('%s must be one of %s, not %s' % (key, ', '.join(table), json.dumps(script.get(key))))
    if not _is_number(script.get('limit')):
        raise BadScript('limit must be a number from 0 on, not %s' % json.dumps(script.get('limit')))
    if not isinstance(script.get('steps'), list):
        raise BadScript('steps must be a list such as [["feed", ["6869"]]], not %s' % json.dumps(script.get('steps')))
    for number, step in enumerate(script['steps'], 1):
        _check_step(number, step, dict(VERBS[script['role']]))
    return script


def _check_step(number, step, kinds_of):
    shown = 'step %d, %s: ' % (number, json.dumps(step))
    if not isinstance(step, list) or not step:
        raise BadScript(shown + 'expected a list that begins with a verb')
    if step[0] not in list(kinds_of):
        raise BadScript(shown + 'the verb must be one of ' + ', '.join(sorted(kinds_of)))
    kinds = kinds_of[step[0]]
    if len(step) != 1 + len(kinds):
        raise BadScript(shown + 'expected %d behind the verb' % len(kinds))
    for kind, argument in zip(kinds, step[1:]):
        if kind == 'byte' and not _is_number(argument):
            raise BadScript(shown + 'expected a number from 0 on, not %s' % json.dumps(argument))
        if kind != 'byte' and not _is_data(argument):
            raise BadScript(shown + 'expected hex such as ["6869", ["00", 300]], not %s' % json.dumps(argument))


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** 32


def _is_data(parts):
    if not isinstance(parts, list):
        return False
    try:
        byte_string(parts)
    except (ValueError, TypeError, AttributeError, IndexError):
        return False
    return True


def from_bytes(data):
    """Read a script."""
    reader = _Reader(data)
    script = {
        'protocol': reader.one_of(PROTOCOL_NAMES), 'format': reader.one_of(FORMAT_NAMES),
        'limit': reader.one_of(LIMITS), 'role': reader.one_of(ROLES)}
    reader.byte()
    steps = script['steps'] = []
    while reader.left():
        verb, kinds = reader.one_of(VERBS[script['role']])
        steps.append([verb] + [getattr(reader, kind)() for kind in kinds])
    return script


def to_bytes(script):
    """Write a script, so that :func:`from_bytes` reads the same; ``limit`` is one of ``LIMITS``."""
    out = bytearray([
        PROTOCOL_NAMES.index(script['protocol']), FORMAT_NAMES.index(script['format']),
        LIMITS.index(script['limit']), ROLES.index(script['role']), 0])
    for step in script['steps']:
        verb, kinds = [
            (verb, kinds) for verb, kinds in VERBS[script['role']]
            if verb == step[0] and ('flood' in kinds) == _is_flood(step)][0]
        out.append(VERBS[script['role']].index((verb, kinds)))
        for kind, argument in zip(kinds, step[1:]):
            out += _WRITERS[kind](argument)
    return bytes(out)


def _is_flood(step):
    parts = step[-1]
    return isinstance(parts, list) and isinstance(parts[0], list)


class _Reader(object):

    def __init__(self, data):
        self._data, self._at = bytearray(data), 0

    def left(self):
        return self._at < len(self._data)

    def byte(self):
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def one_of(self, table):
        return table[self.byte() % len(table)]

    def data(self):
        return [hexlify(self._taken()).decode('ascii')]

    def flood(self):
        data = hexlify(self._taken()).decode('ascii')
        return [[data, (self.byte() << 8 | self.byte()) % FLOOD_MOST]]

    def _taken(self):
        size = self.byte()
        self._at += size
        return bytes(self._data[self._at - size:self._at])


def _data_to_bytes(parts):
    data = bytes(bytearray.fromhex(''.join(parts)))
    return struct.pack('B', len(data)) + data


_WRITERS = {
    'byte': lambda number: struct.pack('B', number),
    'data': _data_to_bytes,
    'flood': lambda parts: _data_to_bytes([parts[0][0]]) + struct.pack('>H', parts[0][1]),
}
