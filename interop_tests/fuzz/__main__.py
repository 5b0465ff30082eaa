"""``python -m interop_tests.fuzz --seconds 600``: what ``make fuzz`` runs.

Three ways share the time: scripts from a seed, libFuzzer with sanitizers (steered by what C code a script reaches), and
atheris (steered by what Python code).  What libFuzzer keeps is then played in both languages; atheris compares at once.
The kept scripts stay in ``c_ref/build/fuzz``, and the next run begins with them.

Exit status 1: a disagreement, or what a sanitizer found; the script is printed, to be put into
``interop_tests/vectors/conversation/found.json``.
"""

import argparse
import glob
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys

from interop_tests.fuzz import making, script
from interop_tests.fuzz.playing import disagreement
from interop_tests.process import ROOT
from pyside.net.compat import clock

FOLDER = os.path.join(ROOT, 'c_ref', 'build', 'fuzz')
CORPUS = os.path.join(FOLDER, 'corpus')
# Longer than any script needs; the vectors that are longer are played, but not mutated.
LONGEST = 4096
SOURCES = ['interop_tests/fuzz/fuzzer.c', 'c_ref/iomodels/conversation.c'] + [
    'c_ref/%s/*.c' % folder for folder in ('wire', 'protocols')]
FLAGS = [
    '-std=c11', '-D_POSIX_C_SOURCE=200809L', '-Ic_ref', '-O1', '-g',
    '-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup']
SANITIZERS = ['-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all']


def main():
    parser = argparse.ArgumentParser(prog='python -m interop_tests.fuzz')
    parser.add_argument('--seconds', type=float, default=60, help='for all ways together')
    parser.add_argument('--seed', type=int, default=random.randrange(2 ** 32))
    parser.add_argument('--script', metavar='JSON', help='play this one script, as a disagreement shows it')
    parser.add_argument('--objects', metavar='FOLDER', help='only play the vectors with a build of c_ref, for coverage')
    options = parser.parse_args()
    if options.script is not None:
        try:
            made = script.from_text(options.script)
        except script.BadScript as error:
            sys.stderr.write('fuzz: --script: %s\n' % error)
            return 2
        return tell(disagreement(made))
    write_corpus()
    if options.objects:
        return replay(options.objects)
    ways = [way for way in (from_seed, from_libfuzzer, from_atheris) if can(way)]
    return max(way(options.seconds / len(ways), options.seed) for way in ways)


def can(way):
    """Tell whether this machine has what a way needs, and say what is left out."""
    missing = {
        from_libfuzzer: not shutil.which('clang') and 'clang is not installed',
        from_atheris: not importlib.util.find_spec('atheris') and 'atheris cannot be installed for this Python',
    }.get(way)
    if missing:
        print('%s: left out, %s' % (way.__name__, missing))
    return not missing


def from_seed(seconds, seed):
    """Play scripts that are made from a seed; return an exit status."""
    return tell(*play_random(seconds, seed))


def play_random(seconds, seed):
    """Return None or the first disagreement, and how many scripts were played."""
    rng, deadline, count, found = random.Random(seed), clock() + seconds, 0, None
    while not found and clock() < deadline:
        found = disagreement(making.script(rng))
        count += 1
    return found, '%d scripts from the seed %d' % (count, seed)


def from_libfuzzer(seconds, seed):
    """Let libFuzzer look for scripts that reach new C code, then play them in both languages."""
    fuzzer = os.path.join(FOLDER, 'fuzzer')
    compile_to(fuzzer, ['clang'] + SANITIZERS, SOURCES)
    status = subprocess.call([
        fuzzer, '-max_total_time=%d' % max(1, seconds), '-max_len=%d' % LONGEST, '-seed=%d' % (seed or 1),
        '-print_final_stats=1', '-verbosity=0', '-artifact_prefix=' + FOLDER + os.sep, CORPUS])
    if status:
        newest = max(glob.glob(os.path.join(FOLDER, '*-*')), key=os.path.getmtime)
        with open(newest, 'rb') as found:
            print('libFuzzer: a sanitizer or a check in fuzzer.c stopped this script:')
            print(json.dumps(script.from_bytes(found.read()), sort_keys=True))
        return 1
    for path in sorted(glob.glob(os.path.join(CORPUS, '*'))):
        with open(path, 'rb') as kept:
            found = disagreement(script.from_bytes(kept.read()))
        if found:
            return tell(found)
    return tell(None, '%d scripts that libFuzzer kept' % len(os.listdir(CORPUS)))


def from_atheris(seconds, seed):
    """Let atheris look for scripts that reach new Python code; it compares each with C."""
    status = subprocess.call([
        sys.executable, '-m', 'interop_tests.fuzz.guided', '-max_total_time=%d' % max(1, seconds),
        '-max_len=%d' % LONGEST, '-seed=%d' % (seed or 1), '-print_final_stats=1', '-verbosity=0',
        '-artifact_prefix=' + FOLDER + os.sep, CORPUS], cwd=ROOT)
    return tell('what is above' if status else None, 'what atheris tried')


def compile_to(program, compiler, patterns):
    files = [path for pattern in patterns for path in sorted(glob.glob(os.path.join(ROOT, pattern)))]
    subprocess.check_call(compiler + FLAGS + ['-o', program] + files, cwd=ROOT)


def replay(objects):
    """Play the corpus with the objects of a build, as one allocation fails after another."""
    program = os.path.join(FOLDER, 'replay')
    compile_to(program, [os.environ.get('CC', 'cc'), '--coverage'], [
        'interop_tests/fuzz/fuzzer.c', 'interop_tests/fuzz/replay.c', objects + '/iomodels/conversation.o',
        objects + '/wire/*.o', objects + '/protocols/*.o'])
    return subprocess.call([program] + sorted(glob.glob(os.path.join(CORPUS, '*'))))


def write_corpus():
    """Put every vector of a protocol where the guided fuzzers begin."""
    os.makedirs(CORPUS, exist_ok=True)
    for number, made in enumerate(making.from_vectors()):
        with open(os.path.join(CORPUS, 'vector-%d' % number), 'wb') as file:
            file.write(script.to_bytes(made))


def tell(found, played='one script'):
    print('disagreement: %s' % found if found else '%s: both languages agree' % played)
    sys.stdout.flush()  # the fuzzers write on the same terminal
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
