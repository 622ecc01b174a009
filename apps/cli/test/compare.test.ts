// `fanin compare` from the command line, on the procedural data set: equal bits for any --jobs, resumed or not.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompareResult } from "@fanin/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-compare-"));
});
afterAll(() => rm(folder, { recursive: true }));

const shape = ["compare", "--layers", "784,16,10", "--init", "zeros,he_normal"];
const small = [...shape, "--seeds", "2", "--epochs", "2"];

describe("fanin compare", () => {
  it("gives the same bytes twice, for any --jobs and seed by seed", async () => {
    const outcomes = await Promise.all(
      ["1", "2", "3"].map((jobs) => fanin([...small, "--json", "--jobs", jobs, "--out", join(folder, `jobs-${jobs}`)])),
    );
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(outcomes.map(({ stdout }) => stdout)).size).toBe(1);
    const result = JSON.parse(outcomes[0]?.stdout ?? "") as CompareResult;
    expect(result.runs.map(({ initializer, seed }) => [initializer, seed])).toEqual([
      ["zeros", 0],
      ["zeros", 1],
      ["he_normal", 0],
      ["he_normal", 1],
    ]);
    const [zeros, heNormal] = result.summary;
    expect(zeros?.testAccuracy.mean).toBeLessThan(0.15);
    expect(heNormal?.testAccuracy.mean).toBeGreaterThan(0.5);

    const second = await fanin([...shape, "--epochs", "2", "--seeds", "1", "--seed", "1", "--json"], { cwd: folder });
    const alone = JSON.parse(second.stdout) as CompareResult;
    expect(alone.runs[1]?.sha256).toBe(result.runs[3]?.sha256);
  });

  it("prints a table and the path of the report, and logs a line per run", async () => {
    const { code, stdout, stderr } = await fanin([...small, "--out", join(folder, "table")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /initializer +test accuracy +95 % interval of the mean +test loss +runs\nzeros +0\.\d+ ± 0\.\d+/,
    );
    expect(stdout).toMatch(
      /\ninitializer +epochs to \.\d\d +loss AUC +vs zeros \(paired\)\nzeros +never +2\.3\d\d +-\n/,
    );
    expect(stdout).toMatch(
      /\nhe_normal +\S+( \(1 of 2\))? +\d\.\d{3} +\+0\.\d{3} +too few seeds to judge\n6 seeds are needed/,
    );
    expect(stdout).toMatch(/report: .*table\/report\.html\n$/);
    expect(stderr).toMatch(/^4 runs into .*table\n\[1\/4\] /);
    expect(stderr.match(/^\[\d\/4\] /gm)).toHaveLength(4);
    const report = await readFile(join(folder, "table/report.html"), "utf8");
    expect(report).toContain("he_normal");
    expect(report).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it("reports better and worse than --reference if both tests agree", async () => {
    const words = [...shape, "--seeds", "6", "--epochs", "1", "--target", "0.3", "--quiet"];
    const against = async (reference: string) =>
      (await fanin([...words, "--reference", reference, "--out", join(folder, reference)])).stdout;
    expect(await against("zeros")).toMatch(
      /vs zeros \(paired\)\n(.*\n)?he_normal .* \+0\.\d{3} \[\+0\.\d{3}, \+0\.\d{3}\] +better\n/,
    );
    const reversed = await against("he_normal");
    expect(reversed).toMatch(/epochs to \.30 .*vs he_normal/);
    expect(reversed).toMatch(/\nzeros +never .* -0\.\d{3} \[-0\.\d{3}, -0\.\d{3}\] +worse\n/);
  });

  it("prints no progress with --quiet", async () => {
    const { stderr } = await fanin([...small, "--quiet", "--out", join(folder, "quiet")]);
    expect(stderr).toBe("");
  });

  it("resumes bit-identically after Ctrl-C", async () => {
    const words = [...shape, "--seeds", "2", "--epochs", "6", "--jobs", "1"];
    const whole = await fanin([...words, "--json", "--out", join(folder, "whole")]);
    const out = join(folder, "stopped");
    let sent = false;
    const stopped = await fanin([...words, "--json", "--out", out], {
      watch: (stderr, kill) => {
        if (!sent && stderr.includes("[1/4]")) {
          sent = true;
          kill("SIGINT");
        }
      },
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toBe("");
    expect(stopped.stderr).toMatch(/interrupted; [123] of 4 runs are saved\. Resume with: fanin compare --resume /);
    expect((await readdir(join(out, "runs"))).length).toBeLessThan(4);
    const resumed = await fanin(["compare", "--resume", out, "--json"]);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toBe(whole.stdout);
    expect(await readFile(join(out, "result.json"), "utf8")).toBe(
      await readFile(join(folder, "whole/result.json"), "utf8"),
    );
  });

  it.each([
    [["--init", "he_norml"], 'did you mean "he_normal"?'],
    [["--init", "zeros,zeros"], "zeros is given twice"],
    [["--init", "random_normal(stdev=1)"], 'did you mean "stddev"?'],
    [["--seed", "0.5"], '--seed: expected an integer, got "0.5"'],
    [["--seed", "5000000000"], "seed: expected an integer from 0 to 4294967295, got 5000000000"],
    [["--seeds", "0"], "--seeds: expected an integer from 1"],
    [["--layers", "784,x,10"], "--layers: expected sizes"],
    [["--layers", "100,10"], "layers: expected 784 inputs"],
    [["--layers", "784,7"], "layers: expected 10 outputs"],
    [["--layers", "784"], "layers: expected at least input and output"],
    [["--epochs", "0"], "epochs: expected an integer from 1"],
    [["--batch", "-3"], "batch: expected an integer from 1"],
    [["--lr", "0"], "lr: expected a positive number"],
    [["--lr", "fast"], '--lr: expected a number, got "fast"'],
    [["--validation-split", "1"], "validation-split: expected a number from 0"],
    [["--activation", "rellu"], 'did you mean "relu"?'],
    [["--optimizer", "adamm"], 'did you mean "adam"?'],
    [["--init", "zeros,ones", "--reference", "he_normal"], "reference: expected one of zeros, ones"],
    [["--target", "85"], "target: expected an accuracy above 0 and up to 1"],
    [["--shard", "5/4"], "--shard: expected i/n with i from 1 to n"],
    [["--save-every", "-1"], "--save-every: expected 0 seconds or more, got -1"],
    [["--resume", "somewhere", "--shard", "1/2"], "--shard: not allowed with --resume"],
    [["--jobs", "0"], "--jobs: expected an integer from 1"],
    [["--resume", "somewhere", "--epochs", "3"], "--epochs: not allowed with --resume"],
    [["--epoch", "3"], 'did you mean "--epochs"?'],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stderr } = await fanin(["compare", ...words], { cwd: folder });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it("exits with 4 for inaccessible data or output, before training", async () => {
    const blocked = join(folder, "blocked");
    await writeFile(blocked, "");
    const empty = await mkdtemp(join(folder, "empty-"));
    for (const [words, message] of [
      [["--data", empty], `fanin: ${empty}: expected the file train-images-idx3-ubyte or train-images-idx3-ubyte.gz`],
      [["--out", join(blocked, "runs")], "--out: cannot write to"],
      [["--data", join(folder, "nowhere")], "nowhere"],
      [["--resume", folder], "--resume: no comparison in"],
    ] as const) {
      const { code, stderr } = await fanin(["compare", ...words], { cwd: folder });
      expect(stderr).toContain(message);
      expect(code).toBe(4);
    }
  });

  it("exits with 3 for malformed data", async () => {
    const data = await mkdtemp(join(folder, "data-"));
    for (const name of ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"]) {
      await writeFile(join(data, `${name}-ubyte`), Buffer.from([0, 0, 8, 3, 0, 0]));
    }
    const { code, stderr } = await fanin(["compare", "--data", data], { cwd: folder });
    expect(stderr).toContain("train-images-idx3-ubyte");
    expect(code).toBe(3);
  });

  it("does not mix two comparisons in one folder", async () => {
    const out = join(folder, "taken");
    expect((await fanin([...small, "--out", out])).code).toBe(0);
    const other = await fanin(["compare", "--layers", "784,8,10", "--epochs", "1", "--out", out]);
    expect(other.stderr).toContain("contains another comparison");
    expect(other.code).toBe(2);
  });
});
