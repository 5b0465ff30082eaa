"""Whether the loader will put the recorder in front of a program, and if not, why: ld.so(8), LD_PRELOAD.

Read next: ``running.py``.
"""

import io
import os
import stat
import struct
import sys

from pyside.wire.cref import C_REF

try:
    from shutil import which
except ImportError:
    # PY2: shutil has no which.
    from distutils.spawn import find_executable as which

LIBRARY = os.environ.get('RECORDER_LIBRARY', os.path.join(C_REF, 'lib', 'librecorder.so'))

# elf(5): the class of the file, and a program header that names the loader, which static programs do not have.
ELF = b'\x7fELF'
PT_INTERP = 3
# Where program headers are found in the header of a file, and their size: 32 and 64 bits.
LAYOUTS = {1: ('I', 28, 42), 2: ('Q', 32, 54)}


def environment(recording, others=None, notes=None, recorded_as=0):
    """Return the environment for a program to record.

    :param recording: the path of the file.
    :param others: what the environment has otherwise; ours, if None.
    :param notes: the path of the file for the notes, or None for none.
    :param recorded_as: a number that stands in each record of the program and of those that it starts.
    """
    found = dict(os.environ if others is None else others, RECORD_CALLS=recording, RECORD_AS=str(recorded_as))
    if notes is not None:
        found['RECORD_NOTES'] = notes
    found['LD_PRELOAD'] = ' '.join(filter(None, [LIBRARY, found.get('LD_PRELOAD')]))
    return found


def obstacle(program):
    """Return, in one line, why the calls of a program cannot be recorded, or None.

    :param program: a path, or a name that is looked for in ``PATH``.
    """
    if not sys.platform.startswith('linux'):
        return 'recording needs a loader that knows LD_PRELOAD, as on Linux; this is %s' % sys.platform
    if not os.path.exists(LIBRARY):
        return '%s is missing: make builds it' % LIBRARY
    if set(LIBRARY) & set(' :'):
        return 'LD_PRELOAD takes the space or colon in %s for the end of a name: use another folder' % LIBRARY
    path = which(program)
    if path is None:
        return '%s is no program, or not found' % program
    return _obstacle_in(path)


def _obstacle_in(path):
    mode = os.stat(path).st_mode
    if mode & (stat.S_ISUID | stat.S_ISGID):
        return '%s changes its user or group: the loader takes no LD_PRELOAD there' % path
    with io.open(path, 'rb') as file:
        data = file.read()
    if data[:2] == b'#!':
        words = data[2:].split(b'\n')[0].split()
        return _obstacle_in(words[0].decode('utf-8')) if words else None
    if data[:4] != ELF:
        return None
    layout = LAYOUTS.get(bytearray(data)[4])
    if layout is None or layout[0] != 'IQ'[struct.calcsize('P') == 8]:
        return '%s is for another word size than the recorder' % path
    if not _names_a_loader(data, layout):
        return '%s is linked statically: no loader runs that could put the recorder in front of the C library' % path
    if b'__asan_init' in data:
        return '%s is built with AddressSanitizer, which must be the first library itself: use another build' % path
    return None


def _names_a_loader(data, layout):
    offset_type, offset_at, sizes_at = layout
    offset, = struct.unpack_from('=' + offset_type, data, offset_at)
    size, count = struct.unpack_from('=HH', data, sizes_at)
    return any(struct.unpack_from('=I', data, offset + index * size)[0] == PT_INTERP for index in range(count))
