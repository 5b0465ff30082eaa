// What is shown stands in the address behind the #, so that a link brings another reader to the same view.
const FILTERS = ['q', 'status', 'peer', 'role', 'theme', 'protocol', 'format', 'transport'];

function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  const state = {open: words.get('open') || '', unfold: (words.get('unfold') || '').split(',').filter(Boolean)};
  for (const name of FILTERS) state[name] = words.get(name) || '';
  return state;
}

function addressOf(state) {
  const words = new URLSearchParams();
  for (const name of FILTERS) if (state[name]) words.set(name, state[name]);
  if (state.unfold.length) words.set('unfold', state.unfold.join(','));
  if (state.open) words.set('open', state.open);
  return '#' + words.toString().replace(/%2F/g, '/').replace(/%2C/g, ',').replace(/%3A/g, ':');
}

let state = readAddress();

// A link that opens something in the view as it is.
function addressToOpen(path) {
  return addressOf({...state, open: path});
}

// Change the view in place: steps of a filter are nothing to go back through.
function change(changes) {
  history.replaceState(null, '', addressOf({...state, ...changes}));
  follow();
}

// Open or close a panel: the browser's Back undoes it.
function openPath(path) {
  history.pushState(null, '', addressOf({...state, open: path}));
  follow();
}

function follow() {
  const before = state;
  state = readAddress();
  show(before);
}
