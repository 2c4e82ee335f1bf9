// Footnotes: pointing at a number, focusing or pressing it opens the abstract behind the sentence.

const card = document.getElementById("card");
let at = null; // the number whose card is open
let pinned = false;
let leaving = 0;

function open(number, pin) {
  clearTimeout(leaving);
  if (at !== number) {
    close();
    card.replaceChildren(number.nextElementSibling.content.cloneNode(true));
    card.showPopover();
    at = number;
    place(number);
    number.setAttribute("aria-expanded", "true");
    number.closest(".sentence").classList.add("read");
    source(number)?.classList.add("read");
  }
  pinned = pin || pinned;
}

function close() {
  clearTimeout(leaving);
  if (!at) return;
  at.setAttribute("aria-expanded", "false");
  document.querySelectorAll(".read").forEach((each) => each.classList.remove("read"));
  card.hidePopover();
  at = null;
  pinned = false;
}

function source(number) {
  return number.closest(".turn")?.querySelector(`.source[data-number="${number.dataset.number}"]`);
}

// Under the number or over it, where there is more room, never on it; on a narrow screen the style
// puts it at the bottom.
function place(number) {
  const from = number.getBoundingClientRect();
  const under = innerHeight - from.bottom - 24;
  const over = from.top - 24;
  Object.assign(card.style, { left: "", top: "", maxHeight: "" });
  if (!matchMedia("(max-width: 40rem)").matches) {
    const { width, height } = card.getBoundingClientRect();
    const below = height <= under || under >= over;
    const shown = Math.min(height, below ? under : over);
    const left = Math.max(16, Math.min(from.left - 24, innerWidth - width - 16));
    const top = below ? from.bottom + 8 : from.top - 8 - shown;
    Object.assign(card.style, { left: `${left}px`, top: `${top}px`, maxHeight: `${shown}px` });
  }
  const mark = card.querySelector("mark");
  if (mark) card.scrollTop = mark.offsetTop - card.clientHeight / 3;
}

const number_of = (event) => event.target.closest?.(".number");

export function begin() {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const number = number_of(event);
    if (number && !pinned) open(number, false);
    else if (card.contains(event.target)) clearTimeout(leaving);
  });
  document.addEventListener("pointerout", (event) => {
    const left = number_of(event) || card.contains(event.target);
    if (left && !pinned) leaving = setTimeout(close, 250);
  });
  document.addEventListener("focusin", (event) => {
    const number = number_of(event);
    if (number && number.matches(":focus-visible")) open(number, false);
    else if (!number && !pinned && !card.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const number = number_of(event);
    if (number) {
      if (at === number && pinned) close();
      else {
        close();
        open(number, true);
      }
    } else if (!card.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !at) return;
    event.preventDefault(); // an answer that is being written goes on
    close();
  });
  document.addEventListener("scroll", (event) => {
    if (at && event.target === document) at.isConnected ? place(at) : close();
  }, true);
}
