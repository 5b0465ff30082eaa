# -*- coding: utf-8 -*-
"""A conversation as text: 80 columns or more, in Unicode or ASCII, in colour on a terminal alone.

::

    client                       │                │ server
    client.c:31  n = send(fd, b… │                │
    send(3, "hello", 5, 0) = 5   │────── 0-5 ────▶│ recv(4, 65536, 0) = 5 "hello"
                                 │                ║   waited 12 ms

A lifeline is double while its program waits in a call.  An arrow that arrives in another row goes down in a track of
its own.  Read next: ``picture.py``.
"""

import re
import textwrap

from pyside.trace import folding, rows

NARROWEST, WIDEST = 60, 200
# From here on there is room for the time.
TIMED = 100

UNICODE = {'line': u'│', 'waits': u'║', 'across': u'─', 'right': u'▶', 'left': u'◀', 'down': u'│', 'fold': u'┄',
           'out_right': u'╮', 'in_right': u'╰', 'out_left': u'╭', 'in_left': u'╯', 'cross': u'┼', 'cut': u'…',
           'stub': u'╌', 'segment': u'·'}
ASCII = {'line': u'|', 'waits': u'H', 'across': u'-', 'right': u'>', 'left': u'<', 'down': u'|', 'fold': u'~',
         'out_right': u'.', 'in_right': u"'", 'out_left': u'.', 'in_left': u"'", 'cross': u'+', 'cut': u'~',
         'stub': u'-', 'segment': u'.'}
COLOURS = {'bytes': '36', 'connect': '32', 'eof': '33', 'reset': '31', 'segment': '35', 'head': '2', 'remark': '33',
           'time': '2'}
TRACK = 2


class Drawing(object):
    """How a drawing looks: ``signs`` is UNICODE or ASCII."""

    def __init__(self, width, signs, colour, single=False):
        width = max(NARROWEST, min(width, WIDEST))
        self.signs, self.colour, self.width = signs, colour, width
        self.time = 10 if width >= TIMED else 0
        self.middle = 14 + (width - 80) // 8 if width >= 80 else 12
        # A program alone has the whole width.
        self.side = width - self.time - self.middle - 3 if single else (width - self.time - self.middle - 4) // 2
        self._file = {}

    def head(self, cell):
        """Return the line of source; a file that is the last one's is not named again where there is little room."""
        place, source = cell.head
        file, colon, line = place.partition(':')
        if self._file.get(cell.side) == file and colon and not self.time:
            place = colon + line
        self._file[cell.side] = file
        return u'%s  %s' % (_unicode(place), _unicode(source))

    def paint(self, text, kind):
        return u'\x1b[%sm%s\x1b[0m' % (COLOURS[kind], text) if self.colour and text.strip() else text


def draw(conversation, width=80, unicode=True, colour=False, everything=False):
    """Return the drawing as text.

    :param width: columns.
    :param unicode: whether there are other signs than ASCII's.
    :param everything: whether no row is folded.
    """
    found = rows.of(conversation)
    single = all(list(row.cells) == [0] for row in found)
    drawing = Drawing(width, UNICODE if unicode else ASCII, colour, single)
    lanes = _Lanes(drawing, found.arrows)
    lines = _title(conversation, drawing)
    for part in folding.parts(found, everything):
        if isinstance(part, folding.Fold):
            lines += _fold(part, drawing, lanes)
        else:
            for number in range(*part):
                lines += _row(found, number, conversation, drawing, lanes)
    return u'\n'.join(line.rstrip() for line in lines + _end(conversation, drawing)) + u'\n'


def summary(conversation):
    """Yield what is to be known about a drawing, a line each."""
    for connection in conversation.connections:
        yield '#%d %s' % (connection.number, _of_connection(connection))
    yield ('One run: the next may cut and join the same bytes elsewhere.  '
           + ('Segments were captured.' if conversation.segments is not None else
              'Calls are recorded; what went over the wire (SYN, FIN, RST) is inferred from them.'))
    if conversation.lost:
        yield '%d more calls did not fit: --limit' % conversation.lost


def _of_connection(connection):
    ends = [end.local or end.remote or end.family or 'a socket from elsewhere' for end in connection.ends]
    sizes = ['%d bytes %s' % (flow.size() if connection.is_stream else sum(event.stop for event in flow.sends), way)
             for flow, way in zip(connection.flows, ('there', 'back'))]
    return '%s: %s' % (' - '.join(ends), ', '.join(sizes))


def _title(conversation, drawing):
    names = [_fit(name, drawing.side, drawing.signs['cut']) for name in conversation.names]
    blank = u' ' * drawing.time
    line = drawing.signs['line']
    return [blank + names[0].ljust(drawing.side) + u' ' + line + u' ' * drawing.middle + line + u' ' + names[1],
            drawing.signs['across'] * drawing.width]


