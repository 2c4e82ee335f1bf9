// The corpus: what is in it, and adding to it.

import { ask, fill, nodes, problem } from "./parts.js";

const upload = document.getElementById("upload");
const list = document.getElementById("all-papers");
const LOOK = 1000; // ms between two looks at how far the reading is

async function add(file) {
  const row = Object.assign(document.createElement("div"), { className: "upload" });
  const name = Object.assign(document.createElement("p"), { textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  const told = Object.assign(document.createElement("p"), { className: "facts", textContent: "Sending" });
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  row.append(name, bar, told);
  document.getElementById("uploads").prepend(row);
  let looking = 0;
  try {
    const before = await held();
    const report = await send(file, (part) => {
      bar.value = part;
      if (part < 1 || looking) return;
      bar.removeAttribute("value");
      told.textContent = "Reading";
      looking = setInterval(async () => {
        const now = await held().catch(() => before);
        if (bar.isConnected && now > before) told.textContent = `Reading; ${now - before} new so far`;
      }, LOOK);
    });
    bar.remove();
    told.textContent = summary(report);
    if (report.problems.length) told.after(problems(report.problems));
  } catch (error) {
    bar.remove();
    problem(told, error);
  }
  clearInterval(looking);
  refresh();
}

async function held() {
  return (await (await ask("/api/status")).json()).papers;
}

function send(file, sent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // which tells how much is sent
    const form = new FormData();
    form.append("file", file);
    request.upload.onprogress = (event) => sent(event.loaded / event.total);
    request.upload.onload = () => sent(1);
    request.onerror = () => reject(Object.assign(new Error("The file could not be sent"), { hint: "it may be larger than 64 MiB, or the server has ended" }));
    request.onload = () => {
      const told = JSON.parse(request.responseText || "{}");
      if (request.status === 200) resolve(told);
      else reject(Object.assign(new Error(told.detail ?? "The file could not be read"), { hint: told.hint }));
    };
    request.open("POST", "/api/ingest");
    request.send(form);
  });
}

function summary(report) {
  const parts = [`${report.added} new`, `${report.updated} updated`, `${report.unchanged} known already`];
  if (report.rejected) parts.push(`${report.rejected} not taken`);
  return `${report.read} read: ${parts.join(", ")}`;
}

function problems(told) {
  const shown = document.createElement("ul");
  shown.className = "plain facts";
  for (const each of told.slice(0, 20)) {
    const line = each.line ? `line ${each.line}: ` : "";
    shown.append(Object.assign(document.createElement("li"), { textContent: line + each.why }));
  }
  return shown;
}

function refresh() {
  const numbers = document.getElementById("numbers");
  fill(numbers, numbers.dataset.fill);
  more(0);
}

let wanted = null;

async function more(after) {
  wanted?.abort();
  wanted = new AbortController();
  const day = document.querySelector("form[data-do=listed] [name=day]").value;
  const given = new URLSearchParams({ after, ...(day && { day }) });
  try {
    const part = nodes(await (await ask(`/page/papers?${given}`, { signal: wanted.signal })).text());
    if (after) list.querySelector(".more").replaceWith(part);
    else list.replaceChildren(part);
  } catch (error) {
    if (error.name !== "AbortError") problem(list.appendChild(document.createElement("li")), error);
  }
}

export const actions = {
  more: (button) => more(button.dataset.after),
  listed: refresh,
  upload: () => {},
};

export function begin() {
  const drop = upload.querySelector(".drop");
  const files = upload.querySelector("input");
  files.addEventListener("change", () => {
    [...files.files].forEach(add);
    files.value = "";
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragenter" || name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => [...event.dataTransfer.files].forEach(add));
  document.querySelector("form[data-do=listed]").addEventListener("change", refresh);
  more(0);
}
