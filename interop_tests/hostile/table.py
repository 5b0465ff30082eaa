"""What a fault is, and the list of all of them.

A fault is a generator.  It does harm up to ``yield``, where a good client is served beside it, and then looks whether
the victim does what it must.  Its docstring begins with one sentence; ``wire:`` is what is done, ``expected:`` what
the victim must do::

    @fault('client')
    def half_a_header(stand):
        \"\"\"A client stops in the middle of a header.

        wire: two of the four bytes of a header, then silence
        expected: the connection ends at the idle timeout
        \"\"\"

Read next: ``clients.py``, which is made of them.
"""

from collections import OrderedDict, namedtuple
from importlib import import_module

from interop_tests.checks.registry import sentences

# section: a key of SECTIONS.  format: the framing of the server.  options: words for its command line.
# only: the models that it can happen to, None for all.  why_not: why it cannot happen to the others.
Fault = namedtuple('Fault', 'section name sentence done must format options only why_not run')

SECTIONS = OrderedDict([
    ('client', 'Hostile clients'),
    ('machine', 'Unkind machines'),
    ('server', 'Hostile servers'),
])
FAULTS = OrderedDict()


def fault(section, frame_format='u32be', options=(), only=None, why_not=''):
    """Register a generator as a fault; see the head of this file."""
    def register(function):
        name = function.__name__.replace('_', '-')
        assert (section, name) not in FAULTS, name
        sentence, done, must = sentences(function.__doc__)
        FAULTS[section, name] = Fault(
            section, name, sentence, done, must, frame_format, tuple(options), only, why_not, function)
        return function
    return register


def faults(section):
    """Return the faults of a section, client or machine, in the order of its file."""
    import_module('interop_tests.hostile.' + {'client': 'clients'}.get(section, section))
    return [row for row in FAULTS.values() if row.section == section]
