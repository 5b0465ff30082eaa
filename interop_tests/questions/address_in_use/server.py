import socket

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 0))
server.listen(1)
client = server.accept()[0]
server.close()
client.close()  # the first to close: TIME_WAIT is here
