// Search, while somebody types.

import { fill } from "./parts.js";

const form = document.querySelector("form[data-do=search]");
const box = document.getElementById("results");
const PAUSE = 150; // ms without a key
let waiting = 0;
let wanted = null;

function show() {
  const given = new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));
  wanted?.abort();
  if (!/[\p{L}\p{N}]{2}/u.test(given.get("query") ?? "")) return;
  wanted = new AbortController();
  fill(box, `/page/search?${given}`, { signal: wanted.signal });
}

export function begin() {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
}
