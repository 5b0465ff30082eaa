"""The recorder beside strace, which looks at the same run: the same calls, order and results."""

import pytest

from interop_tests.recorder import strace
from interop_tests.recorder.programs import c_program, python_program
from pyside.net.compat import PY2
from pyside.trace import lines, staging

SECONDS = 30
PYTHON = [
    'blocking', 'timeouts', 'asynchronous', 'socketserving', 'threads', 'forking', 'reset', 'megabytes', 'datagrams',
    'multiplexing', 'interrupted', 'killed', 'another_program']

needs_strace = pytest.mark.skipif(not strace.available(), reason='strace is not here, or not permitted')


def compare(command, tmpdir):
    """Check that strace and the recorder saw the same of one run; return it."""
    theirs, ours = strace.both(command, str(tmpdir), SECONDS)
    assert theirs, 'strace saw nothing: %s' % ' '.join(command)
    assert set(theirs) == set(ours), 'other threads'
    for thread in theirs:
        assert ours[thread] == theirs[thread], 'thread %d of %s' % (thread, ' '.join(command))
    return ours


@needs_strace
@pytest.mark.parametrize('name', PYTHON)
def test_same_as_strace(name, tmpdir):
    compare(python_program(name), tmpdir)


@needs_strace
@pytest.mark.parametrize('name', ['plain', 'fortified'])
def test_same_as_strace_in_c(name, tmpdir, request):
    compare(c_program(name, request), tmpdir)


@needs_strace
@pytest.mark.parametrize('name', ['blocking', 'timeouts', 'threads', 'forking', 'datagrams'])
def test_same_as_strace_with_the_lines_of_python(name, tmpdir):
    """What trace puts into a program calls nothing on its sockets."""
    with staging.stage() as stage:
        hook = lines.environment({}, stage.lines)
        words = ['env'] + ['%s=%s' % item for item in sorted(hook.items())]
        compare(words + python_program(name), tmpdir)
        # PY2: what socketpair gives is of a class whose methods cannot be replaced.
        assert bool(lines.read(stage.lines)) == (name != 'threads' or not PY2)


@needs_strace
def test_stdio_on_a_socket_is_not_seen(tmpdir, request):
    """A limit that is stated: fgets and fclose call read and close inside the C library."""
    theirs, ours = strace.both(c_program('stdio', request), str(tmpdir), SECONDS)
    (seen,), (recorded,) = theirs.values(), ours.values()
    missing = [call for call in seen if call not in recorded]
    assert [name for name, _ in missing] == ['fcntl', 'read', 'write', 'close']
    assert [call for call in seen if call not in missing] == recorded
