// Compiles the kernels: AssemblyScript -> WebAssembly -> TypeScript files with the bytes and their types.
// Source: asc's options of AssemblyScript 0.28; sources.mjs writes the generated part of the sources.
// @ts-check

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import asc from "assemblyscript/asc";
import binaryen from "binaryen";
import { poolConstants } from "./constant-pool.mjs";
import { staleSources } from "./sources.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const LARGEST_GZIP = 60_000;
/** Functions of the networks' binaries that are hot loops: asc must inline every function that they call. */
const NETWORK_LEAVES = [
  "generated/panels-f32/packedPanel4x8",
  "generated/panels-f32/stridedPanel4x8",
  "gemm/gemm-f32-8x4/microkernel8x4",
  "gemm/gemm-thin-f32/dots",
  "generated/elementwise-f32/exp_f32",
  "generated/elementwise-f32/relu_f32",
];
const STREAM_LEAVES = ["fill/box-muller/boxMullerLanes"];

/**
 * The binaries, all from one source. The two deterministic halves share a memory: the static data of the second is above that of the
 * first. `kernels` is both in one file, and `kernels-dense` the part that dense networks need; these two are not embedded.
 * `kernels-relaxed` is the networks' half with fused multiply-adds.
 * @typedef {{ name: string, entry: string, type?: string, features: string[], leaves: string[], above?: string }} Binary
 * @type {Binary[]}
 */
const BINARIES = [
  { name: "kernels-streams", entry: "streams", type: "StreamKernels", features: ["simd"], leaves: STREAM_LEAVES },
  {
    name: "kernels-network",
    entry: "network",
    type: "NetworkKernels",
    features: ["simd"],
    leaves: NETWORK_LEAVES,
    above: "kernels-streams",
  },
  { name: "kernels-dense", entry: "dense", type: "DenseKernels", features: ["simd"], leaves: STREAM_LEAVES },
  { name: "kernels", entry: "index", features: ["simd"], leaves: [...NETWORK_LEAVES, ...STREAM_LEAVES] },
  {
    name: "kernels-relaxed",
    entry: "network",
    features: ["simd", "relaxed-simd"],
    leaves: [...NETWORK_LEAVES, "generated/panels-f32/packedPanel6x8"],
  },
];

const { MutableGlobals, NontrappingFPToInt, BulkMemory, BulkMemoryOpt, SignExt, SIMD128, RelaxedSIMD } =
  binaryen.Features;
/** The features that asc always compiles for. */
const BASE_FEATURES = MutableGlobals | NontrappingFPToInt | BulkMemory | BulkMemoryOpt | SignExt | SIMD128;

/** @param {string} name */
const bytesOf = (name) => readFileSync(join(root, `dist/${name}.wasm`));

/**
 * Where the static data of a binary ends.
 * @param {string} name
 */
function heapBase(name) {
  const env = { memory: new WebAssembly.Memory({ initial: 16 }) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOf(name)), { env });
  return Math.ceil(/** @type {() => number} */ (exports["heap_base"])() / 16) * 16;
}

/** @param {Binary} binary */
async function compile({ name, entry, features, above }) {
  // Silenced: v128 in signatures between modules of this build, and usize as u32, which wasm32 makes the same.
  const silenced = ["112", "201"].flatMap((code) => ["--disableWarning", code]);
  const options = "-O3 --converge --runtime stub --importMemory --noExportMemory --noAssert --use abort=";
  const { error, stderr } = await asc.main([
    join(root, `assembly/${entry}.ts`),
    ...options.split(" "),
    ...silenced,
    ...features.flatMap((feature) => ["--enable", feature]),
    ...(above ? ["--memoryBase", String(heapBase(above))] : []),
    ...["--bindings", "raw"],
    ...["--outFile", join(root, `dist/${name}.wasm`), "--textFile", join(root, `build/${name}.wat`)],
  ]);
  if (error) throw new Error(`asc failed\n${stderr.toString()}`);
  if (stderr.toString().includes("WARNING")) console.warn(stderr.toString());
  const pooled = poolConstants(
    readFileSync(join(root, `build/${name}.wat`), "utf8"),
    BASE_FEATURES | (features.includes("relaxed-simd") ? RelaxedSIMD : 0),
  );
  writeFileSync(join(root, `dist/${name}.wasm`), pooled.bytes);
  writeFileSync(join(root, `build/${name}.wat`), pooled.text);
  for (const extension of ["js", "d.ts"]) {
    renameSync(join(root, `dist/${name}.${extension}`), join(root, `build/${name}.${extension}`));
  }
}

