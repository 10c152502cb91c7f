/**
 * The events of a timeline and its eras, as they are read from the elements of a list.
 *
 * Both are [data-days="first/last"]: days counted from 1 January of the year 1, none where a date
 * is open or unknown; classes say how its edges are. Takes nothing from the other files.
 */
const textOf = (element, selector) =>
  element.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** Events with their names, and eras in the shapes that the rail of the list has. */
const readEvents = (listed) => {
  const read = (element) => {
    const [lower, upper = lower] = element.dataset.days.split("/").map((day) => (day === "" ? null : Number(day)));
    return { element, id: element.id, lower, upper, marks: new Set(element.classList) };
  };
  const eras = listed.filter((one) => one.matches(".era")).map((element) => ({
    ...read(element),
    shape: /rail-(\w+)/.exec(element.nextElementSibling?.className)?.[1],
    title: textOf(element, ".era-state"),
  }));
  const events = listed.filter((one) => one.matches(".event")).map((element) => ({
    ...read(element),
    title: textOf(element, "h1, h2, h3, h4"),
    words: textOf(element, ".event-date"),
    kind: textOf(element, ".event-kind-name"),
    actors: [...element.querySelectorAll(".event-actors bdi")].map((actor) => actor.textContent),
  }));
  return { eras, events };
};

/** The day in the middle of an event, or the one that is known of it. */
const middleOf = ({ lower, upper }) => ((lower ?? upper) + (upper ?? lower) + 1) / 2;

/** The first day and the last that are known of events; what is open lasts until today. */
const boundsOf = (events, today) => {
  const days = Float64Array.from(events.flatMap(({ lower, upper, marks }) => [lower, upper, marks.has("is-open") ? today : null])
    .filter((day) => day !== null)).sort();
  return [days[0], days.at(-1)];
};
