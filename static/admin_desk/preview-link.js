/**
 * Previews what is on the screen: <a data-preview-link target="_blank">.
 *
 * A preview shows the draft as saved. So if something is not saved yet, the link saves first; the
 * window that it opened meanwhile then shows the page. If the save is refused, that window closes.
 */
const WINDOW = "preview";
const KEY = "desk:preview-after-save";

// Written by the link, read by the page that answers the save.
const wanted = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (wanted) {
  const wasSaved = document.querySelector(".desk-messages") && !document.querySelector(".errornote, [data-focus]");
  const opened = window.open("", WINDOW);
  if (wasSaved) opened?.location.replace(wanted);
  else opened?.close();
}

for (const link of document.querySelectorAll("[data-preview-link]")) {
  link.target = WINDOW;
  link.addEventListener("click", (event) => {
    const form = document.querySelector("#content-main form[method=post]");
    if (!form || !("isChanged" in form.dataset)) return;
    event.preventDefault();
    window.open("", WINDOW);
    sessionStorage.setItem(KEY, link.href);
    form.requestSubmit(document.querySelector('button[name="_save"]'));
  });
}
