"""What two programs said to each other, as data: the model that every drawing is made of.

::

    recording (pyside/calls)     events        each call of the C library, with its side and its outcome
    lines     (lines.py)         event.line    the call of Python that made it, and where
    addresses (positions.py)     event.position    file and line of a program in C
    descriptors.py               event.end     the socket that it was about
    connections.py               connections   which two ends talk to each other
    offsets.py, frames.py        flows         ranges of bytes, arrows, frames
    troubles.py                  event.remarks EOF, reset, time-out, waiting, and why

To find out about a conversation in a program::

    found = conversation.of(path of the recording, path of the notes, path of the lines, framing='u16be')
    for event in found.events: event.side, event.name, event.end, event.start, event.stop, event.remarks
    for connection in found.connections:
        for flow in connection.flows: flow.transfers, flow.lost, flow.frames

It is one run: the kernel may cut and join the same bytes elsewhere in the next.  Read next: ``lines.py``.
"""

import re

from pyside.calls import notes, recording
from pyside.trace import connections, descriptors, frames, lines, offsets, positions, troubles

CLIENT, SERVER = 0, 1
SENDING = ('send', 'sendto', 'sendmsg', 'write', 'writev', 'sendfile')
RECEIVING = ('recv', 'recvfrom', 'recvmsg', 'read', 'readv')
WAITING = ('poll', 'ppoll', 'select', 'pselect', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2')
ACCEPTING = ('accept', 'accept4')
# What happens when it returns, because the other side has done something; all else happens when it is entered.
EFFECTS = RECEIVING + WAITING + ACCEPTING
MARKS = re.compile('[\x01\x02]')
# The last thing in the arguments of sendto, the last in the result of recvfrom; a message has it in braces.
ADDRESS = re.compile(r'(?:^|[ ,{])(\d+\.\d+\.\d+\.\d+:\d+|\[[0-9a-f:.%]+\]:\d+|"(?:[^"\\]|\\.)*")(?=, control \d|$)')


class Event(object):
    """One call of the C library by one thread.

    ``side`` is CLIENT or SERVER.  ``name``, ``arguments`` and ``result`` are text without marks, ``value`` is the
    number in the result, ``error`` the name of an errno; all of them None where the call never returned.
    ``entered`` and ``returned`` are seconds.  ``data`` are the bytes that it was given or gave, as far as they were
    kept.  ``buffers`` is what a close or a send found, or a recv left, :class:`pyside.calls.notes.Buffers`, or None.
    ``target`` is the address of a datagram.

    Filled by the other files: ``line`` or ``position``, ``end`` (``accepted`` for the new one of an accept,
    ``others`` for those of poll, ``closed`` for those that lose a descriptor), ``start`` and ``stop`` where it moved
    bytes, ``flow``, ``remarks``.
    """

    def __init__(self, call, beside):
        self.number, self.side = call.number, call.recorded_as
        self.process, self.thread = call.process, call.thread
        self.name, self.caller = call.name, call.caller
        self.entered, self.returned = call.entered, call.returned
        self.marked_arguments, self.marked_result = call.arguments, call.result or ''
        self.arguments = MARKS.sub('', call.arguments)
        self.result = None if call.result is None else MARKS.sub('', call.result)
        self.value, self.error = _outcome(self.result)
        self.data, self.buffers = beside.data.get(call.number, b''), beside.buffers.get(call.number)
        self.is_peek = 'MSG_PEEK' in call.arguments
        self.target = self._target()
        self.fd = self.line = self.position = self.end = self.accepted = self.start = self.stop = self.flow = None
        self.others, self.closed, self.remarks = [], [], []

    @property
    def connection(self):
        if self.flow is not None:
            return self.flow.connection
        end = self.accepted or self.end
        return end.connection if end is not None else None

    @property
    def moment(self):
        """When it takes its place among the others: nothing is received before it was sent."""
        return self.returned if self.name in EFFECTS and self.returned is not None else self.entered

    @property
    def seconds(self):
        """Return how long it took; None where it never returned."""
        return None if self.returned is None else self.returned - self.entered

    def text(self):
        """Return the whole call in one line."""
        return '%s(%s) = %s' % (self.name, self.arguments, '?' if self.result is None else self.result)

    def where(self):
        """Return :class:`positions.Position` of the line that made it, or None."""
        if self.line is not None:
            return positions.Position(self.line.file, self.line.line, self.line.function)
        return self.position

    def _target(self):
        if self.name in ('sendto', 'sendmsg'):
            found = ADDRESS.findall(self.arguments.replace('}', ''))
        elif self.name in ('recvfrom', 'recvmsg') and self.result:
            found = ADDRESS.findall(self.result.partition(' ')[2].replace('}', ''))
        else:
            return ''
        return found[-1] if found and self.name != 'recvmsg' or len(found) > 1 else ''


class Conversation(object):
    """All of one run: ``events`` in the order of their moments, ``connections``, ``lines``, and ``names`` of the sides.

    ``began`` and ``over`` are when its first call was entered and the last one returned.

    ``lost`` is how many calls did not fit in the recording; ``framing`` may be None.  ``segments`` are the packets of
    a capture, None where there was none.
    """

    def __init__(self, events, found_lines, found_connections, ends, lost, framing):
        self.events, self.lines, self.connections, self.ends = events, found_lines, found_connections, ends
        self.lost, self.framing = lost, framing
        self.segments = None
        self.names = ['client', 'server']
        self.began = min([one.entered for one in events + found_lines] or [0])
        self.over = max([event.returned or event.entered for event in events] or [0])



def of(recorded, noted, lined, framing=None):
    """Read the files of one run.

    :param recorded: path of the recording; ``recorded_as`` of each program is its side.
    :param noted: path of the notes.
    :param lined: path of the calls of Python.
    :param framing: a name in ``pyside.wire.framing.FORMATS``, or None.
    :returns: a :class:`Conversation`.
    """
    head, calls = recording.read(recorded)
    beside = notes.read(noted)
    events = [Event(call, beside) for call in calls]
    events.sort(key=lambda event: (event.entered, event.number))
    ends = descriptors.attach(events, beside.forks)
    _collect(events)
    connections.name(events, beside.names)
    found = connections.pair(ends)
    for connection in found:
        connection.flows = offsets.flows(connection)
        for flow in connection.flows:
            for event in flow.sends + flow.receives:
                event.flow = flow
            if framing and connection.is_stream:
                frames.find(flow, framing)
    found_lines = lines.read(lined)
    lines.link(found_lines, events)
    positions.find([event for event in events if event.line is None], beside.objects)
    events.sort(key=lambda event: (event.moment, event.number))
    result = Conversation(events, found_lines, found, ends, head.lost, framing)
    troubles.remark(result)
    return result


def _outcome(result):
    """Return ``(value, error)`` of a result: ``5 "hello"``, ``-1 EAGAIN``; words are neither."""
    if result is None:
        return None, None
    first, _, rest = result.partition(' ')
    if first == '-1':
        return -1, rest.partition(' ')[0]
    return (int(first), None) if first.isdigit() else (None, None)


def _collect(events):
    """Give each end its events."""
    for event in events:
        for closed in event.closed:
            closed.ends.append(event)
        if event.accepted is not None:
            event.accepted.connects.append(event)
        if event.end is not None:
            _keep(event, event.end)


def _keep(event, end):
    if event.name in SENDING and event.error is None:
        end.sends.append(event)
    elif event.name in RECEIVING and event.error is None:
        end.receives.append(event)
    elif event.name == 'shutdown':
        end.ends.append(event)
    elif event.name == 'connect':
        end.connects.append(event)
