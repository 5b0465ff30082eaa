// Bytes in hex and ASCII; a line ends where a frame's part ends, and each part has its name.
function dump(wire) {
  const [from, encoded, of, marks] = wire;
  const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
  const width = matchMedia('(max-width: 40rem)').matches ? 8 : 16;
  const figure = make('figure', {class: 'dump'},
    make('figcaption', {}, make('b', {}, from), ' sent ' + many(of, 'byte')));
  const scroll = make('div', {class: 'bytes', tabindex: 0, role: 'region', 'aria-label': 'bytes from ' + from});
  for (const [start, end, name] of parts(bytes.length, marks)) {
    scroll.append(make('div', {class: 'part'},
      name ? make('span', {class: 'mark'}, name) : null, make('pre', {}, hexLines(bytes, start, end, width))));
  }
  if (of > bytes.length) scroll.append(make('p', {class: 'more'}, `and ${many(of - bytes.length, 'more byte')}`));
  figure.append(scroll);
  return figure;
}

function parts(length, marks) {
  const sorted = marks.filter(([at]) => at >= 0 && at < length).sort((one, other) => one[0] - other[0]);
  if (!sorted.length || sorted[0][0] > 0) sorted.unshift([0, '']);
  return sorted.map(([at, name], index) => [at, index + 1 < sorted.length ? sorted[index + 1][0] : length, name])
    .filter(([start, end]) => end > start);
}

// As hexdump does, lines that repeat are one star.
function hexLines(bytes, start, end, width) {
  const lines = [];
  let before = null, starred = false;
  for (let at = start; at < end; at += width) {
    const piece = [...bytes.subarray(at, Math.min(at + width, end))];
    const hex = piece.map(byte => byte.toString(16).padStart(2, '0')).join(' ');
    if (hex === before && at + width < end) {
      if (!starred) lines.push('*');
      starred = true;
      continue;
    }
    [before, starred] = [hex, false];
    const ascii = piece.map(byte => byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.').join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(3 * width - 1)}  ${ascii}`);
  }
  return lines.join('\n');
}
