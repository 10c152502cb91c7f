/**
 * The moderators' queue: one key for each decision, without leaving the page.
 *
 * In <div data-queue> forms with data-decides or data-asked are sent by this script. The comment that is decided about fades, the
 * next has the focus at once, and it goes when the server has answered; where the server cannot be
 * reached it stays, and says so. Requests are made one after the other, so that a quick hand decides in
 * the order of its keys. The list is refilled from the server. On a comment's own page the same keys
 * press its buttons.
 */
const REFILL_BELOW = 20;
const queue = document.querySelector("[data-queue]");
const list = queue?.querySelector("[data-entries]");
const dialog = queue?.querySelector("[data-ask-dialog]");
const bulk = queue?.querySelector("[data-bulk]");
const title = queue?.querySelector("[data-queue-title]");

let current = null;
let work = Promise.resolve();
let isBegun = false; // has the beginning been asked for since the list came to its end?

const DEEDS = { approve: ["approve", "keep"], reject: ["reject"], spam: ["spam"], pin: ["pin", "unpin"] };
const QUESTIONS = { ban: "ban", why: "reject", answer: "answer" };

for (const [deed, values] of Object.entries(DEEDS)) on(deed, () => press(values));
for (const [deed, question] of Object.entries(QUESTIONS)) on(deed, () => present()?.querySelector(`[data-ask="${question}"]`)?.click());
on("undo", () => (queue ? undoLast() : document.querySelector("button[value=undo]")?.click()));

if (queue) {
  on("next", () => go(1));
  on("previous", () => go(-1));
  on("choose", () => present()?.querySelector("[data-choose]")?.click());
  on("thread", () => present()?.querySelector("[data-thread]")?.click());
  list.addEventListener("focusin", (event) => mark(event.target.closest("[data-entry]")));
  list.addEventListener("change", showChosen);
  queue.addEventListener("submit", (event) => event.target.matches("[data-decides], [data-asked]") && take(event));
  queue.addEventListener("click", open);
  dialog?.querySelector("[data-ask-close]").addEventListener("click", () => dialog.close());
  // The browser may have kept boxes ticked while the page was away.
  showChosen();
  mark(entries()[0]);
}

function on(deed, act) {
  document.addEventListener(`desk:queue-${deed}`, act);
}

/** Those that are not on their way out. */
function entries() {
  return [...(list ?? document).querySelectorAll("[data-entry]:not(.is-leaving)")];
}

function present() {
  return current?.isConnected && !current.classList.contains("is-leaving") ? current : entries()[0];
}

function mark(entry) {
  if (entry === current) return;
  current?.classList.remove("is-current");
  current = entry ?? null;
  current?.classList.add("is-current");
}

