// What chance does in a network of finite width, and how far information travels.
// Source: Hanin and Rolnick 2018; Saxe et al. 2013; Poole et al. 2016; Schoenholz et al. 2017; papers-and-ux.md section 3, T1, T3, T9.

import { cell, make, power } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function chance(): Promise<Section> {
  const { html, answer } = await make({
    task: "signal",
    hash: "net=784,64x60,10&init=he_normal,orthogonal(gain%3D1.414)",
    show: ["forward"],
    fields: ["seed", "width"],
    caption: "60 layers of ReLU units, two starts of the same variance.",
  });
  const last = (name: string): string => power(cell(answer.profiles, "forward", name, 2));
  return {
    id: "chance",
    title: "Luck: no network is infinitely wide",
    html: `<p>The rules speak of variances, and a variance is an average over many networks. You have one. In it, by chance, one
layer shrinks the signal a little, and another makes it grow. Those factors multiply, so that their logarithms perform a random walk
from layer to layer. For He's start the logarithm of the mean square has a variance of about <strong>5 · depth / width</strong>. Sixty
layers of 64 units: 4.7. To draw a network an order of magnitude away from where theory puts it is nothing unusual.</p>
<p>The band in these figures is that law. Dots inside it are no sign of a fault, whatever their slope, and a good tool has to
know this before it raises an alarm. Press the button a few times, or make the layers wider and see the luck go out of it.</p>
${html}
<p>An <em>orthogonal</em> matrix takes a good part of the luck away (Saxe and others, 2013). It turns its input and stretches it in no
direction: all its singular values are equal, where those of a Gaussian matrix of the same variance are spread from nearly 0 to twice
the mean. What is left to chance is which units ReLU switches on, and the 5 in the law becomes a 3. In the network shown first, the
last layer is at ${last("he_normal")} with Gaussian weights and at ${last("orthogonal(gain=1.414)")} with orthogonal ones. For
networks that are deep and narrow, they are what this site recommends.</p>`,
  };
}

export async function edge(): Promise<Section> {
  const { html } = await make({
    task: "phase",
    hash: "act=tanh",
    show: ["phase"],
    fields: ["act", "sw", "sb"],
    caption:
      "How many layers the correlation of two inputs survives, by the variances of weights (times fan-in) and biases.",
  });
  return {
    id: "edge",
    title: "The edge of chaos",
    html: `<p>A signal of the right size can still be an empty one. Send two different inputs through a deep tanh network and ask
how alike they are at the top. With small weights all inputs end up alike, however different they were: that is <em>order</em>.
With large weights any two are torn apart, however close they were: <em>chaos</em>. Either way the network forgets what it was shown,
and it does so exponentially, over a number of layers that can be computed. Poole, Schoenholz and their co-authors (2016, 2017) did so,
with a method that physicists call mean field.</p>
${html}
<p>Between the two runs a line, the <em>edge of chaos</em>, on which the depth scale is infinite and a squared gradient keeps its
size. They found that plain tanh networks train up to about six depth scales, and no deeper: a point in the dark of the
map means that twenty layers are too many, one near the line that two hundred are not. Move the point. Change the activation to ReLU,
and the whole line shrinks to a single spot: a weight variance of 2 and a bias variance of 0. Which is He's rule, found a second time,
from a quite different question.</p>`,
  };
}
