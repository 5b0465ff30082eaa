"use strict";
// What is known of each call, by the id of its element: [[name, text], ...], the bytes in hex, the other ends of its arrows.
const calls = JSON.parse(document.getElementById("calls").textContent);
const panel = document.getElementById("panel");
const all = [...document.querySelectorAll(".call")];

function dump(hex) {
  const bytes = hex.match(/../g) || [];
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const text = row.map(byte => parseInt(byte, 16)).map(code => code > 31 && code < 127 ? String.fromCharCode(code) : ".");
    lines.push(at.toString(16).padStart(4, "0") + "  " + row.join(" ").padEnd(48) + " " + text.join(""));
  }
  return lines.join("\n");
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function show(call) {
  const known = calls[call.id];
  for (const chosen of document.querySelectorAll(".call.chosen")) chosen.classList.remove("chosen");
  call.classList.add("chosen");
  const list = document.createElement("dl");
  for (const [name, text] of known.facts) list.append(element("dt", name), element("dd", text));
  const close = element("button", "Close");
  close.addEventListener("click", hide);
  panel.replaceChildren(close, element("h2", known.text), list);
  if (known.data) panel.append(element("pre", dump(known.data)));
  panel.hidden = false;
  history.replaceState(null, "", "#" + call.id);
}

function hide() {
  panel.hidden = true;
  for (const chosen of document.querySelectorAll(".call.chosen")) chosen.classList.remove("chosen");
  history.replaceState(null, "", location.pathname);
}

function go(call) {
  if (!call) return;
  const fold = call.closest("details");
  if (fold) fold.open = true;
  call.focus();
  call.scrollIntoView({block: "center"});
  if (!panel.hidden) show(call);
}

function step(by) {
  const visible = all.filter(call => !call.closest("details:not([open])"));
  const at = visible.indexOf(document.activeElement);
  go(visible[at < 0 ? 0 : Math.max(0, Math.min(visible.length - 1, at + by))]);
}

function follow(call) {
  if (call && calls[call.id]) go(document.getElementById(calls[call.id].ends[0]));
}

document.addEventListener("click", event => {
  const call = event.target.closest && event.target.closest(".call");
  if (call) { call.focus(); show(call); }
});
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const call = document.activeElement.closest(".call");
  if (event.key === "ArrowDown" || event.key === "j") step(1);
  else if (event.key === "ArrowUp" || event.key === "k") step(-1);
  else if ((event.key === "Enter" || event.key === " ") && call) show(call);
  else if (event.key === "f") follow(call || document.querySelector(".call.chosen"));
  else if (event.key === "Escape") hide();
  else return;
  event.preventDefault();
});
function named() {
  const call = document.getElementById(location.hash.slice(1));
  if (call && calls[call.id]) { go(call); show(call); }
}
window.addEventListener("hashchange", named);
named();
