/**
 * Gets what the first view of a page does without, its style sheet before its script:
 *
 * <div data-script="address" data-styles="address" data-wanted="near">
 *
 * "near": when the reader comes near the place. "begun": when somebody begins to scroll, to point or
 * to type, or looks at it for a while; in a wide window, which shows more of it, as soon as the page
 * is there.
 */
const NEAR = { rootMargin: "600px" };
const A_WHILE = 5000; // milliseconds
const BEGINS = ["scroll", "pointermove", "pointerdown", "keydown", "selectionchange"];
const isWide = matchMedia("(width >= 78rem)").matches;

const sheets = new Map();

function styled(href) {
  const loaded = (end) =>
    document.head.append(
      Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: end, onerror: end }),
    );
  if (!sheets.has(href)) sheets.set(href, new Promise(loaded));
  return sheets.get(href);
}

async function get({ dataset }) {
  await styled(dataset.styles);
  await import(dataset.script);
  dataset.wanted = "here";
}

function whenNear(place) {
  const observer = new IntersectionObserver((changes) => {
    if (!changes.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    get(place);
  }, NEAR);
  observer.observe(place);
}

function whenBegun(place) {
  const begin = () => {
    for (const name of BEGINS) document.removeEventListener(name, begin, true);
    get(place);
  };
  if (isWide) return begin();
  for (const name of BEGINS) document.addEventListener(name, begin, { capture: true, passive: true });
  setTimeout(begin, A_WHILE);
}

for (const place of document.querySelectorAll("[data-wanted]")) {
  (place.dataset.wanted === "near" ? whenNear : whenBegun)(place);
}
