/**
 * Sends along with a reader's forms what the browser remembers of them: fills the hidden field
 * <input type="hidden" name="known"> of every form, if remember-reader.js kept anything, and no
 * longer than that counts.
 */
const KEPT_UNDER = "on-record-reader";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_UNDER)) ?? {};
  } catch {
    return {}; // Nothing that could be read, or a browser that keeps nothing.
  }
}

const { token, until } = kept();
if (token && until > Date.now()) {
  for (const field of document.querySelectorAll('input[type="hidden"][name="known"]')) {
    field.value = token;
  }
}
