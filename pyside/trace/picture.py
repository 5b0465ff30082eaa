# -*- coding: utf-8 -*-
"""A conversation as SVG: for a page of its own (``page.py``), or alone, for a page in Markdown.

::

    y  |time  text of the client's calls      |L           R|  text of the server's calls
       |                                      |----0-5----->|
       |                                      |            ##  waits: the lifeline is thick from its entry on

Rows, arrows and words are those of ``rows.py``; colours are in ``static/picture.css``.  Read next: ``page.py``.
"""

import bisect
import io
import os
import re
from xml.sax.saxutils import escape, quoteattr

from pyside.trace import rows
from pyside.trace.terminal import fit_call

WIDTH, NEAR, FAR, TIME = 1240, 540, 700, 74
LINE, GAP, TOP = 17, 7, 8
# The waiting of a second thread stands beside that of the first.
THREAD, MOST_ASIDE = 7, 1
LETTERS = (62, 70)
STATIC = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'static')
# What XML cannot carry: a source file may have a form feed.
CONTROL = re.compile(u'[\x00-\x08\x0b-\x1f\x7f]')
COLOURS = 6


def alone(conversation):
    """Return the text of an SVG file with all of a conversation, for a page that shows pictures."""
    found = rows.of(conversation)
    style = static('picture.css')
    return block(found, 0, len(found), conversation, u'<style>%s</style>' % style,
                 u' xmlns="http://www.w3.org/2000/svg"')


def static(name):
    with io.open(os.path.join(STATIC, name), encoding='utf-8') as file:
        return file.read()


def block(found, first, stop, conversation, inside=u'', attributes=u''):
    """Return an ``svg`` element with some of the rows.

    :param found: of :func:`rows.of`.
    :param inside: what stands in front of the drawing.
    """
    places, height = _places(found, first, stop)
    parts = [u'<svg%s class="conversation" viewBox="0 0 %d %d" width="%d" role="img" aria-label="calls %d to %d">' % (
        attributes, WIDTH, height, WIDTH, first + 1, stop), inside]
    for x in (NEAR, FAR):
        parts.append(u'<line class="life" x1="%d" y1="0" x2="%d" y2="%d"/>' % (x, x, height))
    moments = [found[number].moment for number in range(first, stop)]
    for number in range(first, stop):
        for cell in found[number].cells.values():
            parts.append(_waiting(cell, places, number, moments, first))
    for arrow in found.arrows:
        if arrow.source < stop and arrow.target >= first and arrow.cause.side != arrow.effect.side:
            parts.append(_arrow(arrow, places, first, stop, height))
    for number in range(first, stop):
        if found[number].segment is not None:
            parts.append(_segment(found[number].segment, places[number]))
            continue
        parts.append(_time(found[number], places[number], conversation))
        for _, cell in sorted(found[number].cells.items()):
            parts.append(_cell(cell, places[number]))
    return u'\n'.join(part for part in parts if part) + u'\n</svg>\n'


def clean(text):
    """Return text as XML takes it."""
    text = text if isinstance(text, type(u'')) else text.decode('utf-8', 'replace')  # PY2: literals are bytes
    return escape(CONTROL.sub(u'\ufffd', text.replace(u'\t', u' ')))


def key_of(cell):
    """Return the name of a cell in a page."""
    return 'call-%d' % cell.event.number if cell.event is not None else 'line-%.9f' % cell.line.entered


def _places(found, first, stop):
    """Return the y of the call's line of each row, and the height of all."""
    places, y = {}, TOP
    for number in range(first, stop):
        if found[number].segment is not None:
            places[number] = y + LINE - 5
            y += LINE
            continue
        cells = found[number].cells.values()
        above = max(1 if cell.head else 0 for cell in cells)
        below = max(len(cell.remarks) for cell in cells)
        places[number] = y + (above + 1) * LINE - 5
        y += (above + 1 + below) * LINE + GAP
    return places, y + TOP


def _time(row, y, conversation):
    return u'<text class="time" x="%d" y="%d">%.6f</text>' % (TIME - 8, y, row.moment - conversation.began)


