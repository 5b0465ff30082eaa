"""A conversation as rows from top to bottom: on the left the client's call, on the right the server's, arrows between.

::

    cell          arrows            cell
    client.c:31 sent = send(...     tcp_server.py:18 data = client.recv(65536)
    send(3, "hello", 5, 0) = 5  ---0-5-->  recv(4, 65536, 0) = 5 "hello"
                                    waited 12 ms

A call and what it brought about share a row where nothing happened between them.  Both drawings,
``terminal.py`` and ``picture.py``, are made of these rows.  Read next: ``folding.py``.
"""

import os
from collections import defaultdict

from pyside.trace import frames, positions
from pyside.trace.conversation import ACCEPTING

# They move nothing and explain nothing here; they are in the recording.
QUIET = ('htons', 'ntohs', 'htonl', 'ntohl', 'inet_aton', 'inet_ntoa', 'inet_pton', 'inet_ntop', 'fcntl', 'ioctl',
         'gethostname', 'dup', 'dup2', 'dup3', 'getnameinfo')
OF_PYTHON_ALONE = ('socket.socket', 'sock.close', 'sock.detach', 'file.flush', 'sock.settimeout', 'sock.setblocking')


class Cell(object):
    """One call: ``head`` is its line of source, as ``(file:line, text)``, or None; ``remarks`` what came of it.

    ``event`` is None for a call of Python that made none of the C library.  ``thread`` counts the threads of its side,
    of all processes, from 0.
    """

    thread = 0

    def __init__(self, side, head, text, remarks, event=None, line=None):
        self.side, self.head, self.text, self.remarks = side, head, text, remarks
        self.event, self.line = event, line
        self.connection = event.connection if event is not None else None


class Arrow(object):
    """From one call to what it brought about at the other end.

    ``kind`` is 'bytes', 'connect', 'eof' or 'reset'; ``label`` says which bytes.  ``source`` and ``target`` are rows,
    numbers; ``to_right`` is whether it goes from the client to the server.
    """

    def __init__(self, kind, label, cause, effect, marks=()):
        self.kind, self.label, self.cause, self.effect = kind, label, cause, effect
        self.marks = marks
        self.source = self.target = None
        self.to_right = cause.side < effect.side
        self.connection = cause.connection or effect.connection


class Row(object):
    """``cells`` has one or two :class:`Cell` objects by side, none for a ``segment``; ``moment`` is in seconds."""

    def __init__(self, moment, cell=None, segment=None):
        self.moment, self.segment = moment, segment
        self.cells = {cell.side: cell} if cell is not None else {}


class Rows(list):
    """The rows, and ``arrows`` with the numbers of their rows."""

    arrows = ()


def of(conversation):
    """Return the :class:`Rows` of a conversation."""
    trials = _trials(conversation.events)
    shown = [event for event in conversation.events if not _is_quiet(event) and event not in trials]
    several = len(conversation.connections) > 1
    last = {}
    for event in shown:
        if event.line is not None:
            last[event.line] = event
    heads = set()
    found = [Row(event.moment, _cell(event, several, last, heads)) for event in shown]
    _number_threads(found)
    found += [Row(line.entered, _alone(line, conversation)) for line in conversation.lines
              if not line.calls and line.outer is None and not _is_covered(line)]
    found += [Row(segment.moment, segment=segment) for segment in conversation.segments or () if not segment.is_bare]
    found.sort(key=lambda row: row.moment)
    arrows = _arrows(conversation, set(shown))
    return _merged(found, arrows)


def _is_quiet(event):
    if event.name in QUIET and not event.closed:
        return True
    return event.end is None and not event.closed and event.name in ('close', 'read', 'write')


def _trials(events):
    """Return the epolls that an interpreter makes and closes at once, to see whether there are any."""
    last, found = {}, set()
    for event in events:
        before = last.get((event.process, event.thread))
        if event.name == 'close' and before is not None and before.name.startswith('epoll_create') and (
                before.value == event.fd):
            found.add(before)
        last[event.process, event.thread] = event
    return found


