// The page: puts our parts behind Gradio's tabs, and gives every button what it does.

import { actions as chat, begin as beginChat } from "./chat.js";
import { actions as answers } from "./answers.js";
import { actions as corpus, begin as beginCorpus } from "./corpus.js";
import { actions as today, begin as beginToday } from "./today.js";
import { begin as beginSearch } from "./search.js";
import { begin as beginFootnotes } from "./footnotes.js";
import { fill } from "./parts.js";

const panels = new Map(
  [...document.querySelectorAll("[data-panel]")].map((each) => [each.dataset.panel, each]),
);
const first = { today: beginToday, corpus: beginCorpus };
const actions = { tab: (button) => show(button.dataset.tab), ...chat, ...answers, ...corpus, ...today };

// Gradio makes room for a tab when it is opened first.
function mount() {
  for (const [name, panel] of panels) {
    const room = document.querySelector(`[role=tabpanel] #${name}`);
    if (!room || room.contains(panel)) continue;
    room.append(panel);
    for (const part of panel.querySelectorAll("[data-fill]")) fill(part, part.dataset.fill);
    first[name]?.();
    delete first[name];
  }
}

function show(name) {
  document.getElementById(`tab-${name}-button`)?.click();
}

function named() {
  return panels.has(location.hash.slice(1)) ? location.hash.slice(1) : null;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  const tab = event.target.closest("[role=tab]");
  if (button) actions[button.dataset.do]?.(button);
  if (tab) history.replaceState(null, "", `#${tab.dataset.tabId}`);
});
document.addEventListener("submit", (event) => {
  const act = actions[event.target.dataset.do];
  if (!event.target.dataset.do) return;
  event.preventDefault();
  act?.(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const field = [...document.querySelectorAll("#question, [name=query]")].find((e) => e.checkVisibility());
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
// The arrow keys walk along the tabs.
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next.click();
  next.focus();
});

let opened = false;
new MutationObserver(() => {
  mount();
  if (!opened && document.querySelector("[role=tab]")) {
    opened = true;
    if (named() && named() !== "chat") show(named());
  }
}).observe(document.body, { childList: true, subtree: true });
mount();
beginFootnotes();
beginSearch();
beginChat();
