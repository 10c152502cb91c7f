/**
 * Warns before a page is left on which something was typed and not saved.
 */
const form = document.querySelector("#content-main form[method=post]");

if (form) {
  const status = document.querySelector("[data-unsaved-status]");
  // A form that came back with mistakes was not saved.
  let isChanged = Boolean(document.querySelector(".errornote, .desk-error, [data-focus]"));

  const say = () => {
    if (status) status.textContent = isChanged ? "Not saved yet. The preview shows the draft as last saved." : "";
  };
  const change = () => {
    if (isChanged) return;
    isChanged = true;
    say();
  };

  for (const name of ["input", "change", "desk:added", "desk:removed"]) form.addEventListener(name, change);
  form.addEventListener("submit", () => {
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
  say();
}
