// The rule of the fan-in, and the factor of two between Glorot and He.
// Source: Glorot and Bengio 2010; He et al. 2015; papers-and-ux.md section 3, T1 and T5.

import { cell, make, power } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function rule(): Promise<Section> {
  const { html } = await make({
    task: "signal",
    hash: "act=linear&init=lecun_normal",
    show: ["profile"],
    fields: ["width", "init"],
    caption: "A linear network: 30 layers of 64 units without any activation function.",
  });
  return {
    id: "rule",
    title: "One line of algebra",
    html: `<p>Between silence and noise there must be a scale that keeps the signal as it is, and one line finds it. A unit
computes z = w₁x₁ + … + wₙxₙ. If the weights are independent of the inputs and of each other, with mean 0 and variance V, then the
mean square of z is <strong>n · V</strong> times the mean square of x. It stays the same from layer to layer exactly when V = 1/n.
This is LeCun's rule: a variance of one over the fan-in.</p>
<p>Now the way back. A unit's output goes to all units of the layer above, and its gradient is the sum of what they return. How many
they are is its <em>fan-out</em>, m, and the same line says that gradients keep their size when V = 1/m. Both cannot hold unless
the layers are equally wide. Glorot and Bengio (2010) took the middle, <strong>V = 2 / (n + m)</strong>, which is what Keras has used
for its layers ever since. Whether the numbers are drawn from a normal or from a uniform distribution matters little. A uniform one on
±√(3V) has the variance V, which is where the odd-looking square roots in the documentation come from.</p>
${html}
<p>Without activation functions the rule is all there is, and any width does: both lines stay inside the band. Choose
<code>he_normal</code>, whose variance is twice as large, and see how much twice is when it is taken thirty times.</p>`,
  };
}

export async function glorotOrHe(): Promise<Section> {
  const { html, answer } = await make({
    task: "signal",
    hash: "init=glorot_uniform,he_normal",
    show: ["forward", "gradient"],
    fields: ["depth", "act"],
    caption: "30 layers of 64 ReLU units. The bands are where 95 % of networks of this width fall.",
  });
  const last = (name: string): string => power(cell(answer.profiles, "forward", name, 2));
  return {
    id: "glorot-or-he",
    title: "Glorot or He: a factor of two, thirty times",
    html: `<p>Activation functions take something away. For an input that is as often negative as positive, ReLU sets half of the
values to 0 and with them half of the mean square. He and others (2015) put it back: <strong>V = 2 / n</strong>. The whole
difference between the two famous initializers is that factor of two (and for layers of unequal width, the n + m).</p>
${html}
<p>A factor of two is nothing in one layer. In thirty it is the difference between ${last("glorot_uniform")} and
${last("he_normal")}. He's paper has the numbers of a real case: in one of its convolutional networks, a fixed standard deviation of 0.01
shrinks the gradient 17,000 times more than theirs between the tenth layer and the second; and networks of thirty layers, which Glorot's rule could
not start, were trained.</p>
<p>Every activation function has such a number, its <em>gain</em>. Switch the figure to tanh: near 0 it is almost the identity,
so that Glorot's rule nearly suits it and He's is a little too much. Switch to sigmoid, and the forward line looks
calm while the gradient falls off a cliff: its slope is at most a quarter. Keeping the signal is not the same as keeping the gradient.
For ReLU one number happens to do both, which is a good part of why deep learning settled on it.</p>`,
  };
}
