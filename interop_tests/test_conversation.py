"""The conversation, in Python and in C: what a server decides about one connection, without sockets or waiting.

A row is a list of steps ``(now, verb, arguments, what is expected then)``; time is the first argument.
"""

from collections import namedtuple

import pytest

from interop_tests.c_conversation import CConversation
from pyside.iomodels.conversation import OUTPUT_MARK, Conversation
from pyside.net.timers import NEVER
from pyside.protocols.table import server_session
from pyside.wire.errors import RESET, PeerError
from pyside.wire.session import MESSAGES_PER_CALL

Options = namedtuple('Options', 'protocol format max_frame')

TIMEOUT = 5
START = 100
GONE = PeerError(RESET, 'Connection reset by peer')
WELCOME = b'\0\0\0\x07Welcome'

# The idle timeout of each row is 5 s, and it begins at 100 s.
ROWS = {
    'echo-to-the-end': ('echo', [
        (100, None, (), {'wants_read': True, 'wants_write': False, 'deadline': 105, 'over': False, 'to_send': b''}),
        (101, 'feed', (b'hello',), {'to_send': b'hello', 'wants_write': True, 'wants_read': True, 'deadline': 106}),
        (102, 'sent', (2,), {'to_send': b'llo', 'deadline': 107}),
        (103, 'sent', (3,), {'to_send': b'', 'wants_write': False, 'deadline': 108}),
        (104, 'feed_eof', (), {'over': True, 'log_lines': ['peer: closed']}),
    ]),
    'replies-owed-at-half-close': ('echo', [
        (100, 'feed', (b'hello',), {}),
        (101, 'feed_eof', (), {'over': False, 'wants_read': False, 'to_send': b'hello', 'deadline': 106}),
        (102, 'sent', (5,), {'over': True, 'wants_half_close': False}),
    ]),
    'silence': ('echo', [
        (104.9, 'tick', (), {'over': False, 'log_lines': []}),
        (105, 'tick', (), {
            'log_lines': ['peer: timed-out: silence for 5 s'], 'wants_half_close': True, 'wants_read': True,
            'over': False, 'deadline': 107}),
        (107, 'tick', (), {'over': True, 'log_lines': ['peer: closed']}),
    ]),
    'a-byte-is-progress': ('echo', [
        (104, 'feed', (b'x',), {'deadline': 109}),
        (104, 'sent', (1,), {'deadline': 109}),
        (108, 'tick', (), {'over': False, 'log_lines': []}),
        (109, 'tick', (), {'log_lines': ['peer: timed-out: silence for 5 s']}),
    ]),
    'a-byte-taken-is-progress': ('echo', [
        (100, 'feed', (b'xyz',), {'deadline': 105}),
        (104, 'sent', (1,), {'deadline': 109}),
        (108, 'sent', (1,), {'deadline': 113}),
        (112, 'tick', (), {'over': False}),
    ]),
    'nothing-taken-is-none': ('echo', [
        (100, 'feed', (b'xyz',), {'deadline': 105}),
        (104, 'sent', (0,), {'deadline': 105}),
        (105, 'tick', (), {'over': True, 'log_lines': ['peer: timed-out: silence for 5 s', 'peer: closed']}),
    ]),
    'back-pressure': ('echo', [
        (100, 'feed', (b'x' * (OUTPUT_MARK - 1),), {'wants_read': True}),
        (100, 'feed', (b'x',), {'wants_read': False}),
        (101, 'sent', (1,), {'wants_read': True}),
    ]),
    'reset': ('echo', [
        (101, 'lost', (GONE,), {'over': True, 'log_lines': ['peer: reset: Connection reset by peer', 'peer: closed']}),
    ]),
    'nothing-is-wanted-any-more-once-it-is-over': ('frame-u8', [
        (100, 'feed', (b'\0' * (MESSAGES_PER_CALL + 1),), {'wants_write': True, 'wants_more_time': True}),
        (101, 'stop', (), {
            'over': True, 'wants_write': False, 'wants_more_time': False, 'wants_read': False, 'deadline': NEVER}),
        (200, 'tick', (), {'wants_write': False, 'log_lines': []}),
    ]),
    'nothing-is-read-any-more-after-lingering': ('frame', [
        (100, 'feed', (b'\xff\xff\xff\xff',), {'wants_half_close': True, 'wants_read': True}),
        (101, 'feed_eof', (), {'over': True, 'wants_half_close': False, 'wants_read': False, 'deadline': NEVER}),
    ]),
    'no-program-is-wanted-any-more-by-a-client-that-is-gone': ('command', [
        (100, 'feed', (b'\0\0\0\x04true',), {'wanted_program': b'true'}),
        (101, 'lost', (GONE,), {'over': True, 'wanted_program': None, 'wants_write': False}),
    ]),
    'told-to-stop': ('echo', [
        (100, 'feed', (b'x',), {}),
        (101, 'stop', (), {'over': True, 'log_lines': ['peer: closed']}),
        (101, 'stop', (), {'over': True, 'log_lines': []}),
    ]),
    'garbage-is-logged-at-once-and-what-was-complete-is-answered': ('frame', [
        (100, 'feed', (b'\0\0\0\x01a' + b'\xff\xff\xff\xff',), {
            'to_send': b'\0\0\0\x01a', 'wants_read': False, 'wants_half_close': False,
            'log_lines': ['peer: too-long: frame of 4294967295 bytes, the limit is 1000']}),
        (101, 'sent', (5,), {'wants_half_close': True, 'wants_read': True, 'deadline': 103, 'over': False}),
        (101, 'half_closed', None, {'wants_half_close': False}),
        (102, 'feed', (b'more',), {'to_send': b'', 'deadline': 103, 'log_lines': [], 'over': False}),
        (102, 'feed_eof', (), {'over': True, 'log_lines': ['peer: closed']}),
    ]),
    'lingering-ends-at-its-deadline-although-bytes-come': ('frame', [
        (100, 'feed', (b'\xff\xff\xff\xff',), {'wants_half_close': True, 'deadline': 102}),
        (101.9, 'feed', (b'x' * 1000,), {'deadline': 102, 'over': False}),
        (102, 'tick', (), {'over': True}),
    ]),
    'a-reset-while-lingering-is-no-news': ('frame', [
        (100, 'feed', (b'\xff\xff\xff\xff',), {}),
        (101, 'lost', (GONE,), {'over': True, 'log_lines': ['peer: closed']}),
    ]),
    'end-of-input-inside-a-frame': ('frame', [
        (100, 'feed', (b'\0\0\0\x09abc',), {}),
        (101, 'feed_eof', (), {
            'over': True,
            'log_lines': ['peer: truncated: end of input inside a frame: 7 of 13 bytes', 'peer: closed']}),
    ]),
    'half-closed-before-an-answer-that-is-not-taken': ('count', [
        (100, 'feed', (b'hello',), {'to_send': b''}),
        (101, 'feed_eof', (), {'to_send': b'5\n', 'over': False, 'deadline': 106}),
        (106, 'tick', (), {'over': True, 'log_lines': ['peer: timed-out: silence for 5 s', 'peer: closed']}),
    ]),
    'greet-has-one-limit-for-the-line': ('greet', [
        (104, 'feed', (b'1',), {'deadline': 105}),
        (105, 'tick', (), {'to_send': b'time out\n', 'deadline': 110, 'log_lines': []}),
        (109, 'sent', (4,), {'deadline': 114}),
        (110, 'sent', (5,), {'wants_half_close': True, 'deadline': 112}),
    ]),
    'a-flood-of-empty-frames': ('frame-u8', [
        (100, 'feed', (b'\0' * (MESSAGES_PER_CALL + 2),), {
            'to_send': b'\0' * MESSAGES_PER_CALL, 'wants_more_time': True, 'wants_read': False, 'deadline': NEVER}),
        (101, 'tick', (), {
            'to_send': b'\0' * (MESSAGES_PER_CALL + 2), 'wants_more_time': False, 'wants_read': True, 'deadline': 105}),
    ]),
    'a-flood-then-the-end-of-input': ('frame-u8', [
        (100, 'feed', (b'\0' * (MESSAGES_PER_CALL + 1),), {}),
        (100, 'feed_eof', (), {'wants_more_time': True, 'over': False}),
        (101, 'sent', (MESSAGES_PER_CALL,), {'wants_more_time': True, 'over': False}),
        (102, 'tick', (), {'to_send': b'\0', 'wants_more_time': False, 'over': False}),
        (103, 'sent', (1,), {'over': True}),
    ]),
    'a-flood-then-garbage': ('frame', [
        (100, 'feed', (b'\0\0\0\0' * MESSAGES_PER_CALL + b'\xff\xff\xff\xff',), {
            'wants_more_time': True, 'log_lines': []}),
        (101, 'tick', (), {
            'wants_more_time': False, 'to_send': b'\0\0\0\0' * MESSAGES_PER_CALL,
            'log_lines': ['peer: too-long: frame of 4294967295 bytes, the limit is 1000']}),
    ]),
    'no-more-work-while-much-waits': ('frame-u8', [
        (100, 'feed', (b'\xff' + b'x' * 255,) * 1, {}),
        (100, 'feed', ((b'\xff' + b'x' * 255) * 255 + b'\0' * 2000,), {'wants_more_time': False, 'wants_read': False}),
        (101, 'sent', (60000,), {'wants_more_time': True, 'wants_read': False}),
    ]),
    'a-program': ('command', [
        (100, None, (), {'to_send': WELCOME, 'wanted_program': None, 'deadline': 105}),
        (100, 'sent', (len(WELCOME),), {}),
        (101, 'feed', (b'\0\0\0\x04true\0\0\0\x05false',), {
            'wanted_program': b'true', 'wants_read': False, 'deadline': NEVER}),
        (190, 'tick', (), {'wanted_program': b'true', 'over': False, 'log_lines': []}),
        (199, 'program_done', (0, b'yes'), {
            'to_send': b'\0\0\0\x04\0yes', 'wanted_program': b'false', 'deadline': NEVER}),
        (200, 'sent', (8,), {'wanted_program': b'false'}),
        (201, 'program_done', (1, b''), {
            'to_send': b'\0\0\0\x07\x01Done.\n', 'wanted_program': None, 'wants_read': True, 'deadline': 206}),
    ]),
    'a-program-that-was-killed': ('command', [
        (100, 'feed', (b'\0\0\0\x04loop',), {'wanted_program': b'loop'}),
        (101, 'program_done', (137, b'', 'more than 1 s'), {
            'log_lines': ['peer: killed loop: more than 1 s'], 'wanted_program': None}),
    ]),
    'a-program-waits-while-much-is-to-be-sent': ('command', [
        (100, 'sent', (len(WELCOME),), {}),
        (100, 'feed', (b'\0\0\0\x01a\0\0\0\x01b',), {'wanted_program': b'a'}),
        (101, 'program_done', (0, b'x' * OUTPUT_MARK), {'wanted_program': None, 'wants_read': False, 'deadline': 106}),
        (105, 'sent', (1000,), {'wanted_program': b'b', 'deadline': NEVER}),
    ]),
    'the-client-leaves-while-its-program-runs': ('command', [
        (100, 'feed', (b'\0\0\0\x04true',), {'wanted_program': b'true'}),
        (101, 'lost', (GONE,), {'over': True, 'log_lines': ['peer: reset: Connection reset by peer', 'peer: closed']}),
    ]),
}


