"""The section "By hand" of each lesson: its commands, as the page prints them, at terminals, show the same."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios

import pytest

from interop_tests.kinds import kind_of
from interop_tests.lessons import LANGUAGES, LESSONS
from interop_tests.lessons.by_hand import blocks
from interop_tests.lessons.pages import pages
from interop_tests.process import ROOT
from interop_tests.wire import SECONDS
from pyside.net.compat import clock

# How long nothing has to come where the page shows nothing.
QUIET_SECONDS = 0.5
# Without the colours of Python 3.13's tracebacks, which are the same text.
TERMINAL = {'TERM': 'dumb', 'NO_COLOR': '1'}
KEYS = {'^C': b'\x03', '^D': b'\x04'}
PAGES = {lesson: text for lesson in LESSONS for name, text in pages().items()
         if name.endswith('-%s.md' % lesson.replace('_', '-'))}


class Terminal(object):
    """What a person has in front of them: one command after the other, and all that was typed and printed.

    :param replaced: ``{word of the page: word that is meant here}``, changed when a PORT is printed.
    """

    def __init__(self, replaced):
        self._replaced = replaced
        self._master, self._slave = pty.openpty()
        self._processes = []
        self._shown = b''
        self._expected = b''
        self._talks = False

    def follow(self, lines):
        """Do and see what a block of a page says."""
        for line in lines:
            if line.startswith('$ '):
                self._start(line[2:])
            elif line in KEYS:
                self._nothing_comes()
                os.write(self._master, KEYS[line])
                self._expected += b'' if line == '^D' else b'\\^C'
            elif line.startswith('>'):
                self._comes(b'> ')
                self._type(line[2:])
            elif self._talks and line != 'PORT' and not line.startswith('<'):
                self._nothing_comes()
                self._type(line)
            else:
                self._comes(self._pattern(line))
        if lines[-1] != '^C':
            self._nothing_comes()

    def close(self):
        for process in self._processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except OSError:
                pass
            process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _start(self, command):
        if self._processes:
            self._processes[-1].wait()
        self._talks = '.talk ' in command
        words = '|'.join(re.escape(word) for word in self._replaced)
        command = re.sub(words, lambda match: self._replaced[match.group()], command)
        self._processes.append(subprocess.Popen(
            ['bash', '-c', command], cwd=ROOT, stdin=self._slave, stdout=self._slave, stderr=self._slave,
            close_fds=True, preexec_fn=_own_session, env=dict(os.environ, **TERMINAL)))

    def _type(self, line):
        os.write(self._master, line.encode('ascii') + b'\n')
        self._comes(re.escape(line.encode('ascii')) + b'\r\n')

    def _pattern(self, line):
        if line == '...':
            return b'(?:.*\r\n)*'
        pattern = b'.*'.join(re.escape(part.encode('ascii')) for part in line.split('...'))
        return pattern.replace(b'PORT', b'(?P<port>\\d+)' if 'PORT' not in self._replaced else b'\\d+') + b'\r\n'

    def _comes(self, pattern):
        """Wait until what is shown begins with what was expected, and then this."""
        self._expected += pattern
        deadline = clock() + SECONDS
        while not re.match(self._expected, self._shown):
            assert self._reads(deadline - clock()), 'shown: %r, expected: %r' % (self._shown, self._expected)
        found = re.match(self._expected, self._shown).groupdict()
        if 'port' in found:
            self._replaced['PORT'] = found['port'].decode('ascii')

    def _nothing_comes(self):
        while self._reads(QUIET_SECONDS):
            pass
        assert re.match(self._expected + b'\\Z', self._shown), 'shown: %r, expected: %r' % (self._shown, self._expected)

    def _reads(self, seconds):
        """Read what was printed; return whether anything was in time."""
        poller = select.poll()
        poller.register(self._master, select.POLLIN)
        ready = poller.poll(max(0, seconds) * 1000)
        if ready:
            self._shown += os.read(self._master, 65536)
        return bool(ready)


def _own_session():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('lesson', LESSONS)
def test_by_hand(lesson, language, request, tmpdir):
    if language == 'c' and request.config.getoption('--without-c'):
        pytest.skip('the programs in C are run once')
    kind = {'python2': 'python2.7', 'pypy': 'python3'}.get(kind_of(language), kind_of(language))
    replaced = {'python3 ': sys.executable + ' ', 'python2.7 ': sys.executable + ' ', '/tmp/': str(tmpdir) + '/'}
    terminals = []
    used = []
    try:
        for lines in blocks(PAGES[lesson], kind):
            if lines[0].startswith('$ '):
                terminals.append(Terminal(replaced))
                used.append(terminals[-1])
            else:
                used.append(used[-2])
            used[-1].follow(lines)
    finally:
        for terminal in terminals:
            terminal.close()


@pytest.mark.parametrize('lesson', LESSONS)
def test_every_lesson_has_commands_for_every_kind(lesson):
    for kind in ('python2.7', 'python3', 'c'):
        text = '\n'.join(line for lines in blocks(PAGES[lesson], kind) for line in lines)
        assert 'naive_' in text and '$ ' in text


@pytest.mark.parametrize('words, errors', [
    ([], 'usage: talk PORT [--reset], or talk --listen\n'),
    (['here'], 'usage: talk PORT [--reset], or talk --listen\n'),
    (['99999'], 'usage: talk PORT [--reset], or talk --listen\n'),
    (['7', '--rest'], 'usage: talk PORT [--reset], or talk --listen\n'),
    (['1'], 'talk: port 1: Connection refused\n'),
], ids=['nothing', 'no-number', 'no-port', 'another-word', 'nobody'])
def test_slips_at_talk(words, errors):
    process = subprocess.Popen(
        [sys.executable, '-m', 'interop_tests.lessons.talk'] + words, cwd=ROOT, stdin=subprocess.PIPE,
        stderr=subprocess.PIPE, close_fds=True)
    assert process.communicate()[1].decode('ascii') == errors
    assert process.returncode == 2
