/**
 * Notes whether something was typed and not saved, says so, and warns before it would be lost.
 *
 * The form carries data-is-changed while it holds something that is not saved. What autosave.js has
 * put in safety (data-is-kept) is offered again, so nobody is stopped from leaving it.
 */
const form = document.querySelector("#content-main form[method=post]");

if (form) {
  const status = document.querySelector("[data-unsaved-status]");
  const change = () => {
    if ("isChanged" in form.dataset) return;
    form.dataset.isChanged = "";
    if (status) status.textContent = "Not saved yet.";
  };

  // A form that came back with mistakes was not saved.
  if (document.querySelector(".errornote, .desk-error, [data-focus]")) change();
  for (const name of ["input", "change", "desk:added", "desk:removed"]) form.addEventListener(name, change);
  form.addEventListener("submit", () => {
    delete form.dataset.isChanged;
  });
  window.addEventListener("beforeunload", (event) => {
    if ("isChanged" in form.dataset && !("isKept" in form.dataset)) event.preventDefault();
  });
}
