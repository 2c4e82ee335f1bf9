// The digest of a day, its week or its month.

import { fill } from "./parts.js";

const form = document.getElementById("digest-days");
const box = document.getElementById("digest");
let wanted = null;

function week(day) {
  const thursday = new Date(day);
  thursday.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const number = Math.ceil(((thursday - first) / 86400000 + 1) / 7);
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, "0")}`;
}

function show() {
  const { date, unit, rank } = form.elements;
  const asked = new URLSearchParams({ rank: rank.value });
  if (date.value) {
    const day = new Date(`${date.value}T00:00Z`);
    const named = { date: date.value, week: week(day), month: date.value.slice(0, 7) };
    asked.set(unit.value, named[unit.value]);
  }
  wanted?.abort();
  wanted = new AbortController();
  box.classList.add("busy");
  box.innerHTML ||= '<p class="facts">Reading the papers of these days…</p>';
  fill(box, `/page/digest?${asked}`, { signal: wanted.signal }).then(() => box.classList.remove("busy"));
}

function move(step) {
  const { date, unit } = form.elements;
  if (!date.value) return;
  const day = new Date(`${date.value}T00:00Z`);
  if (unit.value === "month") {
    day.setUTCDate(1);
    day.setUTCMonth(day.getUTCMonth() + step);
  } else day.setUTCDate(day.getUTCDate() + step * (unit.value === "week" ? 7 : 1));
  date.value = day.toISOString().slice(0, 10);
  show();
}

export const actions = { digest: show, before: () => move(-1), after: () => move(1) };

export function begin() {
  form.addEventListener("change", show);
  box.addEventListener("click", (event) => {
    const link = event.target.closest(".topics a");
    if (!link) return;
    event.preventDefault(); // the address names a tab
    const heading = document.querySelector(link.getAttribute("href"));
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  });
  show();
}
