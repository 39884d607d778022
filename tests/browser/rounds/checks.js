// What axe does not ask of a page, or asks only in part. Gives sentences, none where all is well.
() => {
  const wrong = [];
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true });
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isSeen);
  const levels = headings.map((one) => Number(one.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) wrong.push(`it has ${levels.filter((l) => l === 1).length} h1`);
  levels.forEach((level, place) => {
    if (place && level > levels[place - 1] + 1)
      wrong.push(`a heading skips a level: h${level} "${headings[place].textContent.trim()}"`);
  });
  if (!document.title.split("·")[0].trim()) wrong.push("it has no title");
  if (!document.documentElement.lang) wrong.push("it has no language");
  if (document.querySelectorAll("main").length !== 1) wrong.push("it has no main part, or several");
  if (new Set(ids()).size !== ids().length) wrong.push("an id stands on it twice");
  wrong.push(...links());
  return wrong;

  function ids() {
    return [...document.querySelectorAll("[id]")].map((one) => one.id);
  }

  // The same name for different places, in the same surroundings: whoever goes from link to link cannot tell them apart.
  function links() {
    const places = new Map();
    for (const link of [...document.querySelectorAll("a[href]")].filter(isSeen)) {
      const name = words(link.getAttribute("aria-label") || link.textContent);
      if (!name && !link.querySelector("img[alt]")) wrong.push(`a link without a name: ${link.getAttribute("href")}`);
      const key = `${name}|${around(link)}`;
      if (name) places.set(key, (places.get(key) || new Set()).add(link.href));
    }
    return [...places]
      .filter(([, found]) => found.size > 1)
      .map(([key, found]) => `${found.size} links are called "${key.split("|")[0]}"`);
  }

  // WCAG 2.4.4: the sentence, the item or the row that it stands in, and the landmark around that.
  function around(link) {
    const landmark = link.closest("nav, aside, header, footer, main");
    const near = link.closest("li, tr, p, dd, article, .entry, section") || link;
    const name = landmark ? `${landmark.tagName} ${landmark.getAttribute("aria-label") || ""}` : "";
    return `${name} ${words(near.textContent)}`;
  }

  function words(text) {
    return text.replace(/\s+/g, " ").trim();
  }
}
