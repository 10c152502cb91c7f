/**
 * Adds a Print button to every list of sharing actions.
 *
 * <ul data-share-actions data-print-label="Print">: no label, no button.
 * A script adds it because without scripts it could do nothing. Each of these buttons goes to the
 * front of the list: load print.js, copy-link.js, share.js in this order to read them in the other.
 * Pictures further down are not loaded before somebody scrolls to them: they are fetched first, so
 * that none is missing on paper, for as long as somebody may be asked to wait.
 */
const LONGEST_WAIT = 5000; // milliseconds

for (const list of document.querySelectorAll("[data-share-actions][data-print-label]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = list.dataset.printLabel;
  button.addEventListener("click", async () => {
    await Promise.race([allPictures(), new Promise((end) => setTimeout(end, LONGEST_WAIT))]);
    window.print();
  });

  const item = document.createElement("li");
  item.append(button);
  list.prepend(item);
}

function allPictures() {
  const pictures = [...document.querySelectorAll("main img")];
  for (const picture of pictures) picture.loading = "eager";
  return Promise.allSettled(pictures.map((picture) => picture.decode()));
}
