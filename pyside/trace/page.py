"""A conversation as one file of HTML that needs nothing of the net: the drawing, and what is known of each call.

Long runs are folded as in the terminal; here a fold opens.  Read next: ``static/page.js``.
"""

import io
import json
from binascii import hexlify
from collections import defaultdict
from string import Template

from pyside.trace import folding, picture, rows
from pyside.trace.terminal import summary
from pyside.trace.troubles import duration

SHOWN_BYTES = 256
# A browser lays out what is seen; each block is a drawing of its own.
BLOCK_ROWS = 250


def write(conversation, path):
    """Write the page.

    :raises EnvironmentError: when the file cannot be written.
    """
    with io.open(path, 'w', encoding='utf-8') as file:
        file.write(text(conversation))


def text(conversation):
    """Return the page as text."""
    found = rows.of(conversation)
    blocks = []
    for part in folding.parts(found):
        if isinstance(part, folding.Fold):
            inside = _blocks(found, part.first, part.stop, conversation)
            words = '; '.join([part.text] + part.moved)
            blocks.append(u'<details class="fold"><summary>%s</summary>%s</details>' % (picture.clean(words), inside))
        else:
            blocks.append(_blocks(found, part[0], part[1], conversation))
    names = [picture.clean(name) for name in conversation.names]
    return Template(picture.static('page.html')).substitute(
        title=u'One run of a conversation', near=names[0], far=names[1],
        style=picture.static('page.css') + picture.static('picture.css'), script=picture.static('page.js'),
        summary=u''.join(u'<li>%s</li>' % picture.clean(line) for line in summary(conversation)),
        blocks=u''.join(blocks), calls=_known(found, conversation))


def _blocks(found, first, stop, conversation):
    return u''.join(
        u'<div class="block">%s</div>' % picture.block(found, at, min(stop, at + BLOCK_ROWS), conversation)
        for at in range(first, stop, BLOCK_ROWS))


def _known(found, conversation):
    """Return, as JSON for a ``script`` element, what the panel says of each call."""
    others = defaultdict(list)
    for arrow in found.arrows:
        others[arrow.cause].append('call-%d' % arrow.effect.number)
        others[arrow.effect].append('call-%d' % arrow.cause.number)
    calls = {}
    for row in found:
        for cell in row.cells.values():
            data = cell.event.data[:SHOWN_BYTES] if cell.event else b''
            calls[picture.key_of(cell)] = {
                'text': cell.event.text() if cell.event else cell.line.text(),
                'facts': list(_facts(cell, conversation)), 'data': hexlify(data).decode('ascii'),
                'ends': others[cell.event] if cell.event else []}
    # Nothing in it may end the element.
    return json.dumps(calls, separators=(',', ':')).replace('<', '\\u003c')


def _facts(cell, conversation):
    event, line = cell.event, cell.line
    where = event.where() if event else line
    if where is not None:
        yield 'where', '%s:%d%s' % (where.file, where.line, ' in %s' % where.function if where.function else '')
    if cell.head and cell.head[1]:
        yield 'source', cell.head[1]
    if line is not None:
        yield 'Python', line.text()
    if event is None:
        return
    for remark in cell.remarks:
        yield 'remark', remark
    took = 'never returned' if event.seconds is None else 'took %s' % duration(event.seconds)
    yield 'when', '%.6f s after the beginning, %s' % (event.entered - conversation.began, took)
    yield 'process', '%d, thread %d' % (event.process, event.thread)
    if event.start is not None:
        yield 'bytes', '%d-%d of its direction' % (event.start, event.stop)
    if event.buffers is not None:
        yield 'buffers', '%d bytes unread, %d sent and not acknowledged%s' % (
            event.buffers.unread, event.buffers.unsent, ', ' + event.buffers.state if event.buffers.state else '')
    end = event.accepted or event.end
    if end is not None:
        names = ' - '.join(filter(None, [end.local, end.remote]))
        number = '#%d ' % event.connection.number if event.connection else ''
        yield 'socket', ' '.join(filter(None, [number + (end.family or 'from elsewhere'), end.type, names]))
