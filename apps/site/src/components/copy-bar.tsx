// The same view in three forms: a link, a command that gives the same numbers, a config.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { announcement, linkOf, state } from "../state/state.ts";

/** The words of a command, each of which stays on its line; the text is the command still. */
function words(command: string): (VNode | string)[] {
  return command.split(/(\s+)/).map((part, i) => (i % 2 === 1 ? part : <span key={i}>{part}</span>));
}

/** Three buttons, and the command itself to read. */
export function CopyBar({ command, config }: { readonly command: string; readonly config: unknown }): VNode {
  const [copied, setCopied] = useState("");
  const copy = async (name: string, text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(name);
      announcement.value = `Copied the ${name}.`;
    } catch {
      setCopied("");
      announcement.value = `The browser does not allow copying; the ${name} can be selected on the page.`;
    }
  };
  const forms = {
    link: () => linkOf(state.value),
    command: () => command,
    config: () => JSON.stringify(config, null, 2),
  };
  return (
    <div class="copy-bar">
      <code class="command">{words(command)}</code>
      <div class="buttons">
        {Object.entries(forms).map(([name, text]) => (
          <button type="button" key={name} onClick={() => copy(name, text())}>
            {copied === name ? `Copied ${name}` : `Copy ${name}`}
          </button>
        ))}
      </div>
    </div>
  );
}
