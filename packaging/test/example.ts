// Examples as strangers would paste them: typechecked together against the builds, each run as a module of its own.
// `expression; // => text` must inspect as the text says.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import ts from "typescript";

/** One example: where it stands, and its code. */
export interface Example {
  readonly place: string;
  readonly code: string;
}

// Of this process: several test files run examples at the same time.
const folder = fileURLToPath(new URL(`../build/examples/${process.pid}-${Date.now().toString(36)}/`, import.meta.url));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const CHECK = "__expectInspected";

/** What an example's statements were seen to give; null where it has said the truth. */
const globals = globalThis as typeof globalThis & Record<string, unknown>;

/** The value as `// =>` comments write it: on one line, however long. */
export function inspected(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, compact: true, depth: 4, maxArrayLength: 8 });
}

globals[CHECK] = (value: unknown, text: string): void => {
  const got = inspected(value);
  if (got !== text) throw new Error(`expected // => ${text}, got ${got}`);
};

/** Statements that a `// =>` follows become checks; the others stay as they are. */
function withChecks(code: string): string {
  const source = ts.createSourceFile("example.ts", code, ts.ScriptTarget.ES2022, true);
  let out = "";
  let at = 0;
  for (const statement of source.statements) {
    const [, text] = /^[ \t]*\/\/ => (.*)/.exec(code.slice(statement.end)) ?? [];
    if (text === undefined || !ts.isExpressionStatement(statement)) continue;
    const { expression } = statement;
    out += `${code.slice(at, expression.getStart())}${CHECK}(${code.slice(expression.getStart(), expression.end)}, ${JSON.stringify(text.trim())});`;
    at = statement.end;
  }
  return out + code.slice(at);
}

const fileOf = (index: number): string => join(folder, `example-${index}.ts`);

/** What TypeScript has against them, each as "place: message". */
export function typeErrors(examples: readonly Example[]): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  examples.forEach(({ code }, i) => {
    writeFileSync(fileOf(i), `${code}\nexport {};\n`);
  });
  const program = ts.createProgram(
    examples.map((_, i) => fileOf(i)),
    {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText, start }) => {
    const index = Number(/example-(\d+)\.ts$/.exec(file?.fileName ?? "")?.[1] ?? -1);
    const line = file && start !== undefined ? file.text.slice(start).split("\n")[0] : "";
    return `${examples[index]?.place}: ${ts.flattenDiagnosticMessageText(messageText, " ")} (at: ${line})`;
  });
}

/** Runs an example; rejects where it throws or a `// =>` lies. `configure` wants a realm in which nothing was computed. */
export async function run({ code }: Example, index: number): Promise<void> {
  const { outputText } = ts.transpileModule(withChecks(code), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const file = fileOf(index).replace(/ts$/, "mjs");
  mkdirSync(dirname(file), { recursive: true });
  if (!/\bconfigure\(/.test(code)) {
    writeFileSync(file, outputText);
    await import(/* @vite-ignore */ pathToFileURL(file).href);
    return;
  }
  const check = `const { inspect } = await import("node:util");
globalThis.${CHECK} = (value, text) => { if (inspect(value) !== text) throw new Error("expected // => " + text + ", got " + inspect(value)); };`;
  const imports = outputText.split("\n").filter((line) => line.startsWith("import "));
  const rest = outputText.split("\n").filter((line) => !line.startsWith("import "));
  writeFileSync(file, [...imports, check, ...rest].join("\n"));
  await new Promise<void>((resolve, reject) => {
    const worker = new Worker(file);
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
