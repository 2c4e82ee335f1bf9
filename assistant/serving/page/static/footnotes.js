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

// Beside the number where there is room; on a narrow screen the style puts it at the bottom.
function place(number) {
  const mark = card.querySelector("mark");
  if (matchMedia("(max-width: 40rem)").matches) {
    card.style.left = card.style.top = "";
  } else {
    const from = number.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.min(from.left - 24, innerWidth - size.width - 16);
    const below = from.bottom + 8;
    const fits = below + size.height < innerHeight;
    card.style.left = `${Math.max(left, 16)}px`;
    card.style.top = `${fits ? below : Math.max(from.top - size.height - 8, 16)}px`;
  }
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
    if (event.key === "Escape") close();
  });
  document.addEventListener("scroll", (event) => {
    if (at && event.target === document) at.isConnected ? place(at) : close();
  }, true);
}
