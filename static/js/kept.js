// What was typed and is not saved yet stands in this browser, by person, assignment, attempt, slot and window, so that a
// reload or a closed laptop costs nothing. It goes once it is saved, when its person signs out (app.js), or after a month.
const Kept = (() => {
  "use strict";
  const PREFIX = "fourweek-kept";
  const MONTH = 30 * 24 * 3600 * 1000;
  const person = document.body.dataset.person;

  const tried = (act, otherwise) => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };

  const here = tried(() => {
    const known = sessionStorage.getItem(`${PREFIX}-window`) || Math.random().toString(36).slice(2);
    sessionStorage.setItem(`${PREFIX}-window`, known);
    return known;
  }, "here");

  const keyOf = (path, attempt, slot) => [PREFIX, person, path, attempt, slot, here].join("|");

  // Each a {key, attempt, slot, ours, text, seen, title, at}; this window's own first, then the newest.
  const all = (path) =>
    tried(() => {
      const found = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}|${person}|${path}|`));
      const entries = found.map((key) => {
        const [attempt, slot, where] = key.split("|").slice(3);
        return { key, attempt, slot, ours: where === here, ...JSON.parse(localStorage.getItem(key)) };
      });
      entries.filter(({ at }) => Date.now() - at > MONTH).forEach(({ key }) => drop(key));
      return entries.filter(({ at }) => Date.now() - at <= MONTH).sort((a, b) => b.ours - a.ours || b.at - a.at);
    }, []);

  // Whether it is kept: a browser may keep nothing at all.
  const keep = (key, entry) =>
    tried(() => {
      localStorage.setItem(key, JSON.stringify({ ...entry, at: Date.now() }));
      return true;
    }, false);

  const drop = (key) => tried(() => localStorage.removeItem(key));

  // What was typed for an attempt that takes nothing more: shown, so that it can be copied.
  const showLeftBehind = (attempt) => {
    const box = document.getElementById("left-behind");
    const left = all(box.dataset.path).filter((entry) => entry.attempt !== attempt && entry.text.trim());
    for (const entry of left) {
      const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
      const [label, area, button] = ["label", "textarea", "button"].map((name) => row.querySelector(name));
      label.textContent = entry.title;
      label.htmlFor = area.id = `left-${entry.slot}-${entry.attempt}`;
      area.value = entry.text;
      button.addEventListener("click", () => {
        drop(entry.key);
        row.remove();
        box.hidden = !box.querySelector("[data-rows] > *");
      });
      box.querySelector("[data-rows]").append(row);
    }
    box.hidden = !left.length;
  };

  return { keyOf, all, keep, drop, showLeftBehind };
})();
