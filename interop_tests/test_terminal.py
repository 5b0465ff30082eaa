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

    def __init__(self, peer, server, extra=()):
        self._master, terminal = pty.openpty()
        self._client = subprocess.Popen(
            peers.command(peer, 'client') + server.options + server.where + list(extra), cwd=ROOT,
            stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, close_fds=True)
        os.close(terminal)

    def type(self, keys):
        os.write(self._master, keys)

    def wait_for_prompt(self):
        assert self._client.stderr.read(2) == b'> '

    def told(self):
        """Return a line of what it says, apart from prompts."""
        return self._client.stderr.readline()

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


LEFT_ALONE = (
    b'client: the server closed the connection while it waited (its idle timeout?); '
    b'the next line goes over a new connection\n')


@pytest.mark.parametrize('protocol', ['echo', 'upper', 'frame', 'sizeok', 'command'])
def test_a_person_who_thinks_for_longer_than_the_idle_timeout(ours, protocol):
    """Twice: the line after that goes over a new connection, and its reply comes back."""
    # The answer of command ends with a newline of its own.
    line, said = (b'true\n', [b'\0done.\n', b'\n']) if protocol == 'command' else (b'hello\n', [b'hello\n'])
    with closing(Server(ours, protocol, '-', 'unix', SECONDS, ['--timeout', '0.2'])) as server:
        with closing(Person(ours, server)) as person:
            for _ in range(2):
                person.wait_for_prompt()
                assert (person.told(), person.told()) == (b'\n', LEFT_ALONE)
                person.wait_for_prompt()
                person.type(line)
                assert [person.reply().lower() for _ in said] == said
            person.wait_for_prompt()
            assert (person.told(), person.told()) == (b'\n', LEFT_ALONE)
            person.wait_for_prompt()
            person.type(b'exit\n')
            assert person.finish() == (0, b'', b'')


def test_the_server_is_gone_when_the_person_has_thought(ours):
    with closing(Server(ours, 'echo', '-', 'unix', SECONDS)) as server, closing(Person(ours, server)) as person:
        # A line first: a connection that was never accepted would be reset.
        person.wait_for_prompt()
        person.type(b'hi\n')
        assert person.reply() == b'hi\n'
        person.wait_for_prompt()
        server.stop(SECONDS)
        assert (person.told(), person.told()) == (b'\n', LEFT_ALONE)
        person.wait_for_prompt()
        person.type(b'hello\n')
        status, out, errors = person.finish()
        assert (status, out) == (5, b'')
        assert errors.startswith(b'client: unreachable: cannot connect to ')


@pytest.mark.parametrize('transport', ['unix', 'unix-dgram'])
def test_ctrl_d_in_a_line_is_no_line(ours, transport):
    """The rest of it follows, without a prompt in the middle; a second Ctrl-D ends the line and the input."""
    with closing(Server(ours, 'upper', '-', transport, SECONDS)) as server, closing(Person(ours, server)) as person:
        person.wait_for_prompt()
        person.type(b'hel' + CTRL_D)
        person.type(b'lo\n')
        assert person.reply() == b'HELLO\n'
        person.wait_for_prompt()
        person.type(b'bye' + CTRL_D + CTRL_D)
        assert person.finish() == (0, b'BYE\n', b'\n')


@pytest.mark.parametrize('transport', ['unix', 'unix-dgram'])
def test_a_line_that_is_not_hex_is_asked_for_again(ours, transport):
    with closing(Server(ours, 'echo', '-', transport, SECONDS)) as server:
        with closing(Person(ours, server, ['--hex'])) as person:
            for number, line in enumerate([b'00 ff', b'xyz', b'6', b'7A', b'7 a', b' 61  62 ']):
                person.wait_for_prompt()
                person.type(line + b'\n')
                if line in (b'xyz', b'6', b'7 a'):
                    said = 'client: line %d is not hex, two digits a byte; try again\n' % (number + 1)
                    assert person.told() == said.encode('ascii')
                else:
                    assert person.reply() == line.replace(b' ', b'').lower() + b'\n'
            person.wait_for_prompt()
            person.type(b'exit\n')
            assert person.finish() == (0, b'', b'')