/** @param {Binary} binary */
function expectInlined({ name, leaves }) {
  const functions = readFileSync(join(root, `build/${name}.wat`), "utf8").split("\n (func ");
  for (const leaf of leaves) {
    const text = functions.find((body) => body.startsWith(`$assembly/${leaf} `));
    if (!text) throw new Error(`${leaf}: expected a function of ${name}.wat, found none`);
    if (text.includes("(call ") || /^ *call /m.test(text)) throw new Error(`${leaf}: a call is left in its loop`);
  }
}

/**
 * The exported functions of a binary as the members of an interface.
 * @param {Binary} binary
 */
function kernelTypes({ name, type }) {
  const declarations = readFileSync(join(root, `build/${name}.d.ts`), "utf8");
  const body = declarations.slice(declarations.indexOf("{") + 1, declarations.indexOf("\n}"));
  const members = body
    .replace(/^ {2}\/\*\*[\s\S]*?\*\/\n/gm, "")
    .replace(/export function (\w+)/g, "readonly $1: ")
    .replace(/\): (\w+);/g, ") => $1;");
  return `/** The kernels of ${name}.wasm; pointers are byte offsets into the imported memory. */\nexport interface ${type} {${members}\n}\n`;
}

/**
 * @param {string} file
 * @param {string} body
 */
function writeModule(file, body) {
  writeFileSync(
    join(root, `src/generated/${file}.ts`),
    `// Generated by scripts/generate.mjs from assembly/.\n\n${body}`,
  );
}

/**
 * Writes `version` into every binary, as the custom section that src/expect-module.ts reads; "relaxed" follows in the relaxed one.
 * @param {string} version
 */
function mark(version) {
  for (const { name, features } of BINARIES) {
    const kind = features.includes("relaxed-simd") ? " relaxed" : "";
    const section = Buffer.from(`\u0005fanin${version}${kind}`, "latin1");
    const marked = Buffer.concat([bytesOf(name), Uint8Array.of(0, section.length), section]);
    writeFileSync(join(root, `dist/${name}.wasm`), marked);
  }
}

/** The exported functions of a binary. @param {Binary} binary */
const namesOf = ({ name }) =>
  [...readFileSync(join(root, `build/${name}.d.ts`), "utf8").matchAll(/^ {2}export function (\w+)/gm)].map(
    (match) => match[1] ?? "",
  );

/** @param {string} version */
function embed(version) {
  const typed = BINARIES.filter(({ type }) => type);
  const both =
    "/** Every deterministic kernel. */\nexport interface Kernels extends StreamKernels, NetworkKernels {}\n";
  writeModule("kernels-type", [...typed.map(kernelTypes), both].join("\n"));
  /** @type {Record<string, number>} */
  const zipped = {};
  for (const binary of BINARIES) {
    const { name } = binary;
    expectInlined(binary);
    const bytes = bytesOf(name);
    zipped[name] = gzipSync(bytes, { level: 9 }).length;
    console.log(`${name}.wasm ${bytes.length} bytes, ${zipped[name]} gzipped`);
    if (name === "kernels" || name === "kernels-dense") continue;
    writeModule(`${name}-base64`, `export const base64: string =\n  "${bytes.toString("base64")}";\n`);
  }
  writeModule(
    "heap-base",
    `/** Where memory is free for the caller when both deterministic binaries are on it. */\nexport const HEAP_BASE: number = ${heapBase("kernels-network")};\n`,
  );
  const names = typed.map(
    (binary) => `export const ${binary.entry}KernelNames: string =\n  "${namesOf(binary).join(" ")}";\n`,
  );
  writeModule("kernel-names", names.join("\n"));
  writeModule(
    "kernels-version",
    `/** The start of the SHA-256 of all binaries, which each of them holds. */\nexport const KERNELS_VERSION: string = "${version}";\n`,
  );
  const sum = (zipped["kernels"] ?? 0) + (zipped["kernels-relaxed"] ?? 0);
  if (sum > LARGEST_GZIP) throw new Error(`the kernels are ${sum} bytes gzipped; the budget is ${LARGEST_GZIP}`);
}

const stale = staleSources();
if (stale.length > 0) {
  throw new Error(
    `assembly/generated: ${stale.join(", ")} differ from what scripts/sources.mjs writes; run it and commit the result`,
  );
}
mkdirSync(join(root, "dist"), { recursive: true });
for (const folder of ["build", "src/generated"]) {
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder));
}
for (const binary of BINARIES) await compile(binary);
const hash = createHash("sha256");
for (const { name } of BINARIES) hash.update(bytesOf(name));
const version = hash.digest("hex").slice(0, 16);
mark(version);
embed(version);
