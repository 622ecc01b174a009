// Finds the formulas of a file of assembly/: the functions that it exports, with their parameters, re-exports followed.
// Source: the TypeScript compiler's parser, whose syntax AssemblyScript shares.
// @ts-check

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** @typedef {{ name: string, parameters: { name: string, type: string }[] }} Formula */

/** @param {ts.Node} node */
const isExported = (node) =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/**
 * The functions that the file at `path` exports and that return a v128, in the file's order.
 * @param {string} path
 * @returns {Formula[]}
 */
export function formulasOf(path) {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement) && isExported(statement) && statement.type?.getText(source) === "v128") {
      const parameters = statement.parameters.map((each) => ({
        name: each.name.getText(source),
        type: each.type?.getText(source) ?? "",
      }));
      return [{ name: statement.name?.text ?? "", parameters }];
    }
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) return [];
    if (!ts.isNamedExports(statement.exportClause)) throw new Error(`${path}: expected re-exports by name`);
    const specifier = /** @type {ts.StringLiteral} */ (statement.moduleSpecifier).text;
    const origin = formulasOf(join(dirname(path), `${specifier}.ts`));
    return statement.exportClause.elements.map(({ name }) => {
      const formula = origin.find((each) => each.name === name.text);
      if (!formula) throw new Error(`${path}: expected ${specifier} to export a formula ${name.text}`);
      return formula;
    });
  });
}
