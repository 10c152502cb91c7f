/**
 * Which events of a timeline stand in which lane: all together, by kind, or by who acted.
 *
 * Takes of a layout its events and their middles, and gives it the Lane of timeline-rows.js for
 * each, with its events in the two orders that rows need.
 */
const MOST_LANES = 8;
const LANES = { together: () => [""], byKind: (event) => [event.kind], byActor: (event) => event.actors };

/** Put events into lanes: the fullest first, what is rare together in the last, named `others`. */
const lanesOf = ({ events, middles, scale }, by, others) => {
  const lanes = new Map();
  for (const event of events) {
    for (const name of new Set(LANES[by](event))) {
      if (!lanes.has(name)) lanes.set(name, []);
      lanes.get(name).push(event);
    }
  }
  const nameless = lanes.get("") ?? [];
  if (lanes.size > 1) lanes.delete("");
  const sorted = [...lanes].sort(([, one], [, other]) => other.length - one.length);
  const rest = new Set([...sorted.splice(MOST_LANES).flatMap(([, held]) => held), ...(lanes.has("") ? [] : nameless)]);
  if (rest.size) sorted.push([others, events.filter((event) => rest.has(event))]);
  // As edgesOf() has it: what never began is drawn from the first day.
  const beginning = ({ lower, upper, marks }) => lower ?? (marks.has("is-open-start") ? scale.first : upper);
  const numbers = (held, keyOf) => Int32Array.from(held.toSorted((one, other) => keyOf(one) - keyOf(other)), ({ place }) => place);
  return sorted.map(([name, held]) => new Lane(name, numbers(held, beginning), numbers(held, ({ place }) => middles[place])));
};
