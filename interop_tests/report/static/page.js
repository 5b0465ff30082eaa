// Put the page together, and again whenever the address changes.
let current = null;

function filtered() {
  return FILTERS.some(name => state[name]);
}

function peersInRun() {
  return data.names.slice(0, SUITE);
}

const CHOICES = {
  status: ['Status', () => [['failed', 'every failure'], ['known', 'known failures'],
    [PASSES, 'passes, though known'], ...STATUSES.map(status => [status.word, status.word])]],
  peer: ['Peer', () => peersInRun().map(name => [name, name])],
  role: ['Role', () => [['server', 'as server'], ['client', 'as client']]],
  theme: ['Theme', () => [...new Set(themeOf.values())].map(name => [name, name])],
  protocol: ['Protocol', () => data.protocols.map(name => [name, name])],
  format: ['Framing', () => data.formats.map(name => [name, name === '-' ? 'none' : name])],
  transport: ['Transport', () => data.transports.map(name => [name, name])],
};

function makeFilters() {
  const form = document.getElementById('filters');
  const search = make('input', {type: 'search', id: 'filter-q', name: 'q', placeholder: 'case, check, text', autocomplete: 'off', spellcheck: 'false'});
  let waiting = 0;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change({q: search.value.trim()}), 150);
  });
  form.append(make('label', {for: 'filter-q', class: 'search'}, 'Search', search));
  for (const [name, [label, options]] of Object.entries(CHOICES)) {
    const select = make('select', {id: 'filter-' + name, name, onchange: event => change({[name]: event.target.value})},
      make('option', {value: ''}, 'any'), ...options().map(([value, text]) => make('option', {value}, text)));
    form.append(make('label', {for: 'filter-' + name}, label, select));
  }
  form.addEventListener('submit', event => event.preventDefault());
  form.hidden = false;
}

function showFilters() {
  const form = document.getElementById('filters');
  for (const name of FILTERS) {
    const field = form.elements[name];
    if (field && field !== document.activeElement) field.value = state[name];
    if (field) field.classList.toggle('chosen', Boolean(state[name]));
  }
}

// One button for each status, and one for all known failures.
function showChips(view) {
  const counts = new Map();
  for (const [code, count] of view.byCode) {
    const word = filterWord(code);
    const one = counts.get(word) || {code, count: 0};
    counts.set(word, {code: ranks[code] < ranks[one.code] ? code : one.code, count: one.count + count});
  }
  const chips = [...counts].sort((one, other) => ranks[one[1].code] - ranks[other[1].code]).map(([word, {code, count}]) => {
    const pressed = state.status === word;
    return make('li', {}, make('button', {
      type: 'button', 'aria-pressed': String(pressed), 'data-status': word,
      onclick: () => change({status: pressed ? '' : word}),
    }, badge(code, word === 'known' ? 'k' : letterOf(code)), ` ${word === 'known' ? 'known failures' : word === PASSES ? wordsOf(code) : word} `,
    make('b', {}, number(count))));
  });
  const list = document.getElementById('chips');
  const focused = list.contains(document.activeElement) && document.activeElement.dataset.status;
  list.replaceChildren(...chips);
  const same = focused && list.querySelector(`[data-status="${focused}"]`);
  if (same) same.focus();
}

function showShown(view) {
  const total = rows.reduce((sum, row) => sum + cellsOf(row).length, 0);
  const line = document.getElementById('shown');
  if (!filtered()) {
    line.replaceChildren(`All ${many(total, 'cell')}.`);
    return;
  }
  line.replaceChildren(`${number(view.shown)} of ${many(total, 'cell')}. `,
    make('button', {type: 'button', onclick: () => change(Object.fromEntries(FILTERS.map(name => [name, ''])))}, 'Show all'));
}

function show(before) {
  const changed = !before || addressOf({...before, open: ''}) !== addressOf({...state, open: ''});
  if (changed) {
    if (before) failuresShown = AT_FIRST;
    current = selected();
    showFilters();
    showChips(current);
    showShown(current);
    showFailures(current);
    showTables(current);
  }
  if (!before || before.open !== state.open) showPanel(state.open);
}

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  document.getElementById('tables').focus();
  document.getElementById('tables').scrollIntoView();
});
window.addEventListener('hashchange', follow);
window.addEventListener('popstate', follow);
document.documentElement.classList.add('scripted');
makeFilters();
show(null);
