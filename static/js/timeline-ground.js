/**
 * What the marks of a timeline stand on: the lines of the scale with their names, the eras, today.
 *
 * Takes the Painting of timeline-painting.js, the Calendar and ticksOf() of timeline-ticks.js, and
 * within() of timeline-scale.js.
 */
function paintGround(painting, calendar, eras) {
  const { paint, colours, em, scale, width, height, floor } = painting;
  let free = 0;
  for (const [day, words] of ticksOf(scale.start, scale.end, (7 * em) / scale.pixels, calendar)) {
    const x = scale.x(day);
    paint.fillStyle = colours.rule;
    painting.box(Math.round(x), Math.round(x) + 1, 0, height - em * 1.5);
    const end = x + 12 + paint.measureText(words).width;
    if (x < free || end - 8 > width) continue;
    painting.write(words, x + 4, height - em * 0.8, colours.soft, false);
    free = end;
  }
  paint.fillStyle = colours.soft;
  if (!eras.length) painting.box(0, width, floor, 1);
  for (const era of eras) paintEra(painting, era, floor + em * 0.75);
  const now = Math.round(scale.x(calendar.today));
  paint.fillStyle = colours.ink;
  for (let y = 0; y < floor; y += 6) painting.box(now, now + 1, y, 3);
}

/** The state of things, as the rail of the list draws it. */
function paintEra(painting, { lower, upper, shape, title }, y) {
  const { paint, colours, em, scale, width } = painting;
  const from = within(lower === null ? 0 : scale.x(lower), 0, width);
  const to = within(upper === null ? width : scale.x(upper + 1), 0, width);
  paint.fillStyle = { force: colours.force, reduced: colours.force, break: colours.break }[shape] ?? colours.soft;
  const [step, dash] = { break: [14, 7], contacts: [8, 3] }[shape] ?? [Infinity, Infinity];
  const thick = shape === "force" ? 5 : 2;
  for (let x = from; x < to; x += step) painting.box(x, Math.min(x + dash, to), y - thick / 2 - em * 0.5, thick);
  if (to - from > paint.measureText(title).width + 8) painting.write(title, from + 4, y + em * 0.55, colours.soft);
}
