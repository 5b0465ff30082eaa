"""Which rows of a long conversation are drawn, and what stands in the place of the others.

Read next: ``terminal.py``.
"""

from collections import Counter, OrderedDict

from pyside.trace.conversation import SENDING

# Whatever is shorter is shown whole.
WHOLE = 200
ENDS = 40
AROUND = 2
# A run that is shorter takes as much room as the line in its place.
LEAST = 8
MOST_SPECIAL = 60
SPECIAL_CALLS = ('connect', 'accept', 'accept4', 'listen', 'shutdown', 'close')
SPECIAL_REMARKS = ('eof', 'reset', 'refused', 'timeout', 'never', 'lost', 'unread', 'part')


class Fold(object):
    """The rows from ``first`` to before ``stop``, in one line: ``text``."""

    def __init__(self, rows, first, stop):
        self.first, self.stop = first, stop
        cells = [cell for row in rows[first:stop] for cell in row.cells.values()]
        counts = Counter(cell.event.name if cell.event else cell.line.name for cell in cells)
        words = ['%s x %d' % item for item in counts.most_common(4)] + ['...'] * (len(counts) > 4)
        self.calls = len(cells)
        self.text = '%d calls: %s' % (len(cells), ', '.join(words))
        self.moved = _moved(cells)


def parts(rows, everything=False):
    """Divide rows: yield ``(first, stop)`` for those to be drawn, and :class:`Fold` objects for others, in their order.

    :param everything: whether to fold nothing.
    """
    kept = [True] * len(rows) if everything or len(rows) <= WHOLE else _kept(rows)
    first = 0
    while first < len(rows):
        stop = first
        while stop < len(rows) and kept[stop] == kept[first]:
            stop += 1
        yield (first, stop) if kept[first] else Fold(rows, first, stop)
        first = stop


def _kept(rows):
    special = [number for number, row in enumerate(rows) if _is_special(row)]
    kept = [number < ENDS or number >= len(rows) - ENDS for number in range(len(rows))]
    for number in _spread(special):
        for near in range(max(0, number - AROUND), min(len(rows), number + AROUND + 1)):
            kept[near] = True
    first = 0
    while first < len(rows):
        stop = first
        while stop < len(rows) and kept[stop] == kept[first]:
            stop += 1
        if not kept[first] and stop - first < LEAST:
            kept[first:stop] = [True] * (stop - first)
        first = stop
    return kept


def _spread(special):
    """Choose at most so many that the drawing stays readable: the first and the last."""
    if len(special) <= MOST_SPECIAL:
        return special
    return special[:MOST_SPECIAL // 2] + special[-MOST_SPECIAL // 2:]


def _is_special(row):
    if row.segment is not None:
        return row.segment.again or not row.segment.stop > row.segment.start
    return any(cell.event is None or cell.event.name in SPECIAL_CALLS or
               any(remark.kind in SPECIAL_REMARKS for remark in cell.event.remarks) for cell in row.cells.values())


def _moved(cells):
    """Return in words the ranges of bytes that they sent, for each direction: ``#1 client 40-4096``."""
    ranges = OrderedDict()
    for cell in cells:
        event = cell.event
        if event is not None and event.name in SENDING and event.flow is not None and event.connection.is_stream:
            key = (event.flow.connection.number, event.side)
            start, stop = ranges.get(key, (event.start, event.stop))
            ranges[key] = (min(start, event.start), max(stop, event.stop))
    return ['#%d %s %d-%d' % (number, ('client', 'server')[side], start, stop)
            for (number, side), (start, stop) in ranges.items()]
