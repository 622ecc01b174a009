// The figures of a sweep: accuracy over depth, width and learning rate, and trainability maps with theory's depth scale.

import { formatFixed, formatNumber, type LinePoint, lineChart, type MapLine, trainabilityMap } from "@fanin/figures";
import { figure, htmlTable } from "@fanin/lab/report";
import { bestSetting, selectionWords } from "../grid/best-setting.ts";
import type { SweepCellResult, SweepResult } from "../grid/sweep-result.ts";

/** Deep networks train up to about this many depth scales. */
export const SCALES_THAT_TRAIN = 6;
const MAX_MAPS = 24;

/** The cells with one activation and optimizer. */
interface Group {
  readonly activation: string;
  readonly optimizer: string;
  readonly cells: readonly SweepCellResult[];
}

const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

function groupsOf({ cells }: SweepResult): Group[] {
  const groups = new Map<string, SweepCellResult[]>();
  for (const cell of cells) {
    const key = `${cell.activation} ${cell.optimizer}`;
    const group = groups.get(key) ?? [];
    group.push(cell);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({
    activation: group[0]?.activation ?? "",
    optimizer: group[0]?.optimizer ?? "",
    cells: group,
  }));
}

/** An axis of the grid that a figure shows. */
interface GridAxis {
  readonly name: string;
  readonly of: (cell: SweepCellResult) => number;
}

const axes: readonly GridAxis[] = [
  { name: "hidden layers", of: ({ depth }) => depth },
  { name: "units of a layer", of: ({ width }) => width },
  { name: "learning rate", of: ({ learningRate }) => learningRate },
];

function axisChart(result: SweepResult, { cells }: Group, { name, of }: GridAxis): string {
  const { spec, dataset } = result;
  const values = ascending(cells.map(of));
  if (values.length < 2) return "";
  const at = (value: number, initializer: string) =>
    bestSetting(
      cells.filter((cell) => of(cell) === value),
      initializer,
    );
  const guess = 1 / dataset.classes.length;
  const isBand = spec.seeds.length > 1;
  const labels = values.map(String);
  const series = spec.initializers.map((initializer) => ({
    name: initializer,
    lost: [],
    points: values.map((value, i): LinePoint => {
      const accuracy = at(value, initializer)?.row.testAccuracy;
      const band = isBand ? accuracy : undefined;
      return { x: i + 1, mean: accuracy?.mean ?? null, low: band?.min ?? null, high: band?.max ?? null };
    }),
  }));
  const svg = lineChart({
    quantity: "Test accuracy",
    step: name,
    labels,
    scale: "linear",
    band: isBand ? `range over ${spec.seeds.length} seeds` : null,
    series,
    domain: null,
    reference: { value: guess, name: `uniform guess ${formatNumber(guess)}` },
  });
  const others = axes.filter((axis) => axis.name !== name && new Set(cells.map(axis.of)).size > 1);
  const best =
    others.length > 0
      ? ` At each, the setting of ${others.map((axis) => axis.name.replace("units of a layer", "widths").replace("learning rate", "learning rates").replace("hidden layers", "depths")).join(" and ")} that ${selectionWords(dataset)}.`
      : "";
  const caption = `Test accuracy by ${name}. Line: mean over the seeds.${isBand ? " Band: their range." : ""}${best}`;
  const table = htmlTable({
    caption: `Test accuracy by ${name}: mean, and its setting`,
    head: [name, ...spec.initializers],
    rows: values.map((value, i) => [
      labels[i] ?? "",
      ...spec.initializers.map((initializer) => {
        const found = at(value, initializer);
        if (!found) return "n/a";
        const { depth, width, learningRate } = found.cell;
        return `${formatFixed(found.row.testAccuracy.mean, 4)} (${depth}x${width}, ${learningRate})`;
      }),
    ]),
    numeric: true,
  });
  return figure(svg, caption, table);
}

const title = ({ activation, optimizer }: Group): string => `${activation}, ${optimizer}`;

/** A section of charts per activation and optimizer; empty if no axis of the grid has two values. */
export function axisCharts(result: SweepResult): string {
  const groups = groupsOf(result);
  return groups
    .map((group) => {
      const charts = axes.map((axis) => axisChart(result, group, axis)).join("\n");
      if (charts.trim() === "") return "";
      const heading = groups.length > 1 ? `<h3>${title(group)}</h3>\n` : "";
      return `${heading}<div class="figures">\n${charts}\n</div>`;
    })
    .join("\n");
}

