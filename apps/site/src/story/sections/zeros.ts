// All zeros: why weights must differ.
// Source: papers-and-ux.md section 3, T14.

import { cell, make } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function zeros(): Promise<Section> {
  const { html, answer } = await make({
    task: "race",
    hash: "net=784,128,10&init=zeros,he_normal&seeds=1&epochs=5&lr=0.05",
    show: ["loss"],
    fields: ["init", "lr", "train"],
    caption: "Training loss of 784-128-10 with ReLU: SGD, batches of 32, five epochs of 4,000 drawn images of clothes.",
  });
  const loss = (name: string): string => cell([answer.loss], "loss", name).toFixed(2);
  const right = (name: string): string => (100 * cell([answer.accuracy], "accuracy", name)).toFixed(0);
  return {
    id: "zeros",
    title: "All zeros: a layer worth one unit",
    html: `<p>The simplest start is none at all: every weight 0. It looks harmless. A linear regression may begin there, and so may
the last layer of a network. A hidden layer may not. If all its units hold the same weights, they compute the same number from
every input; if they compute the same number, they get the same gradient; and if they get the same gradient, the next step
leaves them the same again. The layer has 128 units and is worth one, for ever. With zeros and ReLU it is worse still: the units
put out 0, and the layer above has nothing to work with.</p>
<p>This is called <em>symmetry</em>, and random numbers are there to break it. Nothing more is asked of the randomness: units must
be told apart, that is all. It is also why biases can begin at 0 in peace. Once the weights differ, the units do.</p>
${html}
<p>After five epochs the network that began with zeros has a loss of ${loss("zeros")}, where guessing among ten classes gives
${Math.log(10).toFixed(2)}, and gets ${right("zeros")} % of the test images right. The one that began with random weights is at
${loss("he_normal")} and ${right("he_normal")} %. Try <code>constant(value=0.1)</code> in place of zeros: another
constant may learn a little, as much as one unit can. It never learns what 128 can.</p>`,
  };
}
