// What needs a script: searching the cases, counting them, opening all. The filters do without.
"use strict";
(() => {
  const list = document.getElementById("list");
  if (!list) return;
  const cases = [...list.querySelectorAll("details.case")];
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  const open = document.getElementById("open");
  const words = new WeakMap(); // of each case, read when they are first searched

  const wordsOf = (each) => {
    if (!words.has(each)) words.set(each, each.textContent.toLowerCase().replace(/\s+/g, " "));
    return words.get(each);
  };
  const visible = () => cases.filter((each) => each.getClientRects().length);

  const recount = () => {
    due = false;
    const some = visible();
    count.textContent = `${some.length} of ${cases.length} shown`;
    open.textContent = some.length && some.every((each) => each.open) ? "Close all" : "Open all";
  };
  let due = false; // opening all asks for it once a case: once a frame is enough
  const tell = () => {
    if (!due) requestAnimationFrame(recount);
    due = true;
  };
  const find = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const each of cases) each.hidden = !wanted.every((word) => wordsOf(each).includes(word));
    tell();
  };

  search.addEventListener("input", find);
  document.querySelector(".filters").addEventListener("change", tell);
  list.addEventListener("toggle", tell, true);
  open.addEventListener("click", () => {
    const opening = open.textContent === "Open all";
    for (const each of visible()) each.open = opening;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input")) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      find();
    }
  });
  const reveal = () => {
    const aimed = document.getElementById(location.hash.slice(1));
    const around = aimed && aimed.closest("details.case");
    if (around && !around.open) {
      around.open = true;
      aimed.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);

  search.closest(".finder").hidden = false;
  tell();
  reveal();
})();
