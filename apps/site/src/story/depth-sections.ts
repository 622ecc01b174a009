// The second part of the story: finite width, the edge of chaos, optimizers, normalization and residual blocks.
// Source: Hanin and Rolnick 2018 for the band; Poole 2016 and Schoenholz 2017 for the map.

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
      text: `<p>The theory assumes layers of infinite width. A finite layer keeps the variance only on average: by chance, one layer shrinks
the signal a little and the next amplifies it. Over depth these factors multiply, and their logarithms take a random walk.
For He weights and ReLU the logarithm of the variance itself varies by about 5L/n after L layers of n units, and its median falls by half
as much. Hanin and Rolnick [<a href="#ref-hanin">5</a>] derived how the ratio of depth to width governs this.</p>
<p>With ${DEPTH} layers of ${WIDTH} units, 5L/n is ${digits(spread, 2)}. So 95 of 100 seeds should end between
${digits(Math.exp(middle - reach), 1)} and ${digits(Math.exp(middle + reach), 1)} times the variance of their input, all with the same
code. <span class="with-script">Draw another seed a few times, then
double the width.</span></p>
${luck.html}
<p>An orthogonal matrix varies less. It rotates its input without stretching it: all its singular values are equal, while those of a
Gaussian matrix vary, so that a long product of them shrinks most directions to almost nothing. Only the set of units that ReLU switches
off remains random. At layer ${DEPTH} the Gaussian network is at ${at("he_normal")}, the orthogonal one at
${at("orthogonal(gain=1.414)")}. This is one seed of many. Saxe, McClelland and Ganguli [<a href="#ref-saxe">6</a>] showed that in deep linear networks with orthogonal
weights, learning time need not grow with depth.</p>
<p>Very narrow networks can be dead from the start: a ReLU layer in which no unit is active for any input never passes a signal
[<a href="#ref-lu">7</a>].</p>`,
    },
    {
      id: "edge",
      title: "How far a signal goes: the edge of chaos",
      text: `<p>A network must also keep different inputs <em>different</em>. Send two inputs through a deep tanh network and measure their
correlation. With small weights they become alike; this phase is called ordered. With large weights they diverge however close they were;
this phase is called chaotic. Poole and others [<a href="#ref-poole">8</a>] found the line between the two.</p>
<p>Away from the line, correlations settle exponentially, with a depth scale called ξ. At a bias variance of 0.05, ξ is
${digits(scale(1), 2)} layers for a weight variance of 1 (times fan-in), ${digits(scale(1.5), 3)} for 1.5 and
${digits(scale(1.7), 3)} for 1.7. At ${digits(criticalPoint("tanh", 0.05)?.weightVariance ?? Number.NaN, 4)} it is infinite, and beyond
that it falls again, to ${digits(scale(2.5), 3)} at 2.5. Schoenholz and others [<a href="#ref-schoenholz">9</a>] trained networks
over the whole map and found the limit at about six depth scales.</p>
${edge.html}
<p>On the same line, gradients keep their size. In the ordered phase they vanish, in the chaotic phase they explode. So one rule serves
both directions: initialize close to the edge, as close as your depth requires. A shallow network tolerates almost any point.</p>`,
    },
    {
      id: "optimizer",
      title: "Does the optimizer compensate?",
      text: `<p>Now train two networks of fifteen hidden layers on the same images in the same order. With SGD, the network with Glorot’s weights
ends at a loss of ${loss(sgd, "glorot_uniform")}, and the one with He’s at ${loss(sgd, "he_normal")}. A step of SGD is
proportional to the gradient, and a gradient that has shrunk through fifteen layers barely changes the weights.</p>
${sgd.html}
<p>Adam divides each gradient by a running estimate of its own size. A gradient that is tiny everywhere becomes a step of normal length.
With Adam, the same two networks end at ${loss(adam, "glorot_uniform")} and ${loss(adam, "he_normal")}.</p>
${adam.html}
<p>So Adam hides bad initial weights; it does not fix them. Rescaling does not restore the direction of a gradient whose signal was lost,
and a layer whose output does not depend on its input has no useful gradient. “It trains with Adam” is weak evidence about your
weights.</p>`,
    },
    {
      id: "architecture",
      title: "Normalization and shortcuts",
      text: `<p>Two parts of modern networks change the problem. A normalization layer after the weights cancels their scale: multiply all
weights by ten, and its output is the same except for rounding. Depth then no longer multiplies a wrong factor. Normalization does not
break symmetry: equal units stay equal.</p>
<p>A residual block adds its branch to its input, so a signal can always pass. But the variances add, too. With He weights
inside, every block roughly doubles the mean square: here, ${BLOCKS} blocks of width 256 increase it
${Number((plain ?? Number.NaN).toPrecision(2)).toLocaleString("en")} times (geometric mean of five seeds). Multiply each branch by one over the root of the number of blocks, and the growth is
${digits(scaled ?? Number.NaN, 2)}, for any number of blocks. Or initialize the last layer of each branch with 0, so that the network starts
as the identity. Fixup [<a href="#ref-fixup">10</a>] combines such rules and trains deep residual networks without normalization.</p>
<p>So zeros are allowed where something else breaks the symmetry.</p>`,
    },
  ];
}
