// Makes the `fanin` commands that give the numbers of a state in a terminal.

import { textFromLayers } from "./layers-text.ts";
import { SIGNAL_BATCH } from "./signal-batch.ts";
import { defaultState, type SiteState } from "./url-state.ts";

/** Quotes a word for a shell. */
function word(text: string): string {
  return /^[\w./,:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function flag(name: string, value: string | number): string {
  return `--${name} ${word(String(value))}`;
}

function streamFlag({ stream }: SiteState): string[] {
  return stream === defaultState.stream ? [] : [flag("stream", stream)];
}

/** Makes one `fanin diagnose` per initializer. */
export function diagnoseCommand(state: SiteState, most: number): string {
  const { net, act, init, seed, bias, input } = state;
  return init
    .slice(0, most)
    .map((name) =>
      [
        "fanin diagnose",
        flag("layers", textFromLayers(net)),
        flag("activation", act),
        flag("init", name),
        ...(bias > 0 ? [flag("bias-std", bias)] : []),
        ...(input === 1 ? [] : [flag("input-std", input)]),
        flag("batch", SIGNAL_BATCH),
        flag("seed", seed),
        ...streamFlag(state),
      ].join(" "),
    )
    .join("\n");
}

/** Makes `fanin sample` for the tensor of the Code view. */
export function sampleCommand(state: SiteState): string {
  const { draw, shape, seed } = state;
  return [`fanin sample ${word(draw)} ${shape.join("x")}`, flag("seed", seed), ...streamFlag(state), "--json"].join(
    " ",
  );
}

/** Makes `fanin compare` for the race; `data` is `procedural`, or a placeholder for the folder of the files. */
export function compareCommand(state: SiteState, data: string): string {
  const { net, act, init, seed, seeds, opt, lr, batch, epochs } = state;
  return [
    `fanin compare --data ${data}`,
    flag("layers", textFromLayers(net)),
    flag("activation", act),
    flag("init", init.join(",")),
    flag("seeds", seeds),
    flag("seed", seed),
    flag("optimizer", opt),
    flag("lr", lr),
    flag("batch", batch),
    flag("epochs", epochs),
    ...streamFlag(state),
  ].join(" ");
}

/** Makes `fanin recommend` for the network. */
export function recommendCommand({ net, act }: SiteState): string {
  return `fanin recommend ${flag("activation", act)} ${flag("layers", textFromLayers(net))}`;
}

/** Makes `fanin diagnose` for a network at the point of the phase diagram; its `field` has the numbers of the point. */
export function phaseCommand({ net, act, sw, sb, seed }: SiteState): string {
  const width = net[1] ?? 64;
  return [
    `fanin diagnose --layers ${width}x${Math.max(2, net.length - 1)},10`,
    flag("activation", act),
    flag("init", `random_normal(stddev=${Number(Math.sqrt(sw / width).toPrecision(9))})`),
    flag("bias-std", Number(Math.sqrt(sb).toPrecision(9))),
    flag("seed", seed),
    "--json",
  ].join(" ");
}
