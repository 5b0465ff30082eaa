"""The checker of the ledger: what it finds, what it leaves alone, and that no file is the end of it.

It needs mypy and fissix, and so a modern Python, which it needs one of: tox runs this in the environment cref.
"""

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interop_tests.process import ROOT

pytest.importorskip('fissix')
pytest.importorskip('mypy.build')

from pyside.ledger.checking import command, formats, messages, newer, sources, worker  # noqa: E402
from pyside.ledger.entries import entries  # noqa: E402

# A line, and what the checker has to say about it.  s is a socket, data came from it.
LINES = [
    ("import urllib2", 'urllib2'),
    ("import httplib, cPickle", 'cpickle', 'httplib'),
    ("from telnetlib import Telnet", 'telnetlib'),
    ("{}.iteritems()", 'iteritems'),
    ("isinstance(data, basestring)", 'basestring'),
    ("unicode('x')", 'unicode'),
    ("unichr(3)", 'unichr'),
    ("cmp(1, 2)", 'cmp'),
    ("import sys; sys.maxint", 'maxint'),
    ("from collections import Mapping", 'collections-mapping'),
    ("import itertools; itertools.izip([], [])", 'izip'),
    ("import time; time.clock()", 'time-clock'),
    ("s.send('x')", 'send-str'),
    ("s.send(u'x')", 'send-text'),
    ("s.sendall('%d' % 5)", 'send-format'),
    ("s.sendall('{}'.format(5))", 'send-format'),
    ("s.send(str(5))", 'send-str-of-number'),
    ("s.send(len(data))", 'send-len'),
    ("s.send(5)", 'send-int'),
    ("s.sendto('x', ('127.0.0.1', 9))", 'send-str'),
    ("s.send(json.dumps({}))", 'json-send'),
    ("s.send('a' + name)", 'send-str'),
    ("s.send(name + 'a')", 'send-str'),
    ("s.send(chr(200))", 'send-str'),
    ("s.send('\\r\\n'.join(name))", 'send-str'),
    ("s.send('Hello %s\\r\\n' % name)", 'send-format'),
    ("x = 'abc'; s.send(x)", 'send-str'),
    ("x = u'abc'; s.send(x)", 'send-text'),
    ("s.send(sys.stdin.readline())", 'send-text'),
    ("for x in ('a', 'b'): s.send(x)", 'send-text'),
    ("data == ''", 'recv-is-empty-text'),
    ("'' == data", 'recv-is-empty-text'),
    ("s.recv(5) != 'x'", 'recv-is-text'),
    ("data.strip() == 'quit'", 'recv-is-text'),
    ("data[:4] == 'quit'", 'recv-is-text'),
    ("data in ('quit', 'exit')", 'recv-is-text'),
    ("data in ['quit', 'exit']", 'recv-is-text'),
    ("data.split()[0] == 'GET'", 'recv-is-text'),
    ("data < 'x'", 'less'),
    ("'x' in data", 'contains-text'),
    ("data in 'xyz'", 'contains-text'),
    ("{'a': 1}[data]", 'key'),
    ("{'a': 1}.get(data)", 'key'),
    ("data in {'a': 1}", 'key'),
    ("data[0] == 'x'", 'recv-index'),
    ("ord(data[0])", 'recv-index'),
    ("x = data[0]", 'recv-index'),
    ("data[0] in 'xy'", 'recv-index'),
    ("for x in data: pass", 'recv-iterate'),
    ("for x in data: ord(x)", 'recv-iterate'),
    ("[ord(x) for x in data]", 'recv-iterate'),
    ("str(data)", 'str-of-bytes'),
    ("str(bytearray(9))", 'text-of-bytearray'),
    ("'%s' % data", 'percent-bytes-into-text'),
    ("'%d %s' % (5, data)", 'percent-bytes-into-text'),
    ("'{}'.format(data)", 'format-bytes-into-text'),
    ("'x' + data", 'add'),
    ("data + 'x'", 'add'),
    ("data += 'x'", 'add'),
    ("bytearray(data) + 'x'", 'bytearray-add-text'),
    ("x = bytearray(); x.extend('a')", 'bytearray-extend-text'),
    ("''.join([data])", 'join'),
    ("''.join([data, s.recv(5)])", 'join'),
    ("b''.join(['a', 'b'])", 'join-bytes-with-text'),
    ("u''.join([data])", 'join-text-with-bytes'),
    ("data.split(',')", 'split-text-argument'),
    ("data.partition(',')", 'split-text-argument'),
    ("data.rstrip('x')", 'strip-text-argument'),
    ("data.replace('\\r', '')", 'replace-text'),
    ("data.startswith('x')", 'startswith-text'),
    ("data.endswith(('x', 'y'))", 'startswith-text'),
    ("data.find('x')", 'contains-text'),
    ("data.count('x')", 'contains-text'),
    ("data.decode()", 'decode-without-encoding'),
    ("data.decode('utf-8')", 'recv-buffered-by-text'),
    ("data.encode('utf-8')", 'encode-on-bytes'),
    ("'x'.decode('utf-8')", 'decode-on-text'),
    ("data.encode('hex')", 'encode-hex'),
    ("'ff'.decode('hex')", 'encode-hex'),
    ("print(data)", 'print-bytes'),
    ("s.recv(2048 / 2)", 'recv-half-size'),
    ("s.recv(1024, socket.MSG_TRUNC)", 'recv-trunc'),
    ("list(iter(lambda: s.recv(9), ''))", 'iter-recv-text'),
    ("list(iter(functools.partial(s.recv, 9), ''))", 'iter-recv-text'),
    ("s.makefile()", 'makefile-read-line'),
    ("s.makefile('r')", 'makefile-read-line'),
    ("s.makefile('w')", 'makefile-write-text'),
    ("s.makefile('w').write(b'x')", 'makefile-write-text', 'makefile-write-bytes'),
    ("s.makefile('wb').write('x')", 'makefile-wb-text'),
    ("s.makefile('rb').readline() == 'x'", 'recv-is-text'),
    ("bytes(5)", 'bytes-of-number'),
    ("bytes('x')", 'bytes-of-str'),
    ("raw_input()", 'raw-input'),
    ("x = input()", 'input-evaluates'),
    ("import SocketServer", 'import-socketserver'),
    ("from Queue import Queue", 'queue-module'),
    ("string.atoi('5')", 'atoi'),
    ("zlib.crc32(data)", 'crc32-sign'),
    ("hmac.new(b'k', data)", 'hmac-default-digest'),
    ("hashlib.md5('x')", 'hashlib-text'),
    ("base64.b64encode('x')", 'base64-text'),
    ("pickle.dumps(5)", 'pickle-default-protocol'),
    ("json.dumps(data)", 'json-dumps-bytes'),
    ("json.dumps({'x': data})", 'json-dumps-bytes'),
    ("struct.pack('3s', 'abc')", 'pack-s-text'),
    ("struct.pack('>I5s', 5, 'abc')", 'pack-s-text'),
    ("struct.unpack('>4sI', data)[0] == 'ABCD'", 'recv-is-text'),
    ("{}.has_key(5)", 'has-key'),
    ("{}.keys()[0]", 'dict-keys-index'),
    ("len(map(int, '12'))", 'map-length'),
    ("s.listen()", 'listen-without-backlog'),
    ("with socket.socket() as t: pass", 'socket-with'),
    ("try:\n  pass\nexcept socket.error as e:\n  e[0]", 'error-index'),
    ("try:\n  pass\nexcept socket.error as e:\n  e.message", 'error-message'),
    ("try:\n  pass\nexcept socket.error as e:\n  number, text = e", 'error-unpack'),
    ("try:\n  pass\nexcept select.error as e:\n  e.errno", 'select-error-errno'),
    ("try:\n  pass\nexcept socket.timeout:\n  pass\nexcept OSError as e:\n  e.errno == errno.ETIMEDOUT",
     'timeout-is-etimedout'),
    ("while 1:\n  try:\n    f.readline()\n  except socket.timeout:\n    continue", 'makefile-line-time-out'),
    ("s.send(struct.pack('>I', len(name)) + name.encode('utf-8'))", 'length-of-text'),
    ("s.send(('%d\\n%s' % (len(name), name)).encode('utf-8')); name.encode('utf-8')", 'length-of-text'),
    ("sys.stdout.write(data)", 'stdout-write-bytes'),
    ("out = sys.stderr; out.write(data)", 'stdout-write-bytes'),
    ("write = sys.stdout.write; write(data)", 'stdout-write-bytes'),
    ("open('x', 'w').write(data)", 'open-write-bytes'),
    ("open('x', 'wb').write('x')", 'open-wb-text'),
    ("x = io.BytesIO(); x.write('x')", 'bytesio-text'),
    ("x = io.StringIO(); x.write(data)", 'stringio-bytes'),
    ("subprocess.Popen(['x'], stdin=subprocess.PIPE).stdin.write('x')", 'subprocess-input-text'),
    ("re.match('text', data)", 're-text-pattern'),
    ("re.compile('..').match(data)", 're-text-pattern'),
    ("re.sub(b'a', b'b', name + 'x')", 're-bytes-pattern'),
    ("a, b = re.match(b'(.)(.)', data).groups(); a == 'x'", 'recv-is-text'),
    ("read = s.recv; read(3) == 'x'", 'recv-is-text'),
    ("send = s.sendall; send('x')", 'send-str'),
    ("data is ''", 'recv-is-empty-text'),
    ("(s.recv(9) or '') == 'x'", 'recv-is-text'),
    ("x = s.recv(9) if name else ''; x == 'x'", 'recv-is-text'),
    ("','.join(reversed([data]))", 'join'),
    ("''.join(list(iter(lambda: s.recv(9), b'')))", 'join'),
    ("data.ljust(9, '0')", 'ljust-text'),
    ("memoryview('x')", 'memoryview-text'),
    ("struct.pack('>I%ds' % len(data), 5, 'abc')", 'pack-s-text'),
    ("struct.pack('>I' + '3s', 5, 'abc')", 'pack-s-text'),
    ("head = struct.Struct('>I3s'); head.pack(5, 'abc')", 'pack-s-text'),
    ("hmac.new('key', data, 'md5')", 'hmac-text-key'),
    ("import queue\nq = queue.Queue(); q.put(data); q.get() == 'x'", 'recv-is-text'),
    ("import urllib.request as r\nr.urlopen('x').read() == 'x'", 'recv-is-text'),
    ("if sys.version_info < (2, 6):\n  return\ndata == 'x'", 'recv-is-text'),
    # Syntax that only Python 2 has.
    ("print 'x'", 'print-statement'),
    ("print ('x'), 'y'", 'print-statement'),
    ("print >>sys.stderr, 'x'", 'print-statement'),
    ("exec 'x = 1'", 'exec-statement'),
    ("x = `5`", 'backticks'),
    ("5 <> 6", 'not-equal'),
    ("x = 0777", 'octal-literal'),
    ("x = 5L", 'long-suffix'),
    ("raise IOError, 'x'", 'raise-comma'),
    ("x = ur'x'", 'raw-unicode-literal'),
    ("def f(a, (b, c)): pass", 'tuple-parameters'),
    ("try:\n  pass\nexcept IOError, e:\n  pass", 'except-comma'),
    ("try:\n  pass\nexcept (IOError, OSError), e:\n  pass", 'except-comma'),
    ("try:\n  pass\nexcept IOError, (number, text):\n  pass", 'except-comma'),
    ("f(async=True)", 'async-as-a-name'),
]
PRELUDE = """\
import base64, errno, functools, hashlib, hmac, io, json, pickle, re, select, socket, string, struct, subprocess, sys
import zlib
def prelude(s, name, f=None):
"""
GOOD = [
    "s.send(b'x')", "s.sendall(name)", "s.sendall(data)", "s.sendall(bytearray(5))", "s.send(name.encode('ascii'))",
    "s.send(json.dumps({}).encode('utf-8'))", "s.sendall(('%d' % 5).encode('ascii'))",
    "data == b''", "data == name", "data[0:1]", "data[:1] == b'x'", "data in (b'x', b'y')", "b'x' in data",
    "{b'a': 1}.get(data)", "data[0] & 15", "data[0] == 5", "for x in bytearray(data): pass", "[x & 1 for x in data]",
    "ord(data[0:1])", "bytearray(data)[0]", "'%r' % data", "'%r %s' % (data, 5)", "repr(data)", "str(data, 'ascii')",
    "s.makefile('rb')", "s.makefile('rwb', 0)", "s.makefile('r', encoding='utf-8')",
    "s.makefile('rb').readline().decode('utf-8') == 'x'",
    "zlib.crc32(data) & 0xffffffff", "hashlib.md5(b'x')", "hashlib.md5(data).hexdigest() == 'x'",
    "data.split(b',')", "data.split(None, 1)", "not data", "len(data) == 0", "data.decode('ascii') == 'x'",
    "data.decode('latin-1').split(',')", "b''.join([data])", "','.join(['a'])", "data + b'x'", "data * 5",
    "s.recv(2048 // 2)", "list(iter(lambda: s.recv(9), b''))", "x = 'a' == 'b'", "'text'.split(',')",
    "pickle.dumps(5, 2)", "'x'.encode('utf-8')", "struct.pack('3s', b'abc')", "struct.pack('>I', 5)",
    "struct.unpack('>4sI', data)[1] == 5", "struct.unpack('B', data)[0] == 5",
    "try:\n  import socketserver\nexcept ImportError:\n  import SocketServer as socketserver",
    "try:\n  raw_input\nexcept NameError:\n  raw_input = input",
    "try:\n  pass\nexcept socket.error as e:\n  e.args[0]",
    "try:\n  pass\nexcept socket.timeout:\n  pass\nexcept OSError as e:\n  pass",
    "while 1:\n  try:\n    f.readline()\n  except socket.timeout:\n    break",
    "s.send(struct.pack('>I', len(data)) + data)",
    "name = name.encode('utf-8'); s.send(struct.pack('>I', len(name)) + name)",
    "s.send(struct.pack('>I', len(name)) + name.encode('ascii'))",
    "if len(name) > 100: s.send(name.encode('utf-8'))",
    "print('%d characters' % len(name)); s.send(name.encode('utf-8'))",
    "try:\n  pass\nexcept mylib.Error as e:\n  e.message",
    "import mylib; mylib.to_bytes('x')", "name.listen()", "name.recv()", "name.has('x')",
    "if sys.version_info[0] > 2:\n  data == 'x'\nelse:\n  data == 'y'",
    "if sys.version_info < (3,):\n  data == 'x'",
    "PY3 = sys.version_info[0] == 3\nif PY3:\n  data == 'x'\nelse:\n  data[0] == 'x'",
    "import six\nif six.PY2:\n  s.send('x')\nelse:\n  s.send(b'x')",
    "if str is bytes:\n  data == 'x'",
    "import six\nold = six.PY2\nif old:\n  data == 'x'",
    "from six import PY2 as old\ndata == ('x' if old else b'x')",
    "v = sys.version_info\nif v[0] < 3:\n  data == 'x'",
    "major, minor = sys.version_info[:2]\nif major == 2:\n  data == 'x'",
    "major = int(sys.version.split('.')[0])\nif major == 2:\n  data == 'x'",
    "def is_old():\n  return sys.version_info < (3,)\nif is_old():\n  data == 'x'",
    "class C(object):\n  old = sys.version_info < (3,)\nif C.old:\n  data == 'x'",
    "try:\n  unicode\n  old = True\nexcept NameError:\n  old = False\nif old:\n  data == 'x'",
    "if sys.version_info[0] == 3:\n  return\ndata == 'x'",
    "if sys.version_info[0] == 3:\n  raise SystemExit('2 only')\ndata == 'x'",
    "if sys.version_info[0] == 3:\n  sys.exit('2 only')\ndata == 'x'",
    "if sys.version_info[0] == 2:\n  pass\nelse:\n  return\ndata == 'x'",
    "assert sys.version_info < (3,)\ndata == 'x'",
    "@unittest.skipIf(sys.version_info[0] == 3, 'x')\ndef f():\n  data == 'x'",
    "sys.stdout.buffer.write(data)", "sys.stdout.write('%r' % data)", "open('x', 'wb').write(data)",
    "re.match(b'x', data)", "re.compile('x').match(name)", "send = s.send; send(b'x')",
    "struct.pack('>%dI' % 5, *name)", "struct.pack('3s%dI' % 5, b'abc', name)", "data.ljust(9, b'0')",
    "if isinstance(name, str):\n  name = name.encode('ascii')\ns.sendall(name)",
    "if not isinstance(name, bytes):\n  name = name.encode('ascii')\ns.sendall(name)",
    "try:\n  s.send('x')\nexcept TypeError:\n  s.send(b'x')",
    "data == 'x'  # ledger: ignore[recv-is-text]",
]

