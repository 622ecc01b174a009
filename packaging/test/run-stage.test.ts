// The line of progress of `npm start`: there before the step has done anything, and the whole output where the step fails.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const module = new URL("../../scripts/run-stage.mjs", import.meta.url).href;
const folder = fileURLToPath(new URL("..", import.meta.url));

/** Runs one stage whose command is `script`; resolves with all of stderr, and with it when the first line came. */
function runStage(script: string, whenBegun: (child: ReturnType<typeof spawn>) => void) {
  const program = `
    import { runStage } from ${JSON.stringify(module)};
    const progressOf = (line) => /^at (.*)/.exec(line)?.[1];
    const options = { cwd: ".", env: process.env, progressOf };
    process.exitCode = await runStage("1/1 Work", process.execPath, ["-e", ${JSON.stringify(script)}], options);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    if (text === "") whenBegun(child);
    text += chunk;
  });
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

describe("runStage", () => {
  it("says what runs before the command has ended", async () => {
    // The command ends only once its input does, which is after the first line.
    const script = "process.stdin.resume().on('end', () => console.log('at the end'))";
    const { code, text } = await runStage(script, (child) => child.stdin?.end());
    expect(code).toBe(0);
    expect(text).toMatch(/^1\/1 Work\n1\/1 Work: done \(\d+ s\)\n$/);
  });

  it("shows all output and the exit code of a command that fails", async () => {
    const { code, text } = await runStage("console.log('at one'); console.error('broken'); process.exit(3)", () => {});
    expect(code).toBe(3);
    expect(text).toMatch(/^1\/1 Work\n1\/1 Work: exit code 3 \(\d+ s\)\n/);
    expect(text).toContain("at one\n");
    expect(text).toContain("broken\n");
  });

  it("names a command that is not there", async () => {
    const program = `
      import { runStage } from ${JSON.stringify(module)};
      await runStage("1/1 Work", "no-such-command-at-all", [], { cwd: ".", env: process.env, progressOf: () => undefined });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(code).toBe(1);
    expect(text).toContain("no-such-command-at-all ENOENT");
  });
});
