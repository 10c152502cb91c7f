/**
 * Keeps the words of a comment that is being written, until it was accepted: <form data-draft>.
 *
 * In this window's own storage, which goes when it is closed; one draft for each comment that is
 * answered, and one for the article. A form that has words already keeps those.
 */
const key = ({ action, elements }) =>
  ["draft", action, elements.reply_to?.value, elements.about?.value].join(" ");

for (const form of document.querySelectorAll("form[data-draft]")) {
  // Perhaps typed before this script was there: written down, or answering another would lose it.
  write(form, (form.elements.body.value ||= read(form) ?? ""));
}

document.addEventListener("input", ({ target }) => {
  if (target.name === "body" && target.form?.matches("[data-draft]")) write(target.form, target.value);
});

// The same form, moved to another comment: its words are written down already.
document.addEventListener("retarget", ({ target }) => {
  target.elements.body.value = read(target) ?? "";
});

document.addEventListener("accepted", ({ target }) => write(target, ""));

function read(form) {
  try {
    return sessionStorage.getItem(key(form));
  } catch {
    return null; // The reader's browser keeps nothing.
  }
}

function write(form, words) {
  try {
    if (words) sessionStorage.setItem(key(form), words);
    else sessionStorage.removeItem(key(form));
  } catch {
    // As above, or its room is used up: the form still has the words.
  }
}
