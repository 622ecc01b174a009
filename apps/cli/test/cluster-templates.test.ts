// The templates for SLURM and Kubernetes: their scripts run as written, with the variables of a scheduler; their fields are complete.

import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSweepSpec } from "@fanin/sweep";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

const templates = fileURLToPath(new URL("../../../examples/cluster/", import.meta.url));
const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-cluster-"));
  await writeTinyDataset(join(folder, "tiny"), 20);
  const spec = "data: tiny\ninitializers: [zeros, he_normal]\nwidths: [4]\nseeds: 2\nepochs: 1\n";
  await writeFile(join(folder, "depths.yaml"), spec);
  await symlink(bin, join(folder, "fanin"));
});
afterAll(() => rm(folder, { recursive: true }));

function shell(words: readonly string[], environment: Readonly<Record<string, string>>) {
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, ...environment };
  const { status, stdout, stderr } = spawnSync(words[0] ?? "", words.slice(1), { cwd: folder, encoding: "utf8", env });
  return { status, stdout, stderr };
}

it("trains and merges the parts of a SLURM array", async () => {
  const script = join(templates, "sweep.slurm.sh");
  for (const task of ["0", "1"]) {
    const { status, stdout, stderr } = shell(["bash", script], {
      SPEC: "depths.yaml",
      SLURM_ARRAY_TASK_ID: task,
      SLURM_ARRAY_TASK_MIN: "0",
      SLURM_ARRAY_TASK_COUNT: "2",
      SLURM_CPUS_PER_TASK: "1",
    });
    expect([status, stdout.split("\n")[0], stderr.split("\n").length]).toEqual([
      0,
      `shard ${Number(task) + 1}/2: 2 runs in parts/${task}`,
      3,
    ]);
  }
  const merged = await fanin(["merge", "parts/0", "parts/1", "--out", "whole", "--quiet"], { cwd: folder });
  expect(merged.code).toBe(0);
  expect((await readdir(join(folder, "whole", "runs"))).length).toBe(4);
  expect(shell(["bash", script], { SLURM_ARRAY_TASK_ID: "0" }).stderr).toContain("expected SPEC");
  const directives = [...(await readFile(script, "utf8")).matchAll(/^#SBATCH --([\w-]+)=?(\S*)$/gm)];
  expect(directives.map(([, name]) => name)).toEqual([
    "job-name",
    "array",
    "cpus-per-task",
    "mem",
    "time",
    "requeue",
    "signal",
  ]);
});

/** The fields of Kubernetes's Job and Deployment in the templates. */
interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly selector?: { readonly matchLabels: object };
    readonly template: {
      readonly metadata?: { readonly labels: object };
      readonly spec: {
        readonly restartPolicy?: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly args: readonly string[];
          readonly env?: readonly { readonly name: string; readonly valueFrom: object }[];
          readonly volumeMounts?: readonly { readonly name: string }[];
        }[];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
  };
}

async function workload(name: string): Promise<Workload> {
  return parse(await readFile(join(templates, name), "utf8")) as Workload;
}

it("trains the part of a pod of a Kubernetes Indexed Job", async () => {
  const { apiVersion, kind, spec } = await workload("sweep.kubernetes.yaml");
  expect([apiVersion, kind, spec.completionMode, spec.template.spec.restartPolicy]).toEqual([
    "batch/v1",
    "Job",
    "Indexed",
    "Never",
  ]);
  const [container] = spec.template.spec.containers;
  const volumes = spec.template.spec.volumes?.map(({ name }) => name);
  expect(container?.volumeMounts?.map(({ name }) => name)).toEqual(volumes);
  const [script = ""] = container?.args ?? [];
  expect(script).toContain(`--shard auto/${spec.completions} `);
  // As in a pod, with its volumes in the folder of the test.
  const here = script.replace("/spec/", `${folder}/`).replace("/results/", `${folder}/`).replace("auto/8", "auto/2");
  const { status, stdout } = shell([...(container?.command ?? []), here], { JOB_COMPLETION_INDEX: "1" });
  expect([status, stdout.split("\n")[0]]).toEqual([0, "shard 2/2: 2 runs in part-1"]);
  expect((await readdir(join(folder, "part-1", "runs"))).length).toBe(2);
});

it("starts workers with the queue's URL from a Secret", async () => {
  const { apiVersion, kind, spec } = await workload("worker.kubernetes.yaml");
  expect([apiVersion, kind]).toEqual(["apps/v1", "Deployment"]);
  expect(spec.selector?.matchLabels).toEqual(spec.template.metadata?.labels);
  const [container] = spec.template.spec.containers;
  expect(container?.env?.[0]).toEqual({
    name: "QUEUE",
    valueFrom: { secretKeyRef: { name: "fanin-queue", key: "url" } },
  });
  const { status, stderr } = shell([...(container?.command ?? []), ...(container?.args ?? [])], {
    QUEUE: "redis://127.0.0.1:1",
  });
  expect([status, stderr]).toEqual([4, "fanin: --queue: redis://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n"]);
});

it("has an example spec, which docs/sweeps.md shows", async () => {
  const text = await readFile(join(templates, "depths.yaml"), "utf8");
  const spec = await readSweepSpec(text, "depths.yaml", undefined);
  const { seeds, ...fields } = parse(text) as { seeds: number };
  expect(spec).toMatchObject(fields);
  expect(spec.seeds).toHaveLength(seeds);
  expect(await readFile(new URL("../../../docs/sweeps.md", import.meta.url), "utf8")).toContain(
    `\`\`\`yaml\n${text}\`\`\`\n`,
  );
});
