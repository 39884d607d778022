// Keys, comments of the bank, and a claim that lasts while somebody reads. Without this script buttons do the same.
(() => {
  "use strict";
  const on = (name, act, options) => document.addEventListener(name, act, options);
  const by = (id) => document.getElementById(id);

  // A browser may keep nothing at all.
  const OFF = "fourweek-grading-keys-off";
  const remembered = (act) => {
    try {
      return act(localStorage);
    } catch {
      return undefined;
    }
  };

  const visited = new WeakSet(); // fields that a cursor was in

  // The criterion that keys are about: the one with the focus, else the one that had it last, else the first.
  let place = 0;
  const criteria = () => [...document.querySelectorAll("#rating :is([data-criterion], [data-whole])")];
  const current = () => criteria()[Math.min(place, criteria().length - 1)];
  const isUsed = () => by("keys-used")?.checked;
  const mark = () => criteria().forEach((one) => one.classList.toggle("is-current", isUsed() && one === current()));
  const radios = (criterion) => [...criterion.querySelectorAll("input[type=radio]")];
  const levelsOf = (criterion) => radios(criterion).find((radio) => radio.checked) || radios(criterion)[0];
  const commentOf = (criterion) => criterion.querySelector("textarea");

  const begin = () => {
    const keys = document.querySelector("[data-keys]");
    if (!keys) return;
    keys.hidden = false;
    by("keys-used").checked = !remembered((kept) => kept.getItem(OFF));
    mark();
  };

  on("change", (event) => {
    if (event.target.id !== "keys-used") return;
    remembered((kept) => (event.target.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "1")));
    mark();
  });

  on("focusin", (event) => {
    const found = criteria().indexOf(event.target.closest("[data-criterion], [data-whole]"));
    if (found < 0) return;
    place = found;
    mark();
  });

  const goTo = (number) => {
    place = Math.max(0, Math.min(number, criteria().length - 1));
    (levelsOf(current()) || commentOf(current())).focus();
  };

  const choose = (number) => {
    const radio = radios(current())[number - 1];
    radio?.focus();
    radio?.click();
  };

  const write = (area) => {
    if (!visited.has(area)) area.setSelectionRange(area.value.length, area.value.length);
    area.focus();
  };

  const toggleHelp = () => {
    const keys = document.querySelector("[data-keys]");
    keys.open = !keys.open;
    keys.scrollIntoView({ block: "nearest" });
  };

  const acts = {
    j: () => goTo(place + 1),
    k: () => goTo(place - 1),
    c: () => write(commentOf(current())),
    "?": toggleHelp,
  };
  const actOf = (key) => (/^[1-9]$/.test(key) ? () => choose(Number(key)) : acts[key]);
  const TYPED = "textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]";

  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || !criteria().length) return;
    if (event.target.matches?.(TYPED)) {
      const criterion = event.key === "Escape" && event.target.closest("#rating [data-criterion]");
      if (criterion) levelsOf(criterion).focus();
      return;
    }
    const act = isUsed() && actOf(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A comment of the bank goes to where the cursor is, or was last; to the end where it never was.
  on("focusin", (event) => event.target.matches("textarea") && visited.add(event.target));

  const putIn = (area, words) => {
    const at = visited.has(area) ? [area.selectionStart, area.selectionEnd] : [area.value.length, area.value.length];
    const before = /\S$/.test(area.value.slice(0, at[0])) ? " " : "";
    const after = /^\S/.test(area.value.slice(at[1])) ? " " : "";
    area.setRangeText(before + words + after, ...at, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };

  on("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (button) {
      event.preventDefault();
      putIn(by(button.dataset.insert), by(button.dataset.words).textContent);
    }
    const opener = event.target.closest("[data-opens]");
    if (opener && by(opener.dataset.opens)) by(opener.dataset.opens).open = true;
  });

  // Reading is work too: while the page is seen and something moved lately, the claim lasts.
  const EVERY = 60000;
  const AWAKE = 5 * 60000;
  let moved = Date.now();
  for (const name of ["pointermove", "pointerdown", "keydown", "scroll", "wheel", "touchmove"]) {
    on(name, () => (moved = Date.now()), { passive: true, capture: true });
  }

  const say = (line, words, isTrouble) => {
    if (isTrouble) line.setAttribute("role", "alert");
    line.classList.toggle("is-trouble", isTrouble);
    line.querySelector("[data-claim-words]").textContent = words;
  };

  const tell = async (line) => {
    const headers = {
      Accept: "application/json",
      "X-Form-Token": document.querySelector("input[name=form_token]").value,
      "X-Whose": document.body.dataset.person,
    };
    const asked = fetch(line.dataset.reading, { method: "POST", headers, signal: AbortSignal.timeout(30000) });
    const answer = await asked.catch(() => null);
    if (answer?.ok) {
      const told = await answer.json();
      say(line, told.words, !told.yours);
      return told.yours;
    }
    if (answer?.status === 401) say(line, line.dataset.sayAway, true);
    if (answer?.status === 403 || answer?.status === 404) say(line, line.dataset.sayLost, true);
    return !answer || ![403, 404].includes(answer.status);
  };

  const line = document.querySelector("[data-reading]");
  const beat = async () => {
    const isRead = !document.hidden && Date.now() - moved < AWAKE;
    if (!isRead || (await tell(line))) setTimeout(beat, EVERY);
  };
  if (line) setTimeout(beat, EVERY);

  // What was unfolded stays so when the form comes back anew.
  const unfolded = new Set();
  on("toggle", ({ target }) => target.isConnected && target.id && unfolded[target.open ? "add" : "delete"](target.id), true);
  on("htmx:load", () => {
    unfolded.forEach((id) => by(id) && (by(id).open = true));
    begin();
  });
  begin();
})();
