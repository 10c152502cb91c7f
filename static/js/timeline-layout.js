/**
 * Where the marks of a timeline lie in the view, and what lies at a place: one layout for the
 * events that are drawn at a time.
 *
 * Takes the Scale of timeline-scale.js, lanesOf() of timeline-lanes.js, middleOf() of
 * timeline-events.js, and from a Painting sizes and how wide names are. Paints nothing.
 */

/** The first of sorted numbers that is not less than another. */
const firstFrom = (numbers, least) => {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return numbers[low] ?? Infinity;
};

/** Where a mark begins and ends in so long a time: a day from the first, and ems from there; twice. */
const edgesOf = ({ lower, upper, marks }, middle, { first, last }) => {
  if (marks.has("is-point")) return [middle, -0.5, middle, 0.5];
  const [start, end] = [lower === null ? null : lower - first, upper === null ? null : upper + 1 - first];
  return [
    ...(start !== null ? [start, 0] : marks.has("is-open-start") || end === null ? [0, 0] : [end, -3]),
    ...(end !== null ? [end, 0] : marks.has("is-open") || start === null ? [last - first, 0] : [start, 3]),
  ];
};

class Layout {
  /** Work out once what all steps of a zoom have in common. Of each event there are two days and two ems. */
  constructor(events, scale) {
    Object.assign(this, { events, scale });
    this.middles = Float64Array.from(events, (event) => middleOf(event) - scale.first);
    events.forEach((event, place) => (event.place = place));
    const edges = events.map((event) => edgesOf(event, this.middles[event.place], scale));
    this.days = Float64Array.from(edges.flatMap(([from, , to]) => [from, to]));
    this.ems = Float64Array.from(edges.flatMap(([, before, , behind]) => [before, behind]));
    this.extents = new Float64Array(2 * events.length);
  }

  divide(by, others) {
    this.isLaned = by !== "together";
    this.lanes = lanesOf(this, by, others);
  }

  /** Put lanes below each other, and say how tall they are. All has to be laid anew then. */
  stack({ em, row }) {
    Object.assign(this, { em, row, laidAt: null });
    const head = Math.round(em * 1.6);
    const most = this.lanes.length > 3 ? 2 : 3;
    let below = 4;
    for (const lane of this.isLaned ? this.lanes : []) {
      lane.rows = Math.min(most, lane.order.length);
      lane.head = below;
      lane.base = below += head + lane.rows * row;
    }
    return below;
  }

  /** Without lanes there are as many rows as there is room for. */
  fill(base) {
    if (!this.isLaned) Object.assign(this.lanes[0], { rows: Math.max(1, Math.floor((base - 8) / this.row)), base, head: null });
  }

  /** Give each mark its row, so that no two marks and no two labels meet. */
  lay(painting) {
    const { days, ems, extents, em } = this;
    const { pixels } = this.scale;
    if (this.laidAt === pixels) return;
    // Until days get wider or narrower.
    this.laidAt = pixels;
    for (let from = 0; from < days.length; from += 2) {
      extents[from] = days[from] * pixels + ems[from] * em;
      extents[from + 1] = Math.max(days[from + 1] * pixels + ems[from + 1] * em, extents[from] + em / 2);
    }
    for (const lane of this.lanes) lane.lay(this, pixels, (event) => painting.widthOf(this.events[event]));
  }

  /** Where an event's mark begins and ends, in pixels of the view. */
  extent({ place }) {
    const { shift } = this.scale;
    return [this.extents[2 * place] + shift, this.extents[2 * place + 1] + shift];
  }

  /** The places in a lane's order whose marks or labels are in view. */
  seen({ order, rowOf, rooms }) {
    const { events, extents, em } = this;
    const { shift, width } = this.scale;
    const seen = [];
    for (let place = 0; place < order.length; place++) {
      const one = order[place];
      if (rowOf[place] < 0 || extents[2 * one] + shift >= width) continue;
      if (extents[2 * one + 1] + shift + Math.min(rooms[place], events[one].width + em) > 0) seen.push(place);
    }
    return seen;
  }

  /** The events in view. */
  get inView() {
    return this.lanes.flatMap((lane) => this.seen(lane).map((place) => this.events[lane.order[place]]));
  }

  /** How much is free behind a mark: up to the next one, or the next column of the band. */
  roomOf({ order, rooms, columns, edges, cell }, place) {
    const to = this.extents[2 * order[place] + 1];
    return columns.has(Math.floor(to / cell)) ? 0 : Math.min(rooms[place], firstFrom(edges, to) - to);
  }

  /** The middle of an event's mark. */
  placeOf(event) {
    const [from, to] = this.extent(event);
    const x = within((from + to) / 2, 0, this.scale.width);
    const rowIn = ({ order, rowOf }) => rowOf[order.indexOf(event.place)] ?? -2;
    const lane = this.lanes.find((one) => rowIn(one) >= 0) ?? this.lanes.find((one) => rowIn(one) === -1);
    return [x, lane.base - (Math.max(0, rowIn(lane)) + 0.5) * this.row];
  }

  /** What is painted at a place: an event with its label, or a column of the density band. */
  find(x, y) {
    const near = this.em / 2;
    for (const lane of this.lanes) {
      const place = Math.floor((lane.base - y) / this.row);
      if (place < 0 || place >= lane.rows) continue;
      const found = this.seen(lane).findLast((one) => {
        const event = this.events[lane.order[one]];
        const [from, to] = this.extent(event);
        const before = lane.before.has(one) ? event.width : 0;
        return lane.rowOf[one] === place && x >= from - before - near && x <= to + Math.min(this.roomOf(lane, one), event.width) + near;
      });
      if (found !== undefined) return { event: this.events[lane.order[found]] };
      const column = lane.columns.get(Math.floor((x - this.scale.shift) / lane.cell));
      if (column) return { column };
    }
    return null;
  }
}
