// Formats numbers for figures and tables: short, with a true minus sign and only significant digits.

const MINUS = "\u2212";

function withMinus(text: string): string {
  return text.replaceAll("-", MINUS);
}

/**
 * Formats `value` to `digits` significant digits: plain from 1e-4 to 1e6, else with an exponent; `n/a` if not finite.
 *
 * @example
 * formatNumber(2.302585); // => '2.30'
 * formatNumber(1.5e-7); // => '1.50e−7'
 */
export function formatNumber(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return "n/a";
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.abs(rounded);
  if (magnitude < 1e-4 || magnitude >= 1e6) return withMinus(value.toExponential(digits - 1).replace("e+", "e"));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  return withMinus(rounded.toFixed(decimals));
}

/**
 * Formats 10 to the power `log10` like `formatNumber`, also beyond the range of doubles.
 *
 * @example
 * formatPower(-400.5, 2); // => '3.2e−401'
 */
export function formatPower(log10: number, digits = 3): string {
  if (!Number.isFinite(log10) || Math.abs(log10) < 300) return formatNumber(10 ** log10, digits);
  const exponent = Math.floor(log10);
  const mantissa = (10 ** (log10 - exponent)).toPrecision(digits);
  // 9.96 rounds to 10 at two digits, the next power.
  const [shown, power] = Number(mantissa) < 10 ? [mantissa, exponent] : [(1).toFixed(digits - 1), exponent + 1];
  return withMinus(`${shown}e${power}`);
}

/**
 * Formats `value` with a fixed number of decimals, such as accuracies in a column; `n/a` if not finite.
 *
 * @example
 * formatFixed(0.98351, 3); // => '0.984'
 * formatFixed(null, 3); // => 'n/a'
 */
export function formatFixed(value: number | null, decimals: number): string {
  return value === null || !Number.isFinite(value) ? "n/a" : withMinus(value.toFixed(decimals));
}

/**
 * Formats an integer with thin spaces between thousands, such as `100 352`.
 *
 * @example
 * formatCount(100352) === "100\u2009352"; // => true
 */
export function formatCount(value: number): string {
  return withMinus(Math.round(value).toString()).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** The label of a tick at `value` on an axis with ticks `step` apart, with the decimals that `step` needs. */
export function formatTick(value: number, step: number): string {
  if (Math.abs(value) < Math.abs(step) * 1e-6) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const digits = Math.max(0, size - Math.floor(Math.log10(Math.abs(step)) + 1e-9));
  // A mantissa with many digits is longer than the plain number.
  const isPlain = digits > 3 && size >= -3 && size < 5;
  if (Math.abs(value) >= 1e5 || (Math.abs(step) < 1e-4 && !isPlain)) {
    return withMinus(value.toExponential(Math.min(digits, 12)).replace("e+", "e"));
  }
  return withMinus(value.toFixed(Math.max(0, -Math.floor(Math.log10(Math.abs(step)) + 1e-9))));
}

/** A coordinate of an SVG: one decimal is a tenth of a pixel. */
export function formatCoordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
