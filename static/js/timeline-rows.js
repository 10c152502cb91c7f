/**
 * Rows for the marks of one lane of a timeline, so that no two marks and no two labels meet.
 * Each step of a zoom asks for them anew: nothing is made for each event.
 *
 * Takes nothing from the other files; timeline-layout.js says where marks begin and end.
 */

class Lane {
  // Of the density band: how many events each holds.
  columns = new Map();

  /** Events are numbers: `order` has them as they begin, `byMiddle` by their middles. */
  constructor(name, order, byMiddle) {
    Object.assign(this, { name, order, byMiddle });
    // By the order: a row, or -1, and the pixels behind the mark that are its own.
    this.rowOf = new Int16Array(order.length).fill(-1);
    this.rooms = new Float64Array(order.length);
  }

  /**
   * Give every event a row. Where more fall into the same few pixels than there are rows, they
   * become a column of a density band, and what is long keeps to the upper half. A label gives
   * way to the next mark. Of each event `extents` has two edges, in pixels.
   */
  lay({ extents, middles, em }, scale, widthOf) {
    const { order, rowOf, rooms, columns } = this;
    const cell = (this.cell = Math.round(em * 1.5));
    this.#count(extents, middles, scale);
    const upper = columns.size ? this.rows >> 1 : 0;
    const [marks, labels] = [0, 1].map(() => new Float64Array(this.rows).fill(-Infinity));
    const [lastOf, surplus] = [[], []];
    for (let place = 0; place < order.length; place++) {
      const event = order[place];
      const [from, to] = [extents[2 * event], extents[2 * event + 1]];
      const isLong = to - from > 2 * cell;
      rowOf[place] = -1;
      if (columns.size && !isLong && columns.has(Math.floor((middles[event] * scale) / cell))) continue;
      // From above, the row whose last label ends first; if it ends too late, it gives way.
      let row = -1;
      for (let one = this.rows - 1; one >= (isLong ? upper : 0); one--) {
        if (marks[one] <= from && (row < 0 || labels[one] < labels[row])) row = one;
      }
      if (row < 0) surplus.push(Math.floor(Math.max(from, 0) / cell));
      if (row < 0) continue;
      if (labels[row] > from) rooms[lastOf[row]] = from - marks[row];
      const width = widthOf(event);
      rowOf[place] = row;
      rooms[place] = Infinity;
      lastOf[row] = place;
      marks[row] = to + em / 3;
      labels[row] = marks[row] + (width && width + em);
    }
    // What found no row counts where it begins.
    for (const column of surplus) columns.set(column, (columns.get(column) ?? 0) + 1);
    this.edges = [...columns.keys()].sort((one, other) => one - other).map((column) => column * cell);
    this.most = [...columns.values()].reduce((one, other) => Math.max(one, other), 4 * this.rows);
  }

  /** Find the full columns: in the order of middles each is one run. */
  #count(extents, middles, scale) {
    this.columns.clear();
    let [column, count] = [];
    for (const event of this.byMiddle) {
      if (extents[2 * event + 1] - extents[2 * event] > 2 * this.cell) continue;
      const own = Math.floor((middles[event] * scale) / this.cell);
      count = own === column ? count + 1 : 1;
      column = own;
      if (count > this.rows) this.columns.set(column, count);
    }
  }
}
