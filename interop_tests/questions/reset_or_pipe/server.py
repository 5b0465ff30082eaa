import select
import socket

server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(1)
client = server.accept()[0]
select.select([client], [], [])
client.close()  # it has not read what came
server.close()
