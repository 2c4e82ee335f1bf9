// Parts of the page: HTML that the server made, fetched and put in place.

export class Problem extends Error {
  constructor(detail, hint) {
    super(detail);
    this.hint = hint;
  }
}

export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The server cannot be reached", "see whether `footnote serve` still runs");
  }
  if (answer.ok) return answer;
  if (answer.status === 401) location.assign("/login");
  const told = await answer.json().catch(() => ({}));
  throw new Problem(told.detail ?? `The server answered ${answer.status}`, told.hint ?? "");
}

// Only HTML that our own server escaped comes here.
export function put(element, html) {
  element.innerHTML = html;
}

export function nodes(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

export function problem(element, error) {
  const box = document.createElement("div");
  box.className = "problem";
  box.setAttribute("role", "alert");
  for (const [name, text] of [["strong", error.message], ["p", error.hint]]) {
    if (text) box.append(Object.assign(document.createElement(name), { textContent: text }));
  }
  element.replaceChildren(box);
}

export async function fill(element, address, options) {
  element.setAttribute("aria-busy", "true");
  try {
    put(element, await (await ask(address, options)).text());
  } catch (error) {
    if (error.name === "AbortError") return;
    problem(element, error);
  }
  element.setAttribute("aria-busy", "false");
}

export function say(text) {
  document.getElementById("chat-status").textContent = text;
}
