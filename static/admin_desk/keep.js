/**
 * Keeps what is being typed in this browser until it is saved, and brings it back afterwards: when the
 * session had ended, the browser stopped or the network was gone.
 *
 * <div data-keep-for="number of the account">. Forms that are kept on the server too are left to
 * autosave.js; here it is only seen to that what arrived is forgotten. A form says by its hidden
 * opened_on on which state it was opened; if a colleague has saved since, what was typed is shown to be
 * copied, and not put back.
 */
import { account, forget, forgetOld, lastSent, place, read, send, write } from "./kept.js";

const WAIT = 800; // milliseconds after the last letter
const form = document.querySelector("#content-main form[method=post]");

if (account) {
  forgetOld();
  if (!document.querySelector("[data-autosave]")) {
    const sent = lastSent();
    // Any page but the one that was sent, and but the one to log in, means that the save arrived.
    if (sent && sent.place !== place) forget(sent.key);
    if (form) watch(sent?.place === place);
  }
}

function watch(wasSent) {
  const isRefused = "isChanged" in form.dataset;
  const kept = read(place);
  const wasSaved = wasSent && document.querySelector(".desk-messages");
  // A refused save shows all of it again.
  if (kept && !isRefused && !wasSaved && differs(kept)) offer(kept);
  else forget(place);

  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => "isChanged" in form.dataset && keep(), WAIT);
  };
  for (const name of ["input", "change"]) form.addEventListener(name, later);
  form.addEventListener("submit", () => {
    keep();
    send(place);
  });
  if (isRefused) keep();
}

function keep() {
  write(place, { at: Date.now(), opened: opened(), fields: fields() });
}

function offer(kept) {
  const notice = document.createElement("div");
  notice.className = "desk-notice";
  notice.setAttribute("role", "status");
  const words = document.createElement("p");
  const time = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  words.textContent = `This browser kept what was typed here on ${time} and not saved.`;
  const isSame = opened() === kept.opened;
  const back = isSame ? button("Bring it back", () => bringBack(kept)) : button("Show it", () => show(kept));
  notice.append(words, back, " ", button("Forget it", () => forget(place)));
  form.before(notice);

  function button(said, deed) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "desk-button";
    made.textContent = said;
    made.addEventListener("click", () => {
      deed();
      notice.remove();
    });
    return made;
  }
}

function bringBack(kept) {
  for (const [name, value, isChecked] of kept.fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.value === value) field.checked = isChecked;
      } else {
        field.value = value;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

/** For copying: each text that is not in the form as it is now. */
function show(kept) {
  const now = new Set(fields().map(([, value]) => value));
  const list = document.createElement("div");
  list.className = "desk-notice";
  const words = document.createElement("p");
  words.textContent = "Somebody saved this meanwhile, so it is not put back by itself. Copy what is missing.";
  list.append(words);
  for (const [name, value] of kept.fields.filter(([, text]) => text && !now.has(text))) {
    const text = document.createElement("textarea");
    text.className = "desk-input";
    text.readOnly = true;
    text.value = value;
    text.setAttribute("aria-label", name);
    list.append(text);
  }
  form.before(list);
}

/** All that can be typed, chosen or ordered; passwords and files are not kept. */
function fields() {
  return [...form.elements]
    .filter(({ name, type }) => name && !/^(csrfmiddlewaretoken|overwrite|_.*)$/.test(name) && !["password", "file", "submit", "button"].includes(type))
    .map(({ name, value, checked }) => [name, value, Boolean(checked)]);
}

function opened() {
  return form.querySelector('[name="opened_on"]')?.value ?? "";
}

function differs(kept) {
  const own = (given) => JSON.stringify(given.filter(([name]) => name !== "opened_on"));
  return own(kept.fields) !== own(fields());
}
