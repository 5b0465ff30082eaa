"""Time limits of many connections: which ends first, and which have ended.

A connection's deadline moves with every byte; moving an entry each time would
cost more than the byte.  So an entry keeps the deadline that it had, and only
when that has come is it looked at again.

C twin: ``c_ref/net/timers.c``.  Read next: ``eventloop.py``.
"""

import heapq

from pyside.net.compat import clock


class Timers(object):
    """A heap of items that have a ``deadline``, in seconds of the clock, and are ``closed`` or not.

    An item's ``entry`` is the deadline that the heap believes.
    """

    def __init__(self):
        self._heap = []
        self._count = 0

    def add(self, item):
        """Watch an item; again, when its deadline has become an earlier one."""
        self._count += 1
        item.entry = item.deadline
        # The count keeps the heap from comparing two items.
        heapq.heappush(self._heap, (item.deadline, self._count, item))

    def seconds_left(self):
        """Return the seconds until an item has to be looked at, or None."""
        return max(0, self._heap[0][0] - clock()) if self._heap else None

    def expired(self):
        """Yield the items whose deadline has come."""
        now = clock()
        while self._heap and self._heap[0][0] <= now:
            entry, _, item = heapq.heappop(self._heap)
            if item.closed or entry != item.entry:
                continue
            if item.deadline <= now:
                yield item
            if not item.closed and entry == item.entry:
                self.add(item)
