"""The way into C: the sessions and codecs of libcref, with the verbs of the Python ones.

The C header is the only declaration; cffi reads it without the preprocessor's
lines and opens the library that make built (ABI mode: no compiler, and one
library for every interpreter).

C twin: ``c_ref/wire/cref.h``.  Read next: ``protocols/table.py``.
"""

import os

from pyside.wire.errors import PeerError, Unsupported
from pyside.wire.framing import DEFAULT_LIMIT

try:
    from cffi import FFI
except ImportError:
    FFI = None

C_REF = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), 'c_ref')
HEADER = os.path.join(C_REF, 'wire', 'cref.h')
LIBRARY = os.environ.get('CREF_LIBRARY', os.path.join(C_REF, 'lib', 'libcref.so'))

_library = None


class _Library(object):
    """The opened library."""

    def __init__(self):
        if FFI is None:
            raise Unsupported('via cffi: the package cffi is not installed')
        self.ffi = FFI()
        with open(HEADER) as header:
            self.ffi.cdef(''.join(line for line in header if not line.startswith('#')))
        try:
            self.lib = self.ffi.dlopen(LIBRARY)
        except OSError as error:
            raise Unsupported('via cffi: %s (make builds it)' % error)
        self.roles = {'server': self.lib.ROLE_SERVER, 'client': self.lib.ROLE_CLIENT}

    def error(self, error):
        """Turn a ``struct error *`` into a PeerError, or None."""
        if error.kind == self.lib.ERROR_NONE:
            return None
        if error.kind == self.lib.ERROR_NO_MEMORY:
            raise MemoryError
        kind = self.ffi.string(self.lib.error_name(error.kind)).decode('ascii')
        return PeerError(str(kind), str(self.ffi.string(error.text).decode('ascii')))

    def take(self, out):
        """Copy the bytes out of a ``struct buffer *`` and empty it."""
        size = self.lib.buffer_size(out)
        if not size:
            return b''
        data = self.ffi.buffer(self.lib.buffer_front(out), size)[:]
        self.lib.buffer_consume(out, size)
        return data

    def names(self, function):
        """Return what a function of the kind ``format_name(index)`` lists."""
        found = []
        while function(len(found)) != self.ffi.NULL:
            found.append(str(self.ffi.string(function(len(found))).decode('ascii')))
        return found


def load_library():
    """Open the library once.

    :raises Unsupported: without cffi, or before make.
    """
    global _library
    if _library is None:
        _library = _Library()
    return _library


def server_session(options):
    """Make a server session in C; the twin of :func:`pyside.protocols.table.server_session`."""
    return _Session('server', options)


def client_session(options):
    """Make a client session in C; the twin of :func:`pyside.protocols.table.client_session`."""
    return _ClientSession('client', options)


class _Session(object):
    """A C session with the verbs of :class:`pyside.wire.session.Session`."""

    def __init__(self, role, options):
        self._library = library = load_library()
        self._lib = library.lib
        if options.protocol not in library.names(library.lib.protocol_name):
            raise Unsupported('protocol %s' % options.protocol)
        session = library.lib.session_new(
            options.protocol.encode('ascii'), library.roles[role], options.format.encode('ascii'), options.max_frame)
        if session == library.ffi.NULL:
            raise MemoryError
        self._session = library.ffi.gc(session, library.lib.session_free)
        self._out = library.ffi.gc(library.ffi.new('struct buffer *'), library.lib.buffer_free)

    @property
    def finished(self):
        return bool(self._lib.session_finished(self._session))

    @property
    def error(self):
        return self._library.error(self._lib.session_error(self._session))

    def start(self):
        self._lib.session_start(self._session, self._out)
        return self._taken()

    def receive(self, data):
        self._lib.session_receive(self._session, data, len(data), self._out)
        return self._taken()

    def receive_eof(self):
        self._lib.session_receive_eof(self._session, self._out)
        return self._taken()

    def receive_timeout(self, seconds):
        self._lib.session_receive_timeout(self._session, seconds, self._out)
        return self._taken()

    @property
    def pending(self):
        return bool(self._lib.session_pending(self._session))

    @property
    def wanted_program(self):
        ffi = self._library.ffi
        name, size = ffi.new('const uint8_t **'), ffi.new('size_t *')
        if not self._lib.session_wanted_program(self._session, name, size):
            return None
        return ffi.buffer(name[0], size[0])[:] if size[0] else b''

    def receive_result(self, status, output):
        self._lib.session_receive_result(self._session, status, output, len(output), self._out)
        return self._taken()

    @property
    def time_limit_is_total(self):
        return bool(self._lib.session_time_limit_is_total(self._session))

    def _taken(self):
        return self._library.take(self._out)


class _ClientSession(_Session):
    """A C session with the verbs of :class:`pyside.wire.session.ClientSession`."""

    def __init__(self, role, options):
        _Session.__init__(self, role, options)
        self.replies = []
        self.half_closes = bool(self._lib.session_half_closes(self._session))
        self.retries = bool(self._lib.session_retries(self._session))

    @property
    def in_flight(self):
        return self._lib.session_in_flight(self._session)

    def submit(self, data, last=True):
        error = self._library.ffi.new('struct error *')
        status = self._lib.session_submit(self._session, data, len(data), last, self._out, error)
        if status == -1:
            raise self._library.error(error)
        return self._taken()

    def submit_eof(self):
        self._lib.session_submit_eof(self._session, self._out)
        return self._taken()

    def _taken(self):
        ffi = self._library.ffi
        data, size, last = ffi.new('const uint8_t **'), ffi.new('size_t *'), ffi.new('int *')
        while self._lib.session_next_reply(self._session, data, size, last):
            piece = ffi.buffer(data[0], size[0])[:] if size[0] else b''
            self.replies.append((piece, bool(last[0])))
        return _Session._taken(self)


def encode(name, payload, limit=DEFAULT_LIMIT):
    """Make one frame in C; the twin of :func:`pyside.wire.framing.encode`."""
    library = load_library()
    out = library.ffi.gc(library.ffi.new('struct buffer *'), library.lib.buffer_free)
    error = library.ffi.new('struct error *')
    frame_format = library.lib.format_find(name.encode('ascii'))
    if library.lib.frame_encode(frame_format, payload, len(payload), limit, out, error) == -1:
        raise library.error(error)
    return library.take(out)


class Decoder(object):
    """A C decoder; the twin of :class:`pyside.wire.framing.Decoder`."""

    def __init__(self, name, limit=DEFAULT_LIMIT):
        self._library = library = load_library()
        self._decoder = library.ffi.gc(library.ffi.new('struct decoder *'), library.lib.decoder_free)
        library.lib.decoder_init(self._decoder, library.lib.format_find(name.encode('ascii')), limit)

    def feed(self, data):
        self._check(self._library.lib.decoder_feed(self._decoder, data, len(data)))

    def next_frame(self):
        ffi = self._library.ffi
        payload, length = ffi.new('const uint8_t **'), ffi.new('size_t *')
        if not self._check(self._library.lib.decoder_next(self._decoder, payload, length)):
            return None
        return ffi.buffer(payload[0], length[0])[:] if length[0] else b''

    def feed_eof(self):
        self._check(self._library.lib.decoder_feed_eof(self._decoder))

    def _check(self, result):
        if result == -1:
            raise self._library.error(self._library.ffi.addressof(self._decoder, 'error'))
        return result
