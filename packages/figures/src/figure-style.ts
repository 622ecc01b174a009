// The style sheet of all figures: tokens per theme, then the classes of marks, axes and text.
// A page includes it once. The figures hold no inline style, so they pass a strict content security policy.

import { figureFontSize } from "./fit-text.ts";
import { darkPalette, lightPalette, type Palette } from "./palette.ts";

function tokens(palette: Palette): string {
  const { series, ...colors } = palette;
  const named = Object.entries(colors).map(([name, color]) => `--${name}:${color}`);
  return [...named, ...series.map((color, index) => `--series-${index}:${color}`)].join(";");
}

const seriesIndexes = lightPalette.series.map((_, index) => index);
const seriesClasses = seriesIndexes.map((index) => `.series-${index}{--series:var(--series-${index})}`).join("");
const systemSeries = seriesIndexes.map((index) => `--series-${index}:CanvasText`).join(";");

/**
 * CSS for the figures, inline in a page or in its style sheet. It follows the system's theme. `data-theme="light"` or
 * `"dark"` on the root element overrides it. Print is always light. With forced colours, dash and marker distinguish series.
 * `:root:root:root` outweighs the themes, so that high contrast and forced colours apply in each.
 */
export const figureStyle: string = `:root{color-scheme:light dark;${tokens(lightPalette)};--band:.16}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${tokens(darkPalette)};--band:.2}}
@media screen{:root[data-theme=dark]{${tokens(darkPalette)};--band:.2}}
@media (prefers-contrast:more){:root:root:root{--muted:var(--ink);--grid:var(--muted);--line:var(--ink);--band:.3}}
@media (forced-colors:active){:root:root:root{--page:Canvas;--surface:Canvas;--ink:CanvasText;--muted:CanvasText;--line:CanvasText;--grid:CanvasText;--accent:LinkText;--warning:CanvasText;--band:0;${systemSeries}}}
@media print{:root,:root[data-theme]{color-scheme:light}}
${seriesClasses}
.fanin-figure{display:block;width:100%;height:auto;overflow:visible;font:${figureFontSize.regular}px system-ui,sans-serif;font-variant-numeric:tabular-nums}
.fanin-figure text{fill:var(--muted)}
.fanin-figure .name{fill:var(--ink)}
.fanin-figure .title{fill:var(--ink);font-weight:600}
.fanin-figure .grid{stroke:var(--grid);fill:none}
.fanin-figure .axis{stroke:var(--muted);fill:none}
.fanin-figure .reference{stroke:var(--muted);stroke-dasharray:1 4;stroke-linecap:round;stroke-width:1.5;fill:none}
.fanin-figure .halo{paint-order:stroke;stroke:var(--surface);stroke-width:4;stroke-linejoin:round}
.fanin-figure .curve{fill:none;stroke:var(--series);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.fanin-figure .curve[stroke-dasharray]{stroke-linecap:butt}
.fanin-figure .band{fill:var(--series);fill-opacity:var(--band)}
.fanin-figure .marker{fill:var(--series);stroke:var(--surface);stroke-width:.75}
.fanin-figure .interval{stroke:var(--series);stroke-width:2;fill:none}
.fanin-figure .seed{fill:none;stroke:var(--series);stroke-width:1.25}
.fanin-figure .lost{fill:none;stroke:var(--series);stroke-width:2.25;stroke-linecap:round}
.fanin-figure .before{fill:none;stroke:var(--ink);stroke-width:1.25;stroke-dasharray:3 2}
.fanin-figure .after{fill:var(--series);fill-opacity:.22;stroke:var(--series);stroke-width:1.75;stroke-linejoin:round}
.fanin-figure .cells{shape-rendering:crispEdges;forced-color-adjust:none}
.fanin-figure .edge{fill:none;stroke:#fff;stroke-width:2;stroke-dasharray:6 3}
.fanin-figure .ground{stroke:#000;stroke-width:4;stroke-dasharray:none}
@media (max-width:30rem){.fanin-figure{font-size:${figureFontSize.smallScreen}px}.fanin-figure.small{font-size:${figureFontSize.regular}px}}
@media (forced-colors:active),(prefers-contrast:more){.fanin-figure .grid{stroke-opacity:.35}}
@media print{.fanin-figure{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
