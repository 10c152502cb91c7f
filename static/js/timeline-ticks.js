/**
 * The calendar of a timeline: the days it counts by, from 1 January of the year 1, which is day 1;
 * the lines of its scale, and their names.
 *
 * Takes nothing from the other files.
 */
const UNIX_EPOCH = 719163;
// Milliseconds.
const A_DAY = 86400000;

const dateOf = (day) => new Date((day - UNIX_EPOCH) * A_DAY);
const dayOf = (year, month = 0) => new Date(0).setUTCFullYear(year, month, 1) / A_DAY + UNIX_EPOCH;

class Calendar {
  today = Math.floor(Date.now() / A_DAY) + UNIX_EPOCH;

  constructor(lang, words) {
    const format = (options) => new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...options });
    this.month = format({ month: "short" });
    this.day = format({ day: "numeric", month: "short" });
    this.words = words;
  }

  yearName(day) {
    const year = dateOf(day).getUTCFullYear();
    if (year < 1) return this.words.before.replace("{year}", 1 - year);
    return year < 1000 ? this.words.early.replace("{year}", year) : String(year);
  }
}

/** Yield [day, words] for lines from one day to another, at least a gap of days apart: years, months or days. */
function* ticksOf(first, last, gap, calendar) {
  const date = dateOf(first);
  const days = [1, 5, 10].find((step) => step >= gap);
  const months = [1, 3, 6].find((step) => step * 30 >= gap);
  if (days) {
    for (let day = Math.floor(first); day <= last; day++) {
      const inMonth = dateOf(day).getUTCDate();
      if ((inMonth - 1) % days === 0 && inMonth + days / 2 < 32) yield [day, calendar.day.format(dateOf(day))];
    }
  } else if (months) {
    const month = date.getUTCMonth();
    for (let one = date.getUTCFullYear() * 12 + month - (month % months), day; (day = dayOf(0, one)) <= last; one += months) {
      yield [day, one % 12 ? calendar.month.format(dateOf(day)) : calendar.yearName(day)];
    }
  } else {
    const ten = 10 ** Math.floor(Math.log10(gap / 365.25));
    const step = Math.max(1, [1, 2, 5, 10].find((one) => one * ten * 365.25 >= gap) * ten);
    for (let one = Math.floor(date.getUTCFullYear() / step) * step, day; (day = dayOf(one < 0 ? one + 1 : one || 1)) <= last; one += step) {
      // There was no year 0: 100 BC is the year -99.
      yield [day, calendar.yearName(day)];
    }
  }
}