def _end(conversation, drawing):
    return [u''] + [part for line in summary(conversation) for part in textwrap.wrap(_unicode(line), drawing.width)]


def _fold(fold, drawing, lanes):
    """Two lines in the place of many."""
    lanes.jump(fold.stop)
    text = u' %s ' % fold.text
    moved = fold.moved and u' %s ' % u', '.join(fold.moved)
    return [line[:drawing.width].center(drawing.width, drawing.signs['fold']) for line in [text, moved] if line]


def _row(found, number, conversation, drawing, lanes):
    row = found[number]
    if row.segment is not None:
        return [_segment(row, conversation, drawing, lanes)]
    sides = [_lines_of(row.cells.get(side), drawing) for side in (0, 1)]
    above = max(len(head) for head, _, _ in sides)
    below = max(len(rest) for _, _, rest in sides)
    columns = [[(u'', None)] * (above - len(head)) + head + text + rest + [(u'', None)] * (below - len(rest))
               for head, text, rest in sides]
    lines = []
    for index, (left, right) in enumerate(zip(*columns)):
        middle = lanes.call(number) if index == above else lanes.between(number, index > above)
        waits = [drawing.signs['waits' if _waits(row.cells.get(side), index, above, conversation, row) else 'line']
                 for side in (0, 1)]
        time = drawing.time * u' '
        if drawing.time and index == above:
            time = drawing.paint((u'%.6f' % (row.moment - conversation.began)).rjust(9) + u' ', 'time')
        right = drawing.paint(*right) if right[1] else right[0]
        lines.append(time + _padded(left, drawing) + u' ' + waits[0] + middle + waits[1] + u' ' + right)
    return lines


def _segment(row, conversation, drawing, lanes):
    """A segment has a line of its own, between the lifelines."""
    time = drawing.paint((u'%.6f' % (row.moment - conversation.began)).rjust(9) + u' ', 'time') if drawing.time else u''
    line = drawing.signs['line']
    return time + u' ' * (drawing.side + 1) + line + lanes.segment(row.segment) + line


def _padded(cell, drawing):
    text, kind = cell
    padding = u' ' * (drawing.side - len(text))
    return (drawing.paint(text, kind) if kind else text) + padding


def _lines_of(cell, drawing):
    """Return ``(lines above, the call, lines below)``, each a list of ``(text, kind)``."""
    if cell is None:
        return [], [(u'', None)], []
    cut = drawing.signs['cut']
    head = [(_fit(drawing.head(cell), drawing.side, cut), 'head')] if cell.head else []
    below = [(_fit(u'  ' + remark, drawing.side, cut), 'remark') for remark in cell.remarks]
    return head, [(fit_call(cell.text, drawing.side, cut), None)], below


def _waits(cell, index, above, conversation, row):
    return cell is not None and index <= above and any(
        remark.kind in ('waited', 'timeout', 'never') for remark in (cell.event.remarks if cell.event else ()))


def _fit(text, width, cut):
    text = _unicode(text)
    return text if len(text) <= width else text[:width - 1] + cut


def _unicode(text):
    return text if isinstance(text, type(u'')) else text.decode('utf-8', 'replace')  # PY2: literals are bytes


CALL = re.compile(r'^(.*?\()(.*)(\) = )([^"]*)(".*)?$', re.S)


def fit_call(text, width, cut):
    """Make a call as short as it has to be: first its data, then its arguments, at last its result."""
    text = _fit(text, 10000, cut)
    match = CALL.match(text)
    if len(text) <= width or match is None:
        return _fit(text, width, cut)
    name, arguments, equals, result, data = match.groups()
    needed = len(name) + len(equals) + len(result)
    if data:
        room = max(3, width - needed - min(len(arguments), 14))
        data = data if len(data) <= room else data[:room - 1] + cut
    room = max(1, width - needed - len(data or u''))
    arguments = _fit_arguments(arguments, room, cut)
    return _fit(name + arguments + equals + result + (data or u''), width, cut)


def _fit_arguments(arguments, room, cut):
    quoted = re.search(r'"((?:[^"\\]|\\.)*)"(?:\.\.\.)?', arguments)
    over = len(arguments) - room
    if over > 0 and quoted:
        keep = max(0, len(quoted.group(1)) - over - 1)
        arguments = arguments[:quoted.start() + 1 + keep] + cut + u'"' + arguments[quoted.end():]
    return arguments if len(arguments) <= room else arguments[:max(0, room - 1)] + cut


