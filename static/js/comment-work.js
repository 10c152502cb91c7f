/**
 * Solves a challenge, in a worker: finds the counter whose derived key begins as named.
 *
 * ALTCHA, version 2, with PBKDF2: the password is the challenge's nonce followed by the counter, as
 * four bytes, the greatest first. Told the parameters, answers `{counter, derivedKey, time}`, or
 * null where the browser has no `crypto.subtle` (a page that came neither by https nor from this
 * machine).
 */
const MOST_COUNTERS = 100_000;

onmessage = async ({ data: parameters }) => {
  postMessage(globalThis.crypto?.subtle ? await solve(parameters) : null);
};

async function solve({ algorithm, nonce, salt, cost, keyLength, keyPrefix }) {
  const began = performance.now();
  const hash = algorithm.split("/")[1];
  const given = bytes(nonce);
  const password = new Uint8Array(given.length + 4);
  password.set(given);
  const view = new DataView(password.buffer);
  const options = { name: "PBKDF2", hash, salt: bytes(salt), iterations: cost };
  for (let counter = 0; counter < MOST_COUNTERS; counter += 1) {
    view.setUint32(given.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(await crypto.subtle.deriveBits(options, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      return { counter, derivedKey, time: Math.round(performance.now() - began) };
    }
  }
  return null;
}

const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
