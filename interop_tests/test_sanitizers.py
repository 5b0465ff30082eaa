"""What a sanitizer finds at the end of a server fails the test that used the server."""

import os
import shutil
from contextlib import closing

import pytest

from interop_tests.compiling import build
from interop_tests.peers import Peer
from interop_tests.programs import Server
from interop_tests.wire import SECONDS

LEAKY = """
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	sigset_t stop;
	int number;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL); /* else one that comes just before it waits would be lost */
	if (malloc(%d) == NULL)
		return 1;
	puts("LISTENING 127.0.0.1 1");
	fflush(stdout);
	return sigwait(&stop, &number);
}
"""
SANITIZED = ('-g', '-O0', '-fsanitize=address')


@pytest.fixture
def leaky(tmpdir, monkeypatch):
    source = tmpdir.join('leaky.c')
    source.write(LEAKY % 1234)
    monkeypatch.setenv('ASAN_OPTIONS', 'exitcode=99')
    return Peer('leaky', build([str(source)], SANITIZED), True)


@pytest.mark.skipif(not shutil.which(os.environ.get('CC', 'cc')), reason='there is no compiler')
def test_a_leak_in_a_server_fails_its_test(leaky):
    with pytest.raises(AssertionError) as failure:
        with closing(Server(leaky, 'echo', '-', 'inet', SECONDS)):
            pass
    assert 'LeakSanitizer' in str(failure.value) and '1234 byte' in str(failure.value)