# A whole program, and the lines and entries that it is to be blamed for.
PROGRAMS = {
    'names that begin like a raw text in unicode': ("""\
import urllib, urllib2, urlparse
url = urllib.quote('x')
print url
""", [(1, 'urllib2'), (1, 'urlparse'), (2, 'urllib-quote'), (3, 'print-statement')]),
    'an attribute of the class below': ("""\
class Base(object):
    def fill(self):
        self.got = self.sock.recv(9)
class Below(Base):
    def look(self):
        return self.got == 'x'
""", [(6, 'recv-is-text')]),
    'a buffer under two names': ("""\
class Reader(object):
    def __init__(self, sock):
        self.sock = sock
        self.buffer = ''
    def line(self):
        buffer = self.buffer
        while True:
            end = buffer.find('\\r\\n')
            if end >= 0:
                break
            buffer += self.sock.recv(9)
        self.buffer = buffer[end + 2:]
        return buffer[:end]
    def next(self):
        line = self.line()
        return line == 'END' or line.split(' ')
""", [(8, 'contains-text'), (11, 'add'), (16, 'recv-is-text'), (16, 'split-text-argument')]),
    'a size, then the message': ("""\
def take(sock, length):
    data = ''
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise EOFError
        data += more
    return data
def one(sock):
    head = take(sock, 4)
    if head == 'HELO':
        return take(sock, int(head[1:])).split(',')
""", [(7, 'add'), (11, 'recv-is-text'), (12, 'split-text-argument')]),
    'a handler, its files, and a datagram': ("""\
import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().strip()
        if line == 'quit':
            self.wfile.write('bye')
class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request[0]
        sock = self.request[1]
        if data == 'x':
            sock.sendto('y', self.client_address)
class Unpacked(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(data.upper() + '!', self.client_address)
""", [(5, 'recv-is-text'), (6, 'makefile-wb-text'), (11, 'recv-is-text'), (12, 'send-str'), (16, 'add')]),
    'streams of asyncio': ("""\
import asyncio
async def serve(reader, writer):
    line = await reader.readline()
    if line == 'quit\\n':
        writer.write('bye')
        await writer.drain()
class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        if data.startswith('x'):
            self.transport.write('y')
async def main():
    reader, writer = await asyncio.open_connection('127.0.0.1', 7)
    writer.write('x')
    return (await reader.read(9)) == ''
""", [(4, 'recv-is-text'), (5, 'send-str'), (11, 'startswith-text'), (12, 'send-str'), (15, 'send-str'),
      (16, 'recv-is-empty-text')]),
    'functions, nested and called': ("""\
def outer(conn):
    def take():
        return conn.recv(9)
    def show(words):
        return words == 'x'
    got = take()
    show(got)
    return got.split(' ')
def pieces(conn):
    while True:
        yield conn.recv(9)
def all_of(conn):
    for piece in pieces(conn):
        if piece == '':
            break
    return ''.join(pieces(conn))
""", [(5, 'recv-is-text'), (8, 'split-text-argument'), (14, 'recv-is-empty-text'), (16, 'join')]),
    'what is accumulated': ("""\
class Lines(object):
    buffer = ''
    def __init__(self, sock):
        self.sock = sock
        self.parts = []
        self.by_peer = {}
    def fill(self):
        self.buffer += self.sock.recv(9)
        self.parts.append(self.sock.recv(9))
        self.by_peer[5] = ''
        self.by_peer[5] += self.sock.recv(9)
        if '\\n' in self.buffer:
            return self.buffer.split('\\n')
        return ''.join(self.parts)
def read(s):
    got = ''
    while 1:
        more = s.recv(9)
        if not more:
            return got
        got = got + more
def last(s):
    data = ''
    while data != 'quit':
        data = s.recv(9)
""", [(8, 'add'), (11, 'add'), (12, 'contains-text'), (13, 'split-text-argument'), (14, 'join'), (21, 'add'),
      (24, 'recv-is-text')]),
    'tuples, items, conditions': ("""\
def f(conn, conns):
    data, address = conn.recvfrom(9)
    data == 'a'
    first, second = conn.recv(9), 5
    first == 'b'
    conns[3].recv(9) == 'c'
    got = {}
    got['x'] = conn.recv(9)
    got['x'] == 'd'
    both = data or first
    both == 'e'
    (lambda sock: sock.recv(9) == 'f')(conn)
    room = bytearray(9)
    size = conn.recv_into(room)
    room[:size] == 'g'
    conn.recvmsg(9)[0] == 'h'
    assert conn.recv(2) == 'OK', data
    return data if data == 'i' else None
""", [(3, 'recv-is-text'), (5, 'recv-is-text'), (6, 'recv-is-text'), (9, 'recv-is-text'), (11, 'recv-is-text'),
      (12, 'recv-is-text'), (15, 'recv-is-text'), (16, 'recv-is-text'), (16, 'recvmsg'), (17, 'recv-is-text'),
      (18, 'recv-is-text')]),
    'what text is sent': ("""\
import json, sys
def f(conn, names):
    line = raw_input('> ')
    conn.send(line)
    conn.sendall(json.dumps(names) + '\\n')
    reply = 'HTTP/1.0 200 OK\\r\\n'
    reply += 'Server: x\\r\\n'
    conn.sendall(reply)
    for line in sys.stdin:
        conn.send(line)
    conn.send('%s: %s' % ('a', names) + '\\r\\n')
""", [(3, 'raw-input'), (4, 'send-text'), (5, 'json-send'), (8, 'send-str'), (10, 'send-text'), (11, 'send-format')]),
    'a file of bytes in memory': ("""\
import cStringIO, struct
class Message(object):
    def __init__(self, content=None):
        if content is None:
            self.packet = cStringIO.StringIO()
        else:
            self.packet = cStringIO.StringIO(content)
    def take(self, size):
        data = self.packet.read(size)
        if len(data) < size:
            return data + '\\0' * (size - len(data))
        return data
    def flag(self):
        return self.take(1) != '\\0'
    def put(self, number):
        self.packet.write(struct.pack('>I', number))
""", [(1, 'cstringio'), (11, 'add'), (14, 'recv-is-text')]),
    'ssl': ("""\
import socket, ssl
def f(context):
    raw = socket.create_connection(('localhost', 443))
    tls = context.wrap_socket(raw, server_hostname='localhost')
    tls.write('GET / HTTP/1.0\\r\\n\\r\\n')
    if tls.read(9) == '':
        return
    with_class = ssl.create_default_context().wrap_socket(raw)
    with_class.sendall('x')
""", [(5, 'send-str'), (6, 'recv-is-empty-text'), (9, 'send-str')]),
    'Python 2 in full': ("""\
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    s.connect((sys.argv[1], 0x50))
except socket.error, (code, text):
    print >>sys.stderr, "no:", text
    sys.exit(1)
def each(first, (host, port)):
    print host
    return first <> port
while 1:
    data = s.recv(9)
    if data == "":
        break
    print data,
    for key, value in {}.iteritems():
        print `key`, value
""", [(5, 'except-comma'), (6, 'print-statement'), (8, 'tuple-parameters'), (9, 'print-statement'),
      (10, 'not-equal'), (13, 'recv-is-empty-text'), (15, 'print-bytes'), (15, 'print-statement'),
      (16, 'iteritems'), (17, 'backticks'), (17, 'print-statement')]),
}
# Programs that are to be left alone.
INNOCENT = {
    'own send and recv': """\
class Wire(object):
    def __init__(self, sock):
        self.sock = sock
    def send(self, text):
        self.sock.sendall(text.encode('ascii'))
    def recv(self, size):
        return self.sock.recv(size).decode('ascii')
def main(wire, conn):
    wire = Wire(conn)
    wire.send('hello')
    if wire.recv(5) == 'hello':
        wire.send(wire.recv(5))
def other(conn):
    conn.send('x')
""",
    'own push of a channel': """\
import asynchat  # ledger: ignore[asynchat]
class Channel(asynchat.async_chat):
    def push(self, text):
        asynchat.async_chat.push(self, text.encode('ascii') + b'\\r\\n')
    def greet(self):
        self.push('220 hello')
""",
    'text or bytes, as it was told': """\
class Lines(object):
    def __init__(self, sock, text):
        self.sock = sock
        if text:
            self.empty = ''
            self.end = '.'
        else:
            self.empty = b''
            self.end = b'.'
        self.parts = []
    def fill(self, text):
        data = self.sock.recv(9)
        if text:
            self.parts.append(str(data, 'ascii'))
        else:
            self.parts.append(data)
    def all(self):
        whole = self.empty.join(self.parts)
        return [part for part in whole.split(self.end) if part[0] == self.end]
""",
    'a file of either kind': """\
import io, sys
def take(file=None):
    if file is None:
        file = sys.stdin
    if isinstance(file, io.TextIOWrapper):
        file = file.buffer
    return file.read(9).decode('ascii')
""",
    'pipes of multiprocessing': """\
from multiprocessing import Pipe, Process
def child(conn):
    conn.send('ready')
    if conn.recv() == 'stop':
        conn.close()
def main():
    ours, theirs = Pipe()
    Process(target=child, args=(theirs,)).start()
    ours.send('stop')
    return ours.recv() == 'ready'
""",
    'the same name elsewhere': """\
def fill(sock):
    words = sock.recv(9)
    return words
def parse(text):
    words = text.split(' ')
    return words[0] == 'x' or 'y' in words
class One(object):
    def f(self, sock):
        self.data = sock.recv(9)
class Two(object):
    def __init__(self):
        self.data = 'text'
    def f(self):
        return self.data == 'x'
""",
    'decoded at the edge': """\
import json
def handle(conn):
    text = b''.join(iter(lambda: conn.recv(9), b'')).decode('utf-8')
    command, _, rest = text.partition(' ')
    if command in ('get', 'set'):
        conn.sendall(('%s\\n' % rest).encode('utf-8'))
    conn.sendall(json.dumps({command: rest}).encode('utf-8') + b'\\n')
""",
    'datagrams': """\
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
data, address = s.recvfrom(1024)
text = data.decode('utf-8')
s.sendto(text.upper().encode('utf-8'), address)
""",
    'generators and other senders': """\
def main(generator, mailer, signal, app):
    generator.send('x')
    mailer.send('x')
    signal.send('x', sender=5)
    app.client.send('x')
""",
    'a web socket': """\
import websocket
def main(url):
    ws = websocket.create_connection(url)
    ws.send('text')
    return ws.recv() == 'text'
""",
    'Python 3 that means it': """\
import asyncio
def opcode(conn) -> int:
    head = conn.recv(2)
    if head[0] & 15 == 8:
        return head[1]
    for value in head:
        conn.send(bytes([value]))
    print(head)
    return int.from_bytes(head, 'big')
""",
}


