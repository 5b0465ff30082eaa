#!/usr/bin/env node
// A peer in another language, written from docs/peer-contract.md and
// docs/wire-formats.md alone, with nothing but what Node brings (18 or newer).
//
// It shows how one's own peer looks where everything is an event: back
// pressure, half-close and idle timeouts are in Connection, and the protocols
// below it read like their drawings in docs/wire-formats.md.
'use strict';

const {execFile} = require('child_process');
const dgram = require('dgram');
const dns = require('dns').promises;
const {once} = require('events');
const fs = require('fs');
const net = require('net');
const os = require('os');

const PROTOCOLS = ['echo', 'frame', 'count', 'upper', 'sizeok', 'greet', 'command'];
const FAMILIES = {inet: 4, inet6: 6, unix: 0};
const LOOPBACK = {inet: '127.0.0.1', inet6: '::1'};
const MODEL = 'events';
// Node has datagrams over IP only: neither unix datagrams nor seqpacket.
const TYPES = ['stream', 'dgram'];
// Bytes of a length, and the order in which they are sent.
const WIDTHS = {
  u8: [1, 'BE'],
  u16be: [2, 'BE'],
  u24be: [3, 'BE'],
  u32be: [4, 'BE'],
  u64be: [8, 'BE'],
  u16le: [2, 'LE'],
  u32le: [4, 'LE'],
};
const FORMATS = [...Object.keys(WIDTHS), 'varint', 'netstring'];
const ALLOWED = ['true', 'false'];
const STATUS = {
  wrong: 1, usage: 2, unsendable: 2, 'too-long': 3, malformed: 3, truncated: 3,
  'timed-out': 4, unreachable: 5, reset: 5, unsupported: 127,
};

const LARGEST_U64 = 2n ** 64n - 1n;
const LONGEST_HEADER = 21; // a netstring's: 20 digits and the colon
const LONGEST_PATH = 107; // sun_path of unix(7), without its NUL
const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds; setTimeout makes 1 of anything longer
const LINGER_SECONDS = 2;
const ATTEMPTS = 3;
const NEWLINE = 0x0a;

class PeerError extends Error {
  constructor(kind, text) {
    super(text);
    this.kind = kind;
  }
}

function milliseconds(seconds) {
  return Math.min(LONGEST_TIMER, Math.max(1, Math.ceil(seconds * 1000)));
}

// Bytes that have come and are not yet used. The pieces are joined only when somebody takes them: joining at each
// arrival would copy a large frame once for every piece of it.
class Input {
  constructor() {
    this.pieces = [];
    this.size = 0;
    this.searched = 0; // so many bytes have no newline
  }

  push(piece) {
    this.pieces.push(piece);
    this.size += piece.length;
  }

  peek(size) {
    let found = 0;
    const count = this.pieces.findIndex((piece) => (found += piece.length) >= size) + 1;
    const pieces = count ? this.pieces.slice(0, count) : this.pieces;
    return (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)).subarray(0, size);
  }

  take(size) {
    const taken = this.peek(size);
    let left = size;
    let whole = 0;
    while (whole < this.pieces.length && this.pieces[whole].length <= left) {
      left -= this.pieces[whole++].length;
    }
    this.pieces.splice(0, whole);
    if (left) this.pieces[0] = this.pieces[0].subarray(left);
    this.size -= size;
    this.searched = 0;
    return taken;
  }

  // A line without its newline, or null while it is incomplete.
  takeLine(limit) {
    const end = this.findNewline();
    if ((end < 0 ? this.size : end) > limit) throw new PeerError('too-long', `line of more than ${limit} bytes`);
    return end < 0 ? null : this.take(end + 1).subarray(0, end);
  }

  findNewline() {
    let place = 0;
    for (const piece of this.pieces) {
      const found = piece.indexOf(NEWLINE, Math.max(0, this.searched - place));
      if (found >= 0) return place + found;
      place += piece.length;
    }
    this.searched = place;
    return -1;
  }
}

