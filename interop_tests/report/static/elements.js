// Elements, whose texts are never read as HTML.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

function number(count) {
  return count.toLocaleString('en-US');
}

function many(count, one, more) {
  return number(count) + ' ' + (count === 1 ? one : more || one + 's');
}

function badge(code, words) {
  return make('span', {class: 'badge ' + kindOf(code), title: wordsOf(code)}, words || letterOf(code));
}

// A path of the repository's pages, and nothing else that a file may hold.
function pageLink(path, text) {
  return data.docs.includes(path) ? make('a', {href: path}, text || path) : null;
}

function copyButton(text, what) {
  const button = make('button', {type: 'button', class: 'copy', 'aria-label': 'Copy ' + what}, 'Copy');
  button.addEventListener('click', async () => {
    button.textContent = await copied(text) ? 'Copied' : 'Not allowed';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    const area = make('textarea', {readonly: true, class: 'offscreen'});
    area.value = text;
    (panel.open ? panel : document.body).append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
