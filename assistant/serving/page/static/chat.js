// The chat: asking, the answer as it comes, stopping, and asking otherwise.

import { adopt, announce, forget, load, open } from "./chats.js";
import { events } from "./events.js";
import { ask, nodes, problem, say } from "./parts.js";

const field = document.getElementById("question");
const form = document.getElementById("composer");
const thread = document.getElementById("thread");
let running = null; // ends the answer that is being written
let replaced = null; // the number of the question that is being edited

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 240)}px`;
}

function turns() {
  return [...thread.querySelectorAll(".turn")];
}

function edit(turn) {
  replaced = turn ? Number(turn.dataset.turn) : null;
  document.getElementById("editing").hidden = !turn;
  field.value = turn ? turn.dataset.question : "";
  grow();
  field.focus();
}

function busy(is) {
  document.getElementById("send").hidden = is;
  document.getElementById("stop").hidden = !is;
}

// A question takes the place of turn `number` and of all that follow.
async function put_question(question, number) {
  if (running || !question.trim()) return;
  const given = new FormData(form);
  turns().filter((turn) => number && Number(turn.dataset.turn) >= number).forEach((e) => e.remove());
  const turn = document.getElementById("asked").content.firstElementChild.cloneNode(true);
  turn.querySelector("h2").textContent = question;
  turn.dataset.question = question;
  document.getElementById("welcome").hidden = true;
  turns().forEach((each) => each.classList.remove("last"));
  turn.classList.add("last");
  thread.append(turn);
  turn.scrollIntoView({ block: "start" });
  running = new AbortController();
  busy(true);
  say("Reading the papers");
  try {
    await written(turn, {
      question,
      number,
      chat: open(),
      since: given.get("since") || null,
      until: given.get("until") || null,
      literature: given.has("literature"),
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  } catch (error) {
    stopped(turn, error);
  }
  running = null;
  busy(false);
}

async function written(turn, question) {
  const answer = await ask("/page/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
    signal: running.signal,
  });
  for await (const { name, data } of events(answer.body)) {
    if (name === "chat") {
      adopt(data.chat, data.number === 1 ? question.question : null);
      turn.dataset.turn = data.number;
    } else if (name === "sentence") {
      turn.querySelector(".said").append(nodes(data.html));
    } else if (name === "answer") {
      finished(turn, data.html);
    } else {
      failed(turn, nodes(data.html));
    }
  }
}

function finished(turn, html) {
  const focused = [...turn.querySelectorAll(".number")].indexOf(document.activeElement);
  const whole = nodes(html).firstElementChild;
  whole.classList.add("last");
  turn.replaceWith(whole);
  if (focused >= 0) whole.querySelectorAll(".number")[focused]?.focus();
  say(whole.classList.contains("declined") ? "These papers hold no answer" : "The answer is complete");
}

// What came so far stays in sight, and the question stands in the field again.
function failed(turn, why) {
  say(why.textContent.trim());
  turn.querySelector(".waiting").replaceWith(why);
  turn.setAttribute("aria-busy", "false");
  field.value ||= turn.dataset.question;
  grow();
  field.focus();
}

function stopped(turn, error) {
  const why = document.createElement("div");
  if (error.name === "AbortError") {
    why.className = "remark";
    why.textContent = "Stopped; what was said so far is not kept.";
  } else problem(why, error);
  failed(turn, why);
}

function submit() {
  const question = field.value;
  const number = replaced;
  if (running || !question.trim()) return;
  edit(null);
  put_question(question, number);
}

export const actions = {
  compose: submit,
  stop: () => running?.abort(),
  keep: () => edit(null),
  edit: (button) => edit(button.closest(".turn")),
  retry: (button) => {
    const turn = button.closest(".turn");
    put_question(turn.dataset.question, Number(turn.dataset.turn));
  },
  ask: (button) => {
    document.getElementById("tab-chat-button").click();
    put_question(button.dataset.question, null);
  },
  new: () => show(null),
  delete: async () => {
    if (!confirm("Delete this conversation for good?")) return;
    try {
      await ask(`/page/chats/${open()}`, { method: "DELETE" });
      forget();
      show(null);
    } catch (error) {
      problem(thread, error);
    }
  },
  export: () => location.assign(`/page/chats/${open()}/markdown`),
};

async function show(chat) {
  running?.abort();
  edit(null);
  await load(chat, thread);
  document.getElementById("welcome").hidden = Boolean(turns().length);
  turns().at(-1)?.scrollIntoView({ block: "start" });
}

export function begin() {
  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) running?.abort();
  });
  announce(show);
  if (open()) show(open());
}
