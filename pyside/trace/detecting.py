"""Recognises known troubles in a conversation; ``findings.py`` has what is said of them.

Each detector is given a conversation and :class:`Facts`, and yields :class:`findings.Finding` objects.  It claims no
more than the calls show: a program that does the same on purpose is found, too.
"""

import os
from collections import defaultdict, namedtuple

from pyside.ledger import check
from pyside.trace.conversation import RECEIVING, SENDING, WAITING
from pyside.trace.findings import KINDS, Finding
from pyside.trace.troubles import GIVEN, GONE, duration

# What only the outside of a program tells.  status: its exit status, negative for a signal, None where it was ended
# by us.  zombies: how many children were dead and not waited for.
Facts = namedtuple('Facts', 'status zombies')
SIGPIPE = -13
SPINS = 3
# Less may be a busy machine.
LONG = 1.0
ENDS_OF_MESSAGES = (b'\n', b'\0')
# Entries of the ledger that are about bytes and text, besides those that have text in their names.
TEXT = ('join', 'send-str', 'json-send')
# What a program says that takes bytes for something they are not.
MISREAD = ('ValueError', 'UnicodeDecodeError', 'IndexError', 'struct.error', 'KeyError', 'json.decoder.JSONDecodeError')


def find(conversation, facts):
    """Return the findings, in the order of ``findings.KINDS``; one of each kind for each place in a program."""
    found = {}
    for detect in DETECTORS:
        for one in detect(conversation, facts):
            found.setdefault((one.kind, one.file, one.line), one)
    order = list(KINDS)
    return sorted(found.values(), key=lambda one: (order.index(one.kind), one.file, one.line))


def _finding(kind, events, text):
    where = events[-1].where() if events else None
    return Finding(kind, events, text, where.file if where else '', where.line if where else 0)


def _streams(conversation):
    """Yield ``(end, its calls that moved bytes or said that there are no more, in order)``."""
    calls = defaultdict(list)
    for event in conversation.events:
        if event.end is not None and event.name in SENDING + RECEIVING:
            calls[event.end].append(event)
    for end in conversation.ends:
        if end.is_stream and calls[end]:
            yield end, calls[end]


def _spinning(conversation, _):
    for _end, calls in _streams(conversation):
        row = []
        for event in calls:
            if event.name in RECEIVING and event.value == 0 and any(one.kind == 'eof' for one in event.remarks):
                row.append(event)
            elif event.name in RECEIVING:
                row = []
        if len(row) >= SPINS:
            yield _finding('spinning', row[:SPINS], '%d times' % len(row))


def _one_recv(conversation, _):
    for end, calls in _streams(conversation):
        got = [event for event in calls if event.name in RECEIVING and not event.is_peek]
        closed = any(event.name != 'shutdown' and event.error is None for event in end.ends)
        if end.listener is None or not closed or len(got) != 1 or not got[0].value:
            continue
        if not got[0].data.endswith(ENDS_OF_MESSAGES):
            yield _finding('one-recv', got, '%d bytes, and it closed without EOF' % got[0].value)


def _left_behind(conversation, _):
    for end, calls in _streams(conversation):
        if end.listener is not None:
            continue  # a server that copies a stream takes and sends as it can
        for event, following in zip(calls, calls[1:]):
            if event.name in RECEIVING and event.buffers is not None and event.buffers.unread and (
                    following.name in SENDING and following.value != event.value):
                yield _finding('left-behind', [event, following], 'recv got the %d bytes that it had room for, and %d '
                               'more were waiting' % (event.value, event.buffers.unread))


def _misread(conversation, _):
    for line in conversation.lines:
        if line.name == 'uncaught' and line.raised.partition(':')[0] in MISREAD:
            before = [event for event in conversation.events if event.name in RECEIVING and event.value and
                      event.process == line.process and event.entered < line.entered]
            if before:
                yield Finding('misread', before[-1:], line.raised, line.file, line.line)