// Framing

function encode(format, payload, limit) {
  const length = payload.length;
  if (length > limit) throw new PeerError('unsendable', `message of ${length} bytes, the limit is ${limit}`);
  if (format === 'netstring') return Buffer.concat([Buffer.from(`${length}:`), payload, Buffer.from(',')]);
  return Buffer.concat([format === 'varint' ? encodeVarint(length) : encodeWidth(format, length), payload]);
}

function encodeVarint(length) {
  const bytes = [];
  // No shifts: those of JavaScript know 32 bits.
  for (; length > 0x7f; length = Math.floor(length / 128)) bytes.push(length % 128 + 128);
  return Buffer.from([...bytes, length]);
}

function encodeWidth(format, length) {
  const [size, order] = WIDTHS[format];
  if (length >= 256 ** size) throw new PeerError('unsendable', `${length} bytes do not fit a ${format} header`);
  const all = Buffer.alloc(8);
  if (order === 'BE') {
    all.writeBigUInt64BE(BigInt(length));
    return all.subarray(8 - size);
  }
  all.writeBigUInt64LE(BigInt(length));
  return all.subarray(0, size);
}

// {size of the header, length}, or null while the header is incomplete. The length is a BigInt: a number of JavaScript
// is exact up to 2^53 only.
function decodeHeader(format, bytes) {
  if (format === 'netstring') return decodeNetstring(bytes);
  if (format === 'varint') return decodeVarint(bytes);
  const [size, order] = WIDTHS[format];
  if (bytes.length < size) return null;
  const all = Buffer.alloc(8);
  bytes.copy(all, order === 'BE' ? 8 - size : 0, 0, size);
  return {size, length: order === 'BE' ? all.readBigUInt64BE() : all.readBigUInt64LE()};
}

function decodeNetstring(bytes) {
  const text = bytes.toString('latin1');
  if (!/^(0|[1-9][0-9]{0,19})?(:|$)/.test(text) || text[0] === ':') {
    throw new PeerError('malformed', 'netstring length');
  }
  const size = text.indexOf(':') + 1;
  const length = BigInt(size ? text.slice(0, size - 1) : text);
  if (length > LARGEST_U64) throw new PeerError('malformed', 'netstring length over 64 bits');
  return size ? {size, length} : null;
}

function decodeVarint(bytes) {
  let length = 0n;
  for (let index = 0; index < bytes.length; index++) {
    if (index === 10) throw new PeerError('malformed', 'varint length longer than 10 bytes');
    const byte = bytes[index];
    length |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (length > LARGEST_U64) throw new PeerError('malformed', 'varint length over 64 bits');
    if (byte & 0x80) continue;
    if (byte === 0 && index > 0) throw new PeerError('malformed', 'varint length not in shortest form');
    return {size: index + 1, length};
  }
  if (bytes.length >= 10) throw new PeerError('malformed', 'varint length longer than 10 bytes');
  return null;
}

// The payload of the first frame, or null while it is incomplete.
function takeFrame(format, input, limit) {
  const header = decodeHeader(format, input.peek(LONGEST_HEADER));
  if (!header) return null;
  if (header.length > BigInt(limit)) {
    throw new PeerError('too-long', `frame of ${header.length} bytes, the limit is ${limit}`);
  }
  const length = Number(header.length);
  const trailer = format === 'netstring' ? 1 : 0;
  if (input.size < header.size + length + trailer) return null;
  input.take(header.size);
  const payload = input.take(length);
  if (trailer && input.take(1)[0] !== 0x2c) throw new PeerError('malformed', 'netstring without a comma');
  return payload;
}

// What the protocols answer

function upper(bytes) {
  const found = Buffer.from(bytes);
  for (let index = 0; index < found.length; index++) {
    if (found[index] >= 0x61 && found[index] <= 0x7a) found[index] -= 0x20;
  }
  return found;
}

