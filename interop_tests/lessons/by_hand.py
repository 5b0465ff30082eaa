"""The section "By hand" of each lesson: its text with the commands filled in, and those commands read back from a page.

In ``page.md``::

    {start naive_server}                  the commands that start it, each with the PORT that it prints
    {start naive_server python2.7}        only those
    {start naive_client} ... {end}        the commands that start it, each with these lines
    {talk}                                what to do in another terminal; a block with talk.py follows

On the page, for a person and for the test alike::

    ```console
    $ command          a new terminal, or the next command in this one
    > hello            typed behind a prompt; in a block with talk.py, every line that does not begin with <
    ^C                 Ctrl-C, and ^D is Ctrl-D
    anything           printed; ... stands for any text, alone for any number of lines
    ```

A block that begins with no ``$`` goes on in the other terminal.  Blocks that start one program in several languages are
one step: what follows holds for each of them.  Read next: ``talk.py``.
"""

import re
from collections import namedtuple

COMMANDS = [
    ('python2.7', 'python2.7 -m interop_tests.lessons.{lesson}.{name}{port}'),
    ('python3', 'python3 -m interop_tests.lessons.{lesson}.{name}{port}'),
    ('c', 'cc -o /tmp/{name} interop_tests/lessons/{lesson}/{name}.c && /tmp/{name}{port}')]
NAMES = {'python2.7': 'Python 2', 'python3': 'Python 3', 'c': 'C'}
START = re.compile(r'^\{start (naive_server)(.*)\}$()|^\{start (naive_client)(.*)\}\n([^{]*?)\n?\{end\}$', re.M)
SERVER = 'In a terminal, in the repository, the server'
CLIENT = 'In another terminal, with the port that was printed for PORT, the client'
TALK = """\
In another terminal, with the port that was printed for PORT, speak to it.
[talk.py](../../interop_tests/lessons/talk.py) sends each line that you type, without its newline, and shows behind `<`
what it receives."""
BLOCK = re.compile(r'^```console\n(.*?)```$', re.M | re.S)
OF_KIND = re.compile(r'^\$ (?:(python2\.7|python3) -m interop_tests\.lessons\.\w+\.naive_|(c)c )')

# kinds: of those in COMMANDS, for which it holds.  lines: without the newlines.
Block = namedtuple('Block', 'kinds lines')


def expand(lesson, text):
    """Return the text of a page with the commands filled in."""
    return START.sub(lambda match: _start(lesson, *match.groups()), text).replace('{talk}', TALK)


def blocks(page, kind):
    """Return the console blocks of a page that hold for a kind: ``[lines]``.

    :param kind: ``python2.7``, ``python3`` or ``c``.  Where nothing is special to 2.7, what holds for Python 3 holds.
    """
    found = []
    of_step = {name for name, _ in COMMANDS}
    last_end = 0
    for match in BLOCK.finditer(page):
        lines = match.group(1).splitlines()
        starts = OF_KIND.match(lines[0])
        if starts:
            mine = {starts.group(1) or starts.group(2)}
            goes_on = page[last_end:match.start()].strip() == ''
            of_step = of_step | mine if goes_on else mine
        found.append(Block(mine if starts else of_step, lines))
        last_end = match.end()
    if kind == 'python2.7' and '$ python2.7' not in page:
        kind = 'python3'
    return [block.lines for block in found if kind in block.kinds]


def _start(lesson, server, server_kinds, _, client, client_kinds, lines):
    name = server or client
    kinds = (server_kinds or client_kinds or '').split() or ['python3', 'c']
    text = '%s, in %s:' % (SERVER if server else CLIENT, ' or in '.join(NAMES[kind] for kind in kinds))
    printed = 'PORT\n' if server else lines + '\n' if lines else ''
    for kind, command in COMMANDS:
        if kind in kinds:
            filled = command.format(lesson=lesson, name=name, port='' if server else ' PORT')
            text += '\n\n```console\n$ %s\n%s```' % (filled, printed)
    return text