def _unanswered(conversation, _):
    for end, calls in _streams(conversation):
        if end.listener is not None or any(event.name == 'shutdown' for event in end.ends):
            continue
        moved = [event for event in calls if event.error is None]
        for event, following in zip(moved, moved[1:]):
            if event.name in SENDING and following.name in RECEIVING and following.value == 0:
                yield _finding('unanswered', [event, following], '')


def _speaks_first(conversation, _):
    for end, calls in _streams(conversation):
        if end.listener is not None and calls[0].name in SENDING and calls[0].value and not _eof_before(end, calls[0]):
            yield _finding('speaks-first', calls[:1], '%d bytes' % calls[0].value)


def _eof_before(end, event):
    return any(one.value == 0 and one.entered < event.entered for one in end.receives)


def _empty_send(conversation, _):
    for _end, calls in _streams(conversation):
        for event in calls:
            if event.name in ('send', 'write', 'sendto') and event.value == 0 and '"", 0' in event.arguments:
                yield _finding('empty-send', [event], '')
    for line in conversation.lines:
        if line.name == 'sock.sendall' and not line.calls and line.arguments in ("b''", "''") and not line.raised:
            yield Finding('empty-send', [], '', line.file, line.line)


def _part_lost(conversation, _):
    for end, calls in _streams(conversation):
        sends = [event for event in calls if event.name in SENDING]
        for number, event in enumerate(sends):
            if not any(remark.kind == 'part' for remark in event.remarks):
                continue
            following = sends[number + 1] if number + 1 < len(sends) else None
            rest = event.data[event.value:][:64]
            if following is None and not end.ends or following is not None and (
                    not rest or following.data[:len(rest)] == rest[:len(following.data)]) and (
                    following.returned is None or following.error or _given(following) >= _given(event) - event.value):
                continue
            yield _finding('part-lost', [event], [one.text for one in event.remarks if one.kind == 'part'][0])


def _given(event):
    match = GIVEN.match(event.arguments)
    return int(match.group(1)) if match else len(event.data)


def _no_answer(conversation, _):
    for event in conversation.events:
        end = event.end
        if event.name in RECEIVING and event.returned is None and end is not None and end.type == 'SOCK_DGRAM' and (
                end.sends and end not in _bound(conversation)):
            yield _finding('no-answer', [end.sends[-1], event], _waited(event, conversation))


def _bound(conversation):
    return {event.end for event in conversation.events if event.name == 'bind' and event.error is None}


def _slow_reader(conversation, _):
    served = defaultdict(set)
    for event in conversation.events:
        if event.name in WAITING:
            served[event.process, event.thread].update(end for end in event.others if end.listener is not None)
    for event in conversation.events:
        waited = conversation.over - event.entered if event.returned is None else event.seconds
        if event.name in SENDING and waited >= LONG and len(served[event.process, event.thread]) > 1:
            yield _finding('slow-reader', [event], 'send waited %s' % duration(waited))


def _zombies(conversation, facts):
    if facts.zombies:
        yield Finding('zombies', [], '%d of them' % facts.zombies, '', 0)


def _kept_open(conversation, _):
    for end in conversation.ends:
        if end.listener is None or len({process for process, _ in end.holders}) < 2:
            continue
        parent = end.made.process
        later = [event for event in conversation.events if event.accepted is not None and event.process == parent and
                 event.entered > end.made.entered]
        if later and any(is_open for (process, _), is_open in end.holders.items() if process == parent):
            yield _finding('kept-open', [end.made], '')


def _died_of_reset(conversation, facts):
    last = {}
    listening = {process for end in conversation.ends if end.listening for process, _ in end.holders}
    for event in conversation.events:
        if event.name in SENDING + RECEIVING and event.end is not None:
            last[event.process] = event
    for process, event in last.items():
        if process not in listening or facts.status in (0, None):
            continue
        if event.returned is None and event.name in SENDING and facts.status == SIGPIPE:
            yield _finding('died-of-reset', [event], 'SIGPIPE')
        elif event.error in GONE:
            yield _finding('died-of-reset', [event], event.error)


