/**
 * Gets what the first view of a page does without, its style sheet before its script:
 *
 * <div data-script="address" data-styles="address" data-wanted="near">
 *
 * "near": when the reader comes near the place. "begun": when somebody begins to scroll, to point or
 * to type, or looks at it for a while; in a wide window, which shows more of it, as soon as the page
 * is there. What does not come, as a connection dropped, is asked for again; its script never without
 * its style sheet, as the page is whole without either.
 */
const NEAR = { rootMargin: "600px" };
const A_WHILE = 5000; // milliseconds
const TRIES = 5;
const BEGINS = ["scroll", "pointermove", "pointerdown", "keydown", "selectionchange"];
const isWide = matchMedia("(width >= 78rem)").matches;

const asked = new Map();

/** Puts an element into the page; tells whether what it names came. */
const comes = (tag, given) =>
  new Promise((end) => {
    const element = Object.assign(document.createElement(tag), given);
    element.onload = () => end(true);
    element.onerror = () => end(element.remove());
    document.head.append(element);
  });

/** Waits longer each time, and where there is no network, until there is one. */
const pause = (tried) =>
  new Promise((end) => {
    addEventListener("online", end, { once: true });
    setTimeout(() => navigator.onLine && end(), 1000 * 4 ** tried);
  });

/** Asks a few times, under another name for the same file: of a script browsers remember that it failed. */
async function keepAsking(tag, given, name) {
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried) await pause(tried - 1);
    if (await comes(tag, { ...given, [name]: tried ? `${given[name]}#${tried}` : given[name] })) return true;
  }
}

/** Gets a file once, however many places want it. */
function got(tag, given, name) {
  const address = given[name];
  if (!asked.has(address)) asked.set(address, keepAsking(tag, given, name));
  return asked.get(address);
}

async function get({ dataset }) {
  if (!(await got("link", { rel: "stylesheet", href: dataset.styles }, "href"))) return;
  if (await got("script", { type: "module", src: dataset.script }, "src")) dataset.wanted = "here";
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