def checked(files, folder):
    """Return the rows of ``(name, source)``, and the problems."""
    return worker.check([(str(folder / (name + '.py')), source) for name, source in files], command._cache(str(folder)))


def line_source(line):
    """Return a program in which a line stands behind data = s.recv(5), and how many lines are before it."""
    inside = ''.join('    %s\n' % one for one in line.split('\n'))
    more = "    f = s.makefile('rb')\n" if 'f.readline' in line else ''
    return (PRELUDE + '    data = s.recv(5)\n' + more + inside).encode('utf-8')


@pytest.fixture(scope='session')
def answers(tmp_path_factory):
    """Return the rows of all tables, checked in one go: ``{source: rows}``."""
    texts = [line_source(row[0]) for row in LINES] + [line_source(line) for line in GOOD]
    texts += [program.encode('ascii') for program, _ in PROGRAMS.values()]
    texts += [program.encode('ascii') for program in INNOCENT.values()]
    found = checked([('m%d' % number, text) for number, text in enumerate(texts)], tmp_path_factory.mktemp('checked'))
    for _, problems in found:
        assert problems == []
    return dict(zip(texts, (rows for rows, _ in found)))


@pytest.mark.parametrize('row', LINES, ids=[row[0].split('\n')[-1].strip() for row in LINES])
def test_line(row, answers):
    found = [entry for _, entry in answers[line_source(row[0])]]
    assert sorted(found) == sorted(row[1:])


