"""What a stored picture of a conversation says, and whether its lines of source are still those of the programs."""

import io
import os
import re
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

# For programs in C that are drawn.  addr2line(1) of some systems takes functions of a header for the source's own where
# DWARF is newer.
DEBUGGING = ['-gdwarf-4']
# Where a call was made, and the line of source, which may be cut.
HEAD = re.compile(r'<tspan class="place">([\w.]+):(\d+)</tspan>  (.*?)</text>')


def words_of(path):
    """Return the words of a picture, a line for each line; '' where there is none."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return u''
    return u'\n'.join(u''.join(element.itertext()) for element in ElementTree.parse(path).iter()
                      if element.tag.endswith('}text'))


def unseen(patterns, path):
    """Return the regular expressions that the words of a picture do not match."""
    text = words_of(path)
    return [pattern for pattern in patterns if not re.search(pattern, text)]


def lines_of(path, programs):
    """Return ``[(file:line, line as drawn, line as it is)]`` for the calls of programs in a picture.

    :param programs: paths of sources.
    """
    sources = {os.path.basename(program): _read(program).split(u'\n') for program in programs}
    return [('%s:%s' % (name, number), _plain(unescape(line)).rstrip(u'\u2026'), _plain(sources[name][int(number) - 1]))
            for name, number, line in HEAD.findall(_read(path)) if name in sources]


def _plain(text):
    return u' '.join(text.split())


def _read(path):
    with io.open(path, encoding='utf-8') as file:
        return file.read()
