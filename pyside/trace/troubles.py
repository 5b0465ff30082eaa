"""What happened to a connection, as remarks on the calls in which it showed: EOF, reset, time-out, waiting.

A remark says whether the recording has it or it is inferred from what the other end did.  Read next: ``rows.py``.
"""

import re
from collections import namedtuple

# kind: 'eof', 'reset', 'refused', 'timeout', 'waited', 'never', 'part', 'lost', 'unread', 'frame', 'peek', 'again'.
# cause: the event of the other end that made it, or None.
Remark = namedtuple('Remark', 'kind text cause')
# Less is what it costs to be scheduled.
WAITED = 0.001
GONE = ('ECONNRESET', 'EPIPE', 'ECONNABORTED')
POLLS = ('poll', 'ppoll', 'select', 'pselect', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2')
SENDS = ('send', 'sendto', 'sendmsg', 'write', 'writev')
# Descriptor and data stand before the size: 3, "hello"..., 100, 0.
GIVEN = re.compile(r'\d+, (?:NULL|"(?:[^"\\]|\\.)*"(?:\.\.\.)?), (\d+)')
WANTED = re.compile(r'\d+, (\d+)')
RECEIVES = ('recv', 'recvfrom', 'recvmsg', 'read', 'readv')


def remark(conversation):
    """Give the events of a conversation their remarks."""
    for event in conversation.events:
        for found in _of_outcome(event):
            event.remarks.append(found)
        _of_waiting(event, conversation)
    for connection in conversation.connections:
        for flow in connection.flows:
            _of_flow(flow)
        if connection.is_stream:
            for end in connection.ends:
                _of_end(end)


def duration(seconds):
    """Write a time as people read it: ``1.20 s``, ``35 ms``, ``40 us``."""
    if seconds >= 1:
        return '%.2f s' % seconds
    return '%.3g ms' % (seconds * 1e3) if seconds >= 0.001 else '%.0f us' % (seconds * 1e6)


def _of_outcome(event):
    end = event.end
    if event.name in RECEIVES and event.value == 0 and end is not None and end.is_stream and _wanted(event):
        cause = _who_ended(end.peer, event)
        ended = end.peer is not None and cause is None
        text = 'EOF: the peer ended, and closed nothing' if ended else 'EOF: the peer sends no more'
        yield Remark('eof', text, cause)
    elif event.error in GONE:
        cause = _who_ended(end.peer if end else None, event)
        yield Remark('reset', {'EPIPE': 'the peer takes no more'}.get(event.error, 'reset by the peer'), cause)
    elif event.error == 'ECONNREFUSED':
        yield Remark('refused', 'refused: nothing listens there', None)
    elif (event.error == 'EAGAIN' or event.name in POLLS and event.value == 0) and event.seconds >= WAITED:
        yield Remark('timeout', 'timed out after %s' % duration(event.seconds), None)
    elif event.error == 'EAGAIN':
        yield Remark('again', 'would have to wait', None)
    elif event.name in SENDS and event.value is not None and 0 <= event.value < _given(event):
        yield Remark('part', 'a part: %d of %d bytes' % (event.value, _given(event)), None)
    if event.is_peek and event.value:
        yield Remark('peek', 'looked at, not taken', None)


def _of_waiting(event, conversation):
    if event.returned is None:
        waited = conversation.over - event.entered
        text = ', after %s' % duration(waited) if waited >= WAITED else ''
        event.remarks.append(Remark('never', 'the program was ended in it' + text, None))
    elif event.seconds >= WAITED and not any(one.kind == 'timeout' for one in event.remarks):
        event.remarks.append(Remark('waited', 'waited %s' % duration(event.seconds), None))


def _of_flow(flow):
    for event in flow.lost:
        event.remarks.append(Remark('lost', 'nobody received it', None))


def _of_end(end):
    """Say of the last close that bytes were waiting: the kernel sends RST then, and no FIN."""
    last = [event for event in end.ends if event.name == 'close' and event.buffers is not None]
    if not last or any(end.holders.values()):
        return
    unread = last[-1].buffers.unread
    if unread and end.family == 'AF_UNIX':
        last[-1].remarks.append(Remark('unread', '%d bytes unread: they are lost' % unread, None))
    elif unread:
        last[-1].remarks.append(Remark('unread', '%d bytes unread: they are lost, and TCP sends RST' % unread, None))


def _wanted(event):
    """Whether a receiving call had room for anything: one that wants nothing gets nothing."""
    found = WANTED.match(event.arguments)
    return not found or found.group(1) != '0'


def _given(event):
    """Return how many bytes a sending call was given; 0 where the recorder did not write it down."""
    if event.name in ('sendmsg', 'writev'):
        return len(event.data)
    found = GIVEN.match(event.arguments)
    return int(found.group(1)) if found else 0


def _who_ended(end, event):
    """Return the last call with which the other end stopped sending before ``event`` returned, or None."""
    if end is None:
        return None
    before = [one for one in end.ends if one.entered < (event.returned or event.entered) and one.error is None and
              'SHUT_RD,' not in one.arguments + ',']
    if end.holders and any(end.holders.values()):
        # A descriptor is still open somewhere: no close has ended it, only shutdown can have.
        before = [one for one in before if one.name == 'shutdown']
    shut = [one for one in before if one.name == 'shutdown']
    return (shut or before or [None])[0 if shut else -1]
