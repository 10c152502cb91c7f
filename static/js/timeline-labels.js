/**
 * The names of events in a timeline: labels beside their marks, and plates above all others for
 * what the reader holds or points at.
 *
 * Takes the Painting of timeline-painting.js, the Layout of timeline-layout.js for where an event
 * stands, paintMark() of timeline-marks.js and within() of timeline-scale.js.
 */

/** Name an event behind its mark; at the edge of the view before it, or else upon it. Says on which side. */
function paintLabel(painting, { title, width }, from, to, room, free, y) {
  const { paint, em, colours, row } = painting;
  if (!title) return null;
  const x = Math.max(to, 0) + em / 3;
  const left = Math.max(from, 0);
  const space = Math.min(room - Math.max(0, -to), painting.width - x);
  if (x + width > painting.width && from - free > width + em) {
    painting.write(title, from - em / 3 - width, y, colours.ink);
    return "before";
  }
  if (x + width > painting.width && Math.min(to, painting.width) - left > width + 3 * em) {
    paint.fillStyle = colours.paper;
    painting.box(left + em, left + width + 1.6 * em, y - row / 2, row);
    painting.write(title, left + 1.3 * em, y, colours.ink, false);
    return null;
  }
  if (space >= width + em / 2) painting.write(title, x, y, colours.ink);
  else if (space >= 6 * em) painting.write(`${title.slice(0, Math.floor((title.length * (space - 1.5 * em)) / width))}…`, x, y, colours.ink);
  return "behind";
}

/** Where an event that is held or pointed at stands, whole. */
function plateOf(painting, layout, event) {
  const { em, width } = painting;
  const [x, y] = layout.placeOf(event);
  const [from, to] = layout.extent(event);
  const end = within(to, 0, width);
  const fits = end + painting.widthOf(event) + em < width;
  const [left, right] = fits ? [from, end + event.width + em] : [Math.min(from, x - event.width - em), to];
  return { event, x, y, from, to, left: left - em / 2, right, label: fits ? end + em / 3 : within(from, 0, width) - em / 3 - event.width };
}

function paintPlate(painting, { event, x, y, from, to, left, right, label }) {
  const { paint, colours, row, floor } = painting;
  paint.fillStyle = colours.tint;
  painting.box(left, right, y - row / 2, row);
  paint.fillStyle = colours.ink;
  painting.box(Math.round(x), Math.round(x) + 1, y, floor - y);
  paintMark(painting, event, from, to, y);
  if (event.title) painting.write(event.title, label, y, colours.ink, false);
}
