"""The segments of a run as the kernel's loopback carries them, without being root: AF_PACKET in a network of our own.

An unprivileged process may make a user namespace, and in it a network namespace, whose loopback it may listen to:
user_namespaces(7), packet(7).  The programs that are traced run there, too, and reach nothing outside.  They keep
their user, and have no rights that they did not have: those end with exec.

Read next: ``segments.py``.
"""

import ctypes
import fcntl
import io
import os
import select
import socket
import struct
import sys
import time
from collections import namedtuple

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
# With each packet comes the time when the kernel saw it: socket(7).
SO_TIMESTAMPNS = 35
ETH_P_ALL, ETH_P_IP, ETH_P_IPV6, ETH_HEAD = 3, 0x0800, 0x86dd, 14
# The loopback shows each packet twice: as it goes out, and as it comes in.
PACKET_HOST = 0
SOL_PACKET, PACKET_STATISTICS = 263, 6
ROOM = 8 * 1024 * 1024
HEADERS = 256
TCP, UDP = 6, 17

# What was captured: when, in nanoseconds of the wall clock; how many bytes of headers follow.
ITEM = struct.Struct('=QI')
# size: bytes of payload.  flags, sequence: 0 for UDP.
Packet = namedtuple('Packet', 'time protocol source target flags sequence acknowledged size')


class CannotCapture(Exception):
    """Why this machine does not let us, in one line."""


def enter():
    """Move this process, and those that it starts, into a network of their own, with its loopback up.

    :raises CannotCapture: when that is not permitted, or not known here.
    """
    if sys.version_info[0] == 2:
        raise CannotCapture('it needs Python 3')  # PY2: no clock to compare with the kernel's
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise CannotCapture('no user namespace: %s' % os.strerror(ctypes.get_errno()))
    try:
        for name, text in [('setgroups', 'deny'), ('uid_map', '%d %d 1' % (user, user)),
                           ('gid_map', '%d %d 1' % (group, group))]:
            with io.open('/proc/self/' + name, 'w') as file:
                file.write(text)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            found = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack('=16sH14x', b'lo', 0))
            flags = struct.unpack('=16sH14x', found)[1]
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack('=16sH14x', b'lo', flags | IFF_UP))
    except EnvironmentError as error:
        raise CannotCapture('no network namespace: %s' % error.strerror)


class Capture(object):
    """A process that writes down the headers of all packets of the loopback, from now until :meth:`stop`.

    :param path: the file for them.
    :raises CannotCapture: when it may not listen.
    """

    def __init__(self, path):
        self._path = path
        try:
            listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
            listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            listener.bind(('lo', ETH_P_ALL))
        except EnvironmentError as error:
            raise CannotCapture('no packet socket: %s' % error.strerror)
        reading, self._writing = os.pipe()
        self._process = os.fork()
        if not self._process:
            os.close(self._writing)
            try:
                _listen(listener, reading, path)
            finally:
                os._exit(0)
        os.close(reading)
        listener.close()

    def stop(self):
        """Return the :class:`Packet` objects, with times of the recorder's clock, and how many were missed."""
        os.close(self._writing)
        os.waitpid(self._process, 0)
        offset = _between_clocks()
        with io.open(self._path, 'rb') as file:
            content = file.read()
        found, at = [], 0
        while at + ITEM.size + 4 <= len(content):
            stamp, size = ITEM.unpack_from(content, at)
            at += ITEM.size
            packet = parse(content[at:at + size], (stamp - offset) / 1e9)
            at += size
            if packet is not None:
                found.append(packet)
        missed, = struct.unpack('=I', content[-4:]) if content else (0,)
        return found, missed


def parse(frame, moment):
    """Take the headers of a packet apart; None for what is neither TCP nor UDP.

    :param frame: bytes, from the Ethernet header on.
    """
    kind, = struct.unpack_from('>H', frame, 12)
    if kind == ETH_P_IP and len(frame) >= ETH_HEAD + 20:
        start = ETH_HEAD + 4 * (frame[ETH_HEAD] & 15)
        size = struct.unpack_from('>H', frame, ETH_HEAD + 2)[0] - (start - ETH_HEAD)
        protocol = frame[ETH_HEAD + 9]
        hosts = [socket.inet_ntop(socket.AF_INET, frame[ETH_HEAD + at:ETH_HEAD + at + 4]) for at in (12, 16)]
    elif kind == ETH_P_IPV6 and len(frame) >= ETH_HEAD + 40:
        start, protocol = ETH_HEAD + 40, frame[ETH_HEAD + 6]
        size, = struct.unpack_from('>H', frame, ETH_HEAD + 4)
        hosts = ['[%s]' % socket.inet_ntop(socket.AF_INET6, frame[ETH_HEAD + at:ETH_HEAD + at + 16]) for at in (8, 24)]
    else:
        return None
    if protocol not in (TCP, UDP) or len(frame) < start + 8:
        return None
    ports = struct.unpack_from('>HH', frame, start)
    names = ['%s:%d' % one for one in zip(hosts, ports)]
    if protocol == UDP:
        return Packet(moment, protocol, names[0], names[1], 0, 0, 0, size - 8)
    sequence, acknowledged, offset, flags = struct.unpack_from('>IIBB', frame, start + 4)
    return Packet(moment, protocol, names[0], names[1], flags, sequence, acknowledged, size - 4 * (offset >> 4))


def _listen(listener, reading, path):
    """Write down what comes until the other end of the pipe is closed, and then what is still there."""
    listener.setblocking(False)
    poller = select.poll()
    for one in (listener.fileno(), reading):
        poller.register(one, select.POLLIN)
    over = False
    with io.open(path, 'wb') as file:
        while not over:
            over = any(fd == reading for fd, _ in poller.poll())
            _take(listener, file)
        file.write(struct.pack('=I', struct.unpack('=II', listener.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]))


def _take(listener, file):
    while True:
        try:
            frame, beside, _, address = listener.recvmsg(HEADERS, 64)
        except EnvironmentError:
            return  # nothing is left
        if address[2] == PACKET_HOST:
            seconds, fraction = struct.unpack('=qq', beside[0][2])
            file.write(ITEM.pack(seconds * 10 ** 9 + fraction, len(frame)) + frame)


def _between_clocks():
    """Return how many nanoseconds the wall clock, which packets have, is ahead of the recorder's clock."""
    best = None
    for _ in range(20):
        before, wall, after = time.monotonic(), time.time(), time.monotonic()
        if best is None or after - before < best[0]:
            best = (after - before, int(wall * 1e9) - int((before + after) / 2 * 1e9))
    return best[1]
