/**
 * Copies the address of a place on the page when its own link is pressed, and says so.
 *
 * <h2 id="one"><a class="heading-link" href="#one">One</a></h2>
 * <p class="row-links"><a href="#fact-one">Link</a></p>
 * <ul data-share-actions data-copied-label="Link copied" data-copy-failed-label="Not copied. The address is">
 *
 * The link still leads there, so the window's address bar has the same address.
 */
const OWN_LINK = '.heading-link, .row-links > a[href^="#"]';
const SECONDS_SHOWN = 4;

const words = document.querySelector("[data-share-actions]")?.dataset;

function follow() {
  // Screen readers follow it only if it is there before there is anything to say.
  const outcome = Object.assign(document.createElement("p"), { className: "place-copied", role: "status" });
  document.body.append(outcome);
  let waiting;

  document.addEventListener("click", async (event) => {
    const place = event.target.closest(OWN_LINK);
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = location.origin + location.pathname + place.hash;
    clearTimeout(waiting);
    outcome.textContent = "";
    try {
      await navigator.clipboard.writeText(address);
      outcome.textContent = words.copiedLabel;
    } catch {
      outcome.textContent = `${words.copyFailedLabel} ${address}`;
    }
    waiting = setTimeout(() => outcome.replaceChildren(), SECONDS_SHOWN * 1000);
  });
}

if (words && navigator.clipboard) follow();
