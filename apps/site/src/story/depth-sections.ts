// The story's second part: chance at finite width, the edge of chaos, optimizers, and what makes a start matter less.
// Source: Hanin and Rolnick 2018 for the band; Poole 2016 and Schoenholz 2017 for the map; papers-and-ux.md section 3.

import { criticalPoint, meanField, papers } from "@fanin/lab";
import { type Drawn, digits, numberOf, power, type StorySection, two } from "./story-section.ts";

const DEPTH = 60;
const WIDTH = 64;
const BLOCKS = 20;

/** Sections five to eight. */
export function depthSections({ luck, edge, sgd, adam }: Drawn): readonly StorySection[] {
  const spread = (5 * DEPTH) / WIDTH;
  const [middle, reach] = [-spread / 2, 1.96 * Math.sqrt(spread)];
  const at = (name: string): string => power(numberOf(luck.data, name, DEPTH - 1));
  const scale = (weightVariance: number): number =>
    meanField("tanh", { weightVariance, biasVariance: 0.05 }).xiC ?? Number.POSITIVE_INFINITY;
  const loss = ({ data }: Drawn["sgd"], name: string): string => two(numberOf(data, name, -1));
  const [plain, scaled] = papers.T10.run().map(({ ours }) => Math.exp(ours));
  return [
    {
      id: "luck",
      title: "Finite width: two seeds are not the same",
      text: `<p>Theory speaks of layers of infinite width. Yours are finite, and then each layer keeps the variance only on average: by
chance one shrinks the signal a little, the next grows it. Over depth these factors multiply, and their logarithms take a random walk.
For He weights and ReLU the logarithm of the variance itself varies by about 5L/n after L layers of n units, and its median sinks by half
as much. How the ratio of depth to width governs this was worked out by Hanin and Rolnick [<a href="#ref-hanin">5</a>].</p>
<p>With ${DEPTH} layers of ${WIDTH} units, 5L/n is ${digits(spread, 2)}. So 95 of 100 seeds should land between a factor of
${digits(Math.exp(middle - reach), 1)} and one of ${digits(Math.exp(middle + reach), 1)} of the variance they began with, all
drawn by the same line of code. <span class="with-script">Draw another seed a few times, then
double the width.</span></p>
${luck.html}
<p>An orthogonal matrix leaves less to chance. It turns its input without stretching it: all its singular values are equal, where
those of a Gaussian matrix spread out, so that a long product of them squeezes most directions to nothing. What is left to chance is which
units ReLU switches off. At layer ${DEPTH} the Gaussian network is at ${at("he_normal")}, the orthogonal one at
${at("orthogonal(gain=1.414)")}. That is one seed of many. Saxe, McClelland and Ganguli [<a href="#ref-saxe">6</a>] showed for deep linear networks that with orthogonal weights
learning time need not grow with depth.</p>
<p>Very narrow networks can be born dead: a ReLU layer in which no unit fires for any input passes nothing on, for ever
[<a href="#ref-lu">7</a>].</p>`,
    },
    {
      id: "edge",
      title: "How far a signal goes: the edge of chaos",
      text: `<p>Size is not everything. A network must also keep different inputs <em>different</em>. Send two of them through a deep tanh
network and follow their correlation. With small weights they become alike; this phase is called ordered. With large weights they are
torn apart however close they were; this is chaos. Poole and others [<a href="#ref-poole">8</a>] found the line between the two.</p>
<p>Away from the line, correlations settle exponentially, with a depth scale called ξ. At a bias variance of 0.05, ξ is
${digits(scale(1), 2)} layers for a weight variance of 1 (times fan-in), ${digits(scale(1.5), 3)} for 1.5 and
${digits(scale(1.7), 3)} for 1.7. At ${digits(criticalPoint("tanh", 0.05)?.weightVariance ?? Number.NaN, 4)} it is infinite, and on the far
side it falls again, to ${digits(scale(2.5), 3)} at 2.5. Schoenholz and others [<a href="#ref-schoenholz">9</a>] trained networks
over the whole map and found the limit at about six depth scales.</p>
${edge.html}
<p>The same line is where gradients keep their size. In the ordered phase they vanish, in chaos they explode. So “initialize well” has one
meaning in two directions: sit close to the edge, as close as your depth requires. A shallow network may sit almost anywhere, which is
why bad habits survive there.</p>`,
    },
    {
      id: "optimizer",
      title: "Does the optimizer forgive?",
      text: `<p>Now train. Fifteen hidden layers, two starts, the same images in the same order. With SGD, the network that began with
Glorot’s weights ends at a loss of ${loss(sgd, "glorot_uniform")}, and the one with He’s at ${loss(sgd, "he_normal")}. A step of SGD is in
proportion to the gradient, and a gradient that has shrunk through fifteen layers hardly moves anything.</p>
${sgd.html}
<p>Adam divides each gradient by a running estimate of its own size. A gradient that is tiny everywhere becomes a step of ordinary length.
With it the same two networks end at ${loss(adam, "glorot_uniform")} and ${loss(adam, "he_normal")}.</p>
${adam.html}
<p>So Adam hides a bad start; it does not undo it. A rescaled gradient still points where the lost signal let it, and a layer whose output
no longer depends on its input has nothing to tell the optimizer. Treat “it trains with Adam” as weak evidence about your
weights.</p>`,
    },
    {
      id: "architecture",
      title: "Normalization and shortcuts",
      text: `<p>Two parts of modern networks change the question. A normalization layer that follows the weights divides their scale out
again: multiply all weights by ten, and its output is the same but for rounding. Depth can then no longer multiply a wrong factor. It does
not break symmetry, though: equal units stay equal when they are normalized.</p>
<p>A residual block adds its branch to what came in, so a signal can always pass. But variances add as well. With He weights
inside, every block about doubles the mean square: ${BLOCKS} blocks of width 256 grow it
${Number((plain ?? Number.NaN).toPrecision(2)).toLocaleString("en")} times here, the geometric mean of five seeds. Multiply each branch by one over the root of the number of blocks, and the growth is
${digits(scaled ?? Number.NaN, 2)}, however many there are. Or let the last layer of each branch begin at 0, so that the network starts
as the identity. Fixup [<a href="#ref-fixup">10</a>] combines such rules and trains deep residual networks without normalization.</p>
<p>Zeros, it turns out, are not forbidden. They must only stand where something else breaks the symmetry.</p>`,
    },
  ];
}