function answer(protocol, message) {
  return protocol === 'upper' ? upper(message) : message;
}

function greeting(line) {
  return Buffer.from(line.toString('latin1') === '1' ? 'welcome to server!' : 'please go out!');
}

// A connection whose reads and writes are waited for, so that nothing is read before there is room for the answer.
class Connection {
  // seconds: the silence that is allowed while somebody waits, in either direction; 0 for any.
  constructor(socket, seconds) {
    this.socket = socket;
    this.seconds = seconds;
    this.input = new Input();
    this.waiting = 0;
    this.pieces = socket.iterator({destroyOnReturn: false});
    if (socket.setNoDelay) socket.setNoDelay(true);
    socket.on('error', () => {}); // whoever waits is told; without a listener it would end the process
    socket.on('timeout', () => socket.destroy(new PeerError('timed-out', `silence for ${seconds} s`)));
  }

  // The next bytes, or null at the end of input.
  async read() {
    const {value, done} = await this.wait(this.pieces.next());
    return done ? null : value;
  }

  // Put more bytes into the input; false at the end of it.
  async more() {
    const data = await this.read();
    if (data) this.input.push(data);
    return data !== null;
  }

  // Wait for what take(input) finds there: it returns null while there is too little.
  async expect(take) {
    for (;;) {
      const found = take(this.input);
      if (found !== null) return found;
      if (!await this.more()) throw new PeerError('truncated', 'end of input with more to come');
    }
  }

  // The promise is kept when the kernel has taken everything: that is the back pressure.
  async write(data) {
    const {socket} = this;
    await this.wait(new Promise((resolve, reject) => {
      socket.write(data, (error) => error ? reject(error) : resolve());
    }));
  }

  // The timer of a socket starts anew with each byte that moves, and runs only while somebody waits.
  async wait(promise) {
    const {socket} = this;
    this.waiting++;
    socket.setTimeout(this.seconds && milliseconds(this.seconds));
    try {
      return await promise;
    } catch (error) {
      // A write that was under way when the socket was destroyed says ECANCELED; the reason is with the socket.
      throw asPeerError(socket.errored || error);
    } finally {
      if (--this.waiting === 0) socket.setTimeout(0);
    }
  }

  // Half-close and read the rest for a while: closing with unread input would destroy what was just sent.
  async linger() {
    const {socket} = this;
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), LINGER_SECONDS * 1000);
    socket.end();
    try {
      while (await this.read() !== null);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    } finally {
      clearTimeout(timer);
      if (socket.writableFinished) socket.destroy();
    }
  }
}

function asPeerError(error) {
  if (error instanceof PeerError) return error;
  if (/^(ECONNRESET|EPIPE|ECANCELED|ERR_STREAM_)/.test(error.code)) return new PeerError('reset', error.message);
  return error;
}

// Server: every protocol is a function of a connection, and all connections run in one thread.

