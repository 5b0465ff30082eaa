"""socketserver: a thread for each client."""
import socket
import threading

try:
    import socketserver
except ImportError:
    # PY2: another name.
    import SocketServer as socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)
            self.wfile.flush()


server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
thread = threading.Thread(target=server.serve_forever, args=(0.05,))
thread.start()
for _ in range(3):
    near = socket.create_connection(server.server_address[:2])
    near.sendall(b'hello\n')
    near.recv(100)
    near.close()
server.shutdown()
thread.join()
server.server_close()