@pytest.mark.parametrize('line', GOOD)
def test_good_line(line, answers):
    assert answers[line_source(line)] == []


@pytest.mark.parametrize('name', list(PROGRAMS))
def test_program(name, answers):
    program, expected = PROGRAMS[name]
    assert answers[program.encode('ascii')] == expected


@pytest.mark.parametrize('name', list(INNOCENT))
def test_innocent_program(name, answers):
    assert answers[INNOCENT[name].encode('ascii')] == []


# What the checker finds in the naive programs of the lessons; the other faults there are none of bytes and text.
FOUND = {
    'bytes_and_text/naive_server.py': ['recv-is-text', 'encode-without-encoding', 'encode-without-encoding'],
    'empty_line/naive_client.py': ['input-evaluates', 'encode-without-encoding', 'decode-without-encoding'],
    'nothing_to_say/naive_server.py': ['commands', 'commands', 'send-text'],
    'partial_send/naive_client.py': ['send-len'],
    'size_without_end/naive_client.py': ['decode-without-encoding'],
    'sticky_reads/naive_client.py': ['decode-without-encoding'],
    'unexpected_greeting/naive_client.py': ['decode-without-encoding'],
}


def test_naive_programs_of_the_lessons(tmp_path):
    lessons = os.path.join(ROOT, 'interop_tests', 'lessons')
    files = [os.path.join(folder, name) for folder, _, names in os.walk(lessons) for name in names
             if name.startswith('naive_') and name.endswith('.py')]
    sources_of = [(path, io.open(path, 'rb').read()) for path in files]
    found = {os.path.relpath(path, lessons).replace(os.sep, '/'): [entry for _, entry in rows]
             for path, (rows, _) in zip(files, worker.check(sources_of, command._cache(str(tmp_path))))}
    assert {path: rows for path, rows in found.items() if rows} == FOUND
    assert len(found) >= 15


