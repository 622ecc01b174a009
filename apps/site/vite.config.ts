// The build: two pages that work under any path. It computes the first answer and the story, and extracts the figures' styles.

import { figureStyle } from "@fanin/figures";
import { defineConfig, type Plugin } from "vite";
import { firstLoadBudget } from "./first-load-budget.ts";
import { diagnoseCommand } from "./src/state/command.ts";
import { defaultState, views, viewTitles } from "./src/state/url-state.ts";
import { storySections } from "./src/story/story.ts";
import { type SignalAnswer, signalTask } from "./src/worker/signal-task.ts";
import { unwatched } from "./src/worker/task-context.ts";

let first: Promise<SignalAnswer> | undefined;
function firstAnswer(): Promise<SignalAnswer> {
  first ??= signalTask(defaultState, unwatched).then((answer) => {
    if (answer === null) throw new Error("the first answer was replaced, although there was no newer request");
    return answer;
  });
  return first;
}

/** Returns the first answer without its drawings, which are in the HTML. */
async function firstWords(): Promise<SignalAnswer> {
  const answer = await firstAnswer();
  const bare = ({ profiles }: Pick<SignalAnswer, "profiles">) => profiles.map((figure) => ({ ...figure, svg: "" }));
  return { ...answer, milliseconds: 0, profiles: bare(answer), strips: bare({ profiles: answer.strips }) };
}

/** Makes the markup of FigureView without the data, which is in the script. */
const firstFigure = ({ svg }: SignalAnswer["profiles"][number]): string =>
  `<figure class="figure regular"><div class="drawing">${svg}</div><div class="data later"><p>Show data</p></div></figure>`;

/** Makes the content shown before the script runs; hidden parts reserve the space of what the script adds. */
async function firstView(): Promise<string> {
  const { verdicts, profiles, strips, recommended } = await firstAnswer();
  const [verdict] = verdicts;
  const figures = [...profiles, ...strips];
  const notes = verdict?.notes.map((note) => `<p class="note">${note}</p>`).join("");
  return `<div class="view">
<header class="lead"><h1>What do initial weights do to the signal?</h1>
<p>A batch goes up through an untrained network, a gradient comes down again. Move a slider: theory is dashed, measurement dotted, the band is what chance does to networks of this width.</p></header>
<section class="controls first" aria-label="The network"><p class="hint">30 hidden layers of 64 ReLU units, glorot_uniform. The controls need JavaScript; the <a href="./story.html">story</a> does not.</p></section>
<div class="results"><div class="verdicts"><article class="verdict ${verdict?.severity}"><h2><span aria-hidden="true">✖ </span>${verdict?.initializer}: ${verdict?.title}</h2>
<p><strong>${verdict?.found}.</strong> ${verdict?.why}</p>${notes}<p class="note">${verdict?.fix}</p><button type="button" class="primary later">Mend it: use ${recommended}</button></article></div>
<div class="figures">${figures.map(firstFigure).join("")}</div>
<div class="copy-bar"><code class="command">${diagnoseCommand(defaultState, 1)}</code><div class="buttons later"><button type="button">Copy link</button></div></div></div></div>`;
}

/** Makes the navigation of a page. Marks only the story; the script of index.html marks the current view. */
function viewLinks(file: string): string {
  const isStory = file.endsWith("story.html");
  const links = views.map((view) => {
    const href = view === "story" ? "./story.html" : `./#v=1&amp;view=${view}`;
    const current = isStory && view === "story" ? ' aria-current="page"' : "";
    return `<a data-view="${view}" href="${href}"${current}>${viewTitles[view]}</a>`;
  });
  return links.join("\n        ");
}

// The worker loads the kernels as a file, so the copy embedded in the library is not needed.
const EMBEDDED = /kernels[/\\]dist[/\\]generated[/\\]kernels(-\w+)?-base64\.js$/;

function withoutEmbeddedKernels(): Plugin {
  return {
    name: "fanin-without-embedded-kernels",
    load: (id) => (EMBEDDED.test(id) ? 'export const base64 = "";' : undefined),
  };
}

const STYLE = "virtual:figure-style.css";
const ANSWER = "virtual:first-answer";

function computed(): Plugin {
  return {
    name: "fanin-computed",
    resolveId: (id) => (id === STYLE || id === ANSWER ? `\0${id}` : undefined),
    async load(id) {
      if (id === `\0${STYLE}`) return figureStyle;
      if (id === `\0${ANSWER}`) return `export const firstAnswer = ${JSON.stringify(await firstWords())};`;
      return undefined;
    },
    async transformIndexHtml(html, { filename }) {
      const parts = {
        "<!--views-->": () => viewLinks(filename),
        "<!--first-view-->": firstView,
        "<!--story-->": storySections,
      };
      let page = html;
      for (const [mark, make] of Object.entries(parts)) {
        if (!page.includes(mark)) continue;
        const text = await make();
        page = page.replace(mark, () => text);
      }
      return page;
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [computed(), firstLoadBudget()],
  worker: { format: "es", plugins: () => [withoutEmbeddedKernels()] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "story.html"] },
  },
});
