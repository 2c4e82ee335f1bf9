// What can be done with an answer and its papers: rate, copy, cite, find others like them.

import { ask, fill, problem, say } from "./parts.js";

async function copy(button, text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    done(button, "Copied");
  } catch {
    const shown = Object.assign(document.createElement("pre"), { textContent: text, tabIndex: 0 });
    beside.replaceChildren(shown);
    beside.hidden = false;
  }
}

function done(button, text) {
  button.dataset.done = text;
  say(text);
  setTimeout(() => delete button.dataset.done, 2000);
}

function beside(button) {
  return button.closest(".tools").nextElementSibling;
}

export const actions = {
  copy: (button) => {
    const turn = button.closest(".turn");
    const papers = [...turn.querySelectorAll(".source h4")].map((e) => `[${e.textContent.trim().replace(/^\d+/, "$&] ")}`);
    copy(button, [turn.dataset.answer, ...papers].join("\n"), button.closest(".after"));
  },
  bibtex: async (button) => {
    try {
      const told = await ask(`/api/papers/${encodeURIComponent(button.dataset.paper)}?format=bibtex`);
      await copy(button, await told.text(), beside(button));
    } catch (error) {
      problem(beside(button), error);
      beside(button).hidden = false;
    }
  },
  similar: async (button) => {
    const box = beside(button);
    const show = button.getAttribute("aria-expanded") !== "true";
    if (show) await fill(box, `/page/similar/${encodeURIComponent(button.dataset.paper)}`);
    box.hidden = !show;
    button.setAttribute("aria-expanded", String(show));
  },
  rate: (button) => {
    const form = button.closest(".after").querySelector(".reason");
    for (const each of button.parentElement.querySelectorAll("[data-do=rate]")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    form.hidden = false;
    form.dataset.rating = button.dataset.rating;
    form.querySelector("textarea").focus();
  },
  reason: async (form) => {
    const turn = form.closest(".turn");
    const opinion = {
      rating: form.dataset.rating,
      reason: form.reason.value,
      question: turn.dataset.question,
      answer: turn.dataset.answer,
      papers: turn.dataset.papers.split(" ").filter(Boolean),
    };
    try {
      await ask("/api/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(opinion),
      });
      form.textContent = "Thank you, it is kept.";
      say(form.textContent);
    } catch (error) {
      const box = document.createElement("div");
      form.append(box);
      problem(box, error);
    }
  },
};