def test_our_programs():
    """They are the right ones of the lessons."""
    status, out, _ = run(*[os.path.join('pyside', folder) for folder in ('first', 'iomodels', 'net', 'programs')])
    assert (status, out) == (0, '')


def test_every_entry_that_is_named_is_in_the_ledger():
    assert set(messages.WORDS) <= set(entries())


def test_every_entry_that_a_rule_names_has_words():
    """Names stand in the rules as literals; all that the tables above expect is among those that have words."""
    expected = {entry for row in LINES for entry in row[1:]}
    expected |= {entry for _, rows in PROGRAMS.values() for _, entry in rows}
    assert expected - set(messages.WORDS) == set()


def run(*words, **more):
    """Return the exit status, standard output and standard error of the command."""
    process = subprocess.Popen(
        [sys.executable, '-m', 'pyside.ledger', 'check'] + list(words), cwd=str(more.get('cwd', ROOT)),
        env=dict(os.environ, PYTHONPATH=ROOT), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(more.get('data', b''))
    assert b'Traceback' not in err
    return process.returncode, out.decode('utf-8'), err.decode('utf-8')


FAULT = b"def f(s):\n    return s.recv(1) == 'x'\n"


def test_the_command(tmp_path):
    """Paths are printed as they were given; folders are walked; a missing file does not keep the others back."""
    (tmp_path / 'pack' / '.hidden').mkdir(parents=True)
    (tmp_path / 'pack' / 'a.py').write_bytes(FAULT)
    (tmp_path / 'pack' / 'b.txt').write_bytes(FAULT)
    (tmp_path / 'pack' / '.hidden' / 'c.py').write_bytes(FAULT)
    (tmp_path / 'good.py').write_bytes(b'x = 1\n')
    os.mkfifo(str(tmp_path / 'pack' / 'pipe.py'))
    assert run('good.py', cwd=tmp_path) == (0, '', '')
    status, out, err = run('nosuch.py', 'pack', 'good.py', cwd=tmp_path)
    assert (status, err) == (2, 'ledger: cannot check nosuch.py: No such file or directory\n')
    assert out == (
        "pack/a.py:2: recv-is-text: on 2: bytes are compared; on 3: bytes are never equal to text. "
        "Compare with b'...', or decode before. See docs/ledger/receiving.md#recv-is-text\n")
    assert run('pack', cwd=tmp_path) == (1, out, '')
    assert run('-', cwd=tmp_path, data=FAULT) == (1, out.replace('pack/a.py', '-'), '')


@pytest.mark.parametrize('words, reason', [
    ((), 'no file is named'),
    (('--format', 'xml', 'x.py'), '--format takes one of text, json, sarif, github, not xml'),
    (('--format',), '--format takes one of text, json, sarif, github'),
    (('--fast', 'x.py'), '--fast is no option'),
], ids=['nothing', 'another format', 'no format', 'another option'])
def test_usage(words, reason):
    status, out, err = run(*words)
    assert (status, out) == (2, '')
    assert err.splitlines()[0] == 'ledger: ' + reason


IGNORES = {
    'ignore[recv-is-text]': [],
    'ignore[recv-is-text, recv-index]': [],
    'ignore[recv-is-txt]': ['recv-is-text', 'It ignores nothing: the ledger has no entry recv-is-txt. '
                            'Did you mean recv-is-text?'],
    'ignore[recv-is-text, zzz]': ['It ignores nothing: the ledger has no entry zzz.'],
    'ignore': ['recv-is-text', 'It ignores nothing: name the entry, # ledger: ignore[ENTRY].'],
    'ignore[]': ['recv-is-text', 'It ignores nothing: name the entry, # ledger: ignore[ENTRY].'],
}


@pytest.mark.parametrize('comment', list(IGNORES))
def test_ignored(comment, tmp_path):
    """A comment that names no entry is a finding; the same words in a literal are none."""
    text = "x = '# ledger: ignore[zzz]'\ndef f(s):\n    s.recv(9) == 'x'  # ledger: %s\n"
    (tmp_path / 'a.py').write_text(text % comment)
    status, out, _ = run('a.py', cwd=tmp_path)
    said = [line.partition(': ')[2] for line in out.splitlines()]
    assert [text if entry == 'unknown-entry' else entry for entry, _, text in (
        line.partition(': ') for line in said)] == IGNORES[comment]
    assert status == bool(said) and out.count('a.py:3: ') == len(said)
    rules = json.loads(run('--format=sarif', 'a.py', cwd=tmp_path)[1])['runs'][0]['tool']['driver']['rules']
    assert {rule['id'] for rule in rules} == {line.partition(':')[0] for line in said}


@pytest.mark.parametrize('program, lines', [
    ("    s.send(\n        'x',\n        0)  # ledger: ignore[send-str]\n", ''),
    ("    s.send(\n        'x'\n    )  # a comment  # ledger: ignore[send-str]\n", ''),
    ("    if s.send(\n            'x'):  # ledger: ignore[send-str]\n        s.send('y')\n", '6'),
    ("    s.send('x')\n    # ledger: ignore[send-str]\n", '4'),
    ("    s.send('x'); s.send(\n        'y')  # ledger: ignore[send-str]\n", '4'),
    ("    s.send('# ledger: ignore[send-str]')\n", '4'),
], ids=['last line', 'closing bracket', 'not what follows', 'a line of its own', 'several in a line', 'a literal'])
def test_ignored_behind_a_statement(program, lines, tmp_path):
    (tmp_path / 'a.py').write_text('import socket\ndef f():\n    s = socket.socket()\n' + program)
    _, out, _ = run('a.py', cwd=tmp_path)
    assert ' '.join(line.split(':')[1] for line in out.splitlines()) == lines


def test_formats(tmp_path):
    (tmp_path / 'a,b%.py').write_bytes(FAULT)
    (tmp_path / 'bad.py').write_bytes(b'\0')
    status, out, _ = run('--format', 'json', 'a,b%.py', 'bad.py', cwd=tmp_path)
    row = json.loads(out)['findings'][0]
    assert status == 2 and (row['path'], row['line'], row['entry']) == ('a,b%.py', 2, 'recv-is-text')
    assert all(row[key] for key in ('on_2', 'on_3', 'instead', 'page'))
    assert json.loads(out)['problems'][0]['path'] == 'bad.py'
    found = json.loads(run('--format=sarif', 'a,b%.py', 'bad.py', cwd=tmp_path)[1])['runs'][0]
    assert [rule['id'] for rule in found['tool']['driver']['rules']] == ['recv-is-text']
    place = found['results'][0]['locations'][0]['physicalLocation']
    assert place == {'artifactLocation': {'uri': 'a%2Cb%25.py'}, 'region': {'startLine': 2}}
    assert not found['invocations'][0]['executionSuccessful']
    lines = run('--format', 'github', 'a,b%.py', 'bad.py', cwd=tmp_path)[1].splitlines()
    assert lines[0].startswith('::warning file=a%2Cb%25.py,line=2,title=recv-is-text::on 2: ')
    assert lines[1].startswith('::error file=bad.py::line 1 has a NUL byte')
    assert set(formats.FORMATS) == {'text', 'json', 'sarif', 'github'}


# Bytes of a file, and the lines at which recv-is-text is found.
ENCODED = {
    'BOM': (b'\xef\xbb\xbf' + FAULT, [2]),
    'CRLF': (FAULT.replace(b'\n', b'\r\n'), [2]),
    'CR': (FAULT.replace(b'\n', b'\r') * 2, [2, 4]),
    'tabs': (FAULT.replace(b'    ', b'\t'), [2]),
    'tabs and spaces': (b"def f(s):\n    if s.recv(1) == 'x':\n\treturn 1\n", [2]),
    'tabs that only Python 2 takes': (b"def f(s):\n    if 1:\n        print 'x'\n\treturn s.recv(1) == 'x'\n", [4]),
    'form feed': (b'import socket\n\x0c\n' + FAULT, [4]),
    'Latin-1, with a cookie': (b"# coding: latin-1\nx = '\xfc'\n" + FAULT, [4]),
    'Latin-1, without one': (b"x = '\xfc'\n" + FAULT, [3]),
    'UTF-8, wide characters before': (
        u"def f(s):\n    return u'\xe9\u20ac\U0001f40d' and s.recv(1) == 'x'\n".encode('utf-8'), [2]),
    'a cookie that is none': (b'# coding: nonsense\n' + FAULT, [3]),
    'a cookie of another kind': (b'# coding: hex\n' + FAULT, [3]),
    'no end of the last line': (FAULT.rstrip(b'\n'), [2]),
    'a wrong escape': (b'x = "\\d"\n' + FAULT, [3]),
    'a line that goes on': (b"def f(s):\n    return (s\n            .recv(1)) == \\\n        'x'\n", [2]),
    'a configuration of mypy': (b'# mypy: ignore-errors\n# type: ignore\n' + FAULT, [4]),
    'nothing at all': (b'', []),
    'a comment alone': (b'# x', []),
}


@pytest.mark.parametrize('name', list(ENCODED))
def test_encoded(name, tmp_path):
    data, lines = ENCODED[name]
    rows, problems = checked([('x', data)], tmp_path)[0]
    assert problems == []
    assert [line for line, entry in rows if entry == 'recv-is-text'] == lines


# Files that cost themselves, in one line, and no others.
LOST = {
    'NUL': (FAULT + b'\0', 'line 3 has a NUL byte: no Python reads it'),
    'UTF-16': (FAULT.decode('ascii').encode('utf-16'), 'line 1 has a NUL byte: no Python reads it'),
    'no Python': (b'a b c\n', 'line 1 is no Python 3 (invalid syntax), and it is no Python 2 either'),
    'no end': (b'x = (', "line 1 is no Python 3 ('(' was never closed), and it is no Python 2 either"),
    'a sum of 5,000 terms': (
        FAULT + b'y = ' + b' + '.join([b'1'] * 5000), 'line 3 is nested too deeply, and was left out'),
    'a sum of 20,000 names': (b' + '.join([b'x'] * 20000), 'line 1 is nested too deeply, and was left out'),
    '5,000 parentheses': (b'y = ' + b'(' * 5000 + b')' * 5000, 'line 1 is nested too deeply, and was left out'),
    '5,000 signs': (b'y = ' + b'-' * 5000 + b'1', 'line 1 is nested too deeply, and was left out'),
    '5,000 calls': (b'y = x' + b'.a()' * 5000, 'line 1 is nested too deeply, and was left out'),
    '5,000 nots': (b'if ' + b'not ' * 5000 + b'x:\n    pass\n', 'line 1 is nested too deeply, and was left out'),
}


@pytest.mark.parametrize('name', list(LOST))
def test_lost(name, tmp_path):
    data, reason = LOST[name]
    found = checked([('before', FAULT), ('lost', data), ('after', FAULT)], tmp_path)
    assert found[0] == found[2] == ([(2, 'recv-is-text')], [])
    assert found[1][1] == [reason]


# Syntax of a version, and what it is called.
NEWER = {
    (3, 11): [('except* E:', 'except*'), ('    except *(E, F) as e:', 'except*')],
    (3, 12): [('type X = int', 'a type statement'), ('type X[T] = list[T]', 'a type statement'),
              ('def f[T](x): pass', 'a type parameter'), ('class A[T]: pass', 'a type parameter'),
              ("f'{x['y']}'", 'a quote or a backslash inside the braces of an f-string'),
              ("f'{'\\n'.join(x)}'", 'a quote or a backslash inside the braces of an f-string')],
    (3, 14): [("t'{x}'", 'a template string'), ('x = rt"{x}"', 'a template string')],
    (3, 15): [('lazy import json', 'a lazy import'), ('lazy from a import b', 'a lazy import'),
              ('x = [*y for y in z]', 'unpacking in a comprehension'),
              ('x = {**y for y in z}', 'unpacking in a comprehension')],
}


@pytest.mark.parametrize('version, line, name', [
    (version, line, name) for version, rows in NEWER.items() for line, name in rows])
def test_syntax_that_is_newer(version, line, name):
    assert newer.needed(line, (3, 10, 0)) == (version, name)
    assert newer.needed(line, version + (0,)) is None


@pytest.mark.parametrize('line', [
    'type = 5', 'type(x)', 'x = f"{x}"', "x = f'{x}' + f'{y}'", 'lazy = 5', 'x = [*y]', "cat'x'", "x = 't'", 'a b'])
def test_syntax_that_is_not_newer(line):
    assert newer.needed(line, (3, 10, 0)) is None


@pytest.mark.skipif(sys.version_info >= (3, 15), reason='this Python reads all that is known here')
def test_syntax_that_is_newer_costs_one_file(tmp_path):
    found = checked([('before', FAULT), ('new', b'x = 5\nlazy import json\n')], tmp_path)
    assert found == [([(2, 'recv-is-text')], []), ([], [
        'line 2 has a lazy import, which needs Python 3.15, but this checker runs on Python %d.%d: '
        'start it with a newer one' % sys.version_info[:2]])]


RELATIVE = [b'from . import x', b'from .. import x', b'from ...a.b import c', b'from .x import *']


@pytest.mark.parametrize('line', RELATIVE)
def test_relative_import_without_a_package(line, tmp_path):
    assert checked([('x', line + b'\n' + FAULT)], tmp_path) == [([(3, 'recv-is-text')], [])]


@pytest.mark.parametrize('name', ['socket', 'typing', 'builtins', 'my-server', '5', 'ledger_casts', 'mypy', 'x.y'])
def test_name_of_a_file(name, tmp_path):
    """It takes nobody's place."""
    assert checked([(name, b'import socket, typing\n' + FAULT)], tmp_path) == [([(3, 'recv-is-text')], [])]


def test_modules_that_import_each_other(tmp_path):
    """What a function of another file returns is known, in a package and beside it."""
    package = tmp_path / 'pack'
    package.mkdir()
    for name in ('__init__', 'wire', 'user'):
        (package / (name + '.py')).write_bytes(b'')
    wire = b'def take(s):\n    return s.recv(9)\n'
    user = b"from .wire import take\ndef f(s):\n    return take(s) == 'x'\n"
    files = [(package / '__init__.py', b''), (package / 'wire.py', wire), (package / 'user.py', user),
             (tmp_path / 'wire2.py', wire), (tmp_path / 'user2.py', user.replace(b'.wire', b'wire2'))]
    found = worker.check([(str(path), data) for path, data in files], command._cache(str(tmp_path)))
    assert found == [([], []), ([], []), ([(3, 'recv-is-text')], []), ([], []), ([(3, 'recv-is-text')], [])]


def test_a_class_that_another_module_is_passed(tmp_path):
    """Its name means nothing there; what comes after, text that is passed on, is found none the less."""
    files = [
        ('maker', b'import user\nclass Made(object):\n    pass\n'
                  b'def f(s):\n    user.take(Made(), s)\n    return Made()\n'),
        ('user', b'import maker\ndef take(made, s):\n    made = maker.f(s)\n    made.go()\n    put(s, "x")\n'
                 b'def put(s, text):\n    s.sendall(text)\n')]
    assert [rows for rows, _ in checked(files, tmp_path)] == [[], [(7, 'send-text')]]


def test_a_version_that_another_module_asks_for(tmp_path):
    """Names that hold the answer are known in all files that are checked together."""
    compat = b'import sys\nis_new = sys.version_info[0] == 3\n'
    uses = [b'from compat import is_new as new\ndef f(s):\n    if not new:\n        s.sendall("x")\n',
            b'import compat\ndef f(s):\n    if not compat.is_new:\n        s.sendall("x")\n',
            b'from other import is_new\ndef f(s):\n    if not is_new:\n        s.sendall("x")\n']
    found = checked([('compat', compat)] + [('m%d' % number, use) for number, use in enumerate(uses)], tmp_path)
    assert [rows for rows, _ in found] == [[], [], [], [(4, 'send-str')]]


def test_a_worker_that_dies_costs_one_file(tmp_path, monkeypatch, capsys):
    """Halves are tried until the file is alone."""
    (tmp_path / 'a.py').write_bytes(FAULT)
    (tmp_path / 'deadly.py').write_bytes(b'')
    worked = command._worked

    def dies(batch):
        return (None, 'it died') if any('deadly' in path for path, _ in batch) else worked(batch)
    monkeypatch.setattr(command, '_worked', dies)
    assert command.main([str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert 'a.py:2: recv-is-text: ' in out
    assert err == 'ledger: cannot check %s: it died\n' % (tmp_path / 'deadly.py')


def test_time_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(command, 'PATIENCE', 0.01)
    assert command._worked([('x.py', FAULT)]) == (None, 'it takes longer than 0 seconds')


def test_it_says_the_same_twice(tmp_path):
    text = '\n'.join(program for program, _ in PROGRAMS.values() if 'print >>' not in program).encode('ascii')
    assert checked([('x', text)], tmp_path) == checked([('x', text)], tmp_path)


PIECES = st.sampled_from([
    'def f(s):\n', '    ', '\t', '\n', '\r', '\x0c', 's.recv(9)', "''", 'u"\xe9"', 'b"x"', ' == ', ' + ', '(', ')',
    '[0]', ':', 'lambda x: ', 'class A(B):\n', 'self.x', ' = ', 'print ', '>>', '`', '<>', 'except E, e', 'try:\n',
    'if ', 'else:\n', 'yield ', 'await ', 'async ', 'exec ', '0777', '5L', "f'{x!r}'", '# coding: x\n', '\\\n',
    '"""', 'import ', 'from . import ', '*', '**', ',', 'global x\n', 'return ', 'match x:\n', 'case ', 'del ',
    'with ', ' as ', ':=', '@', '->', '\0', ';', 'x', '1'])


# No example takes long, but each is checked by mypy: few of them, and no limit of time.
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.binary(max_size=60), st.lists(PIECES, max_size=30).map(
    lambda pieces: ''.join(pieces).encode('utf-8'))), max_size=8))
def test_it_never_dies(tmp_path, files):
    """Whatever the bytes are: each file gets findings, or a reason in one line."""
    files = [('m%d' % number, data) for number, data in enumerate(files)] + [('good', FAULT)]
    found = checked(files, tmp_path)
    assert found[-1] == ([(2, 'recv-is-text')], [])
    for (_, data), (rows, problems) in zip(files, found):
        last = len(sources.decoded(data).split('\n')) + 1
        assert all(1 <= line <= last and entry in messages.WORDS for line, entry in rows)
        assert all('\n' not in problem for problem in problems)


MUTANTS = [text.encode('ascii') for text, _ in PROGRAMS.values()]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(MUTANTS), st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 9), PIECES), max_size=4)), max_size=6))
def test_it_never_dies_of_a_mutant(tmp_path, mutants):
    """Programs with pieces cut out, and others put in."""
    files = []
    for number, (data, changes) in enumerate(mutants):
        for place, length, piece in changes:
            data = data[:place] + piece.encode('utf-8') + data[place + length:]
        files.append(('m%d' % number, data))
    found = checked(files + [('good', FAULT)], tmp_path)
    assert found[-1] == ([(2, 'recv-is-text')], [])