const SERVE = {
  async echo(connection) {
    for (let data; (data = await connection.read()) !== null;) await connection.write(data);
  },

  async upper(connection) {
    for (let data; (data = await connection.read()) !== null;) await connection.write(upper(data));
  },

  async count(connection) {
    let count = 0;
    for (let data; (data = await connection.read()) !== null;) count += data.length;
    await connection.write(`${count}\n`);
  },

  async frame(connection, {format, maxFrame}) {
    const {input} = connection;
    while (await connection.more()) {
      const replies = [];
      try {
        for (let payload; (payload = takeFrame(format, input, maxFrame)) !== null;) {
          replies.push(encode(format, payload, maxFrame));
        }
      } finally {
        // What was complete before an error is answered first.
        if (replies.length) await connection.write(Buffer.concat(replies));
      }
    }
    if (input.size) throw new PeerError('truncated', 'end of input inside a frame');
  },

  async sizeok(connection, {maxFrame}) {
    const {input} = connection;
    while (input.size || await connection.more()) {
      const reply = upper(await connection.expect(() => input.takeLine(maxFrame)));
      await connection.write(`${reply.length}\n`);
      await connection.expect(takeOk);
      await connection.write(reply);
    }
  },

  async greet(connection, {timeout}) {
    connection.seconds = 0; // the limit is one for the whole line, not one of silence
    const reading = readGreetLine(connection);
    reading.catch(() => {}); // when time is over nobody waits for it any more
    let timer;
    const late = new Promise((resolve) => timer = setTimeout(resolve, milliseconds(timeout), null));
    try {
      const line = await Promise.race([reading, late]);
      await connection.write(Buffer.concat([line ? greeting(line) : Buffer.from('time out'), Buffer.from('\n')]));
    } finally {
      clearTimeout(timer);
    }
  },

  async command(connection, {maxFrame}) {
    const {input} = connection;
    // The limit is one of what comes, not of what these programs say.
    const send = (payload) => connection.write(encode('u32be', payload, Infinity));
    await send(Buffer.from('Welcome'));
    while (input.size || await connection.more()) {
      const name = await connection.expect(() => takeFrame('u32be', input, maxFrame));
      const {status, output} = await runAllowed(name.toString('latin1'));
      await send(Buffer.concat([Buffer.from([status]), output.length ? output : Buffer.from('Done.\n')]));
    }
  },
};

function takeOk(input) {
  const found = input.peek(3).toString('latin1');
  if (!'ok\n'.startsWith(found)) throw new PeerError('malformed', 'ok is expected');
  return found.length < 3 ? null : input.take(3);
}

// Two bytes tell the line 1 from all others, so a line without end costs nothing.
async function readGreetLine(connection) {
  let line = Buffer.alloc(0);
  for (let data; (data = await connection.read()) !== null;) {
    const end = data.indexOf(NEWLINE);
    line = Buffer.concat([line, end < 0 ? data : data.subarray(0, end)]).subarray(0, 2);
    if (end >= 0) break;
  }
  return line;
}

// No shell: the name is one of the list, and the program gets no argument.
function runAllowed(name) {
  if (!ALLOWED.includes(name)) return {status: 127, output: Buffer.from('unknown command\n')};
  const limits = {encoding: 'buffer', timeout: 10000, maxBuffer: 65536, killSignal: 'SIGKILL'};
  return new Promise((resolve) => execFile(name, [], limits, (error, output) => {
    const signal = error && (error.signal || error.killed && 'SIGKILL');
    const status = !error ? 0 : signal ? 128 + os.constants.signals[signal] :
      Number.isInteger(error.code) ? error.code : 127;
    resolve({status, output});
  }));
}

async function serveConnection(socket, options) {
  const connection = new Connection(socket, options.timeout);
  try {
    await SERVE[options.protocol](connection, options);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    process.stderr.write(`server: ${error.kind}: ${error.message}\n`);
  }
  await connection.linger();
}

