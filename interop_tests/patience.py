"""How long a run waits for a peer: less and less, once the peer has shown how fast it is, or that it hangs.

::

    nothing shown yet       --case-seconds
    some steps passed       FACTOR times as long as its usual step, but LEAST_SECONDS at the least
    it hung before          FACTOR_AFTER_A_HANG times as long, but LEAST_SECONDS at the least
    a route hung twice      the rest of the route is not run
    HANGS in all, and       nothing more of this peer in this role is run
    LOST_SECONDS lost

So a peer that hangs everywhere costs a bounded time, and one that hangs once costs one cell.
"""

from collections import defaultdict, deque

FOR_EVER = 10.0 ** 6
LEAST_SECONDS = 5.0
FACTOR = 20
REMEMBERED = 31
FACTOR_AFTER_A_HANG = 5
HANGS_OF_A_ROUTE = 2
HANGS = 3
LOST_SECONDS = 25.0


class Patience(object):
    """What one process has seen of each party; a party is ``(name of a peer, role)``.

    :param most: the limit of one step in seconds, ``--case-seconds``; None for no limits at all, for a debugger.
    """

    def __init__(self, most):
        self.most = most if most is not None else FOR_EVER
        self._steps = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._lost = defaultdict(float)
        self._hangs = defaultdict(list)

    def seconds(self, *parties):
        """Return the limit of one step, in seconds."""
        if self.most == FOR_EVER:
            return FOR_EVER
        hung = any(self._hangs[party] for party in parties)
        if not hung and not all(self._steps[party] for party in parties):
            return self.most
        usual = max(self._usual(party) for party in parties)
        return min(self.most, round(max(LEAST_SECONDS, (FACTOR_AFTER_A_HANG if hung else FACTOR) * usual), 1))

    def _usual(self, party):
        steps = sorted(self._steps[party])
        return steps[len(steps) // 2] if steps else 0

    def passed(self, party, seconds):
        """Note that a step passed."""
        self._steps[party].append(seconds)

    def hung(self, party, route, cell, seconds):
        """Note that a step was waited for in vain."""
        self._lost[party] += seconds
        for hangs in (self._hangs[party, route], self._hangs[party]):
            # The same cell again is the same hang.
            if cell not in hangs:
                hangs.append(cell)

    def is_worth_repeating(self, party):
        """Whether a step that hung is tried again: the first ones are, to tell a hang from a slow machine."""
        return len(self._hangs[party]) <= 2

    def over(self, party, route):
        """Return why nothing more is run of a route, or None."""
        if self.most == FOR_EVER:
            return None
        hangs = self._hangs[party, route]
        if len(hangs) >= HANGS_OF_A_ROUTE:
            return 'not run, because %d cells of this route hung, the first was %s' % (len(hangs), hangs[0])
        if self._lost[party] >= LOST_SECONDS and len(self._hangs[party]) >= HANGS:
            return 'not run, because %s as a %s hung in %d cells, the first was %s' % (
                party[0], party[1], len(self._hangs[party]), self._hangs[party][0])
        return None
