// The state as commands of `fanin`: what "copy command" gives, and what gives the same numbers in a terminal.

import { textFromLayers } from "./layers-text.ts";
import { SIGNAL_BATCH } from "./signal-batch.ts";
import { defaultState, type SiteState } from "./url-state.ts";

/** A word as a shell takes it. */
function word(text: string): string {
  return /^[\w./,:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function flag(name: string, value: string | number): string {
  return `--${name} ${word(String(value))}`;
}

function streamFlag({ stream }: SiteState): string[] {
  return stream === defaultState.stream ? [] : [flag("stream", stream)];
}

/** One `fanin diagnose` an initializer. */
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

/** `fanin sample` for the tensor of the Code view. */
export function sampleCommand(state: SiteState): string {
  const { draw, shape, seed } = state;
  return [`fanin sample ${word(draw)} ${shape.join("x")}`, flag("seed", seed), ...streamFlag(state), "--json"].join(
    " ",
  );
}

/** `fanin compare` for the race; `data` is `procedural`, or stands for the folder that has the files. */
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

/** `fanin recommend` for the network. */
export function recommendCommand({ net, act }: SiteState): string {
  return `fanin recommend ${flag("activation", act)} ${flag("layers", textFromLayers(net))}`;
}

/** `fanin diagnose` for a network whose start is the point of the phase diagram; its `field` has the point's numbers. */
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
