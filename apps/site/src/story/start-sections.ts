// The story's first part: why weights must differ, how large they must be, and where the formulas come from.
// Source: papers-and-ux.md section 3; every number is taken from the figure beside it or worked out here.

import { type Drawn, digits, numberOf, percent, power, type StorySection, two } from "./story-section.ts";

const DEPTH = 30;
const WIDTH = 64;

/** Sections one to four. */
export function startSections({ zeros, small, large, factor }: Drawn): readonly StorySection[] {
  const kept = WIDTH * 0.01 ** 2;
  const last = (name: string): string => power(numberOf(factor.data, name, DEPTH - 1));
  return [
    {
      id: "zeros",
      title: "All zeros: a layer worth one unit",
      text: `<p>The simplest start is none at all: every weight 0. Look at the hidden layer. Its 128 units see the same input through
the same weights, so they compute the same value. The loss then sends the same gradient to each, and they take the same step. They were
equal before it and are equal after it. However long you train, the layer is worth one unit.</p>
<p>All zeros is worse still. Hidden activations of 0 give the output weights no gradient, and output weights of 0 pass none down. Only the
output biases learn, and what they learn is how often each class occurs. After five epochs the loss is
${two(numberOf(zeros.data, "zeros", -1))}, where guessing gives ${two(Math.log(10))}. The random start reaches
${two(numberOf(zeros.data, "he_normal", -1))}.</p>
${zeros.html}
<p>So the first job of a start is to make units <em>differ</em>. This is called breaking symmetry, and it was understood as soon as
networks were trained by backpropagation [<a href="#ref-rumelhart">1</a>]. Any random numbers do it; ones or
another constant do not. <span class="with-script">Change the first start above, and train.</span></p>
<p>Biases may stay at 0. Two units whose weights differ already compute different things, so the biases have no symmetry left to break. That
is why every framework that draws random weights can afford plain zeros for its biases, and why Keras does.</p>`,
    },
    {
      id: "small",
      title: "Too small: silence",
      text: `<p>Weights must differ, then; but how large should they be? A unit adds up as many products as it has inputs. That number
is its <em>fan-in</em>. If the weights have standard deviation σ, the sum has a variance of fan-in × σ² times the mean square of what comes
in.</p>
<p>Take σ = 0.01, which looks harmless, and layers of ${WIDTH} units. Each layer keeps ${WIDTH} × 0.0001, or ${digits(100 * kept, 2)} %,
of the variance that it gets. One such layer is a quiet network. ${DEPTH} of them leave
${power(numberOf(small.data, "forward", DEPTH - 1))}: whatever you show it, the output is the same. The gradient meets the same weights on
its way down, and shrinks in the same way.</p>
${small.html}
<p><span class="with-script">Move the slider.</span> There is a narrow range in which the dots stay nearly level, around 1/√${WIDTH} = ${digits(1 / Math.sqrt(WIDTH), 3)}. It is
narrow because depth multiplies: a factor of 0.9 per layer, which nobody would notice in a shallow network, leaves
${percent(0.9 ** DEPTH)} after ${DEPTH}.</p>`,
    },
    {
      id: "large",
      title: "Too large: saturation",
      text: `<p>With σ = 1 each layer multiplies the variance by ${WIDTH}, or by ${WIDTH / 2} with ReLU, which keeps half of what it gets.
A ReLU network simply grows, by ${power(DEPTH * Math.log10(WIDTH / 2))} over ${DEPTH} layers: its first loss is enormous, or not a number.</p>
<p>A tanh network cannot grow. It <em>saturates</em> instead. Sums land far out on the flat arms of the curve, so activations crowd at −1 and
1. In the figure, ${percent(numberOf(large.data, "saturated share", DEPTH - 1))} of the last hidden layer counts as saturated. There the slope is
close to 0, and such a unit passes almost no gradient. The few that are not saturated pass theirs through weights of size 1, so that
what arrives below is large and erratic. The verdict under the figure says which of the two prevails.</p>
${large.html}
<p>From outside, silence and saturation look alike: the loss does not come down. Inside they are opposites, and so are their cures. So
look at activations before you change the learning rate. The columns of the figure should look much the same from left to right.</p>`,
    },
    {
      id: "derivation",
      title: "One line of algebra",
      text: `<p>Between the two lies a value that can be worked out. Write one unit before its activation as a sum over
n inputs. Weights are independent of the inputs and of each other, with mean 0, so variances add:</p>
<p class="formula">z = w₁x₁ + … + wₙxₙ &nbsp;⟹&nbsp; Var(z) = n · Var(w) · E[x²]</p>
<p>For the signal to keep its size, n · Var(w) must be 1: the variance of the weights is <strong>1 / fan-in</strong>. LeCun and his
co-authors recommended this in 1998 [<a href="#ref-lecun">2</a>].</p>
<p>Now go backwards. A gradient arriving at an input is a sum over all units that the input feeds, its <em>fan-out</em>. The same line with
n replaced asks for 1 / fan-out. Unless a layer is square, both cannot hold. Glorot and Bengio [<a href="#ref-glorot">3</a>] took the
mean of the two fans:</p>
<p class="formula">Var(w) = 2 / (fan-in + fan-out)</p>
<p>One thing was left out: the activation. Near 0, tanh is almost a straight line, so the algebra holds. ReLU is no line. Of a symmetric input it sets
half to 0, and E[x²] is half of Var(z). Each layer loses a factor of two, and He and his co-authors [<a href="#ref-he">4</a>] put it
back:</p>
<p class="formula">Var(w) = 2 / fan-in</p>
<p>The shape of the distribution does not enter, only its variance. That is why glorot_uniform and glorot_normal are the same idea drawn
from two laws: a uniform law on ±a has variance a²/3, so that a is the square root of three times the variance.</p>`,
    },
    {
      id: "factor",
      title: "Glorot or He: a factor of two, thirty times",
      text: `<p>How much can a factor of two matter? In one layer, not at all. Over ${DEPTH} ReLU layers it is the difference between
${last("glorot_uniform")} and ${last("he_normal")}. Dots are measured on one network. Dashes are theory, and the band is
where 95 % of networks of this width are expected to fall.</p>
${factor.html}
<p>With tanh the picture changes character. Glorot’s curve no longer falls on a straight line: tanh bends it less the
smaller the signal gets, so that it sinks like one over the depth and not like a power of two. Losing a digit in ten layers is no
reason for alarm; losing one in every three is.</p>
<p>The rule is therefore not that one of the two is better. Each is right for the activation that its derivation assumed, and both
assume that inputs arrive with a mean square near 1. Scale your data before you blame your weights.</p>`,
    },
  ];
}
