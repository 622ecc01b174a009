// Reads the YAML of a specification with bounds on length, tokens, nesting and aliases; a set compares keys.
// Source: YAML 1.2 (npm yaml). Its composer takes quadratic time in nested keys and in the keys of one map.

import { textLimits } from "@fanin/formats";
import type { Document } from "yaml";

const { yamlCharacters, yamlTokens, yamlDepth, yamlAliases } = textLimits;

/** The place of a character, such as `line 3, column 5`. */
function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  return `line ${before.split("\n").length}, column ${at - lineStart + 1}`;
}

/**
 * The value of a YAML document.
 *
 * @throws SyntaxError for text that is not YAML, RangeError for text beyond a bound of `textLimits`; both give the place.
 */
export async function boundedYaml(text: string): Promise<unknown> {
  if (text.length > yamlCharacters) {
    throw new RangeError(`expected at most ${yamlCharacters} characters, got ${text.length}`);
  }
  const { Lexer, Parser, parseDocument, visit, isScalar } = await import("yaml");
  const parser = new Parser();
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++tokens > yamlTokens) throw new RangeError(`expected at most ${yamlTokens} tokens, got more`);
    // Iterated for its stack, whose length is the nesting.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > yamlDepth) {
      throw new RangeError(`expected nesting of at most ${yamlDepth}, got more at ${placeOf(text, parser.offset)}`);
    }
  }
  // Its own error messages quote lines, which is slow for one long line; its own comparison of keys is slow too.
  const document: Document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new SyntaxError(`${problem.message} at ${placeOf(text, problem.pos[0])}`);
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          throw new SyntaxError(`Map keys must be unique at ${placeOf(text, key.range?.[0] ?? 0)}`);
        }
        keys.add(key.value);
      }
    },
  });
  return document.toJS({ maxAliasCount: yamlAliases }) as unknown;
}