def _cell(cell, y):
    x = TIME if cell.side == 0 else FAR + 16
    letters = LETTERS[cell.side]
    text = clean(fit_call(cell.text, letters, u'…'))
    lines = [u'<text class="text" x="%d" y="%d">%s</text>' % (x, y, text)]
    if cell.head:
        place, source = [clean(part) for part in cell.head]
        room = letters - len(cell.head[0]) - 2
        source = clean(_shorter(cell.head[1], room))
        lines.insert(0, u'<text class="head" x="%d" y="%d"><tspan class="place">%s</tspan>  %s</text>' % (
            x, y - LINE, place, source))
    for number, remark in enumerate(cell.remarks, 1):
        lines.append(u'<text class="remark" x="%d" y="%d">%s</text>' % (
            x + 16, y + number * LINE, clean(_shorter(remark, letters - 2))))
    top = y - (2 if cell.head else 1) * LINE + 3
    height = (len(lines)) * LINE + 2
    colour = (cell.connection.number - 1) % COLOURS if cell.connection else u'none'
    width = NEAR - TIME - 4 if cell.side == 0 else WIDTH - FAR - 14
    return (u'<g class="call c%s" id="%s" tabindex="0" role="button" aria-label=%s>'
            u'<rect x="%d" y="%d" width="%d" height="%d" rx="3"/>%s</g>') % (
        colour, key_of(cell), quoteattr(clean(cell.text)), x - 6, top, width, height, u''.join(lines))


def _shorter(text, room):
    text = text if isinstance(text, type(u'')) else text.decode('utf-8', 'replace')  # PY2: literals are bytes
    return text if len(text) <= room else text[:max(0, room - 1)] + u'…'


def _waiting(cell, places, number, moments, first):
    """Draw the lifeline of a call that waited, from where it was entered to where it returned."""
    if cell.event is None or not any(remark.kind in ('waited', 'timeout', 'never') for remark in cell.event.remarks):
        return u''
    start = first + bisect.bisect_left(moments, cell.event.entered)
    top = places.get(start, TOP) - LINE if start < number else places[number] - LINE
    bottom = places[number] if cell.event.returned is not None else places[number] + LINE
    aside = THREAD * min(cell.thread, MOST_ASIDE)
    x = NEAR - aside if cell.side == 0 else FAR + aside
    return u'<rect class="waits" x="%d" y="%d" width="6" height="%d"/>' % (x - 3, top, max(6, bottom - top))


def _arrow(arrow, places, first, stop, height):
    begin = places[arrow.source] - 4 if arrow.source >= first else 0
    end = places[arrow.target] - 4 if arrow.target < stop else height
    near, far = NEAR + 4, FAR - 4
    x1, x2 = (near, far) if arrow.to_right else (far, near)
    colour = (arrow.connection.number - 1) % COLOURS if arrow.connection else 0
    middle, y = (x1 + x2) / 2.0, (begin + end) / 2.0 - 3
    size = 7.3 * len(arrow.label) + 8
    head = u'%d,%d %d,%d %d,%d' % ((x2, end, x2 - 8, end - 4, x2 - 8, end + 4) if arrow.to_right else
                                  (x2, end, x2 + 8, end - 4, x2 + 8, end + 4))
    ticks = u''.join(_tick(arrow, mark, x1, begin, x2, end) for mark in arrow.marks[:32])
    return (u'<g class="arrow %s c%d"><line x1="%d" y1="%d" x2="%d" y2="%d"/>%s%s'
            u'<rect x="%.1f" y="%.1f" width="%.1f" height="14"/><text x="%.1f" y="%.1f">%s</text></g>') % (
        arrow.kind, colour, x1, begin, x2, end, u'<polygon points="%s"/>' % head if arrow.target < stop else u'', ticks,
        middle - size / 2, y - 5, size, middle, y + 6, clean(arrow.label))


def _segment(segment, y):
    x1, x2 = (NEAR + 4, FAR - 4) if segment.side == 0 else (FAR - 4, NEAR + 4)
    back = -6 if segment.side == 0 else 6
    size = 6.4 * len(segment.label) + 6
    middle = x1 + (x2 - x1) * 0.78  # arrows have their labels in the middle
    return (u'<g class="segment"><line x1="%d" y1="%d" x2="%d" y2="%d"/><path d="M%d %d L%d %d L%d %d"/>'
            u'<rect x="%.1f" y="%d" width="%.1f" height="12"/><text x="%.1f" y="%d">%s</text></g>') % (
        x1, y - 4, x2, y - 4, x2 + back, y - 7, x2, y - 4, x2 + back, y - 1,
        middle - size / 2, y - 10, size, middle, y, clean(segment.label))


def _tick(arrow, mark, x1, y1, x2, y2):
    """A line across the arrow, where a frame begins."""
    first, last = arrow.label.split('-')
    share = (mark - int(first)) / float(int(last) - int(first))
    x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
    return u'<line class="frame" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"><title>a frame begins at %d</title></line>' % (
        x, y - 6, x, y + 6, mark)
