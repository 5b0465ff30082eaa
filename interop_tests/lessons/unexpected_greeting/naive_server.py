try:
    import socketserver
except ImportError:
    import SocketServer as socketserver


class Handler(socketserver.StreamRequestHandler):
    def setup(self):
        print('setup')
        socketserver.StreamRequestHandler.setup(self)

    def handle(self):
        print('handle')
        self.wfile.write(b'Welcome\n')
        for line in self.rfile:
            self.wfile.write(line.upper())

    def finish(self):
        print('finish')
        socketserver.StreamRequestHandler.finish(self)


server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
print(server.server_address[1])
server.serve_forever()
