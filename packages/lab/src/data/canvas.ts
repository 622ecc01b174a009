// A grey canvas that paints antialiased polygons and lines.
// Scan conversion: four lines per pixel row, exact overlap along each. Only + - * / and sqrt: every engine gives the same bits.

const LINES = 4; // sample lines per pixel row

/** The corners of an outline: x0, y0, x1, y1, ... in pixels from the upper left corner of the canvas. */
export type Outline = readonly number[];

/** Cuts each corner of `outline` at a quarter of its sides (Chaikin 1974), `passes` times; an open outline keeps its ends. */
export function cutCorners(outline: Outline, passes: number, closed: boolean): Outline {
  let corners = outline;
  for (let pass = 0; pass < passes; pass++) {
    const count = corners.length / 2;
    const cut: number[] = [];
    if (!closed) cut.push(corners[0] ?? 0, corners[1] ?? 0);
    for (let i = 0; i < (closed ? count : count - 1); i++) {
      const j = ((i + 1) % count) * 2;
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [corners[i * 2], corners[i * 2 + 1], corners[j], corners[j + 1]];
      cut.push(0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1, 0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1);
    }
    if (!closed) cut.push(corners[count * 2 - 2] ?? 0, corners[count * 2 - 1] ?? 0);
    corners = cut;
  }
  return corners;
}

/** An image of tones, 0 black and 1 white before they are clipped, row by row. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly tones: Float64Array;
  readonly #coverage: Float64Array;
  /** The crossings of the outline with each sample line, in ascending order, and their number. */
  readonly #crossings: number[][];
  readonly #counts: Int32Array;
  /** The columns that the current outline covers, end exclusive. */
  #left = 0;
  #right = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.tones = new Float64Array(width * height);
    this.#coverage = new Float64Array(width * height);
    this.#crossings = Array.from({ length: height * LINES }, () => []);
    this.#counts = new Int32Array(height * LINES);
  }

  clear(): void {
    this.tones.fill(0);
  }

  /** Fills `outline` by the even-odd rule. */
  polygon(outline: Outline, tone: number): void {
    let [first, last] = [this.#crossings.length, -1];
    const count = outline.length / 2;
    for (let i = 0; i < count; i++) {
      const j = i + 1 < count ? i + 1 : 0;
      const [top, bottom] = this.#cross(outline, i * 2, j * 2);
      if (top < first) first = top;
      if (bottom > last) last = bottom;
    }
    this.#left = this.width;
    this.#right = 0;
    for (let line = first; line <= last; line++) this.#coverLine(line);
    this.#blend(Math.floor(first / LINES), Math.floor(last / LINES), tone);
  }

  /** Paints an open line of `thickness` along `outline`: one rectangle per segment, slightly longer to close the bends. */
  line(outline: Outline, thickness: number, tone: number): void {
    for (let i = 0; i + 3 < outline.length; i += 2) {
      const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = [outline[i], outline[i + 1], outline[i + 2], outline[i + 3]];
      const length = Math.sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
      if (length === 0) continue;
      const along = thickness / (4 * length);
      const across = thickness / (2 * length);
      const [ax, ay] = [(x1 - x0) * along, (y1 - y0) * along];
      const [nx, ny] = [(y1 - y0) * across, (x0 - x1) * across];
      const start = [x0 - ax + nx, y0 - ay + ny, x0 - ax - nx, y0 - ay - ny];
      this.polygon([...start, x1 + ax - nx, y1 + ay - ny, x1 + ax + nx, y1 + ay + ny], tone);
    }
  }

  /** Records where the side from corner `a` to corner `b` crosses the sample lines; returns the first and the last line. */
  #cross(outline: Outline, a: number, b: number): [number, number] {
    const [xa = 0, ya = 0, xb = 0, yb = 0] = [outline[a], outline[a + 1], outline[b], outline[b + 1]];
    const [x0, y0, x1, y1] = ya < yb ? [xa, ya, xb, yb] : [xb, yb, xa, ya];
    const first = Math.max(0, Math.ceil(y0 * LINES - 0.5));
    const last = Math.min(this.#crossings.length, Math.ceil(y1 * LINES - 0.5)) - 1;
    const slope = (x1 - x0) / (y1 - y0);
    for (let line = first; line <= last; line++) this.#insert(line, x0 + ((line + 0.5) / LINES - y0) * slope);
    return [first, last];
  }

  /** Inserts `x` among the crossings of a sample line. For so few, insertion is faster than sorting. */
  #insert(line: number, x: number): void {
    const crossings = this.#crossings[line] as number[];
    const count = this.#counts[line] ?? 0;
    let place = count;
    for (; place > 0 && (crossings[place - 1] as number) > x; place--)
      crossings[place] = crossings[place - 1] as number;
    crossings[place] = x;
    this.#counts[line] = count + 1;
  }

  /** Adds the share of one sample line to the coverage of its pixel row. */
  #coverLine(line: number): void {
    const crossings = this.#crossings[line] as number[];
    const count = this.#counts[line] ?? 0;
    const row = Math.floor(line / LINES) * this.width;
    for (let i = 0; i + 1 < count; i += 2) {
      const from = Math.max(0, crossings[i] ?? 0);
      const to = Math.min(this.width, crossings[i + 1] ?? 0);
      if (from >= to) continue;
      this.#left = Math.min(this.#left, Math.floor(from));
      this.#right = Math.max(this.#right, Math.ceil(to));
      for (let x = Math.floor(from); x < to; x++) {
        const share = (Math.min(to, x + 1) - Math.max(from, x)) / LINES;
        this.#coverage[row + x] = (this.#coverage[row + x] ?? 0) + share;
      }
    }
    this.#counts[line] = 0;
  }

  #blend(firstRow: number, lastRow: number, tone: number): void {
    for (let row = firstRow; row <= lastRow; row++) {
      const end = row * this.width + this.#right;
      for (let i = row * this.width + this.#left; i < end; i++) {
        const coverage = Math.min(1, this.#coverage[i] ?? 0);
        if (coverage === 0) continue;
        const under = this.tones[i] ?? 0;
        this.tones[i] = under + (tone - under) * coverage;
        this.#coverage[i] = 0;
      }
    }
  }
}
