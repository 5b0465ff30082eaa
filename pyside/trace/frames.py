"""Where frames begin and end in a flow, for a framing that was named.

Read next: ``troubles.py``.
"""

import bisect
from collections import namedtuple

from pyside.wire.errors import PeerError
from pyside.wire.framing import FORMATS, HEADER_MAX_BYTES

# Offsets in the flow; stop is None where the header is not complete.  error is text where there is no header.
Frame = namedtuple('Frame', 'number start payload stop error')
MOST = 100000


def find(flow, framing):
    """Give a flow its :class:`Frame` objects, as far as its bytes were kept.

    :param framing: a name in ``FORMATS``.
    """
    kept = _Kept(flow.sends or flow.receives)
    the_format = FORMATS[framing]
    found, at, size = [], 0, flow.size()
    while at < size and len(found) < MOST:
        data = kept.at(at, HEADER_MAX_BYTES)
        if not data:
            break  # what is known ends in the middle of a large write
        try:
            header = the_format.decode_header(data)
        except PeerError as error:
            found.append(Frame(len(found) + 1, at, at, None, error.text))
            break
        if header is None:
            found.append(Frame(len(found) + 1, at, size, None, None))
            break
        begins, length = header
        stop = at + begins + length + len(the_format.trailer)
        found.append(Frame(len(found) + 1, at, at + begins, stop, None))
        at = stop
    flow.frames, flow.frame_starts = found, [frame.start for frame in found]


def of(event, flow):
    """Return in words which frames a call moved, '' for none: ``frames 1-3, bytes 0-5 of the 12 of frame 4``."""
    found, whole = [], []
    first = bisect.bisect_right(flow.frame_starts, event.start) - 1
    for number in range(max(0, first), len(flow.frames)):
        frame = flow.frames[number]
        if frame.start >= event.stop:
            break
        if frame.stop is not None and event.start <= frame.start and frame.stop <= event.stop:
            whole.append(frame.number)
            continue
        text = _part(frame, event)
        if text:
            found += _whole(whole) + [text]
            whole = []
    return ', '.join(found + _whole(whole))


def _whole(numbers):
    if not numbers:
        return []
    if len(numbers) == 1:
        return ['frame %d' % numbers[0]]
    return ['frames %d-%d' % (numbers[0], numbers[-1])]


def _part(frame, event):
    if frame.error:
        return 'no frame: %s' % frame.error
    if frame.stop is None:
        return 'a part of the header of frame %d' % frame.number
    start, stop = max(frame.start, event.start) - frame.start, min(frame.stop, event.stop) - frame.start
    if stop <= start:
        return None
    return 'bytes %d-%d of the %d of frame %d' % (start, stop, frame.stop - frame.start, frame.number)


class _Kept(object):
    """The bytes of a flow by offset, as far as the recorder kept them."""

    def __init__(self, events):
        self._events = [event for event in events if not event.is_peek]
        self._first = 0

    def at(self, start, size):
        found = b''
        while self._first < len(self._events) and self._events[self._first].stop <= start:
            self._first += 1
        for number in range(self._first, len(self._events)):
            event = self._events[number]
            at = start + len(found) - event.start
            part = event.data[:event.value][at:at + size - len(found)]
            found += part
            if len(found) == size or not part or event.start + at + len(part) < event.stop:
                break
        return found
