/**
 * Tools and a live preview for each Markdown field: <div data-markdown data-preview-url><textarea>.
 *
 * Also in rows that are added later and in tabs that are opened later: a preview begins when its
 * field is first seen. data-without names tools that a field does without. A picture that is dropped on
 * a field is added to the library and shown there. The Tab key moves on, as everywhere; what the tools insert can be undone. The
 * preview stands in a frame of its own, in which no script can run, with the public style sheets.
 */
import { choose, rowsOf } from "./chooser.js";
import { takesFiles } from "./dropping.js";

const WAIT = 400; // milliseconds after the last letter
const tools = document.querySelector("template[data-markdown-tools]");
const styles = document.querySelector("template[data-preview-styles]");
const sizesItself = CSS.supports("field-sizing", "content");

const seen = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    preview(target);
  }
});

for (const frame of document.querySelectorAll("[data-markdown]")) prepare(frame);
document.addEventListener("desk:added", (event) => {
  for (const frame of event.target.querySelectorAll("[data-markdown]")) prepare(frame);
});

function prepare(frame) {
  const text = frame.querySelector("textarea");
  const bar = tools.content.firstElementChild.cloneNode(true);
  const sides = document.createElement("div");
  sides.className = "desk-sides";
  const shown = document.createElement("div");
  shown.className = "desk-preview";
  shown.dataset.shown = "";
  text.replaceWith(bar, sides);
  sides.append(text, shown);

  const without = (frame.dataset.without ?? "").split(" ");
  for (const name of without.filter(Boolean)) bar.querySelector(`[data-tool="${name}"]`).remove();
  if (!without.includes("image")) takesFiles(frame, (files) => showFiles(files, text));
  const buttons = [...bar.querySelectorAll("[data-tool]")];
  buttons.forEach((one, place) => {
    one.tabIndex = place ? -1 : 0;
    one.addEventListener("click", () => use(one.dataset.tool, text));
  });
  bar.addEventListener("keydown", (event) => walk(event, buttons));
  text.addEventListener("keydown", (event) => {
    const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    // As in other editors: with words selected Ctrl+K links them, without it searches everything.
    if (tool === "link" && text.selectionStart === text.selectionEnd) return;
    if (!tool || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    use(tool, text);
  });
  if (!sizesItself) {
    text.addEventListener("input", () => fit(text));
    new ResizeObserver(() => fit(text)).observe(frame);
  }
  seen.observe(frame);
}

/** A tool bar is one stop of the Tab key; the arrow keys go along it. */
function walk(event, buttons) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
  for (const one of buttons) one.tabIndex = one === next ? 0 : -1;
  next.focus();
}

async function use(tool, text) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const chosen = value.slice(start, end);
  if (tool === "bold") put(text, `**${chosen || "bold"}**`, 2, (chosen || "bold").length);
  if (tool === "italic") put(text, `*${chosen || "italic"}*`, 1, (chosen || "italic").length);
  if (tool === "link") put(text, `[${chosen || "words"}](https://)`, (chosen || "words").length + 3, 8);
  if (tool === "heading") putBefore(text, "## ");
  if (tool === "list") putBefore(text, "- ");
  if (tool === "cite") {
    const source = await asked(text, { title: "Cite a source", addLabel: "New source", ...rowsOf("source") });
    if (source) {
      text.setSelectionRange(end, end);
      put(text, `[@${source.value}]`);
    }
  }
  if (tool === "image") showImage(await asked(text, imageQuestion()), text);
  if (tool === "explainer") {
    const question = { title: "Link to an explainer", addLabel: "", needsTarget: true, ...rowsOf("article") };
    const article = await asked(text, question);
    if (article) {
      const words = chosen || escaped(article.title);
      put(text, `[${words}](${article.target})`, 1, words.length);
    }
  }
}

/** Asks in the dialog, and goes back to where one was. */
async function asked(text, question) {
  const { selectionStart: start, selectionEnd: end } = text;
  const choice = await choose(question);
  text.focus();
  text.setSelectionRange(start, end);
  return choice;
}

