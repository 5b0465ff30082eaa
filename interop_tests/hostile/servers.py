"""Hostile servers: each against the client of each language, by the checks that every client has to pass."""

from collections import OrderedDict

from interop_tests.checks.all import CHECKS
from interop_tests.judging import Judge
from interop_tests.trials import Trial, Trials

# What a server does: the check, its protocol, framing and transport.
ROWS = OrderedDict([
    ('answers-too-much', ('more-than-was-asked-for', 'frame', 'u32be', 'inet')),
    ('answers-before-it-is-asked', ('replies-before-the-message', 'frame', 'u32be', 'inet')),
    ('answers-twice', ('late-and-doubled-replies', 'echo', '-', 'inet-dgram')),
    ('answers-something-else', ('a-wrong-reply', 'frame', 'u32be', 'inet')),
    ('answers-with-garbage', ('malformed-u32be-an-http-request', 'frame', 'u32be', 'inet')),
    ('announces-4-GiB', ('malformed-u32be-largest-length', 'frame', 'u32be', 'inet')),
    ('announces-one-over-the-limit', ('a-reply-over-the-limit', 'frame', 'u32be', 'inet')),
    ('never-ends-a-number', ('malformed-netstring-never-ends', 'frame', 'netstring', 'inet')),
    ('never-ends-a-varint', ('malformed-varint-never-ends', 'frame', 'varint', 'inet')),
    ('answers-a-byte-at-a-time', ('a-reply-a-byte-at-a-time', 'frame', 'u32be', 'inet')),
    ('answers-slowly', ('a-slow-reply', 'frame', 'u32be', 'inet')),
    ('never-answers', ('silence-instead-of-a-reply', 'frame', 'u32be', 'inet')),
    ('never-closes', ('the-server-never-closes', 'frame', 'u32be', 'inet')),
    ('ends-instead-of-answering', ('the-end-instead-of-a-reply', 'frame', 'u32be', 'inet')),
    ('cuts-its-answer', ('the-end-inside-a-reply', 'frame', 'u32be', 'inet')),
    ('resets', ('a-reset-instead-of-a-reply', 'frame', 'u32be', 'inet')),
    ('resets-behind-its-answer', ('replies-before-a-reset', 'frame', 'u32be', 'inet')),
    ('is-not-there', ('nobody-listens', 'frame', 'u32be', 'inet')),
])


def check_of(name):
    """Return the check of a row."""
    return CHECKS['client', ROWS[name][0]]


def against(name, peer, seconds):
    """Try the client of a peer; return a Verdict."""
    cell = Trial(check_of(name), peer, *ROWS[name][1:])
    judge = Judge(seconds)
    try:
        return [found for _, found in judge.judge(Trials([cell], lambda again: again))][-1]
    finally:
        judge.stop()
