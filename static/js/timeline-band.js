/**
 * A lane of a timeline: its marks and their labels, and the density band where events are more
 * than its rows.
 *
 * Takes the Painting of timeline-painting.js, the Layout of timeline-layout.js with its lanes,
 * paintMark() of timeline-marks.js and paintLabel() of timeline-labels.js.
 */
function paintLane(painting, layout, lane, plates) {
  const { colours, em, row } = painting;
  const { shift } = painting.scale;
  paintBand(painting, lane, shift);
  // Of what is painted in each row.
  const ends = [];
  lane.before = new Set();
  for (const place of layout.seen(lane)) {
    const event = layout.events[lane.order[place]];
    const [from, to] = layout.extent(event);
    const y = lane.base - (lane.rowOf[place] + 0.5) * row;
    paintMark(painting, event, from, to, y);
    // Nothing is named under a plate, whose own name stands above all.
    const plate = plates.find((one) => one.y === y);
    if (plate?.left < to + event.width && from < plate.right) continue;
    // A label before its mark keeps off what was painted last in its row, and off the band.
    const edge = lane.edges.findLast((column) => column + lane.cell + shift < from) ?? -Infinity;
    const free = Math.max(0, plate?.left < from ? plate.right : 0, ends[lane.rowOf[place]] ?? 0, edge + lane.cell + shift);
    const side = paintLabel(painting, event, from, to, layout.roomOf(lane, place), free, y);
    if (side === "before") lane.before.add(place);
    ends[lane.rowOf[place]] = to + (side === "behind" ? event.width + em : 0);
  }
  if (lane.name) painting.write(lane.name, 2, lane.head + em * 0.95, colours.soft);
}

function paintBand(painting, lane, shift) {
  const { paint, colours, row, width } = painting;
  paint.fillStyle = colours.rule;
  if (lane.head !== null) painting.box(0, width, lane.head, 1);
  paint.fillStyle = colours.force;
  const most = Math.log(lane.most + 1);
  for (const [column, all] of lane.columns) {
    const from = column * lane.cell + shift;
    if (from > width || from + lane.cell < 0) continue;
    const height = (0.1 + 0.9 * (Math.log(all + 1) / most)) * (lane.rows >> 1) * row;
    paint.globalAlpha = 0.55;
    painting.box(from, from + lane.cell - 1, lane.base - height, height);
    paint.globalAlpha = 1;
  }
}