async function server(options) {
  const where = await address(options);
  const stop = () => {
    if (where.path) fs.rmSync(where.path, {force: true});
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const port = options.type === 'dgram' ? await serveDatagrams(where, options) : await listen(where, options);
  process.stdout.write(`LISTENING ${where.path || `${where.host} ${port}`}\n`);
}

async function listen(where, options) {
  // Without allowHalfOpen Node closes when the client has ended its side, and owed replies are lost.
  const listener = net.createServer({allowHalfOpen: true}, (socket) => {
    serveConnection(socket, options).catch(crash);
  });
  listener.listen({...where, ipv6Only: true});
  await reached(once(listener, 'listening'));
  listener.on('error', (error) => process.stderr.write(`server: ${error.message}\n`)); // such as EMFILE
  return where.path ? null : listener.address().port;
}

async function serveDatagrams(where, {family, protocol, maxFrame}) {
  const socket = dgram.createSocket({type: `udp${FAMILIES[family]}`, ipv6Only: family === 'inet6'});
  socket.on('message', (data, from) => {
    if (data.length > maxFrame) {
      process.stderr.write(`server: too-long: datagram of more than ${maxFrame} bytes\n`);
    } else {
      // A reply that cannot be sent is lost, as any datagram may be.
      socket.send(answer(protocol, data), from.port, from.address, () => {});
    }
  });
  socket.bind({address: where.host, port: where.port});
  await reached(once(socket, 'listening'));
  socket.on('error', (error) => process.stderr.write(`server: ${error.message}\n`));
  return socket.address().port;
}

// Where to listen or connect, with a numeric host; its scope, if it has one, stays.
async function address({family, host, port, path}) {
  if (family === 'unix') return {path};
  const found = await reached(dns.lookup(host, {family: FAMILIES[family]}));
  return {host: found.address, port};
}

async function reached(promise) {
  try {
    return await promise;
  } catch (error) {
    throw error instanceof PeerError ? error : new PeerError('unreachable', error.message);
  }
}

// Client

class Client {
  constructor(options) {
    this.options = options;
    this.unsendable = null; // the error that ends the input
    this.wrong = null;
  }

  async run() {
    await (this.options.type === 'dgram' ? talkInDatagrams(this) : TALK[this.options.protocol](this, this.options));
    // What could be sent is answered and printed before the exit status tells of these.
    if (this.unsendable || this.wrong) throw this.unsendable || this.wrong;
  }

  async dial() {
    const {timeout} = this.options;
    const socket = net.connect({...await address(this.options), allowHalfOpen: true});
    const connection = new Connection(socket, timeout);
    socket.setTimeout(milliseconds(timeout));
    await reached(once(socket, 'connect'));
    socket.setTimeout(0);
    return connection;
  }

  // The messages of standard input, in batches: all lines that were complete after one read.
  async* batches() {
    const input = new Input();
    for await (const data of process.stdin) {
      input.push(data);
      yield* this.batch(input);
      if (this.unsendable) return;
    }
    if (input.size) {
      input.push(Buffer.from('\n'));
      yield* this.batch(input);
    }
  }

  * batch(input) {
    const messages = [];
    for (let line; !this.unsendable && (line = input.takeLine(Infinity)) !== null;) {
      this.sendable(() => messages.push(this.parse(line)));
    }
    if (messages.length) yield messages;
  }

  async* messages() {
    for await (const batch of this.batches()) {
      yield* batch;
    }
  }

  parse(line) {
    if (!this.options.hex) return line;
    const text = line.toString('latin1');
    const message = Buffer.from(text, 'hex'); // ends without a word before the first digit that is none
    if (message.length * 2 !== text.length) throw new PeerError('unsendable', 'a line is not hex');
    return message;
  }

  // Call a function that makes bytes for the wire. A message that cannot be sent ends the input; null then.
  sendable(make) {
    try {
      return make();
    } catch (error) {
      if (error.kind !== 'unsendable') throw error;
      this.unsendable = error;
      return null;
    }
  }

  line(message) {
    return this.sendable(() => {
      if (message.includes(NEWLINE)) throw new PeerError('unsendable', 'a message with a newline');
      return Buffer.concat([message, Buffer.from('\n')]);
    });
  }

  // Print a reply, and wait until it is written: a reader that is slow holds up the peer, too.
  async print(reply) {
    const line = this.options.hex ? `${reply.toString('hex')}\n` : Buffer.concat([reply, Buffer.from('\n')]);
    await new Promise((resolve) => process.stdout.write(line, resolve));
  }

  async settle(reply, expected) {
    await this.print(reply);
    if (!reply.equals(expected)) this.wrong = this.wrong || new PeerError('wrong', 'a reply differs from its message');
  }
}

const TALK = {
  echo: (client) => pipeline(client, (message) => message, (input, expected) => takeBytes(input, expected.length)),

  upper: (client) => pipeline(client, (message) => message, (input, expected) => takeBytes(input, expected.length)),

  frame: (client, {format, maxFrame}) => pipeline(
    client, (message) => encode(format, message, maxFrame), (input) => takeFrame(format, input, maxFrame)),

  // The same bytes go again when the number is wrong, so all of them are kept.
  async count(client) {
    const all = [];
    let connection = await client.dial();
    for await (const batch of client.batches()) {
      all.push(...batch);
      await connection.write(Buffer.concat(batch));
    }
    const right = String(all.reduce((sum, message) => sum + message.length, 0));
    for (let attempt = 1; ; attempt++) {
      connection.socket.end();
      const number = await readNumber(connection);
      if (number === right || attempt === ATTEMPTS) {
        await client.settle(Buffer.from(number), Buffer.from(right));
        return nothingMore(connection);
      }
      connection.socket.destroy();
      connection = await client.dial();
      await connection.write(Buffer.concat(all));
    }
  },

  async sizeok(client, {maxFrame}) {
    const connection = await client.dial();
    for await (const message of client.messages()) {
      const line = client.line(message);
      if (!line) return;
      await connection.write(line);
      const size = await connection.expect((input) => takeSize(input, maxFrame));
      await connection.write('ok\n');
      await client.settle(await connection.expect((input) => takeBytes(input, size)), upper(message));
    }
    nothingMore(connection);
  },

  async greet(client) {
    const connection = await client.dial();
    for await (const message of client.messages()) {
      const line = client.line(message);
      if (!line) return;
      await connection.write(line);
      const reply = await connection.expect((input) => input.takeLine('welcome to server!'.length));
      // The server may have waited too long for the line: that is no wrong answer.
      await client.settle(reply, reply.toString('latin1') === 'time out' ? reply : greeting(message));
      return nothingMore(connection);
    }
    if (client.unsendable) return;
    connection.socket.end();
    while (await connection.read() !== null);
  },

  async command(client, {maxFrame}) {
    const connection = await client.dial();
    const next = (input) => takeFrame('u32be', input, maxFrame);
    const first = await connection.expect(next);
    if (first.toString('latin1') !== 'Welcome') throw new PeerError('malformed', 'Welcome is expected');
    for await (const message of client.messages()) {
      const frame = client.sendable(() => encode('u32be', message, maxFrame));
      if (!frame) return;
      await connection.write(frame);
      const reply = await connection.expect(next);
      if (!reply.length) throw new PeerError('malformed', 'an answer without an exit status');
      await client.settle(reply, reply); // it may be anything
    }
    nothingMore(connection);
  },
};

// Send without waiting for replies, and receive at the same time: no amount of data deadlocks.
async function pipeline(client, toWire, take) {
  const connection = await client.dial();
  const owed = [];
  let inputOver = false;
  let wake = () => {};

  async function send() {
    for await (const batch of client.batches()) {
      const wire = [];
      for (const message of batch) {
        const bytes = client.sendable(() => toWire(message));
        if (!bytes) break;
        wire.push(bytes);
        owed.push(answer(client.options.protocol, message));
      }
      wake();
      await connection.write(Buffer.concat(wire));
      if (client.unsendable) break;
    }
    inputOver = true;
    wake();
  }

  async function receive() {
    for (;;) {
      for (let next = 0; owed.length; next = 0) {
        const replies = owed.splice(0); // one splice for many: a shift of a long array moves all of it
        for (; next < replies.length; next++) {
          await client.settle(await connection.expect((input) => take(input, replies[next])), replies[next]);
        }
      }
      nothingMore(connection);
      if (inputOver) return;
      await new Promise((resolve) => wake = resolve);
    }
  }

  await Promise.all([send(), receive()]);
}

function takeBytes(input, size) {
  return input.size < size ? null : input.take(size);
}

function takeSize(input, limit) {
  const line = input.takeLine(20);
  if (line === null) return null;
  const text = line.toString('latin1');
  if (!/^[0-9]+$/.test(text)) throw new PeerError('malformed', 'a size is expected');
  if (BigInt(text) > BigInt(limit)) throw new PeerError('too-long', `reply of ${text} bytes`);
  return Number(text);
}

// The number ends with its newline, or with the end of input where there is none.
async function readNumber(connection) {
  const {input} = connection;
  while (input.findNewline() < 0 && input.size <= 20 && await connection.more());
  if (!input.size) throw new PeerError('truncated', 'end of input before the answer');
  const end = input.findNewline();
  const text = (end < 0 ? input.take(input.size) : input.takeLine(Infinity)).toString('latin1');
  if (!/^[0-9]{1,20}$/.test(text)) throw new PeerError('malformed', 'the answer is no number');
  return text;
}

function nothingMore(connection) {
  if (connection.input.size) throw new PeerError('malformed', 'more came back than was asked for');
}

// One datagram at a time; it may be lost, so it is sent again.
async function talkInDatagrams(client) {
  const {family, protocol, maxFrame, timeout} = client.options;
  const where = await address(client.options);
  const socket = dgram.createSocket(`udp${FAMILIES[family]}`);
  const mailbox = new Mailbox(socket);
  // Of a connected socket the kernel says that nobody listens, and drops what comes from anybody else.
  socket.connect(where.port, where.host);
  await reached(once(socket, 'connect'));
  const earlier = [];
  for await (const message of client.messages()) {
    const expected = answer(protocol, message);
    const isLate = (data) => !data.equals(expected) && earlier.some((one) => one.equals(data));
    const reply = await exchange(socket, mailbox, message, isLate, timeout);
    if (!reply) return client.unsendable = new PeerError('unsendable', 'longer than a datagram can be');
    if (reply.length > maxFrame) throw new PeerError('too-long', `datagram of more than ${maxFrame} bytes`);
    await client.settle(reply, expected);
    earlier.push(expected);
    if (earlier.length > 16) earlier.shift();
  }
}

// Return the reply, or null for a message that is too long to be sent.
async function exchange(socket, mailbox, message, isLate, timeout) {
  const end = Date.now() + timeout * 1000;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const error = await new Promise((resolve) => socket.send(message, resolve));
    if (error && error.code === 'EMSGSIZE') return null;
    if (error) throw new PeerError('unreachable', error.message);
    // The last attempt has all the time that is left.
    const until = attempt < ATTEMPTS ? Math.min(end, Date.now() + 1000) : end;
    for (let data; (data = await mailbox.next(until - Date.now())) !== null;) {
      if (!isLate(data)) return data;
    }
  }
  throw new PeerError('timed-out', `silence for ${timeout} s`);
}

