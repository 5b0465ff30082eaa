import sys

try:
    import socketserver
except ImportError:
    import SocketServer as socketserver


def say(text):
    sys.stdout.write('%s\n' % text)
    sys.stdout.flush()


class Handler(socketserver.StreamRequestHandler):
    def setup(self):
        say('setup')
        socketserver.StreamRequestHandler.setup(self)

    def handle(self):
        say('handle')
        self.wfile.write(b'Welcome\n')
        for line in self.rfile:
            self.wfile.write(line.upper())

    def finish(self):
        say('finish')
        socketserver.StreamRequestHandler.finish(self)


server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
say(server.server_address[1])
server.serve_forever()
