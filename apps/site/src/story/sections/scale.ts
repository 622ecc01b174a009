// Too small, too large: what a standard deviation does to a deep network.
// Source: papers-and-ux.md section 3, T1.

import { cell, make, power } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function tooSmall(): Promise<Section> {
  const { html, answer } = await make({
    task: "signal",
    hash: "act=tanh&init=random_normal(stddev%3D0.01)",
    show: ["profile"],
    fields: ["depth", "init"],
    caption: "Mean square by layer: 30 layers of 64 tanh units. Dots are measured, dashes are theory.",
  });
  const left = cell(answer.profiles, "profile", "forward", 2);
  return {
    id: "too-small",
    title: "Too small: silence",
    html: `<p>So the weights are random. How large? For years the usual answer was a small number that somebody had once used, 0.01
say. In a network of two or three layers that works. Watch what it does to thirty.</p>
<p>Every unit adds up as many products as it has inputs; that number is its <em>fan-in</em>, and this site is named for it. With 64
inputs and a standard deviation of 0.01, the variance of the sum is 64 × 0.0001 times that of the inputs, which is 0.6 %.
One layer keeps 0.6 %, two keep 0.6 % of 0.6 %. Where the line ends, a mean square of ${power(left)} is left of a signal that
began near 1. The output no longer depends on the input in any way that training could use, and on the way back the gradient
meets the same fate.</p>
${html}
<p>Two lines are drawn. <em>Forward</em> is the mean square of what the units of each layer receive. <em>Gradient</em> is the mean
square of the gradient that comes down to them from the output. In a healthy network both stay level. Here each falls from the end
at which it enters. Take a few layers away: at three the network could still be saved by patience, at ten it could not.</p>`,
  };
}

export async function tooLarge(): Promise<Section> {
  const relu = await make({
    task: "signal",
    hash: "init=random_normal(stddev%3D1)",
    show: ["profile"],
    fields: ["depth", "width"],
    caption: "Mean square by layer: 30 layers of 64 ReLU units, weights of standard deviation 1.",
  });
  const tanh = await make({
    task: "signal",
    hash: "act=tanh&init=random_normal(stddev%3D1)",
    show: ["strip"],
    fields: ["init", "depth"],
    caption: "What the units put out, layer by layer: weights of standard deviation 1 with tanh. Bright is many.",
  });
  const saturated = cell(tanh.answer.strips, "strip random_normal(stddev=1)", "saturated share");
  return {
    id: "too-large",
    title: "Too large: noise",
    html: `<p>The other mistake is as easy. With a standard deviation of 1 each layer multiplies the mean square by 32: there are 64
inputs, and ReLU keeps half. After thirty layers that makes ${power(cell(relu.answer.profiles, "profile", "forward", 2))}. The first
batch produces a loss with dozens of digits, the first gradient throws the weights somewhere far away, and soon after somebody finds
a column of NaN in a log.</p>
${relu.html}
<p>A network of tanh units cannot blow up, since nothing that leaves a unit is larger than 1. It saturates instead.
${(100 * saturated).toFixed(0)} % of the values in its last hidden layer lie beyond 97 % of the range, at −1 or at 1, where the curve
is flat. A flat curve has no slope, and without a slope no gradient passes. The figure shows where the values are:
nearly everything sits at the two ends, in every layer. Choose <code>glorot_uniform</code> in its list, and the values come back
to where tanh is alive.</p>
${tanh.html}`,
  };
}
