"""The client in the hands of a person: a prompt, a line, the answer, until ``exit`` or Ctrl-D."""

import os
import pty
import subprocess
from contextlib import closing

import pytest

from interop_tests import peers
from interop_tests.process import ROOT
from interop_tests.programs import Server
from interop_tests.wire import SECONDS

CTRL_D = b'\x04'


class Person(object):
    """A client whose standard input is a terminal; what it says comes through pipes."""

    def __init__(self, peer, server):
        self._master, terminal = pty.openpty()
        self._client = subprocess.Popen(
            peers.command(peer, 'client') + server.options + server.where, cwd=ROOT, stdin=terminal,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, close_fds=True)
        os.close(terminal)

    def type(self, keys):
        os.write(self._master, keys)

    def wait_for_prompt(self):
        assert self._client.stderr.read(2) == b'> '

    def reply(self):
        return self._client.stdout.readline()

    def finish(self):
        """Return the exit status and what was still printed."""
        out, errors = self._client.communicate()
        return self._client.returncode, out, errors

    def close(self):
        if self._client.poll() is None:
            self._client.kill()
            self._client.communicate()
        os.close(self._master)


@pytest.mark.parametrize('goodbye, left', [(b'exit\n', b''), (CTRL_D, b'\n')], ids=['exit', 'ctrl-d'])
@pytest.mark.parametrize('protocol', ['echo', 'upper', 'frame', 'sizeok'])
def test_prompt_and_reply(ours, protocol, goodbye, left):
    """An empty line is an empty message: over a stream without frames its reply is there at once."""
    with closing(Server(ours, protocol, '-', 'unix', SECONDS)) as server, closing(Person(ours, server)) as person:
        for line in (b'hello\n', b'\n', b'exits\n'):
            person.wait_for_prompt()
            person.type(line)
            assert person.reply().lower() == line
        person.wait_for_prompt()
        person.type(goodbye)
        assert person.finish() == (0, b'', left)


def test_count_answers_at_the_end(ours):
    with closing(Server(ours, 'count', '-', 'unix', SECONDS)) as server, closing(Person(ours, server)) as person:
        for line in (b'hello\n', b'world\n'):
            person.wait_for_prompt()
            person.type(line)
        person.wait_for_prompt()
        person.type(b'exit\n')
        assert person.finish() == (0, b'10\n', b'')


def test_greet_ends_with_the_answer(ours):
    with closing(Server(ours, 'greet', '-', 'unix', SECONDS)) as server, closing(Person(ours, server)) as person:
        person.wait_for_prompt()
        person.type(b'1\n')
        assert person.finish() == (0, b'welcome to server!\n', b'')
