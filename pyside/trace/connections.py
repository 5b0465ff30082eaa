"""Which two ends are one connection: by the addresses that the kernel gave them, and for unix sockets by their order.

Read next: ``offsets.py``.
"""

from collections import defaultdict

FAILED_LATER = ('EINPROGRESS', 'EINTR', 'EALREADY')


class Connection(object):
    """Two ends that talk to each other; ``near`` asked for it, ``far`` accepted it.

    One of them is None where only the other was seen.  ``number`` counts from 1, in the order of their beginning.
    ``flows`` are the two directions, see ``offsets.py``.
    """

    def __init__(self, near, far):
        self.near, self.far = near, far
        self.number = 0
        self.flows = []
        for end in filter(None, (near, far)):
            end.connection = self

    @property
    def ends(self):
        return [end for end in (self.near, self.far) if end is not None]

    @property
    def is_stream(self):
        return self.ends[0].is_stream

    def began(self):
        """Return when the first of its calls was entered."""
        return min(event.entered for end in self.ends for event in end.connects + end.sends + end.receives + end.ends)


def name(events, names):
    """Give the ends their addresses.

    :param names: of :class:`pyside.calls.notes.Notes`.
    """
    for event in events:
        end = event.accepted or event.end
        if end is None:
            continue
        if event.number in names:
            local, remote = [_plain(text) for text in names[event.number]]
            end.local, end.remote = local or end.local, remote or end.remote
        if event.error is not None and event.error not in FAILED_LATER:
            continue
        if event.name == 'bind':
            end.local = end.local or event.arguments.partition(', ')[2]
        elif event.name == 'getsockname' and event.result:
            end.local = _plain(event.result.partition(' ')[2]) or end.local
        elif event.name == 'connect':
            end.remote = end.remote or event.arguments.partition(', ')[2]


def pair(ends):
    """Return the :class:`Connection` objects, in the order of their beginning."""
    found = [Connection(end, end.peer) for end in ends if end.peer is not None and end.connection is None]
    accepted = [end for end in ends if end.listener is not None]
    callers = [end for end in ends if end.is_stream and end.peer is None and _connected(end)]
    found += _by_address(callers, accepted) + _by_order(callers, accepted)
    found += _datagrams(ends)
    found += [Connection(end, None) for end in callers if end.connection is None]
    found += [Connection(None, end) for end in accepted if end.connection is None]
    # What was inherited, and what was never connected but used.
    found += [Connection(end, None) for end in ends if end.connection is None and (end.sends or end.receives)]
    found = [one for one in found if any(end.connects + end.sends + end.receives + end.ends for end in one.ends)]
    found.sort(key=Connection.began)
    for number, one in enumerate(found, 1):
        one.number = number
    return found


def _plain(text):
    """Return an address as it is compared; '' for none, and for a unix socket without a name."""
    return '' if text in ('NULL', '""') else text.replace('\x02', '')


def _connected(end):
    """Whether a connect succeeded, or might have: what is in progress is found out by other calls."""
    return any(event.error is None or event.error in FAILED_LATER for event in end.connects if event.name == 'connect')


def _join(near, far):
    near.peer, far.peer = far, near
    return Connection(near, far)


def _by_address(callers, accepted):
    waiting = defaultdict(list)
    for end in accepted:
        if end.family != 'AF_UNIX' and end.local and end.remote:
            waiting[end.local, end.remote].append(end)
    return [_join(end, waiting[end.remote, end.local].pop(0)) for end in callers
            if end.family != 'AF_UNIX' and waiting[end.remote, end.local]]


def _by_order(callers, accepted):
    """The kernel gives a unix socket's connections to ``accept`` in the order in which they were asked for."""
    waiting = defaultdict(list)
    for end in accepted:
        if end.family == 'AF_UNIX':
            waiting[end.local or end.listener.local].append(end)
    found = []
    for end in sorted(callers, key=lambda one: one.connects[0].entered):
        if end.family == 'AF_UNIX' and waiting[end.remote]:
            found.append(_join(end, waiting[end.remote].pop(0)))
    return found


def _datagrams(ends):
    """Pair each socket for datagrams that was sent from first with the one that has the address it was sent to."""
    kinds = [end for end in ends if end.type == 'SOCK_DGRAM' and end.connection is None]
    kinds.sort(key=lambda end: end.sends[0].entered if end.sends else float('inf'))
    bound = {}
    for end in kinds:
        if end.local:
            bound.setdefault(_any_host(end), end)
    found = []
    for end in kinds:
        targets = [end.remote] + [event.target for event in end.sends]
        for target in filter(None, targets):
            far = bound.get(target) or bound.get('*:' + target.rpartition(':')[2])
            if far is not None and far is not end and end.connection is None:
                # A server has many of them.
                one = Connection(end, far)
                end.peer, far.peer = far, far.peer or end
                found.append(one)
    return found


def _any_host(end):
    host, _, port = end.local.rpartition(':')
    return '*:' + port if host in ('0.0.0.0', '[::]') else end.local
