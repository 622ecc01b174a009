import { describe, expect, it } from "vitest";
import { readBytes } from "./read-bytes.ts";

describe("readBytes", () => {
  it.each([
    ["4096", 4096],
    ["1b", 1],
    ["2GB", 2e9],
    ["500 MB", 5e8],
    ["1.5GiB", 1.5 * 2 ** 30],
    ["64kib", 65536],
    ["0.3kB", 300],
  ])("reads %s", (text, bytes) => {
    expect(readBytes("shard-size", text)).toBe(bytes);
  });

  it.each(["", "GB", "0", "-1MB", "2XB", "1e3", "0.1B", "9999999TB", "1,5GB"])("refuses %j", (text) => {
    expect(() => readBytes("shard-size", text)).toThrow("--shard-size: expected a size such as 2GB");
  });

  it("keeps undefined", () => {
    expect(readBytes("shard-size", undefined)).toBeUndefined();
  });
});
