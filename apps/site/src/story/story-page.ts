// The script of the story: styles, theme, and figures that become interactive as they scroll near. Text and figures are in the HTML.

import "../theme.ts";
import "virtual:figure-style.css";
import "../style.css";
import "./story.css";
import type { StoryFigureName } from "./story-figures.ts";

const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      observer.unobserve(target);
      const name = target.dataset["figure"] as StoryFigureName;
      // Without the script, a figure stays static and shows no controls.
      import("./live-figure.ts").then(
        ({ makeLive }) => makeLive(target, name),
        () => undefined,
      );
    }
  },
  { rootMargin: "400px" },
);
for (const figure of document.querySelectorAll("[data-figure]")) observer.observe(figure);
