/**
 * Tells the desk, and nobody else, in which time zone this browser is: moments are then said and
 * read as the editor's own clock says them (publishing/editing/zone.py).
 */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const cookie = `desk_zone=${zone}`;

if (zone && !document.cookie.split("; ").includes(cookie)) {
  const isSecure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${cookie}; Path=/admin/; Max-Age=31536000; SameSite=Lax${isSecure}`;
}
