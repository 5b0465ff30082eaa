"""Playing a script in both languages, and what differs.

After every step all that an I/O model or a program can see is noted: bytes to send, what is wanted, deadline, log
lines, replies, and the error with its text.
"""

import json
from collections import namedtuple

from interop_tests.c_conversation import CConversation
from interop_tests.fuzz.script import LOST, QUARTER
from interop_tests.vectors import byte_string
from pyside.iomodels.conversation import Conversation
from pyside.protocols import table
from pyside.wire import cref
from pyside.wire.errors import PeerError

Options = namedtuple('Options', 'protocol format max_frame')
Language = namedtuple('Language', 'conversation server_session client_session')

TIMEOUT, START = 5, 100
SEEN = ('over', 'wants_read', 'wants_write', 'wants_more_time', 'wants_half_close', 'wanted_program', 'deadline')
# What stands in for the program that a server of command runs for a client.
RESULT = (3, b'output')

PYTHON = Language(
    lambda options: Conversation(table.server_session(options), 'peer', TIMEOUT, START, True),
    table.server_session, table.client_session)
C = Language(
    lambda options: CConversation(options, 'peer', TIMEOUT, START, True), cref.server_session, cref.client_session)


def disagreement(script):
    """Return None, or a text: the script as a vector, and the first step after which the languages differ."""
    ours, theirs = play(script, PYTHON), play(script, C)
    for number, (one, other) in enumerate(zip(ours, theirs)):
        if one != other:
            before = json.dumps(script['steps'][:number])
            return 'script: %s\nafter %s\n%s' % (
                json.dumps(script, sort_keys=True), before, '\n'.join(
                    '%s: Python %s, C %s' % (key, _short(one.get(key)), _short(other.get(key)))
                    for key in sorted(set(one) | set(other)) if one.get(key) != other.get(key)))
    return None


def play(script, language):
    """Return a list of dictionaries: what was seen at the beginning, and after each step."""
    options = Options(script['protocol'], script['format'], script['limit'])
    player = {'server': _Server, 'client': _Client}[script['role']](language, options)
    seen = [player.seen()]
    for step in script['steps']:
        getattr(player, step[0])(*step[1:])
        seen.append(player.seen())
    return seen


class _Server(object):
    """A conversation, used as an I/O model uses it."""

    def __init__(self, language, options):
        self._conversation = language.conversation(options)
        self._now = START
        self._saw_eof = False

    def feed(self, parts):
        if self._conversation.wants_read and not self._saw_eof:
            self._conversation.feed(byte_string(parts), self._now)

    def feed_eof(self):
        if self._conversation.wants_read and not self._saw_eof:
            self._saw_eof = True
            self._conversation.feed_eof(self._now)

    def tick(self):
        self._conversation.tick(self._now)

    def sent(self, part):
        """The kernel takes so many 256ths of what waits."""
        waiting = len(self._conversation.to_send())
        if self._conversation.wants_write:
            self._conversation.sent((waiting * (part + 1) + 255) // 256, self._now)

    def half_closed(self):
        if self._conversation.wants_half_close:
            self._conversation.half_closed()

    def program_done(self, status, killed, parts):
        name = self._conversation.wanted_program
        if name is not None:
            # A program that is killed was started, and so its name is one of an allow-list.
            why = 'more than 1 s' if killed % 2 and name == b'true' else None
            self._conversation.program_done(status, byte_string(parts), self._now, why)

    def lost(self, kind):
        if not self._conversation.over:
            self._conversation.lost(PeerError(LOST[kind % len(LOST)], 'Connection lost'))

    def stop(self):
        self._conversation.stop()

    def later(self, quarters):
        self._now += quarters * QUARTER

    def seen(self):
        seen = {key: getattr(self._conversation, key) for key in SEEN}
        seen['to_send'] = bytes(bytearray(self._conversation.to_send()))
        seen['log_lines'] = list(self._conversation.take_log_lines())
        return seen


class _Client(object):
    """A client session, and a server session that gives it right answers when it is asked to."""

    def __init__(self, language, options):
        self._session = language.client_session(options)
        self._server = language.server_session(options)
        self._input_ended = self._saw_eof = False
        self._said = self._session.start()
        self._heard = self._server.start()
        self._refused = None

    def submit(self, last, parts):
        if not self._input_ended:
            try:
                self._say(self._session.submit(byte_string(parts), bool(last % 2)))
            except PeerError as error:
                self._refused = str(error)
                self._input_ended = True  # as the client does: no message goes behind one that cannot be sent
                self._say(self._session.submit_eof())

    def submit_eof(self):
        if not self._input_ended:
            self._input_ended = True
            self._say(self._session.submit_eof())

    def receive(self, parts):
        if not self._saw_eof:
            self._say(self._session.receive(byte_string(parts)))

    def receive_eof(self):
        if not self._saw_eof:
            self._saw_eof = True
            self._say(self._session.receive_eof())

    def relay(self):
        """The server hears what the client said, and the client hears the answer."""
        server = self._server
        if server.wanted_program is None:
            self._heard += server.receive(self._said)
            self._said = b''
        while server.pending:
            self._heard += server.receive(b'')
        while server.wanted_program is not None:
            self._heard += server.receive_result(*RESULT)
        if self._input_ended and self._session.half_closes:
            self._heard += server.receive_eof()
        if not self._saw_eof:
            self._say(self._session.receive(self._heard))
            self._heard = b''

    def _say(self, data):
        self._said += data

    def seen(self):
        session = self._session
        seen = {
            'said': self._said, 'refused': self._refused, 'error': session.error and str(session.error),
            'finished': session.finished, 'in_flight': session.in_flight, 'replies': list(session.replies)}
        del session.replies[:]
        return seen


def _short(value):
    text = repr(value)
    return text if len(text) <= 300 else '%s.. (%d)' % (text[:300], len(text))
