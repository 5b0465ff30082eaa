"""What was recorded, in the form in which pages and the terminal show it.

Read next: ``pages.py``, ``terminal.py``.
"""

from collections import OrderedDict

from pyside.calls.callmap.rows import called
from pyside.ledger.versions import expected

# In the place of calls, where a version does not have the name.
ABSENT = ('(no such name)',)


def label(versions):
    """Name versions for people: ``Python 2.7``, ``Python 3.6 to 3.9``, ``PyPy 3``."""
    if versions == 'pypy3':
        return 'PyPy 3'
    if versions.endswith('+'):
        return 'Python %s and later' % versions[:-1]
    return 'Python ' + versions.replace('-', ' to ')


def grouped(outcomes, what='calls'):
    """Return ``[(names of the versions, value)]``, those that are alike together, the oldest first.

    :param outcomes: ``{versions: outcome}``.
    :param what: ``calls`` or ``raises``.
    """
    found = OrderedDict()
    for versions, outcome in outcomes.items():
        value = tuple(ABSENT if absent(outcome) else outcome['calls']) if what == 'calls' else outcome[what]
        found.setdefault(value, []).append(versions)
    if len(found) == 1:
        return [('every Python', value) for value in found]
    return [(', '.join(label(versions) for versions in alike), value) for value, alike in found.items()]


def marked(code, language):
    """Say in an example, in words, where its second part begins, whose calls are recorded."""
    comment = '# recorded from here on' if language == 'Python' else '/* recorded from here on */'
    before, _, statement = ('\n' + code).partition('\n---\n')
    return '\n'.join(part for part in (before.lstrip('\n'), comment if before.strip() else '', statement) if part)


def absent(outcome):
    """Tell whether the name is not there on that version."""
    return outcome['raises'] == 'AttributeError'


def shown(outcomes):
    """Return what an example shows, which is the same on every version that has the name."""
    return [outcome['shows'] for outcome in outcomes.values() if not absent(outcome)][0]


def differ(outcomes):
    """Tell whether not all versions that have the name make the same calls."""
    return len({tuple(outcome['calls']) for outcome in outcomes.values() if not absent(outcome)}) > 1


def different(outcomes):
    """Return the names of the functions that not all of those versions call."""
    sets = [set(called(outcome['calls'])) for outcome in outcomes.values() if not absent(outcome)]
    return set.union(*sets) - set.intersection(*sets)


def proved(row, recording, python):
    """Tell whether a row was proved on an interpreter: every example that it has there was recorded.

    :returns: ``proved``, or ``absent`` where that version has no such name.
    """
    found = [expected(recording[example.name]['python'], python) for example in row.examples]
    return 'absent' if all(absent(outcome) for outcome in found) else 'proved'
