// The conversations of this browser: their ids are kept here, what was said is on the server.

import { ask, problem, put } from "./parts.js";

const PLACE = "footnote.chats";
const MOST = 50;

function kept() {
  try {
    const held = JSON.parse(localStorage.getItem(PLACE)) ?? {};
    return { open: held.open ?? null, all: held.all ?? [] };
  } catch {
    return { open: null, all: [] };
  }
}

function keep(chats) {
  localStorage.setItem(PLACE, JSON.stringify({ ...chats, all: chats.all.slice(0, MOST) }));
  draw();
}

export function open() {
  return kept().open;
}

// What is said from now on is said in this conversation.
export function adopt(chat, title) {
  const { all } = kept();
  const known = all.find((each) => each.id === chat);
  if (!known) all.unshift({ id: chat, title: title ?? "" });
  else if (title) known.title = title;
  keep({ open: chat, all });
}

export function forget() {
  const chats = kept();
  keep({ open: null, all: chats.all.filter((each) => each.id !== chats.open) });
}

export async function load(chat, thread) {
  keep({ ...kept(), open: chat });
  thread.replaceChildren();
  if (!chat) return;
  try {
    put(thread, await (await ask(`/page/chats/${chat}`)).text());
    thread.querySelector(".turn:last-child")?.classList.add("last");
    if (!thread.querySelector(".turn")) forget(); // deleted elsewhere, or of another home
  } catch (error) {
    problem(thread, error);
  }
}

function draw() {
  const { open, all } = kept();
  const label = document.querySelector(".earlier");
  const choices = all.map((each) => new Option(each.title.slice(0, 80) || "Conversation", each.id));
  if (!open) choices.unshift(new Option("New conversation", ""));
  const select = label.querySelector("select");
  select.replaceChildren(...choices);
  select.value = open ?? "";
  label.hidden = all.length < (open ? 2 : 1);
  for (const name of ["new", "export", "delete"]) {
    document.querySelector(`.chat-bar [data-do=${name}]`).hidden = !open;
  }
}

export function announce(show) {
  const select = document.querySelector(".earlier select");
  select.addEventListener("change", () => show(select.value || null));
  draw();
}
