// Output that fails: a full disk, a closed pipe, a descriptor that is not writable; and the escaping of control characters.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlSequence, guardedText } from "../src/terminal/guarded-output.ts";
import { fanin } from "./run-fanin.ts";

const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));

/** Runs a command line in a shell, where `fanin` is the command; returns its exit code and stderr. */
function shell(line: string): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    const text = `fanin() { '${process.execPath}' '${bin}' "$@"; }; ${line}`;
    const child = spawn("bash", ["-c", text], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
    });
    child.on("close", (code) => resolve({ code, stderr }));
  });
}

// The exit code of the first command of a pipe.
const first = ["exit $", "{PIPESTATUS[0]}"].join("");
const findings = "fanin diagnose --layers 784,64x30,10 --activation relu --init zeros";

describe.skipIf(process.platform !== "linux")("output that cannot be written", () => {
  it.each([
    ["fanin list >/dev/full", 4, "stdout: ENOSPC"],
    [`${findings} >/dev/full`, 4, "stdout: ENOSPC"],
    ["fanin list --json >/dev/full", 4, "stdout: ENOSPC"],
    ["fanin nonsense 2>/dev/full", 4, ""],
    ["fanin list 1</dev/null", 4, "stdout: EBADF"],
    ["fanin list >&-", 0, ""],
    [`${findings} >&-`, 1, ""],
    [`fanin list | head -1; ${first}`, 0, ""],
    [`${findings} | head -1; ${first}`, 1, ""],
    [`${findings} | true; ${first}`, 1, ""],
    [`fanin nonsense 2>&1 | true; ${first}`, 2, ""],
  ])("%s ends with %i", async (line, code, message) => {
    const outcome = await shell(line);
    expect([outcome.code, outcome.stderr.includes("bug")], outcome.stderr).toEqual([code, false]);
    expect(outcome.stderr).toContain(message);
  });
});

describe("output to a terminal", () => {
  it("contains only control characters of this program", () => {
    const red = `${controlSequence("\u001b[31m")}red${controlSequence("\u001b[39m")}`;
    expect(guardedText(`${red} a\u001b[31mb\r\u0007\u009b2J\u202e\n\tc`)).toBe(
      "\u001b[31mred\u001b[39m a\\u001b[31mb\\u000d\\u0007\\u009b2J\\u202e\n\tc",
    );
    const value = { name: "a\u001b\u009b\u202eb" };
    expect(JSON.parse(guardedText(JSON.stringify(value)))).toEqual(value);
  });

  it.each([
    [["inspect", "no\u001b[31m-such.npz"]],
    [["\u001b[2Jcommand"]],
    [["list", "--\u001b[2J"]],
    [["sample", "he_normal", "3x4", "--out", "a\u001b[31m/b.npy"]],
    [["sweep", "no\u009b31m-such.yaml"]],
  ])("escapes %j in messages", async (words) => {
    const { code, stdout, stderr } = await fanin(words);
    expect(code).toBeGreaterThan(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are searched for
    expect(stdout + stderr).not.toMatch(/[\u001b\u009b]/);
  });
});

describe("files that are not regular files of a bounded size", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fanin-plain-"));
    await writeFile(join(folder, "large.json"), Buffer.alloc(2 ** 20 + 1, 32));
    await shell(`mkfifo '${join(folder, "pipe.json")}'`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ["sweep", "pipe.json", 2, "SPEC: expected a plain file, got the pipe"],
    ["sweep", ".", 2, "SPEC: expected a plain file, got the folder"],
    ["sweep", "large.json", 3, "expected at most 1 MiB of text, got more"],
    ["materialize", "pipe.json", 2, "SPEC: expected a plain file, got the pipe"],
  ])("%s %s", async (command, name, code, message) => {
    const outcome = await fanin([command, join(folder, name), "--out", join(folder, "out")]);
    expect(outcome.stderr).toContain(message);
    expect(outcome.code).toBe(code);
  });

  it("rejects devices", async () => {
    const { code, stderr } = await fanin(["sweep", "/dev/zero"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("SPEC: expected a plain file, got the device")]);
  });

  it.each([
    ["inspect", "pipe.json", []],
    ["convert", "/dev/zero", ["copy.npz"]],
  ])("%s %s in place of a weight file", async (command, name, more) => {
    const { code, stderr } = await fanin([command, name, ...more], { cwd: folder });
    const kind = "the pipe or device";
    expect([code, stderr]).toEqual([2, `fanin: path: expected a plain file, got ${kind} ${JSON.stringify(name)}\n`]);
  });

  it.each([
    ["inspect", []],
    ["diagnose", []],
    ["convert", ["copy.npz"]],
  ])("%s on a folder without a model", async (command, more) => {
    const { code, stderr } = await fanin([command, ".", ...more], { cwd: folder });
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining("expected a folder with one model, got files that are no"),
    ]);
  });
});
