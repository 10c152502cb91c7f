/**
 * Opens the form below the comment that is answered: links with ?reply_to= on a page that has one.
 *
 * There is one form, which moves: its fields keep their names and what was typed into them. Escape
 * or "Cancel" puts it back and returns to the link. Other windows and pages get the link itself.
 *
 * Tells others, on the form: "retarget", once it is about another comment.
 */
const home = document.createComment("form");
let link = null;
let before = {};

document.addEventListener("click", (event) => {
  const pressed = event.target.closest('a[href*="?reply_to="]');
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!pressed || !isPlain || !form()) return;
  event.preventDefault();
  if (link) close();
  open(pressed);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && link && form().contains(event.target)) leave();
});

document.addEventListener("renewed", () => link && dress());
document.addEventListener("accepted", () => link && close());
// A browser that comes back puts into the form what it holds here: nothing that belongs elsewhere.
addEventListener("pagehide", ({ persisted }) => link && !persisted && close());

function form() {
  return document.querySelector('form[data-in-place="stay"]');
}

function open(pressed) {
  link = pressed;
  const about = form().elements.about.value;
  before = { about, title: form().querySelector(".form-title").textContent };
  form().before(home);
  (link.closest(".comment-actions") ?? link).after(form());
  aim(new URL(link.href).searchParams.get("reply_to"), "");
  dress();
  const { name, body } = form().elements;
  (name.value ? body : name).focus();
}

/** Names whom the form answers, and offers a way out. */
function dress() {
  form().querySelector(".form-title").textContent = link.textContent;
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "button";
  cancel.dataset.leave = "";
  cancel.textContent = form().dataset.cancel;
  cancel.addEventListener("click", leave);
  form().querySelector(".form-buttons").append(cancel);
}

function leave() {
  const opened = link;
  close();
  opened.focus();
}

function close() {
  home.after(form());
  form().querySelector(".form-title").textContent = before.title;
  form().querySelector("[data-leave]")?.remove();
  link = null;
  aim("", before.about);
}

function aim(at, about) {
  put("reply_to", at);
  put("about", about);
  form().dispatchEvent(new Event("retarget", { bubbles: true }));
}

/** In a new field: Firefox and others give the old one its last value back when the page is loaded again. */
function put(name, value) {
  const old = form().elements[name];
  const field = old.cloneNode();
  field.setAttribute("value", value);
  old.replaceWith(field);
}