function imageQuestion(file) {
  return { title: file ? `New image: ${file.name}` : "Insert an image", addLabel: "New image", file, ...rowsOf("image") };
}

async function showFiles(files, text) {
  for (const file of files) showImage(await asked(text, imageQuestion(file)), text);
}

/** A picture stands on a line of its own; words that were selected become its caption. */
function showImage(image, text) {
  if (!image) return;
  const { selectionStart: start, selectionEnd: end, value } = text;
  const lead = gap(/\n*$/.exec(value.slice(0, start))[0].length, start);
  const tail = gap(/^\n*/.exec(value.slice(end))[0].length, value.length - end);
  put(text, `${lead}![${value.slice(start, end)}](${image.target})${tail}`);
}

/** The line breaks that are missing to an empty line; none at the end of the text. */
function gap(present, left) {
  return left > present ? "\n".repeat(Math.max(0, 2 - present)) : "";
}

function escaped(words) {
  return words.replace(/[\\[\]]/g, "\\$&");
}

/** Puts words in place of the selection, in a way that can be undone, and selects part of them. */
function put(text, words, from = words.length, length = 0) {
  const { selectionStart: start } = text;
  text.focus();
  // The only way to write into a field that its own undo knows of.
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(start + from, start + from + length);
}

/** Begins each line of the selection with a sign. */
function putBefore(text, sign) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const lineStart = value.lastIndexOf("\n", start - 1) + 1;
  text.setSelectionRange(lineStart, end);
  put(text, value.slice(lineStart, end).replace(/^/gm, sign));
}

function fit(text) {
  if (!text.offsetParent) return;
  text.style.blockSize = "auto";
  text.style.blockSize = `${text.scrollHeight + 2}px`;
}

function preview(frame) {
  const text = frame.querySelector("textarea");
  const place = frame.querySelector("[data-shown]");
  const window_ = document.createElement("iframe");
  let html = "";
  let timer = 0;
  let request = new AbortController();

  window_.title = `Preview of ${text.labels?.[0]?.firstChild?.textContent.trim() ?? "the text"}`;
  window_.setAttribute("sandbox", "allow-same-origin allow-popups");
  window_.srcdoc = page();
  // Also when the row was moved: a frame that is moved loads again.
  window_.addEventListener("load", () => {
    // A picture has its size once it is there.
    window_.contentDocument.addEventListener("load", size, { capture: true });
    show();
  });
  place.append(window_);
  new ResizeObserver(size).observe(place);
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["class"] });
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  ask();

  async function ask() {
    request.abort();
    request = new AbortController();
    const body = new FormData();
    body.append("content", text.value);
    const token = text.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const options = { method: "POST", body, headers: { "X-CSRFToken": token }, signal: request.signal };
    try {
      const answer = await fetch(frame.dataset.previewUrl, options);
      html = answer.ok ? await answer.text() : "<p>There is no preview. Your session may have ended; the text is safe here.</p>";
      show();
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  function show() {
    const inside = window_.contentDocument;
    const shown = inside?.querySelector("[data-preview]");
    if (!shown) return;
    const isDark = document.documentElement.classList.contains("dark");
    inside.documentElement.style.colorScheme = isDark ? "dark" : "light";
    shown.innerHTML = html; // Made and sanitised by the site's own markup module; no script runs here.
    size();
  }

  function size() {
    const inside = window_.contentDocument?.body;
    if (inside) window_.style.blockSize = `${inside.scrollHeight + 2}px`;
  }
}

function page() {
  const holder = document.createElement("div");
  holder.append(styles.content.cloneNode(true));
  return `<!doctype html><html lang="${document.documentElement.lang}"><head><meta charset="utf-8"><title>Preview</title><base target="_blank">${holder.innerHTML}</head><body class="preview"><div class="part preview-part"><div class="section prose" data-preview></div></div></body></html>`;
}
