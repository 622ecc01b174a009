// `fanin explain`: explains the code of a finding, or answers a common question.

import { type CodeExplanation, codes, explainCode, findTopics, type TopicName, topics } from "@fanin/lab";
import { suggestion } from "@fanin/tensor/arguments";
import type { Command, Invocation } from "../command.ts";
import { type ExitCode, exitCodes, usageError } from "../exit-codes.ts";

export const explainCommand: Command = {
  summary: "Explain the code of a finding (cause, symptoms, fix), or answer a common question.",
  usage: "[<code>|<topic>|all] [options]",
  examples: ["fanin explain", "fanin explain E201", "fanin explain xavier or he", "fanin explain all"],
  positionals: ["[topic...]"],
  choices: { topic: [...Object.keys(codes), ...Object.keys(topics), "all"] },
  options: {},
  run,
};

function text(code: string, { title, severity, why, recognise, fix, fixTrained, paper }: CodeExplanation): string {
  const lines = [
    `${code} ${title} (${severity})`,
    `  why        ${why}`,
    `  recognise  ${recognise}`,
    `  fix        ${fix}`,
    ...(paper === null ? [] : [`  paper      ${paper}`]),
    ...(fixTrained === null ? [] : [`  trained    ${fixTrained}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Formats an answer: a sentence, commands that show it, and related codes. */
function topicText(name: TopicName): string {
  const { question, answer, codes: found, commands } = topics[name];
  const [first = "", ...others] = commands;
  const titles = found.map((code) => `${code} ${codes[code].title}`).join(", ");
  const lines = [
    `${name}: ${question}`,
    `  answer  ${answer}`,
    `  try     ${first}`,
    ...others.map((command) => `          ${command}`),
    `  codes   ${titles}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Lists every topic and code, one per line. */
function contents(): string {
  const names = Object.keys(topics) as TopicName[];
  const width = Math.max(...names.map((name) => name.length));
  return [
    ...names.map((name) => `${name.padEnd(width)}  ${topics[name].question}`),
    "",
    ...Object.entries(codes).map(([code, { title }]) => `${code.padEnd(width)}  ${title}`),
    "",
    "fanin explain TOPIC|CODE explains one; fanin explain all explains everything.",
    "",
  ].join("\n");
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { positionals, stdout } = invocation;
  const given = positionals.join(" ");
  const isAll = given === "all";
  const code = Object.keys(codes).find((candidate) => candidate === given.toUpperCase());
  const names = isAll || given === "" ? (Object.keys(topics) as TopicName[]) : code ? [] : findTopics(positionals);
  if (given !== "" && !isAll && !code && names.length === 0) {
    const known = [...Object.keys(topics), ...Object.keys(codes)];
    // Codes are upper case, topics lower case.
    const hint = suggestion(given.toUpperCase(), known) || suggestion(given.toLowerCase(), known);
    throw usageError(`topic: expected one of ${known.join(", ")}, or all; got ${JSON.stringify(given)}${hint}`);
  }
  const found = (isAll || given === "" ? Object.keys(codes) : code ? [code] : []).flatMap((name) => {
    const explanation = explainCode(name);
    return explanation ? [{ code: name, ...explanation }] : [];
  });
  if (invocation.isSet("json")) {
    const asked = names.map((name) => {
      const { question, answer, codes: about, commands } = topics[name];
      return { name, question, answer, codes: about, commands };
    });
    stdout.write(`${JSON.stringify({ schemaVersion: 1, topics: asked, codes: found })}\n`);
  } else if (given === "") stdout.write(contents());
  else {
    const parts = [...names.map(topicText), ...found.map(({ code: name, ...explanation }) => text(name, explanation))];
    stdout.write(parts.join("\n"));
  }
  return exitCodes.fine;
}