/** The lines of theory over the columns of a map, by their widths. */
function theoryLines(
  { theory }: SweepResult,
  initializer: string,
  activation: string,
  widths: readonly number[],
): { readonly lines: readonly MapLine[]; readonly words: string } {
  const scales = widths.map((width) =>
    theory.find((one) => one.initializer === initializer && one.activation === activation && one.width === width),
  );
  const depths = scales.map((scale) => scale?.depthScale ?? null);
  const finite = depths.filter((depth) => depth !== null);
  if (finite.length === 0) {
    const isInfinite = scales.some((scale) => scale?.kind === "infinite");
    const words = isInfinite
      ? "The depth scale ξ is infinite: theory sets no limit to depth."
      : "Theory needs weights of mean 0 and gives no depth scale here.";
    return { lines: [], words };
  }
  const range = ascending(finite.map((depth) => Number(depth.toPrecision(3))));
  const [least, most] = [range[0] ?? 0, range.at(-1) ?? 0];
  const shown = least === most ? formatNumber(least) : `${formatNumber(least)} to ${formatNumber(most)}`;
  return {
    lines: [
      { name: "ξ", depths },
      { name: `${SCALES_THAT_TRAIN} ξ`, depths: depths.map((depth) => depth && SCALES_THAT_TRAIN * depth) },
    ],
    words: `Depth scale ξ of mean-field theory: ${shown} layers; lines at ξ and ${SCALES_THAT_TRAIN} ξ, if within the map.`,
  };
}

/** The content of a map. */
interface MapSetting {
  readonly title: string;
  readonly initializer: string;
  readonly cells: readonly SweepCellResult[];
  readonly columns: GridAxis;
  /** The width of each column, for theory. */
  readonly widthOf: (column: number) => number;
  readonly note: string;
}

function mapFigure(result: SweepResult, activation: string, setting: MapSetting): string {
  const { initializer, cells, columns, widthOf, note } = setting;
  const depths = ascending(cells.map(({ depth }) => depth));
  const places = ascending(cells.map(columns.of));
  const values = depths.map((depth) =>
    places.map((place) => {
      const here = cells.filter((cell) => cell.depth === depth && columns.of(cell) === place);
      return bestSetting(here, initializer)?.row.testAccuracy.mean ?? null;
    }),
  );
  const means = result.cells.flatMap(({ summary }) => summary.map(({ testAccuracy }) => testAccuracy.mean));
  const { lines, words } = theoryLines(result, initializer, activation, places.map(widthOf));
  const svg = trainabilityMap({
    title: setting.title,
    depths,
    columns: { name: columns.name, labels: places.map(String) },
    values,
    quantity: "test accuracy",
    domain: [Math.min(1 / result.dataset.classes.length, ...means), Math.max(...means)],
    lines,
  });
  const table = htmlTable({
    caption: `Mean test accuracy of ${initializer} by depth and ${columns.name}`,
    head: ["hidden layers", ...places.map(String)],
    rows: depths.map((depth, r) => [String(depth), ...(values[r] ?? []).map((value) => formatFixed(value, 4))]),
    numeric: true,
  });
  return figure(svg, `Mean test accuracy over the seeds.${note} ${words}`, table);
}

/** The maps of one activation and optimizer: by depth and learning rate for each width, and by depth and width. */
function mapsOf(result: SweepResult, { activation, cells }: Group): string[] {
  const [, byWidth, byRate] = axes as readonly [GridAxis, GridAxis, GridAxis];
  const counts = axes.map(({ of }) => new Set(cells.map(of)).size);
  const [depths = 1, widths = 1, rates = 1] = counts;
  if (depths < 2) return [];
  const maps: MapSetting[] = [];
  for (const initializer of result.spec.initializers) {
    if (rates > 1) {
      for (const width of ascending(cells.map(({ width: one }) => one))) {
        maps.push({
          title: widths > 1 ? `${initializer}, width ${width}` : initializer,
          initializer,
          cells: cells.filter((cell) => cell.width === width),
          columns: byRate,
          widthOf: () => width,
          note: "",
        });
      }
    }
    if (widths > 1) {
      const note = rates > 1 ? ` Each cell shows the learning rate that ${selectionWords(result.dataset)}.` : "";
      const map = rates > 1 ? `${initializer}, best learning rate` : initializer;
      maps.push({ title: map, initializer, cells, columns: byWidth, widthOf: (width) => width, note });
    }
  }
  return maps.map((map) => mapFigure(result, activation, map));
}

/** The trainability maps; empty if the grid has fewer than two depths, or no second axis. */
export function trainabilityMaps(result: SweepResult): string {
  const groups = groupsOf(result);
  let left = MAX_MAPS;
  let omitted = 0;
  const sections = groups.map((group) => {
    const maps = mapsOf(result, group);
    const shown = maps.slice(0, left);
    left -= shown.length;
    omitted += maps.length - shown.length;
    if (shown.length === 0) return "";
    const heading = groups.length > 1 ? `<h3>${title(group)}</h3>\n` : "";
    return `${heading}<div class="figures">\n${shown.join("\n")}\n</div>`;
  });
  const rest = omitted > 0 ? `<p class="note">${omitted} more maps are omitted; result.json has their values.</p>` : "";
  return `${sections.join("\n")}${rest}`.trim();
}