// Datagrams that have come, and whoever waits for the next.
class Mailbox {
  constructor(socket) {
    this.came = [];
    this.wake = () => {};
    socket.on('message', (data) => this.put(data));
    socket.on('error', (error) => this.put(new PeerError('unreachable', error.message)));
  }

  put(thing) {
    this.came.push(thing);
    this.wake();
  }

  // The next datagram; null when none came within some milliseconds.
  async next(patience) {
    if (!this.came.length && patience > 0) {
      let timer;
      await new Promise((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, Math.min(patience, LONGEST_TIMER));
      });
      clearTimeout(timer);
    }
    const thing = this.came.length ? this.came.shift() : null;
    if (thing instanceof PeerError) throw thing;
    return thing;
  }
}

// Command line

function list() {
  const lines = [
    ...PROTOCOLS.map((name) => `protocol ${name}`),
    ...FORMATS.map((name) => `format ${name}`),
    `model ${MODEL}`,
    ...TYPES.map((name) => `type ${name}`),
    ...Object.keys(FAMILIES).map((name) => `family ${name}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const TEXT = (text) => text;

// Each option with the function that reads its value; null for one without value.
const OPTIONS = {
  family: TEXT, type: TEXT, host: TEXT, path: TEXT, format: TEXT,
  port: (text) => wholeNumber(text, 65535),
  'max-frame': (text) => wholeNumber(text, Number.MAX_SAFE_INTEGER),
  timeout: (text) => {
    if (!/^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text) || !(Number(text) > 0)) throw new Error('seconds are expected');
    return Number(text);
  },
};
const OPTIONS_OF_ROLE = {server: {model: TEXT}, client: {hex: null}};

function wholeNumber(text, most) {
  if (!/^[0-9]+$/.test(text) || Number(text) > most) throw new Error(`a number from 0 to ${most} is expected`);
  return Number(text);
}

function parse(role, words) {
  const known = {...OPTIONS, ...OPTIONS_OF_ROLE[role]};
  const found = {family: 'inet', type: 'stream', port: 0, format: 'u32be', 'max-frame': 16777216, timeout: 30};
  const names = [];
  while (words.length) {
    const word = words.shift();
    if (!word.startsWith('--')) {
      names.push(word);
      continue;
    }
    const [name, value] = word.slice(2).split(/=(.*)/s);
    if (!Object.hasOwn(known, name)) usage(`there is no option ${word}`);
    if (known[name] === null) {
      found[name] = true;
      continue;
    }
    const text = value === undefined ? words.shift() : value;
    if (text === undefined) usage(`--${name} needs a value`);
    try {
      found[name] = known[name](text);
    } catch (error) {
      usage(`--${name} ${text}: ${error.message}`);
    }
  }
  if (names.length !== 1) usage('one PROTOCOL is expected');
  return checked(role, {...found, protocol: names[0], maxFrame: found['max-frame']});
}

function checked(role, options) {
  const {protocol, format, family, type, model, path, port} = options;
  if (!PROTOCOLS.includes(protocol)) unsupported(`protocol ${protocol}`);
  if (!FORMATS.includes(format)) unsupported(`format ${format}`);
  if (!Object.hasOwn(FAMILIES, family)) unsupported(`family ${family}`);
  if (!TYPES.includes(type)) unsupported(`type ${type}`);
  if (type === 'dgram' && family === 'unix') unsupported('family unix over dgram');
  if (type === 'dgram' && !['echo', 'upper'].includes(protocol)) unsupported(`protocol ${protocol} over dgram`);
  if (model !== undefined && model !== MODEL) unsupported(`model ${model}`);
  if (family === 'unix' && !path) usage('--family unix needs --path');
  if (family === 'unix' && Buffer.byteLength(path) > LONGEST_PATH) usage(`--path is over ${LONGEST_PATH} bytes`);
  if (role === 'client' && family !== 'unix' && !port) usage('the client needs --port');
  return {...options, host: options.host === undefined ? LOOPBACK[family] : options.host};
}

function usage(text) {
  throw new PeerError('usage', `${text}; peer.js server|client PROTOCOL [options], or peer.js list`);
}

function unsupported(text) {
  throw new PeerError('unsupported', text);
}

// A fault of this program: neither an answer nor an error of the peer.
function crash(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(70);
}

async function main([role = 'peer.js', ...words]) {
  try {
    if (role === 'list') return list();
    if (role !== 'server' && role !== 'client') usage('server, client or list is expected');
    const options = parse(role, words);
    if (role === 'server') return await server(options);
    await new Client(options).run();
    process.exit(0); // standard input may be open: the client of greet does not read it to its end
  } catch (error) {
    if (!(error instanceof PeerError)) crash(error);
    process.stderr.write(`${error.kind === 'unsupported' ? '' : `${role}: `}${error.kind}: ${error.message}\n`);
    process.exit(STATUS[error.kind]);
  }
}

// Nobody reads the replies any more.
process.stdout.on('error', () => process.exit(STATUS.usage));
main(process.argv.slice(2));