function focus(entry) {
  const target = entry?.querySelector("[data-entry-focus]") ?? title;
  mark(entry);
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

function go(step) {
  const all = entries();
  if (!all.length) return;
  const isHere = current?.contains(document.activeElement);
  const at = all.indexOf(present());
  focus(all[isHere ? Math.min(Math.max(at + step, 0), all.length - 1) : Math.max(at, 0)]);
}

/** Presses the first of the buttons that the comment has; with comments chosen, that about them all. */
function press(values) {
  const where = chosen().length && !values.includes("pin") ? bulk : present();
  const button = values.map((value) => where?.querySelector(`button[name=decide][value="${value}"]`)).find(Boolean);
  button?.click();
}

// Choosing several

function chosen() {
  return [...(list?.querySelectorAll("[data-choose]:checked") ?? [])].filter((box) => !box.closest(".is-leaving"));
}

function showChosen() {
  const boxes = chosen();
  for (const entry of entries()) entry.classList.toggle("is-chosen", boxes.some((box) => entry.contains(box)));
  if (!bulk) return;
  bulk.hidden = !boxes.length;
  bulk.querySelector("[data-chosen]").textContent = boxes.length;
}

// Deciding

function take(event) {
  event.preventDefault();
  const { target: form, submitter } = event;
  if (form.matches("[data-asked]")) return void askedFor(form, submitter);
  const body = bodyOf(form, submitter);
  if (form === bulk && !chosen().length) return say("Choose comments first.");
  const taken = form === bulk ? chosen().map((box) => box.closest("[data-entry]")) : [form.closest("[data-entry]")].filter(Boolean);
  later(() => decide(form.action, body, taken));
  leave(taken, submitter?.value);
}

function undoLast() {
  const form = queue.querySelector("[data-bulk]");
  if (!form) return;
  const body = new FormData();
  for (const [name, value] of [["csrfmiddlewaretoken", tokenIn(form)], ["back", queue.dataset.query], ["decide", "undo"]]) body.append(name, value);
  later(() => decide(form.action, body, []));
}

function bodyOf(form, submitter) {
  const body = new FormData(form);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  return body;
}

function tokenIn(form) {
  return form.querySelector("[name=csrfmiddlewaretoken]").value;
}

/** Fades what is decided about, goes on to the next and asks for more; a pinned comment stays. */
function leave(taken, deed) {
  if (!taken.length || deed === "pin" || deed === "unpin") return;
  const had = taken.includes(current) || taken.some((entry) => entry.contains(document.activeElement));
  const all = entries();
  const last = Math.max(...taken.map((entry) => all.indexOf(entry)));
  for (const entry of taken) {
    entry.classList.add("is-leaving");
    for (const box of entry.querySelectorAll("[data-choose]")) box.checked = false;
  }
  showChosen();
  const rest = all.filter((entry) => !taken.includes(entry));
  if (had || document.activeElement?.closest("[data-bulk]")) focus(all.slice(last + 1).find((entry) => rest.includes(entry)) ?? rest.at(-1));
  refill();
}

function later(deed) {
  work = work.then(deed).catch((error) => {
    console.warn(error);
  });
}

async function decide(url, body, taken) {
  const outcome = await send(url, { method: "POST", body });
  if (outcome.data) apply(outcome.data, taken);
  else stay(taken, outcome.problem);
}

/** Asks the server; returns its data, or in words why there are none. */
async function send(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { Accept: "application/json" } });
  } catch {
    return { problem: "The site could not be reached, so nothing was changed. Try again." };
  }
  const isData = response.headers.get("Content-Type")?.startsWith("application/json");
  if (isData && (response.ok || response.status === 422)) return { data: await response.json(), isRefused: response.status === 422 };
  if (response.redirected) return { problem: "You are logged out, so nothing was changed. Log in in another tab and load this page again." };
  if (response.status === 403) return { problem: "You may not do this, or have logged in anew. Nothing was changed. Load the page again." };
  return { problem: "The site could not answer, so nothing may have been changed. Try again." };
}

function stay(taken, words) {
  for (const entry of taken) {
    entry.classList.remove("is-leaving");
    notice(entry, words);
  }
  showChosen();
  say(words);
}

function notice(entry, words) {
  const shown = entry.querySelector("[data-notice]") ?? document.createElement("p");
  shown.className = "desk-notice is-bad";
  shown.dataset.notice = "";
  shown.textContent = words;
  entry.querySelector("[data-entry-focus]").prepend(shown);
}

/** Brings the list up to date with what the server says of a deed. */
function apply(data, taken) {
  for (const key of data.gone) remove(find(key));
  const restored = data.again.map(draw).filter(Boolean);
  for (const entry of taken) entry.classList.remove("is-leaving");
  for (const [name, count] of Object.entries(data.counts)) {
    for (const shown of queue.querySelectorAll(`[data-count="${name}"]`)) shown.textContent = count;
  }
  const deeds = queue.querySelector("[data-deeds]");
  if (deeds) deeds.innerHTML = data.deeds;
  showChosen();
  const told = data.again.filter((one) => one.words).map((one) => one.words);
  if (restored.length) focus(restored[0]);
  else if (isFocusLost()) focus(present());
  say([data.words, ...told, data.waits].filter(Boolean).join(" "));
  refill();
}

function find(key) {
  return list.querySelector(`[data-entry="${key}"]`);
}

function remove(entry) {
  if (!entry) return;
  if (entry === current) mark(nextTo(entry));
  entry.remove();
}

function nextTo(entry) {
  const all = [...list.querySelectorAll("[data-entry]")].filter((one) => one === entry || !one.classList.contains("is-leaving"));
  const at = all.indexOf(entry);
  return all[at + 1] ?? all[at - 1];
}

