"""Messages on standard input, replies on standard output.

::

    hello\\n                    68656c6c6f\\n        one line, one message
    \\n                         \\n                  an empty message
                               with --hex: two digits a byte, so that any byte can be typed,
                               68 65 6c 6c 6f with spaces between bytes too

A terminal is asked with a prompt on stderr for each line, and ends with the
line ``exit`` or with Ctrl-D.  A line that is no message is asked for again.

Lines of any length pass through in pieces, ``(data, last)``; ``last`` says that
the message ends with this piece.

C twin: ``c_ref/programs/messages.c``.  Read next: ``programs/datagram_client.py``.
"""

import os
from binascii import hexlify, unhexlify

from pyside.net.netio import CHUNK
from pyside.programs import standard
from pyside.wire.errors import UNSENDABLE, PeerError


class Source(object):
    """Cuts what can be read from a descriptor into messages.

    :param fd: a descriptor that is read only when :meth:`read` is called.
    :param is_hex: whether the lines are hex digits.

    ``ended``
        there is no more.
    ``error``
        a :class:`PeerError` of the kind ``unsendable``, when it ended with a line that is no message, or because the
        input cannot be read or kept.
    ``in_line``
        the last piece did not end its message.
    ``is_terminal``
        a person types the lines.
    """

    is_terminal = False

    def __init__(self, fd, is_hex):
        self.fd = fd
        self.ended = False
        self.error = None
        self.in_line = False
        self._is_hex = is_hex
        self._line = 1
        self._odd_digit = b''

    def read(self):
        """Call ``read`` once; return the pieces in what came."""
        try:
            data = self._read_some()
        except EnvironmentError as error:
            self.error = PeerError(UNSENDABLE, 'cannot read the input: %s' % error.strerror)
            self.ended = True
            return []
        if not data:
            self.ended = True
            texts = [(b'', True)] if self.in_line else []
        else:
            lines = data.split(b'\n')
            texts = [(line, True) for line in lines[:-1]]
            if lines[-1]:
                texts.append((lines[-1], False))
        pieces = []
        for text, last in texts:
            try:
                pieces.append(self._piece(text, last))
            except PeerError as error:
                # A line of which a part was handed out already cannot be taken back.
                if self.in_line or not last or not self._asks_again():
                    self.error = error
                    self.ended = True
                    break
            self._line += last
            self.in_line = not last
        return pieces

    def prompt(self):
        """Ask the person at the terminal, if there is one, for the next line."""

    def say(self, text):
        """Tell the person at the terminal something while the prompt stands there."""

    def _asks_again(self):
        """Tell whether a line that is no message is asked for again."""
        return False

    def _read_some(self):
        return standard.read(self.fd, CHUNK)

    def _piece(self, text, last):
        if not self._is_hex:
            return text, last
        groups = (self._odd_digit + text).split(b' ')
        cut = len(groups[-1]) if last else len(groups[-1]) & ~1
        self._odd_digit = groups[-1][cut:]
        groups[-1] = groups[-1][:cut]
        try:
            return b''.join([unhexlify(group) for group in groups]), last
        except (TypeError, ValueError):
            # PY2: unhexlify raises TypeError; on Python 3 it is a ValueError.
            raise PeerError(UNSENDABLE, 'line %d of the input is not hex, two digits a byte' % self._line)


class Terminal(Source):
    """A source with a person.  The terminal hands out a line at a time."""

    is_terminal = True

    def __init__(self, fd, is_hex):
        Source.__init__(self, fd, is_hex)
        self._asked = False

    def prompt(self):
        # Ctrl-D in a line hands out its beginning: the rest follows without a prompt.
        if not self._asked and not self.in_line:
            _show('> ')
            self._asked = True

    def say(self, text):
        # The cursor stands behind the prompt.
        _show('%sclient: %s\n' % ('\n' if self._asked else '', text))
        self._asked = False

    def _asks_again(self):
        self.say('line %d is not hex, two digits a byte; try again' % self._line)
        return True

    def _read_some(self):
        self._asked = False
        data = Source._read_some(self)
        if not data:
            _show('\n')  # Ctrl-D leaves the cursor behind the prompt
        return b'' if data == b'exit\n' else data


def _show(text):
    try:
        standard.write(2, text.encode('ascii'))
    except EnvironmentError:
        pass  # a person who closed standard error does without prompts


def open_source(fd, is_hex):
    """Return a :class:`Source` or a :class:`Terminal`."""
    return (Terminal if os.isatty(fd) else Source)(fd, is_hex)


class Replay(object):
    """A source that can be rewound, at the price of a temporary file; where messages end is forgotten."""

    def __init__(self, source):
        import tempfile  # here, because most sessions can do without, and it is slow to import
        self._source = source
        self._unread = 0
        self._size = 0
        self._error = None
        # Without a buffer, so that a full disk is noticed by the write that it fails.
        self._file = self._try('keep the input', tempfile.TemporaryFile, 'w+b', 0)

    @property
    def fd(self):
        return self._file.fileno() if self._unread else self._source.fd

    @property
    def in_line(self):
        return self._source.in_line

    @property
    def is_terminal(self):
        return self._source.is_terminal

    @property
    def ended(self):
        return self._error is not None or (not self._unread and self._source.ended)

    @property
    def error(self):
        return self._error or self._source.error

    def read(self):
        if self._unread:
            data = self._try('read what was kept of the input', self._file.read, min(CHUNK, self._unread))
            self._unread -= len(data or b'')
            return [(data, False)] if data else []
        pieces = self._source.read()
        for data, _ in pieces:
            self._try('keep the input', self._keep, data)
        return pieces if self._error is None else []

    def prompt(self):
        if not self._unread:
            self._source.prompt()

    def rewind(self):
        self._unread = self._size
        self._file.seek(0)

    def _keep(self, data):
        self._size += len(data)
        while data:
            # PY2: a file without a buffer returns None, and writes everything.
            data = data[self._file.write(data) or len(data):]

    def _try(self, what, function, *arguments):
        """Call a function that may find the disk full; then this source has ended, with an error."""
        try:
            return function(*arguments)
        except EnvironmentError as error:
            self._error = PeerError(UNSENDABLE, 'cannot %s: %s' % (what, error.strerror or error))
            return None


class Sink(object):
    """Writes replies, each as one line, at once."""

    def __init__(self, fd, is_hex):
        self._fd = fd
        self._is_hex = is_hex

    def write(self, replies):
        """Write the pieces and take them out of the list.

        :raises PeerError: ``unsendable``, when they cannot be written.
        """
        parts = []
        for data, last in replies:
            parts.append(hexlify(data) if self._is_hex else data)
            if last:
                parts.append(b'\n')
        del replies[:]
        try:
            standard.write(self._fd, b''.join(parts))
        except EnvironmentError as error:
            raise PeerError(UNSENDABLE, 'cannot write the replies: %s' % error.strerror)
