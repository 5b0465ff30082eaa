"""The conversation in C, reached through cffi, with the names of :class:`pyside.iomodels.conversation.Conversation`."""

import os

from pyside.wire import cref

HEADER = os.path.join(cref.C_REF, 'iomodels', 'conversation.h')


class CConversation(object):
    """A conversation of libcref.

    :param options: its ``protocol``, ``format`` and ``max_frame`` are used.
    """

    def __init__(self, options, peer, timeout, now, verbose=False):
        self._library = cref.load_library()
        _declare(self._library.ffi)
        lib = self._library.lib
        session = lib.session_new(
            options.protocol.encode('ascii'), lib.ROLE_SERVER, options.format.encode('ascii'), options.max_frame)
        self._conversation = self._library.ffi.gc(
            lib.conversation_new(session, peer.encode('ascii'), timeout, now, verbose), lib.conversation_free)

    def feed(self, data, now):
        self._call('feed', data, len(data), now)

    def feed_eof(self, now):
        self._call('feed_eof', now)

    def lost(self, error):
        lib, made = self._library.lib, self._library.ffi.new('struct error *')
        made.kind = {'reset': lib.ERROR_RESET, 'timed-out': lib.ERROR_TIMED_OUT}[error.kind]
        made.text = error.text.encode('ascii')
        self._call('lost', made)

    def tick(self, now):
        self._call('tick', now)

    def to_send(self):
        data = self._library.ffi.new('const uint8_t **')
        size = self._call('to_send', data)
        return self._library.ffi.buffer(data[0], size)[:] if size else b''

    def sent(self, size, now):
        self._call('sent', size, now)

    def half_closed(self):
        self._call('half_closed')

    def program_done(self, status, output, now, killed=None):
        why = self._library.ffi.NULL if killed is None else self._library.ffi.new('char[]', killed.encode('ascii'))
        self._call('program_done', status, output, len(output), now, why)

    def stop(self):
        self._call('stop')

    wants_read = property(lambda self: bool(self._call('wants_read')))
    wants_write = property(lambda self: bool(self._call('wants_write')))
    wants_more_time = property(lambda self: bool(self._call('wants_more_time')))
    wants_half_close = property(lambda self: bool(self._call('wants_half_close')))
    deadline = property(lambda self: self._call('deadline'))
    over = property(lambda self: bool(self._call('over')))

    @property
    def wanted_program(self):
        ffi = self._library.ffi
        name, size = ffi.new('const uint8_t **'), ffi.new('size_t *')
        if not self._call('wanted_program', name, size):
            return None
        return ffi.buffer(name[0], size[0])[:] if size[0] else b''

    def take_log_lines(self):
        """Return the lines since the last look."""
        lines = []
        line = self._call('next_log_line')
        while line != self._library.ffi.NULL:
            lines.append(str(self._library.ffi.string(line).decode('ascii')))
            line = self._call('next_log_line')
        return tuple(lines)

    def _call(self, name, *arguments):
        return getattr(self._library.lib, 'conversation_' + name)(self._conversation, *arguments)


_declared = set()


def _declare(ffi):
    """Declare the functions once."""
    if ffi not in _declared:
        _declared.add(ffi)
        with open(HEADER) as header:
            ffi.cdef(''.join(line for line in header if not line.startswith('#')))
