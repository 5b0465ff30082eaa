"""Frames by Twisted's Int32StringReceiver, on its epoll reactor."""

import sys

from twisted.internet import epollreactor

epollreactor.install()
from twisted.internet import protocol, reactor  # noqa: E402
from twisted.protocols.basic import Int32StringReceiver  # noqa: E402


class Echo(Int32StringReceiver):
    MAX_LENGTH = 1 << 24

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)

    def stringReceived(self, string):
        self.sendString(string)


factory = protocol.Factory.forProtocol(Echo)
port = reactor.listenTCP(0, factory, 1000, '127.0.0.1')
sys.stdout.write('LISTENING 127.0.0.1 %d\n' % port.getHost().port)
sys.stdout.flush()
reactor.run()
