"""``python -m pyside calls``: what it prints, and what it refuses to record."""

import re
import signal
import subprocess
import sys

import pytest

from interop_tests.compiling import build
from interop_tests.process import ROOT
from interop_tests.recorder.programs import needs_c, python_program
from pyside.calls import preloading


def calls_command(*words):
    """Run ``python -m pyside calls``; return status, output and errors."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside', 'calls'] + list(words), cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, close_fds=True)
    return (process.wait(),) + tuple(stream.decode('utf-8') for stream in process.communicate())


def test_command():
    status, output, lines = calls_command(
        '--', sys.executable, '-c', 'import socket; a, b = socket.socketpair(); a.send(b"x"); print("said"); exit(3)')
    assert (status, output) == (3, 'said\n')
    assert re.search(r'^send\(\d+, "x", 1, 0\) = 1$', lines, re.M)


def test_command_says_when_there_were_more(tmpdir):
    file = tmpdir.join('lines')
    status, _, errors = calls_command(
        '--limit', '3', '--times', 'yes', '--output', str(file), '--', sys.executable, '-c',
        'import socket; a, b = socket.socketpair(); a.send(b"x"); a.send(b"x"); a.send(b"x"); a.send(b"x")')
    assert status == 0 and re.match(r'^calls: \d+ more calls, beyond --limit 3\n$', errors)
    assert all(re.match(r'^\d+\.\d{6} \d+\.\d{6} \w+\(', line) for line in file.read().splitlines())


def test_command_of_a_program_that_is_killed():
    status, _, lines = calls_command('--', *python_program('killed'))
    assert status == 128 + signal.SIGKILL
    assert 'recv(4, 5, 0) = ?' in lines.splitlines()


REFUSED = [
    (['--'], 2, 'no program'),
    (['true'], 2, 'no option true; -- stands in front of the program'),
    (['--limit', 'many', '--', 'true'], 2, '--limit must be a number from 1 to 10000000, not many'),
    (['--limit'], 2, '--limit needs a value'),
    (['--times', 'often', '--', 'true'], 2, '--times must be yes or no, not often'),
    (['--output', '/nowhere/at/all', '--', 'true'], 2, '/nowhere/at/all: No such file or directory'),
    (['--', 'no-such-program'], 127, 'no-such-program is no program, or not found'),
]


@pytest.mark.parametrize('words, status, text', REFUSED, ids=[' '.join(row[0]) for row in REFUSED])
def test_command_refuses(words, status, text):
    ended, output, errors = calls_command(*words)
    assert (ended, output) == (status, '')
    assert errors.startswith('calls: ' + text) and errors.count('\n') == 1


def test_command_of_what_cannot_be_run(tmpdir):
    program = tmpdir.join('program')
    program.write('no script, no program')
    program.chmod(0o755)
    assert calls_command('--', str(program)) == (127, '', 'calls: %s: Exec format error\n' % program)


def test_an_output_that_is_full_is_not_the_programs_fault():
    """The program may finish what it has begun."""
    program = "import os, socket; socket.socket(); os.write(1, b'done')"
    assert calls_command('--output', '/dev/full', '--', sys.executable, '-c', program) == (
        2, 'done', 'calls: /dev/full: No space left on device\n')


def compiled(tmpdir, *flags):
    source = tmpdir.join('empty.c')
    source.write('int main(void) { return 0; }\n')
    return build([str(source)], list(flags))


@pytest.mark.parametrize('flags, text', [
    (['-static'], 'is linked statically'), (['-static-pie', '-fPIE'], 'is linked statically'),
    (['-fsanitize=address'], 'is built with AddressSanitizer')], ids=['static', 'static-pie', 'asan'])
def test_programs_that_cannot_be_recorded(flags, text, tmpdir, request):
    needs_c(request)
    program = compiled(tmpdir, *flags)
    status, _, errors = calls_command('--', program)
    assert status == 127 and errors.startswith('calls: %s %s' % (program, text)) and errors.count('\n') == 1


def test_a_script_is_judged_by_its_interpreter(tmpdir, request):
    needs_c(request)
    script = tmpdir.join('script')
    script.write('#!%s\n' % compiled(tmpdir, '-static'))
    script.chmod(0o755)
    assert 'is linked statically' in preloading.obstacle(str(script))
    script.write('#!/bin/sh\n')
    assert preloading.obstacle(str(script)) is None


def test_a_program_that_changes_its_user(tmpdir):
    program = tmpdir.join('program')
    program.write(b'\x7fELF')
    program.chmod(0o4755)
    assert 'changes its user' in preloading.obstacle(str(program))


def test_other_platforms(monkeypatch):
    monkeypatch.setattr(sys, 'platform', 'freebsd14')
    assert preloading.obstacle('true') == (
        'recording needs a loader that knows LD_PRELOAD, as on Linux; this is freebsd14')


def test_before_make(monkeypatch):
    monkeypatch.setattr(preloading, 'LIBRARY', '/nowhere/librecorder.so')
    assert preloading.obstacle('true') == '/nowhere/librecorder.so is missing: make builds it'


def test_a_folder_whose_name_ends_too_early(monkeypatch, tmpdir):
    library = tmpdir.join('with space.so')
    library.write('')
    monkeypatch.setattr(preloading, 'LIBRARY', str(library))
    assert preloading.obstacle('true').startswith('LD_PRELOAD takes the space or colon in ')
