/**
 * Offers to remember the reader in this browser, or to forget them, where a page has the token:
 * <div data-remember-reader data-token="…" data-offer="…" data-offered="…" data-forget="…"
 *      data-remembered="…" data-forgotten="…">
 *
 * What is remembered stays in this browser (localStorage) and goes along with comments that are sent
 * from it: see known-reader.js. The server lets it count for 90 days.
 */
const KEPT_UNDER = "on-record-reader";
const DAYS = 90;

for (const place of document.querySelectorAll("[data-remember-reader]")) {
  const { token, offer, offered, forget, remembered, forgotten } = place.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  const outcome = document.createElement("p");
  outcome.className = "part-note";
  outcome.setAttribute("role", "status");

  const isRemembered = () => Boolean(localStorage.getItem(KEPT_UNDER));
  const label = () => {
    button.textContent = isRemembered() ? forget : offer;
  };

  button.addEventListener("click", () => {
    if (isRemembered()) {
      localStorage.removeItem(KEPT_UNDER);
      outcome.textContent = forgotten;
    } else {
      const until = Date.now() + DAYS * 24 * 60 * 60 * 1000;
      localStorage.setItem(KEPT_UNDER, JSON.stringify({ token, until }));
      outcome.textContent = remembered;
    }
    label();
  });

  try {
    label();
  } catch {
    break; // This browser keeps nothing, and says so by an error.
  }
  outcome.textContent = isRemembered() ? remembered : offered;
  place.append(button, outcome);
}
