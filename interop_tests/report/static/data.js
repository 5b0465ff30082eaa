// The run: rows (pairs) of slots (protocol, framing, transport, case); compact.py tells how the letters come about.
const data = JSON.parse(document.getElementById('data').textContent);
const SUITE = data.names.length - 1;
const STATUSES = data.statuses;
const SLOTS = data.slots.length / 4;

// A cell is a number: 0 for none, 1 and up for a status, KNOWN more for a known failure.
const KNOWN = 32;
const OUTCOMES = ['failed', 'known', 'unsupported', 'passed'];
const FAILED = 0, IS_KNOWN = 1, UNSUPPORTED = 2, PASSED = 3;

function statusOf(code) {
  return STATUSES[code % KNOWN - 1];
}

function outcomeOf(code) {
  const word = statusOf(code).word;
  if (word === 'unsupported') return UNSUPPORTED;
  if (code > KNOWN) return word === 'pass' ? FAILED : IS_KNOWN;
  return word === 'pass' ? PASSED : FAILED;
}

const outcomes = new Uint8Array(2 * KNOWN);
const ranks = new Uint16Array(2 * KNOWN);
for (let index = 1; index <= STATUSES.length; index++) {
  for (const code of [index, index + KNOWN]) {
    outcomes[code] = outcomeOf(code);
    ranks[code] = outcomes[code] * 100 + index;
  }
}

function letterOf(code) {
  if (code > KNOWN) return statusOf(code).word === 'pass' ? '!' : statusOf(code).letter.toLowerCase();
  return statusOf(code).letter;
}

function kindOf(code) {
  if (outcomes[code] === IS_KNOWN) return 'known';
  return outcomes[code] === FAILED && code > KNOWN ? 'wrong' : statusOf(code).kind;
}

function wordsOf(code) {
  if (code <= KNOWN) return statusOf(code).word;
  return statusOf(code).word === 'pass' ? 'passes, though known to fail' : statusOf(code).word + ', known';
}

// The word by which a filter asks for cells like this one.
const PASSES = 'passes-though-known';
function filterWord(code) {
  if (outcomes[code] === IS_KNOWN) return 'known';
  return outcomes[code] === FAILED && statusOf(code).word === 'pass' ? PASSES : statusOf(code).word;
}

function decoded(letters) {
  const codes = new Uint8Array(SLOTS);
  let at = 0;
  for (const [, count, letter] of letters.matchAll(/(\d*)(\D)/g)) {
    const length = count ? Number(count) : 1;
    if (letter !== '.') {
      const code = letter.toLowerCase().charCodeAt(0) - 96;
      codes.fill(letter === letter.toLowerCase() ? code : code + KNOWN, at, at + length);
    }
    at += length;
  }
  return codes;
}

const rows = data.rows.map(([client, server, letters], index) => {
  const notes = new Map();
  const flat = data.notes[index];
  for (let at = 0; at < flat.length; at += 3) notes.set(flat[at], [flat[at + 1], flat[at + 2]]);
  const role = client === SUITE ? 'server' : server === SUITE ? 'client' : null;
  return {
    index, client, server, role, notes, codes: decoded(letters), peer: role === 'client' ? client : server,
    name: data.names[client] + '-to-' + data.names[server],
  };
});
const rowByName = new Map(rows.map(row => [row.name, row]));

function slot(index) {
  const [protocol, format, transport, name] = data.slots.slice(4 * index, 4 * index + 4);
  return {
    protocol: data.protocols[protocol], format: data.formats[format], transport: data.transports[transport],
    name: data.cases[name], case: name,
  };
}

function routeOf(at) {
  return at.format === '-' ? at.protocol : at.protocol + '-' + at.format;
}

function cellName(row, index) {
  const at = slot(index);
  return row.name + '/' + routeOf(at) + '/' + at.transport + '/' + at.name;
}

// The texts of a cell: what was found, and why it is a known failure.
function noteOf(row, index) {
  const [text, known] = row.notes.get(index) || [-1, -1];
  return {text: data.texts[text] || '', known: data.texts[known] || ''};
}

const themeOf = new Map();
for (const role of ['server', 'client']) {
  for (const [theme, names] of Object.entries(data.themes[role])) {
    for (const name of names) themeOf.set(name, theme);
  }
}

// Details are many and one is wanted at a time: they are read when the first is.
let details = null;
function detailOf(row, index) {
  details = details || JSON.parse(document.getElementById('details').textContent);
  return details[row.index + '/' + index] || null;
}
