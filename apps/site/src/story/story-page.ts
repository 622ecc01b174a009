// The story's page: styles, the theme, and figures that become live when they are near; its text and figures are in the HTML.

import "../theme.ts";
import "virtual:figure-style.css";
import "../style.css";
import "./story.css";

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      // A page whose script does not come stays the article that it is.
      import("./live-figure.tsx").then(({ makeLive }) => makeLive(target as HTMLElement)).catch(() => undefined);
    }
  },
  { rootMargin: "100% 0px" },
);
for (const figure of document.querySelectorAll("[data-task]")) near.observe(figure);
