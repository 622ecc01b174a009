// Buttons to copy a view as a link, as a command that gives the same numbers, or as a config.

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { announcement, linkOf, state } from "../state/state.ts";

/** Renders a command whose words do not break across lines. */
function words(command: string): (VNode | string)[] {
  return command.split(/(\s+)/).map((part, i) => (i % 2 === 1 ? part : <span key={i}>{part}</span>));
}

/** Renders three buttons and the command. */
export function CopyBar({ command, config }: { readonly command: string; readonly config: unknown }): VNode {
  const [copied, setCopied] = useState("");
  const copy = async (name: string, text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(name);
      announcement.value = `Copied the ${name}.`;
    } catch {
      setCopied("");
      announcement.value = `The browser does not allow copying; select the ${name} on the page.`;
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
