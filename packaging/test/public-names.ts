// Every public name of the libraries, with its docstring: read from the sources by the TypeScript compiler.

import { join } from "node:path";
import ts from "typescript";
import type { Example } from "./example.ts";
import { published, root } from "./published.ts";

/** One exported name of one entry. */
export interface PublicName {
  readonly entry: string;
  readonly name: string;
  readonly documentation: string;
  /** Whether it is a function or a class: it must then have an example. */
  readonly callable: boolean;
  readonly examples: readonly string[];
}

/** The entries, `@fanin/core/jax` for instance, and their source files. */
export function sourceEntries(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { folder, manifest } of published) {
    for (const [path, target] of Object.entries(manifest.exports ?? {})) {
      const source = (target as Record<string, string>)["@fanin/source"];
      if (source) found.set(`${manifest.name}${path.slice(1)}`, join(root, folder, source));
    }
  }
  return found;
}

/** The public names of all entries. */
export function publicNames(): PublicName[] {
  const entries = sourceEntries();
  const program = ts.createProgram([...entries.values()], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["@fanin/source"],
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  return [...entries].flatMap(([entry, file]) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) return [];
    return checker.getExportsOfModule(module).map((exported): PublicName => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const { valueDeclaration } = symbol;
      const type = valueDeclaration && checker.getTypeOfSymbolAtLocation(symbol, valueDeclaration);
      const isModule = (symbol.flags & ts.SymbolFlags.ValueModule) !== 0;
      return {
        entry,
        name: exported.name,
        // A file that is exported whole has its header instead of a docstring.
        documentation: isModule
          ? (symbol.declarations?.[0]?.getSourceFile().text.split("\n")[0] ?? "")
          : ts.displayPartsToString(symbol.getDocumentationComment(checker)),
        callable: (symbol.flags & ts.SymbolFlags.Class) !== 0 || (type ? type.getCallSignatures().length > 0 : false),
        examples: symbol
          .getJsDocTags(checker)
          .filter((tag) => tag.name === "example")
          .map((tag) => ts.displayPartsToString(tag.text)),
      };
    });
  });
}

const declares = (code: string, name: string): boolean =>
  new RegExp(`(const|let|function|class|import[^;]*[{,\\s*])\\s*(\\{[^}]*\\b|\\[[^\\]]*\\b)?${name}\\b[^;]*[=(;]`).test(
    code,
  );

/** The examples of the public names as modules: what they use of their entry is imported, as a reader would. */
export function docstringExamples(names: readonly PublicName[]): Example[] {
  return names.flatMap(({ entry, name, examples }) =>
    examples.map((text) => {
      const code = text.replace(/^```\w*\n|\n```$/g, "");
      const own = names.filter((other) => other.entry === entry).map((other) => other.name);
      const used = own.filter(
        (other) =>
          new RegExp(`(?<![.\\w"'/-])${other}\\b(?!["':/])`).test(code.replace(/\/\/.*$/gm, "")) &&
          !declares(code, other),
      );
      const imports = used.length > 0 ? `import { ${[...new Set(used)].join(", ")} } from "${entry}";\n` : "";
      return { place: `${entry} ${name}`, code: imports + code };
    }),
  );
}
