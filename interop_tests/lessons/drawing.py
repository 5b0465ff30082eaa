"""What the naive program of a lesson calls, and what the other end does to it, in one picture.

The experiment is played in a process of its own, which is recorded as the other end; the naive programs that it starts
are recorded as what they are.  The picture, ``docs/lessons/NAME.svg``, is of one run.  Read next: ``pages.py``.
"""

import io
import os
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from importlib import import_module

from interop_tests.compiling import build
from interop_tests.lessons.stage import FOLDER, Stage
from interop_tests.pictures import DEBUGGING, unseen
from interop_tests.process import ROOT
from pyside.calls import preloading
from pyside.trace import conversation, lines, picture, staging
from pyside.trace.troubles import POLLS, Remark

# Where Python 3 does not come to the trouble: it does not start, or ends before its client comes.
DRAWN_IN_C = ['nothing_to_say', 'sticky_reads']
SIDES = {'naive_server': conversation.SERVER, 'naive_client': conversation.CLIENT}
# One of them calls recv as fast as it can.
MOST_CALLS = 5000
# Calls of one line that are drawn; of more than that, the first ones and the last.
MOST_ALIKE, FIRST_ALIKE = 6, 3
# A call that waited so long is no more of the same.
LONG_SECONDS = 0.5


# What each picture has to show: regular expressions for its words.
SHOWS = {
    'one_recv': [r'recv\(\d+, 1024, 0\) = 3 "hel"'],
    'empty_recv': [r'recv\(\d+, 1024, 0\) = 0 ""', r'\d{3,} more like this one'],
    'reset': ['raises ConnectionResetError', 'raises ConnectionRefusedError'],
    'bytes_and_text': [r'recv\(\d+, 1024, 0\) = 2 "10"', 'please go out!'],
    'sticky_reads': [r'recv\(\d+, 1024, 0\) = 1024 "284'],
    'size_without_end': ['= 14 "12HELLO WORLD!"', 'raises ValueError'],
    'unexpected_greeting': [r'send\(\d+, "Welcome'],
    'nothing_to_say': [r'send\(\d+, "", 0, 0\) = 0'],
    'partial_send': [r'a part: \d+ of 16000000 bytes'],
    'lost_datagram': [r'recvfrom\(\d+, 1024, 0\) = \?', r'recvfrom\(\d+, 1024, 0\) = 1024'],
    'slow_reader': [r'waited \d\.\d+ s'],
    'zombies': [r't6 #5 recv'],
    'empty_line': [r'send\(\d+, "", 0, 0\) = 0'],
}


class Drawn(Stage):
    """A stage whose naive programs are recorded on their own side."""

    def _command(self, name):
        words = Stage._command(self, name)
        if self.language == 'c':
            words = [build([os.path.join(FOLDER, self._lesson, name + '.c')], DEBUGGING)]
        # The suite takes Python's variables from what it starts.
        return ['env', 'RECORD_AS=%d' % SIDES[name], 'PYTHONPATH=' + lines.INSIDE] + words


def language_of(lesson):
    """Return the language of the programs that are drawn."""
    return 'c' if lesson in DRAWN_IN_C else 'python'


def draw(lesson, path):
    """Play a lesson with its naive programs, and draw them.

    :param path: of the picture that is written.
    :raises ValueError: when it does not show what the lesson is about.
    """
    serves = any(name.startswith('naive_server') for name in os.listdir(os.path.join(FOLDER, lesson)))
    other = conversation.CLIENT if serves else conversation.SERVER
    with staging.stage(MOST_CALLS) as files:
        environment = preloading.environment(files.recording, None, files.notes, other)
        subprocess.check_call([sys.executable, '-m', 'interop_tests.lessons.drawing', lesson], cwd=ROOT,
                              env=dict(lines.environment(environment, files.lines),
                                       TMPDIR=os.path.dirname(files.lines)))  # what is built there goes with it
        found = conversation.of(files.recording, files.notes, files.lines)
    tidy(found, other)
    with io.open(path, 'w', encoding='utf-8') as file:
        file.write(picture.alone(found))
    missing = unseen(SHOWS[lesson], path)
    if missing:
        raise ValueError('%s: the picture does not show %s' % (lesson, ', '.join(missing)))


def tidy(found, other):
    """Leave out of a conversation how the other end waits, and most of what is called again and again.

    :param other: the side of the experiment.
    """
    found.events = [event for event in found.events if event.side != other or event.name not in POLLS]
    alike = defaultdict(list)
    for event in found.events:
        where = event.where()
        alike[event.process, event.name, where and (where.file, where.line)].append(event)
    dropped = set()
    for events in alike.values():
        if len(events) > MOST_ALIKE:
            gone = [event for event in events[FIRST_ALIKE:-1] if not event.seconds or event.seconds < LONG_SECONDS]
            events[FIRST_ALIKE - 1].remarks.append(Remark('more', '%d more like this one' % len(gone), None))
            dropped.update(gone)
    found.events = [event for event in found.events if event not in dropped]
    # Calls of Python beyond the last that was recorded look as if they made none.
    found.lines = [line for line in found.lines if line.calls or line.raised]


def main(lesson):
    """Play a lesson in this process, which is recorded."""
    experiment = import_module('interop_tests.lessons.%s.experiment' % lesson)
    with closing(Drawn(lesson, language_of(lesson))) as stage:
        experiment.naive(stage)


if __name__ == '__main__':
    main(sys.argv[1])
