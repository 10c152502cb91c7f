/**
 * Gets what the first view of a page does without, its style sheet before its script:
 *
 * <div data-script="address" data-styles="address" data-wanted="near">
 *
 * "near": when the reader comes near. "begun": the styles once the first view is painted, the script
 * when somebody scrolls, points, types or has looked for a while; in a wide window both at once.
 * What a dropped connection kept away is asked for again.
 */
const NEAR = { rootMargin: "600px" };
const A_WHILE = 5000; // milliseconds
const TRIES = 5;
const BEGINS = ["scroll", "pointermove", "pointerdown", "keydown", "selectionchange"];
const isWide = matchMedia("(width >= 78rem)").matches;

const asked = new Map();

/** Tells whether what the element names came. */
const comes = (tag, given) =>
  new Promise((end) => {
    const element = Object.assign(document.createElement(tag), given);
    element.onload = () => end(true);
    element.onerror = () => end(element.remove());
    document.head.append(element);
  });

/** Longer each time; without a network, until there is one. */
const pause = (tried) =>
  new Promise((end) => {
    addEventListener("online", end, { once: true });
    setTimeout(() => navigator.onLine && end(), 1000 * 4 ** tried);
  });

/** Asks a few times, by other names: of a script browsers remember that it failed. */
async function keepAsking(tag, name, address, given) {
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried) await pause(tried - 1);
    if (await comes(tag, { ...given, [name]: tried ? `${address}#${tried}` : address })) return true;
  }
}

/** Gets a file once, however many places want it. */
function got(tag, name, address, given) {
  if (!asked.has(address)) asked.set(address, keepAsking(tag, name, address, given));
  return asked.get(address);
}

const styled = ({ dataset }) => got("link", "href", dataset.styles, { rel: "stylesheet" });

async function get(place) {
  if (!(await styled(place))) return;
  if (await got("script", "src", place.dataset.script, { type: "module" })) place.dataset.wanted = "here";
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
  for (const name of BEGINS) document.addEventListener(name, begin, true);
  setTimeout(begin, A_WHILE);
  // Whoever follows a link further down is led there once it looks as it will.
  if (location.hash) styled(place);
  else new PerformanceObserver(() => styled(place)).observe({ type: "paint", buffered: true });
}

for (const place of document.querySelectorAll("[data-wanted]")) {
  (place.dataset.wanted === "near" ? whenNear : whenBegun)(place);
}
