/**
 * Marks in a list of contents where the reader is: <nav data-follow-contents> with links to ids, in
 * the order of the page.
 *
 * The current entry is the last one whose place has passed the upper third of the window; its link
 * gets aria-current="location".
 */
// Far above the window too, so that a place that was jumped over counts as passed.
const UPPER_THIRD_AND_ABOVE = { rootMargin: "10000000px 0px -66% 0px" };

for (const contents of document.querySelectorAll("[data-follow-contents]")) {
  const links = new Map();
  for (const link of contents.querySelectorAll('a[href^="#"]')) {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place) links.set(place, link);
  }

  const passed = new Set();
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) passed.add(target);
      else passed.delete(target);
    }
    const current = [...links.keys()].filter((place) => passed.has(place)).at(-1);
    for (const [place, link] of links) {
      if (place === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }, UPPER_THIRD_AND_ABOVE);
  for (const place of links.keys()) observer.observe(place);
}