def _sigpipe(conversation, facts):
    if facts.status != SIGPIPE:
        return
    for event in conversation.events:
        if event.name in SENDING and event.returned is None:
            yield _finding('sigpipe', [event], '')


def _unread(conversation, _):
    for event in conversation.events:
        for remark in event.remarks:
            if remark.kind == 'unread':
                yield _finding('unread', [event], remark.text.partition(':')[0])


def _address_in_use(conversation, _):
    for event in conversation.events:
        if event.name == 'bind' and event.error == 'EADDRINUSE':
            again = any(one.name == 'setsockopt' and one.end is event.end and 'SO_REUSEADDR' in one.arguments
                        for one in conversation.events)
            yield _finding('address-in-use', [event], 'SO_REUSEADDR was set' if again else 'SO_REUSEADDR was not set')


def _text(conversation, _):
    """Ask the ledger about the files whose lines were seen, and look for what Python refused."""
    for line in conversation.lines:
        if line.name.startswith('sock.send') and line.raised and line.raised.startswith('TypeError'):
            yield Finding('text', line.calls, line.raised, line.file, line.line)
    own = [file for file in sorted({line.file for line in conversation.lines}) if (
        file.endswith('.py') and '-packages' not in file and not file.startswith(os.path.dirname(os.__file__)))]
    # Finding a Python that has mypy takes longer than all other detectors do.
    for found in check.found_in(own) if own else []:
        if 'text' in found['entry'] or found['entry'] in TEXT:
            yield Finding('text', [], '%s: %s' % (found['entry'], found['instead']), found['path'], found['line'])


def _deadlock(conversation, _):
    for connection in conversation.connections:
        if not connection.is_stream or len(connection.ends) < 2:
            continue
        waiting = [_waits_in_recv(end, conversation) for end in connection.ends]
        moved = all(flow.sends[-1:] == [] or flow.receives and flow.receives[-1].stop == flow.sends[-1].stop
                    for flow in connection.flows)
        if all(waiting) and moved:
            yield _finding('deadlock', waiting, '')


def _waits(conversation, _):
    for end, _calls in _streams(conversation):
        event = _waits_in_recv(end, conversation)
        is_client = end.listener is None and end.peer is None
        if event is not None and is_client and conversation.over - event.entered >= LONG:
            yield _finding('waits', [event], _waited(event, conversation))
    for event in conversation.events:
        if event.name not in WAITING or not any(remark.kind == 'timeout' for remark in event.remarks):
            continue
        for end in event.others:
            asked = [one for one in end.sends if one.entered < event.entered]
            if end.is_stream and end.listener is None and asked and event.seconds >= LONG and not any(
                    one.entered > asked[-1].entered and one.entered < event.entered for one in end.receives):
                yield _finding('waits', [asked[-1], event], 'it waited %s' % duration(event.seconds))


def _waits_in_recv(end, conversation):
    for event in conversation.events:
        if event.end is end and event.name in RECEIVING and event.returned is None:
            return event
    return None


def _waited(event, conversation):
    return 'it waited %s' % duration(max(0, conversation.over - event.entered))


def _not_accepted(conversation, _):
    for connection in conversation.connections:
        near = connection.near
        if connection.far is None and near is not None and near.listener is None and any(
                end.listening and end.local == near.remote for end in conversation.ends):
            asked = [event for event in near.connects if event.error in (None, 'EINPROGRESS')]
            if asked and near.ends == []:
                yield _finding('not-accepted', asked[:1], '')


DETECTORS = [
    _spinning, _one_recv, _left_behind, _misread, _unanswered, _speaks_first, _empty_send, _part_lost, _no_answer,
    _slow_reader, _zombies, _kept_open, _died_of_reset, _sigpipe, _unread, _address_in_use, _text, _deadlock, _waits,
    _not_accepted]
