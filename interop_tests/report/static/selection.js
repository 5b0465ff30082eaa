// Which cells the filters let through, and counts of them.

// The words of the search, each with the slots, rows and texts that hold it: a cell needs all words somewhere.
function searched(words) {
  const inCase = data.cases.map((name, index) => {
    const check = data.checks[name] || {};
    return [name, check.sentence, check.theme, check.wire].join(' ').toLowerCase();
  });
  return words.toLowerCase().split(/\s+/).filter(Boolean).map(word => {
    const slots = new Uint8Array(SLOTS);
    for (let index = 0; index < SLOTS; index++) {
      const at = slot(index);
      slots[index] = inCase[at.case].includes(word) || (routeOf(at) + '/' + at.transport).includes(word);
    }
    return {
      slots, rows: rows.map(row => row.name.toLowerCase().includes(word)),
      texts: data.texts.map(text => text.toLowerCase().includes(word)),
    };
  });
}

function found(words, row, index) {
  return words.every(word => {
    if (word.rows[row.index] || word.slots[index]) return true;
    const note = row.notes.get(index);
    return note !== undefined && (word.texts[note[0]] || word.texts[note[1]] || false);
  });
}

function rowMatches(row) {
  const peer = data.names.indexOf(state.peer);
  const server = row.server !== SUITE && (!state.peer || row.server === peer);
  const client = row.client !== SUITE && (!state.peer || row.client === peer);
  if (state.role === 'server') return server && row.role !== 'client';
  if (state.role === 'client') return client && row.role !== 'server';
  return server || client;
}

function slotsThatMatch() {
  const fits = new Uint8Array(SLOTS);
  for (let index = 0; index < SLOTS; index++) {
    const at = slot(index);
    fits[index] = (!state.protocol || at.protocol === state.protocol) && (!state.format || at.format === state.format) &&
      (!state.transport || at.transport === state.transport) && (!state.theme || themeOf.get(at.name) === state.theme);
  }
  return fits;
}

function codesThatMatch() {
  const fits = new Uint8Array(2 * KNOWN);
  for (let code = 1; code < 2 * KNOWN; code++) {
    if (!statusOf(code)) continue;
    fits[code] = !state.status || state.status === filterWord(code) || state.status === OUTCOMES[outcomes[code]];
  }
  return fits;
}

// Call back for each cell that the filters let through, whatever its status; and say whether its status fits too.
function eachCell(callback) {
  const slots = slotsThatMatch(), codes = codesThatMatch(), words = searched(state.q);
  for (const row of rows) {
    if (!rowMatches(row)) continue;
    for (let index = 0; index < SLOTS; index++) {
      const code = row.codes[index];
      if (code && slots[index] && (!words.length || found(words, row, index))) callback(row, index, code, codes[code]);
    }
  }
}

class Tally {
  constructor() {
    this.counts = [0, 0, 0, 0];
    this.worst = 0;
  }

  add(code) {
    this.counts[outcomes[code]]++;
    if (!this.worst || ranks[code] < ranks[this.worst]) this.worst = code;
  }

  get total() { return this.counts.reduce((sum, count) => sum + count, 0); }

  get run() { return this.total - this.counts[UNSUPPORTED]; }

  // As in summary.py: the number that passed, or that failed.
  text() {
    if (!this.run) return '–';
    if (this.counts[FAILED]) return '✗' + this.counts[FAILED];
    return this.counts[IS_KNOWN] ? 'k' + this.counts[IS_KNOWN] : String(this.counts[PASSED]);
  }

  kind() {
    if (!this.run) return 'none';
    return this.counts[FAILED] ? kindOf(this.worst) : this.counts[IS_KNOWN] ? 'known' : 'pass';
  }

  words() {
    const parts = OUTCOMES.map((name, index) => this.counts[index] ? number(this.counts[index]) + ' ' + name : '');
    const worst = this.counts[FAILED] ? ', the worst: ' + wordsOf(this.worst) : '';
    return parts.filter(Boolean).join(', ') + worst;
  }
}

// Everything that the page shows, from one look at all cells.
function selected() {
  const view = {byCode: new Map(), shown: 0, pairs: new Map(), checks: new Map(), themes: new Map(), groups: new Map()};
  const count = (map, key, code) => {
    if (!map.has(key)) map.set(key, new Tally());
    map.get(key).add(code);
  };
  eachCell((row, index, code, wanted) => {
    view.byCode.set(code, (view.byCode.get(code) || 0) + 1);
    if (!wanted) return;
    view.shown++;
    if (row.role) {
      const at = data.slots[4 * index + 3];
      count(view.checks, row.index + '/' + at, code);
      count(view.themes, row.index + '/' + themeOf.get(data.cases[at]), code);
    } else {
      count(view.pairs, row.index, code);
    }
    if (outcomes[code] <= IS_KNOWN) grouped(view.groups, row, index, code);
  });
  return view;
}

// What fails alike over several framings and transports is one group.
function grouped(groups, row, index, code) {
  const key = [row.index, data.slots[4 * index], data.slots[4 * index + 3], code].join('/');
  if (!groups.has(key)) groups.set(key, {row, code, cells: []});
  groups.get(key).cells.push(index);
}
