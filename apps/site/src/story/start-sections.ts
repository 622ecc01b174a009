// The first part of the story: why weights must differ, how large they must be, and the derivation of the formulas.
// Every number comes from the figure beside it or is computed here. Source: the papers in practice-sections.ts.

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
      text: `<p>Set every weight to 0, the simplest choice. Look at the hidden layer. Its 128 units see the same input through
the same weights, so they compute the same value. They receive the same gradient and take the same step. They were equal before it and
are equal after it. However long you train, the layer is worth one unit.</p>
<p>All zeros are even worse. Hidden activations of 0 give the output weights no gradient, and output weights of 0 pass none back. Only the
output biases learn: they learn how often each class occurs. After five epochs the loss is
${two(numberOf(zeros.data, "zeros", -1))}, where guessing gives ${two(Math.log(10))}. The random initialization reaches
${two(numberOf(zeros.data, "he_normal", -1))}.</p>
${zeros.html}
<p>So initial weights must first make units <em>differ</em>. This is called breaking symmetry, and it has been known since the first
networks were trained by backpropagation [<a href="#ref-rumelhart">1</a>]. Random numbers break the symmetry; ones or
another constant do not. <span class="with-script">Change the first initializer above, and train.</span></p>
<p>Biases may stay at 0. Two units whose weights differ already compute different things, so the biases have no symmetry left to break. That
is why a framework with random weights can use zeros for its biases, as Keras does.</p>`,
    },
    {
      id: "small",
      title: "Too small: the signal vanishes",
      text: `<p>How large should the weights be? A unit sums as many products as it has inputs. That number is its <em>fan-in</em>. If the weights have
standard deviation σ, the sum has a variance of fan-in × σ² times the mean square of the inputs.</p>
<p>Take σ = 0.01 and layers of ${WIDTH} units. Each layer keeps ${WIDTH} × 0.0001, or ${digits(100 * kept, 2)} %,
of the variance of its input. ${DEPTH} layers leave
${power(numberOf(small.data, "forward", DEPTH - 1))}: the output is the same for every input. The gradient passes the same weights on its way back, and
shrinks in the same way.</p>
${small.html}
<p><span class="with-script">Move the slider.</span> The dots stay nearly level only in a narrow range, around 1/√${WIDTH} = ${digits(1 / Math.sqrt(WIDTH), 3)}. The
range is narrow because the factors of the layers multiply: a factor of 0.9 per layer, harmless in a shallow network, leaves
${percent(0.9 ** DEPTH)} after ${DEPTH}.</p>`,
    },
    {
      id: "large",
      title: "Too large: saturation",
      text: `<p>With σ = 1 each layer multiplies the variance by ${WIDTH}, or by ${WIDTH / 2} with ReLU, which keeps half of its input.
In a ReLU network the signal grows by ${power(DEPTH * Math.log10(WIDTH / 2))} over ${DEPTH} layers: its first loss is huge, or not a number.</p>
<p>In a tanh network the signal cannot grow. The units <em>saturate</em> instead. Sums fall on the flat ends of the curve, so activations are
close to −1 and 1. In the figure, ${percent(numberOf(large.data, "saturated share", DEPTH - 1))} of the last hidden layer is saturated. Its slope is
close to 0, so it passes almost no gradient. The few other units pass theirs through weights of size 1, so that the gradient of the lower
layers is large and erratic. The verdict under the figure says which effect prevails.</p>
${large.html}
<p>A vanishing signal and saturation have the same symptom: the loss does not fall. Their causes and fixes are opposite. So look at the
activations before you change the learning rate. The columns of the figure should look alike from left to right.</p>`,
    },
    {
      id: "derivation",
      title: "One line of algebra",
      text: `<p>The right value lies in between, and you can derive it. Write the pre-activation of a unit as a sum over n inputs. Weights are independent of the inputs and of each other, with mean 0, so variances add:</p>
<p class="formula">z = w₁x₁ + … + wₙxₙ &nbsp;⟹&nbsp; Var(z) = n · Var(w) · E[x²]</p>
<p>For the signal to keep its size, n · Var(w) must be 1: the variance of the weights is <strong>1 / fan-in</strong>. LeCun and his
co-authors recommended this in 1998 [<a href="#ref-lecun">2</a>].</p>
<p>Now go backwards. The gradient of an input is a sum over all units that it feeds, its <em>fan-out</em>. The same derivation
gives 1 / fan-out. Both hold only if the layer is square. Glorot and Bengio [<a href="#ref-glorot">3</a>] took the
mean of the two fans:</p>
<p class="formula">Var(w) = 2 / (fan-in + fan-out)</p>
<p>This ignores the activation. Near 0, tanh is almost a straight line, so the algebra holds. ReLU is not linear. It sets half of a symmetric
input to 0, and E[x²] is half of Var(z). Each layer loses a factor of two, and He and his co-authors [<a href="#ref-he">4</a>] restore
it:</p>
<p class="formula">Var(w) = 2 / fan-in</p>
<p>Only the variance of the distribution matters, not its shape. That is why glorot_uniform and glorot_normal use the same variance with two
distributions: a uniform distribution on ±a has variance a²/3, so that a is the square root of three times the variance.</p>`,
    },
    {
      id: "factor",
      title: "Glorot or He: a factor of two, thirty times",
      text: `<p>In one layer, a factor of two does not matter. Over ${DEPTH} ReLU layers it is the difference between
${last("glorot_uniform")} and ${last("he_normal")}. Dots are measured on one network. Dashes are theory, and the band is the
expected range of 95 % of networks of this width.</p>
${factor.html}
<p>With tanh the picture differs. Glorot’s curve no longer falls on a straight line: the smaller the signal, the less tanh reduces it,
so that it falls like one over the depth and not like a power of two. Losing a digit in ten layers is harmless; losing one in every
three is not.</p>
<p>Neither of the two is better in general. Each is right for the activation that its derivation assumes, and both assume
inputs with a mean square near 1. Scale your data before you change your weights.</p>`,
    },
  ];
}