class _Lanes(object):
    """The room between the lifelines: arrows, and the tracks of those that are on their way."""

    def __init__(self, drawing, arrows):
        self._drawing, self._signs = drawing, drawing.signs
        self._leaving, self._coming = {}, {}
        for arrow in arrows:
            if arrow.cause.side != arrow.effect.side:
                self._leaving.setdefault(arrow.source, []).append(arrow)
                self._coming.setdefault(arrow.target, []).append(arrow)
        self._tracks = {}  # column: arrow

    def jump(self, number):
        """Forget what arrives before a row: it is folded."""
        self._tracks = {column: arrow for column, arrow in self._tracks.items() if arrow.target >= number}

    def between(self, number, after):
        return self._paint(self._blank(), u'')

    def call(self, number):
        """Return the line of a call: what leaves it and what comes to it."""
        leaving, coming = self._leaving.get(number, []), self._coming.get(number, [])
        flat = [arrow for arrow in leaving if arrow.target == number]
        if flat:
            return self._flat(flat)
        arrived = [arrow for arrow in coming if arrow in self._tracks.values()]
        if arrived:
            return self._arrive(arrived, coming)
        if coming:
            return self._stub(coming, arriving=True)
        if leaving:
            return self._leave(leaving)
        return self.between(number, False)

    def segment(self, segment):
        cells = self._blank()
        to_right = segment.side == 0
        for column in range(len(cells)):
            if cells[column] == u' ':
                cells[column] = self._signs['segment']
        self._point(cells, to_right)
        return self._labelled(cells, _unicode(segment.label), 'segment')

    def _blank(self):
        cells = [u' '] * self._drawing.middle
        for column in self._tracks:
            cells[column] = self._signs['down']
        return cells

    def _flat(self, arrows):
        cells = [self._signs['across']] * self._drawing.middle
        self._point(cells, arrows[0].to_right)
        return self._labelled(cells, self._label(arrows), arrows[0].kind)

    def _point(self, cells, to_right):
        cells[-1 if to_right else 0] = self._signs['right' if to_right else 'left']

    def _label(self, arrows):
        kinds = {arrow.kind for arrow in arrows}
        if kinds == {'bytes'} and len(arrows) > 1 and '-' in arrows[0].label:
            return u'%s-%s' % (arrows[0].label.partition('-')[0], arrows[-1].label.partition('-')[2])
        return u'%s' % (u' '.join(sorted({arrow.label for arrow in arrows})))

    def _leave(self, arrows):
        """Draw to a track that is free; where there is none, the arrival says from which bytes it is."""
        to_right = arrows[0].to_right
        column = self._free(to_right)
        if column is None:
            return self._stub(arrows, arriving=False)
        cells = self._blank()
        self._across(cells, range(column) if to_right else range(column + 1, self._drawing.middle))
        cells[column] = self._signs['out_right' if to_right else 'out_left']
        self._tracks[column] = max(arrows, key=lambda arrow: arrow.target)
        for arrow in arrows:
            arrow.track = column
        return self._labelled(cells, self._label(arrows), arrows[0].kind, *(
            (0, column) if to_right else (column + 1, self._drawing.middle)))

    def _free(self, to_right):
        middle = self._drawing.middle
        columns = range(middle - 3, middle // 2, -TRACK) if to_right else range(2, middle // 2, TRACK)
        for column in columns:
            if column not in self._tracks:
                return column
        return None

    def _arrive(self, arrived, coming):
        """End the tracks of all that a call takes; what comes without a track has its label."""
        to_right = arrived[0].to_right
        columns = sorted(column for column, one in self._tracks.items() if one in arrived)
        for column in columns:
            del self._tracks[column]
        cells = self._blank()
        reach = range(columns[0] + 1, self._drawing.middle) if to_right else range(columns[-1])
        self._across(cells, reach)
        for column in columns:
            cells[column] = self._signs['in_right' if to_right else 'in_left']
        self._point(cells, to_right)
        stubs = [arrow for arrow in coming if arrow not in arrived]
        if stubs:
            return self._labelled(cells, self._label(stubs), arrived[0].kind, reach.start, reach.stop)
        return self._paint(cells, arrived[-1].kind)

    def _stub(self, arrows, arriving):
        """An arrow without a track: its label says which bytes."""
        cells = self._blank()
        to_right = arrows[0].to_right
        label = u'%s' % self._label(arrows)
        size = min(self._drawing.middle, len(label) + 4)
        at_right = to_right == arriving
        reach = range(self._drawing.middle - size, self._drawing.middle) if at_right else range(size)
        for column in reach:
            cells[column] = self._signs['stub']
        if arriving:
            self._point(cells, to_right)
        return self._labelled(cells, label, arrows[0].kind, reach[0], reach[-1] + 1)

    def _across(self, cells, columns):
        for column in columns:
            cells[column] = self._signs['cross' if cells[column] == self._signs['down'] else 'across']

    def _labelled(self, cells, label, kind, first=0, stop=None):
        stop = len(cells) if stop is None else stop
        room = stop - first - 2
        if room >= len(label):
            text = u' %s ' % label if room >= len(label) + 4 else label
            at = first + (stop - first - len(text) + 1) // 2
            cells[at:at + len(text)] = list(text)
        return self._paint(cells, kind)

    def _paint(self, cells, kind):
        text = u''.join(cells)
        return self._drawing.paint(text, kind) if kind else text
