/**
 * The shapes of the marks of a timeline, those of the list in components.css: a ring is a day,
 * broken if it is only about right, a diamond the break itself; a bar is a period, with soft edges
 * where it is uncertain and a point where it is open.
 *
 * Takes the Painting of timeline-painting.js, and within() of timeline-scale.js.
 */
function paintMark(painting, event, from, to, y) {
  const { colours } = painting;
  const colour = event.marks.has("is-break") ? colours.break : colours.force;
  if (event.marks.has("is-point")) paintDay(painting, event.marks, colour, painting.at((from + to) / 2), y);
  else paintPeriod(painting, event, colour, from, to, y);
}

function paintDay({ paint, colours, em }, marks, colour, x, y) {
  paint.beginPath();
  if (marks.has("is-break")) {
    for (const [right, down] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) paint.lineTo(x + (right * em) / 2, y + (down * em) / 2);
    paint.closePath();
  } else paint.arc(x, y, em * 0.4, 0, 7);
  paint.fillStyle = colours.paper;
  paint.strokeStyle = colour;
  paint.lineWidth = em / 5;
  paint.fill();
  paint.setLineDash(marks.has("is-about") ? [em / 5, em / 5] : []);
  paint.stroke();
  paint.setLineDash([]);
}

function paintPeriod(painting, { marks, lower, upper }, colour, from, to, y) {
  const { paint, em } = painting;
  const [isOpen, wasOpen] = [marks.has("is-open"), marks.has("is-open-start")];
  const fadesIn = marks.has("is-about") || marks.has("is-about-start") || (lower === null && !wasOpen);
  const fadesOut = marks.has("is-about") || marks.has("is-about-end") || (upper === null && !isOpen);
  const half = em * 0.42;
  const [left, right] = [from, to].map((x) => within(x, -em * 4, painting.width + em * 4));
  paint.fillStyle = colour;
  if (fadesIn || fadesOut) {
    const gradient = paint.createLinearGradient(painting.at(from), 0, painting.at(to), 0);
    const edge = Math.min(0.5, (em * 2) / (to - from));
    const clear = colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0)");
    for (const [share, isClear] of [[0, fadesIn], [edge], [1 - edge], [1, fadesOut]]) gradient.addColorStop(share, isClear ? clear : colour);
    paint.fillStyle = gradient;
  }
  const [start, end] = [left + (wasOpen && em / 2), right - (isOpen && em / 2)];
  paint.beginPath();
  for (const [x, down] of [[left, 0], [start, -half], [end, -half], [right, 0], [end, half], [start, half]]) paint.lineTo(painting.at(x), y + down);
  paint.fill();
}
