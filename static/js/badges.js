// A button beside what one may want to copy. Without this script, the text is selected and copied by hand.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  for (const field of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary button-small";
    button.textContent = field.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = field.dataset.sayCopied;
      setTimeout(() => (button.textContent = field.dataset.copy), 2_000);
    });
    field.after(button);
  }
})();
