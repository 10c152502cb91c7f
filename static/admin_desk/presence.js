/**
 * Says who else has the form open: <ul data-presence="address" data-account="number">.
 *
 * The page tells every few seconds that it is there and how long nobody typed, and when it goes. A line
 * that screen readers follow says only who came and who left.
 */
import { page, tell, token } from "./autosave.js";

const EVERY = 15_000;
// Whoever only opened it is there, and not writing yet.
const NOT_WRITING = 60_000;
const list = document.querySelector("[data-presence]");

if (list?.dataset.presence) start();

function start() {
  const said = document.createElement("p");
  said.className = "desk-unseen";
  said.setAttribute("role", "status");
  list.after(said);
  const { presence: address, account } = list.dataset;
  let typedAt = Date.now() - NOT_WRITING;
  let names = new Set([...list.querySelectorAll("li:not(.is-own)")].map((one) => one.dataset.name));

  for (const kind of ["input", "change"]) document.addEventListener(kind, () => (typedAt = Date.now()));
  // Also when the page comes back from the browser's memory.
  window.addEventListener("pageshow", beat);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  setInterval(beat, EVERY);

  async function beat() {
    const idle = Math.floor((Date.now() - typedAt) / 1000);
    const outcome = await tell(address, account, [["_idle", String(idle)]]);
    if (outcome.isOk) show(outcome.people);
  }

  function show(people) {
    list.hidden = !people.length;
    const lines = people.map(({ words, own }) => {
      const line = document.createElement("li");
      line.className = own ? "is-own" : "";
      line.textContent = words;
      return line;
    });
    list.replaceChildren(...lines);
    const now = new Set(people.filter(({ own }) => !own).map(({ name }) => name));
    const came = [...now].filter((name) => !names.has(name)).map((name) => `${name} opened this.`);
    const left = [...names].filter((name) => !now.has(name)).map((name) => `${name} left.`);
    if (came.length || left.length) said.textContent = [...came, ...left].join(" ");
    names = now;
  }

  function leave() {
    const body = new FormData();
    const fields = { _leaving: "1", _page: page, _account: account, csrfmiddlewaretoken: token() };
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    navigator.sendBeacon(address, body);
  }
}
