// The page: navigation, the current view, notices, and announcements for screen readers.

import "./theme.ts";
import "virtual:figure-style.css";
import "./style.css";
import { effect, type Signal, signal } from "@preact/signals";
import { type ComponentType, render, type VNode } from "preact";
import { Problem } from "./components/problem.tsx";
import { announcement, goTo, linkOf, problems, state } from "./state/state.ts";
import { type PageName, views, viewTitles } from "./state/url-state.ts";
import { SignalView } from "./views/signal-view.tsx";

// The landing view is part of the page; the others load on the first visit.
const loaders: Readonly<Record<Exclude<PageName, "signal">, () => Promise<ComponentType>>> = {
  phase: async () => (await import("./views/phase-view.tsx")).PhaseView,
  race: async () => (await import("./views/race-view.tsx")).RaceView,
  weights: async () => (await import("./views/weights-view.tsx")).WeightsView,
  code: async () => (await import("./views/code-view.tsx")).CodeView,
};
const pages: Signal<Readonly<Partial<Record<PageName, ComponentType>>>> = signal({ signal: SignalView });

effect(() => {
  const { view } = state.value;
  if (view === "story" || view === "signal" || pages.peek()[view]) return;
  loaders[view]().then(
    (Page) => {
      pages.value = { ...pages.value, [view]: Page };
    },
    () => {
      problems.value = [...problems.value, `The ${view} view could not be loaded; reload the page.`];
    },
  );
});

function App(): VNode | null {
  const { view } = state.value;
  if (view === "story") return null;
  const Page = pages.value[view];
  return (
    <>
      {problems.value.map((problem) => (
        <Problem text={problem} key={problem} />
      ))}
      {Page ? <Page key={view} /> : <p class="waiting">Loading…</p>}
    </>
  );
}

const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-view]")];
for (const link of links) {
  const view = views.find((name) => name === link.dataset["view"]);
  if (view === undefined || view === "story") continue;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(view);
    scrollTo(0, 0);
  });
}

effect(() => {
  const { view } = state.value;
  // The story is a separate page that needs no script.
  if (view === "story") location.replace("story.html");
  for (const link of links) {
    const target = views.find((name) => name === link.dataset["view"]);
    if (target === undefined) continue;
    if (target !== "story") link.href = linkOf({ ...state.value, view: target });
    if (target === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${viewTitles[view]} · Fanin`;
});

const voice = document.querySelector("#announcement");
effect(() => {
  if (voice) voice.textContent = announcement.value;
});

const root = document.querySelector("#view");
if (root) {
  // In a separate task, because evaluating the scripts and rendering the view together would block input.
  setTimeout(() => {
    root.textContent = "";
    render(<App />, root);
  });
}
