/**
 * The lines of the scale for timeline-drawing.js, and the days it counts by: from 1 January of the
 * year 1, which is day 1.
 */
const UNIX_EPOCH = 719163;
const A_DAY = 86400000; // Milliseconds.

const dateOf = (day) => new Date((day - UNIX_EPOCH) * A_DAY);
const dayOf = (year, month = 0) => new Date(0).setUTCFullYear(year, month, 1) / A_DAY + UNIX_EPOCH;

/** Yield [day, words] for lines from one day to another, at least a gap of days apart: years, months or days. */
function* ticksOf(first, last, gap, drawing) {
  const days = [1, 5, 10].find((step) => step >= gap);
  const months = [1, 3, 6].find((step) => step * 30 >= gap);
  if (days) yield* dayTicks(first, last, days, drawing);
  else if (months) yield* monthTicks(first, last, months, drawing);
  else yield* yearTicks(first, last, gap, drawing);
}

function* dayTicks(first, last, step, drawing) {
  for (let day = Math.floor(first); day <= last; day++) {
    const inMonth = dateOf(day).getUTCDate();
    if ((inMonth - 1) % step === 0 && inMonth + step / 2 < 32) yield [day, drawing.day.format(dateOf(day))];
  }
}

function* monthTicks(first, last, step, drawing) {
  const date = dateOf(first);
  const month = date.getUTCMonth();
  for (let one = date.getUTCFullYear() * 12 + month - (month % step), day; (day = dayOf(0, one)) <= last; one += step) {
    yield [day, one % 12 ? drawing.month.format(dateOf(day)) : drawing.yearName(day)];
  }
}

function* yearTicks(first, last, gap, drawing) {
  const ten = 10 ** Math.floor(Math.log10(gap / 365.25));
  const step = Math.max(1, [1, 2, 5, 10].find((one) => one * ten * 365.25 >= gap) * ten);
  const year = dateOf(first).getUTCFullYear();
  for (let one = Math.floor(year / step) * step, day; (day = dayOf(one < 0 ? one + 1 : one || 1)) <= last; one += step) {
    // There was no year 0: 100 BC is the year -99.
    yield [day, drawing.yearName(day)];
  }
}
