import { expect, test } from "vitest";
import { hostileStrings, parseMarkup } from "../test/parse-markup.ts";
import { escapeMarkup } from "./escape-markup.ts";

test.each(hostileStrings)("escapeMarkup makes %j inert in text and attributes", (text) => {
  const escaped = escapeMarkup(text);
  const parsed = parseMarkup(`<p title="${escaped}">${escaped}</p>`);
  expect(parsed.elements.map(({ name }) => name)).toEqual(["p"]);
  expect([...(parsed.elements[0]?.attributes.keys() ?? [])]).toEqual(["title"]);
  expect(parsed.elements[0]?.attributes.get("title")).toBe(parsed.text);
});

test("escapeMarkup replaces characters that XML forbids and bidirectional overrides, and keeps the rest", () => {
  expect(escapeMarkup("a\u0000b\u001fc\u007fd\ud800e\uffffg\u202eh")).toBe(
    "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdg\ufffdh",
  );
  expect(escapeMarkup("tab\tline\nσ² – 重み 🧠")).toBe("tab\tline\nσ² – 重み 🧠");
});
