/**
 * Searches everything from anywhere: Ctrl+K, or <a data-find>, opens <dialog data-find-dialog>.
 *
 * Typing searches, the arrow keys go through what was found, Enter opens it, with Ctrl in a window of
 * its own. Inside a Markdown text with words selected Ctrl+K makes a link of them (markdown.js).
 */
import { areOn } from "./keys.js";

const WAIT = 200; // milliseconds after the last letter
const dialog = document.querySelector("dialog[data-find-dialog]");
const part = (name) => dialog.querySelector(`[data-find-${name}]`);

let options = [];
let at = 0;
let timer = 0;
let request = new AbortController();

if (dialog) {
  for (const link of document.querySelectorAll("[data-find]")) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  document.addEventListener("keydown", (event) => {
    const isFind = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isFind || event.defaultPrevented || !areOn()) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open();
  });
  document.addEventListener("desk:find", open);
  part("words").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });
  part("words").addEventListener("keydown", walk);
  part("close").addEventListener("click", () => dialog.close());
  // What is typed into the dialog is no change of a form behind it.
  for (const name of ["input", "change"]) dialog.addEventListener(name, (event) => event.stopPropagation());
}

function open() {
  dialog.showModal();
  part("words").select();
  part("words").focus();
}

async function search() {
  const words = part("words").value.trim();
  const query = new URLSearchParams({ q: words });
  part("page").href = `${dialog.dataset.url}?${query}`;
  request.abort();
  request = new AbortController();
  if (!words) return show([], "");
  try {
    const answer = await fetch(`${dialog.dataset.url}?${query}`, { headers: { Accept: "application/json" }, signal: request.signal });
    const isData = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (!answer.ok || !isData) return show([], dialog.dataset.failed);
    const { kinds } = await answer.json();
    const count = kinds.reduce((sum, kind) => sum + kind.results.length, 0);
    show(kinds, count ? dialog.dataset.some.replace("%d", count) : dialog.dataset.nothing);
  } catch (error) {
    if (error.name !== "AbortError") show([], dialog.dataset.failed);
  }
}

function show(kinds, words) {
  options = [];
  at = 0;
  part("status").textContent = words;
  part("results").replaceChildren(...kinds.map(asGroup));
  part("words").setAttribute("aria-expanded", String(options.length > 0));
  mark();
}

function asGroup(kind, place) {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  const title = document.createElement("p");
  title.className = "desk-kind";
  title.id = `find-kind-${place}`;
  title.textContent = kind.title;
  group.setAttribute("aria-labelledby", title.id);
  group.append(title, ...kind.results.map(asOption));
  return group;
}

function asOption(found) {
  const option = document.createElement("div");
  option.className = "desk-result";
  option.id = `find-result-${options.length}`;
  option.dataset.url = found.url;
  option.setAttribute("role", "option");
  const words = document.createElement("span");
  for (const [name, text] of [["title", found.words], ["detail", found.detail]]) {
    const line = document.createElement("span");
    line.className = `desk-result-${name}`;
    line.textContent = text;
    words.append(line);
  }
  option.append(words);
  option.addEventListener("click", (event) => go(option, event.ctrlKey || event.metaKey));
  options.push(option);
  return option;
}

function walk(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    if (options[at]) go(options[at], event.ctrlKey || event.metaKey);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
    event.preventDefault();
    at = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
    mark();
  }
}

function mark() {
  options.forEach((option, place) => {
    option.setAttribute("aria-selected", String(place === at));
    if (place === at) option.scrollIntoView({ block: "nearest" });
  });
  if (options.length) part("words").setAttribute("aria-activedescendant", options[at].id);
  else part("words").removeAttribute("aria-activedescendant");
}

function go(option, inItsOwn) {
  if (inItsOwn) {
    window.open(option.dataset.url, "_blank");
    return;
  }
  dialog.close();
  location.assign(option.dataset.url);
}