def _cell(event, several, last, heads):
    """Write a call; the line of source stands above the first of the calls that it made."""
    head, remarks = None, [remark.text for remark in event.remarks]
    where = event.where()
    if event.line is None or event.line not in heads:
        head = _head(where, event.line)
        heads.add(event.line)
    if event.flow is not None and event.flow.frames:
        remarks += [text for text in [frames.of(event, event.flow)] if text]
    if event.line is not None and last[event.line] is event and event.line.raised:
        remarks.append('raises ' + event.line.raised)
    tag = '#%d ' % event.connection.number if several and event.connection else ''
    return Cell(event.side, head, tag + event.text(), remarks, event, event.line)


def _number_threads(found):
    """Say of each call which thread made it, where that is not the first of its side."""
    threads = ([], [])
    for row in found:
        for cell in row.cells.values():
            key = (cell.event.process, cell.event.thread)
            if key not in threads[cell.side]:
                threads[cell.side].append(key)
            cell.thread = threads[cell.side].index(key)
            if cell.thread:
                cell.text = 't%d %s' % (cell.thread + 1, cell.text)


def _alone(line, conversation):
    remarks = ['raises ' + line.raised] if line.raised else []
    side = side_of(line.process, conversation)
    return Cell(side, _head(line, line), '(no call of the C library)', remarks, line=line)


def side_of(process, conversation):
    """Return the side of a process: that of the calls it made."""
    if not hasattr(conversation, 'sides'):
        conversation.sides = {event.process: event.side for event in conversation.events}
    return conversation.sides.get(process, 0)


def _is_covered(line):
    """Whether a line says nothing that a call does not say: setting up, asking, closing twice."""
    return not line.raised and line.name in OF_PYTHON_ALONE


def _head(where, line):
    if where is None:
        return None
    place = os.path.basename(where.file) + (':%d' % where.line if where.line else ' %s' % where.function)
    text = ' '.join(positions.source(where.file, where.line).split())
    if not text and line is not None:
        text = '%s(%s)' % (line.name, line.arguments)
    return place, text


def _arrows(conversation, shown):
    found = []
    for connection in conversation.connections:
        if connection.is_stream and connection.near and connection.far and connection.near.listener is None:
            _connecting(connection, found)
        for flow in connection.flows:
            for transfer in flow.transfers:
                first = '%d-' % transfer.start if connection.is_stream else ''
                label = first + ('%d' if first else '%d bytes') % transfer.stop
                marks = [frame.start for frame in flow.frames if transfer.start < frame.start < transfer.stop]
                found.append(Arrow('bytes', label, transfer.sent, transfer.received, marks))
    for event in conversation.events:
        for remark in event.remarks:
            if remark.cause is not None:
                kind = 'eof' if remark.kind == 'eof' else 'reset'
                found.append(Arrow(kind, 'EOF' if kind == 'eof' else 'RST', remark.cause, event))
    return [arrow for arrow in found if arrow.cause in shown and arrow.effect in shown]


def _connecting(connection, found):
    asked = [event for event in connection.near.connects if event.name == 'connect']
    accepted = [event for event in connection.far.connects if event.name in ACCEPTING]
    if asked and accepted:
        found.append(Arrow('connect', 'connect', asked[0], accepted[0]))


def _merged(rows, arrows):
    """Put a call and its effect into one row where they are neighbours and belong to nobody else."""
    leaving, coming = defaultdict(list), defaultdict(list)
    for arrow in arrows:
        leaving[arrow.cause].append(arrow)
        coming[arrow.effect].append(arrow)
    found = Rows()
    number = 0
    while number < len(rows):
        row, following = rows[number], rows[number + 1] if number + 1 < len(rows) else None
        number += 1
        if following is not None and _belong_together(row, following, leaving, coming):
            row.cells.update(following.cells)
            number += 1
        for cell in row.cells.values():
            for arrow in leaving[cell.event] if cell.event else ():
                arrow.source = len(found)
            for arrow in coming[cell.event] if cell.event else ():
                arrow.target = len(found)
        found.append(row)
    found.arrows = [arrow for arrow in arrows if arrow.source is not None and arrow.target is not None]
    return found


def _belong_together(row, following, leaving, coming):
    if row.segment or following.segment:
        return False
    (cause,), (effect,) = row.cells.values(), following.cells.values()
    if cause.side == effect.side or cause.event is None or effect.event is None:
        return False
    there, back = leaving[cause.event], coming[effect.event]
    return len(there) == 1 and there == back and not coming[cause.event] and not leaving[effect.event]