/** Draws a comment anew in its place, or puts one that came back on top; returns the latter. */
function draw({ pk, state, html }) {
  const fresh = made(html);
  const old = find(pk);
  if (old) {
    const had = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (old === current) mark(fresh);
    if (had) focus(fresh);
    return null;
  }
  const { view } = queue.dataset;
  if (view !== state && view !== "all" && view !== "reported") return null;
  list.prepend(fresh);
  queue.querySelector("[data-empty]").hidden = true;
  return fresh;
}

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

/** Is the focus nowhere, or where it was put because nothing was left? */
function isFocusLost() {
  return !document.activeElement || [document.body, title].includes(document.activeElement);
}

function say(words) {
  queue.querySelector("[data-said]").textContent = words;
}

// Refilling

function refill() {
  if (entries().length >= REFILL_BELOW) return;
  const { after } = queue.dataset;
  if (after) later(() => fill(after));
  else if (!entries().length && !isBegun) {
    isBegun = true;
    later(() => fill(""));
  } else showEmpty();
}

/** Fetches what comes behind a comment, or what has come meanwhile, from the beginning. */
async function fill(after) {
  if (after !== queue.dataset.after) return;
  const query = new URLSearchParams(queue.dataset.query);
  query.delete("after");
  if (after) query.set("after", after);
  const { data, problem } = await send(`${queue.dataset.url}?${query}`);
  if (!data) return say(problem);
  const template = document.createElement("template");
  template.innerHTML = data.entries;
  const fresh = [...template.content.children].filter((entry) => !find(entry.dataset.entry));
  list.append(...fresh);
  queue.dataset.after = data.after;
  const link = queue.querySelector("[data-next]");
  if (link) link.hidden = true;
  if (fresh.length) isBegun = false;
  if (fresh.length && isFocusLost()) focus(present());
  else showEmpty();
}

function showEmpty() {
  const isEmpty = !list.querySelector("[data-entry]");
  queue.querySelector("[data-empty]").hidden = !isEmpty;
  if (isEmpty && isFocusLost()) focus(null);
}

// Questions and threads

function open(event) {
  const link = event.target.closest("a[data-ask], a[data-thread]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (link.dataset.thread) showThread(link);
  else ask(link);
}

async function ask(link) {
  mark(link.closest("[data-entry]"));
  const { data, problem } = await send(link.href);
  if (!data) return stay([link.closest("[data-entry]")], problem);
  dialog.querySelector("#ask-title").textContent = data.title;
  dialog.querySelector("[data-ask-body]").innerHTML = data.html;
  dialog.showModal();
  dialog.querySelector("[data-asked] :is(input:not([type=hidden]), select, textarea, button)")?.focus();
}

/** Sends what was answered. What was typed stays in the dialog until the server has taken it. */
async function askedFor(form, submitter) {
  const body = bodyOf(form, submitter);
  const buttons = [...form.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  const { data, isRefused, problem } = await send(form.action, { method: "POST", body });
  for (const button of buttons) button.disabled = false;
  if (!data) return sayIn(form, problem);
  if (isRefused) {
    dialog.querySelector("[data-ask-body]").innerHTML = data.html;
    dialog.querySelector("[data-asked] [aria-invalid=true], [data-asked] :is(input:not([type=hidden]), select, textarea)")?.focus();
    return;
  }
  dialog.close();
  later(() => apply(data, []));
}

function sayIn(form, words) {
  const shown = form.querySelector("[data-notice]") ?? document.createElement("p");
  shown.className = "desk-notice is-bad";
  shown.setAttribute("role", "alert");
  shown.dataset.notice = "";
  shown.textContent = words;
  form.prepend(shown);
}

async function showThread(link) {
  const entry = link.closest("[data-entry]");
  const place = entry.querySelector("[data-thread-here]");
  if (!place.hidden) {
    place.hidden = true;
    return link.setAttribute("aria-expanded", "false");
  }
  const { data, problem } = await send(link.dataset.thread);
  if (!data) return stay([entry], problem);
  place.innerHTML = data.html;
  place.hidden = false;
  link.setAttribute("aria-expanded", "true");
  say("The thread is shown below the comment.");
}
