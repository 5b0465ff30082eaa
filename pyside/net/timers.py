"""Time limits of many connections: which ends first, and which have ended.

A connection's deadline moves with every byte; noting that each time would cost
more than the byte.  So an item stands where its deadline was, and only when that
has come is it looked at again.

Deadlines are told apart to a 64th of a second.  In C a heap knows where each item
stands; ``heapq`` does not, and its entries are objects of their own, which is
much for ten thousand connections.  So it holds the 64ths, each of which has a list.

C twin: ``c_ref/net/timers.c``.  Read next: ``iomodels/conversation.py``.
"""

import heapq

NEVER = float('inf')
TICK = 1 / 64.0
# Items that are gone stay in their lists until they outnumber the others by this many.
SLACK = 64


class Timed(object):
    """What has a time limit.

    ``deadline``
        in seconds of the clock.
    ``entry``
        the beginning of the 64th in whose list it stands; None when it is gone.
    """

    __slots__ = ('deadline', 'entry')


class Timers(object):
    """Items that are :class:`Timed`."""

    def __init__(self):
        self._entries = []  # a heap
        self._places = {}  # entry -> (entry, items)
        self._count = 0
        self._gone = 0

    def add(self, item):
        """Watch an item."""
        self._count += 1
        self._put(item)

    def remove(self, item):
        """Forget an item.  A list may hold it for a while: what it holds itself should be little."""
        item.entry = None
        self._count -= 1
        self._leave_behind()

    def moved(self, item):
        """Note that an item's deadline has moved, maybe to an earlier one."""
        if item.deadline < item.entry:
            self._put(item)
            self._leave_behind()

    def seconds_left(self, now):
        """Return the seconds until an item has to be looked at, or None when there is no item."""
        if not self._entries or self._entries[0] == NEVER:
            return None
        left = self._entries[0] + TICK - now
        return left if left > 0 else 0

    def expired(self, now):
        """List the items whose deadline has come."""
        looked_at = []
        while self._entries and self._entries[0] + TICK <= now:
            looked_at += self._take_place()
        # What has expired stays, and comes again, until it is removed or has another deadline.
        for item in looked_at:
            self._put(item)
        return [item for item in looked_at if item.deadline <= now]

    def _put(self, item):
        entry = item.deadline // TICK * TICK if item.deadline < NEVER else NEVER
        if entry not in self._places:
            self._places[entry] = (entry, [])
            heapq.heappush(self._entries, entry)
        # All that stand in a list share one float.
        item.entry, items = self._places[entry]
        items.append(item)

    def _take_place(self):
        """Take the first list away; return those that still stand in it."""
        entry, items = self._places.pop(heapq.heappop(self._entries))
        found = []
        for item in items:
            if item.entry == entry:
                item.entry = None  # one that has been there before may be in it twice
                found.append(item)
        self._gone -= len(items) - len(found)
        return found

    def _leave_behind(self):
        """Note that an item stands where it is not looked for; when that are many, put them all together anew."""
        self._gone += 1
        if self._gone > self._count + SLACK:
            items = []
            while self._entries:
                items += self._take_place()
            for item in items:
                self._put(item)