def in_python(options):
    return Conversation(server_session(options), 'peer', TIMEOUT, START, True)


def in_c(options):
    pytest.importorskip('cffi')
    return CConversation(options, 'peer', TIMEOUT, START, True)


@pytest.fixture(params=[in_python, in_c], ids=['python', 'c'])
def make(request):
    return request.param


@pytest.mark.parametrize('row', sorted(ROWS))
def test_row(make, row):
    protocol, steps = ROWS[row]
    name, _, framing = protocol.partition('-')
    conversation = make(Options(name, framing or 'u32be', 1000))
    assert conversation.take_log_lines() == ('peer: connected',)
    for now, verb, arguments, expected in steps:
        step = '%s at %g s' % (verb, now)
        if verb == 'program_done':
            conversation.program_done(*(arguments[:2] + (now,) + arguments[2:]))
        elif verb in ('lost', 'stop', 'half_closed'):
            getattr(conversation, verb)(*arguments or ())
        elif verb is not None:
            getattr(conversation, verb)(*(arguments + (now,)))
        lines = list(conversation.take_log_lines())
        for what, value in expected.items():
            found = lines if what == 'log_lines' else state(conversation, what)
            assert (step, what, found) == (step, what, value)


def state(conversation, what):
    return bytearray(conversation.to_send()) if what == 'to_send' else getattr(conversation, what)


def test_quiet_conversations_say_only_what_went_wrong():
    conversation = Conversation(server_session(Options('echo', 'u32be', 1000)), 'peer', TIMEOUT, START)
    conversation.feed_eof(START)
    assert conversation.over
    assert conversation.take_log_lines() == ()
