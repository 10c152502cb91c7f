/**
 * Adds a Print button to every list of sharing actions.
 *
 * <ul data-share-actions data-print-label="Print">: no label, no button.
 * A script adds it because without scripts it could do nothing. Each of these buttons goes to the
 * front of the list: load print.js, copy-link.js, share.js in this order to read them in the other.
 */
for (const list of document.querySelectorAll("[data-share-actions][data-print-label]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = list.dataset.printLabel;
  button.addEventListener("click", () => window.print());

  const item = document.createElement("li");
  item.append(button);
  list.prepend(item);
}
