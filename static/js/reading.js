// A lesson: keeps the place where one stopped, copies code, opens figures in full size. The lesson reads without it.
(() => {
  "use strict";
  const article = document.querySelector("article");
  const prose = article?.querySelector(".prose");
  if (!prose) return;

  // The heading that was passed last is the place; it is told at most every ten seconds, and on leaving.
  const EVERY = 10_000;
  const headings = [...prose.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)[id]")];
  const beside = [...document.querySelectorAll(".beside a")];
  let told = null;
  let timer = 0;

  const passed = () => {
    const line = window.innerHeight * 0.4;
    return headings.filter((heading) => heading.getBoundingClientRect().top <= line).pop()?.id || "";
  };

  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    const heading = passed();
    if (heading === told) return;
    told = heading;
    const body = new URLSearchParams({ heading });
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    fetch(article.dataset.place, { method: "POST", body, headers, keepalive: true, redirect: "manual" }).catch(() => {});
  };

  const mark = () => {
    const here = `#${passed()}`;
    beside.forEach((link) => {
      if (link.hash === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };

  document.addEventListener("scroll", () => {
    mark();
    if (article.dataset.place && !timer) timer = setTimeout(tell, EVERY);
  }, { passive: true });
  mark();
  if (article.dataset.place) {
    timer = setTimeout(tell, 2_000);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell());
    window.addEventListener("pagehide", tell);
  }

  // Code scrolls inside itself, by keyboard too, and can be copied.
  const copyButton = (pre) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary button-small";
    button.textContent = article.dataset.sayCopy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = article.dataset.sayCopied;
      setTimeout(() => (button.textContent = article.dataset.sayCopy), 2_000);
    });
    return button;
  };

  for (const pre of prose.querySelectorAll("pre")) {
    const box = document.createElement("div");
    box.className = "code-box";
    pre.replaceWith(box);
    box.append(pre);
    if (navigator.clipboard && !pre.matches(".language-output, .language-error, :has(.language-output, .language-error)")) {
      box.classList.add("has-button");
      box.append(copyButton(pre));
    }
    pre.tabIndex = 0;
    pre.setAttribute("role", "group");
    pre.setAttribute("aria-label", article.dataset.sayCode);
  }

  // A figure opens in full size in a tab of its own. What was published lately leads there without this script.
  for (const image of prose.querySelectorAll("figure img")) {
    if (image.closest("a")) continue;
    const link = document.createElement("a");
    link.href = image.currentSrc || image.src;
    link.target = "_blank";
    link.rel = "noopener";
    link.className = "full-size";
    link.title = article.dataset.sayFullSize;
    image.replaceWith(link);
    link.append(image);
  }
})();
