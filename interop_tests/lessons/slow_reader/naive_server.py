import select

from interop_tests.lessons.start import listener

server = listener()
clients = []
while True:
    for sock in select.select([server] + clients, [], [])[0]:
        if sock is server:
            clients.append(server.accept()[0])
            continue
        data = sock.recv(65536)
        if data:
            sock.sendall(data.upper())
        else:
            clients.remove(sock)
            sock.close()
