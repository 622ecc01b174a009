// Whose defaults these are, why the same seed must give the same bits, what to do, and where it was all found.
// Source: streams.md; tfjs.md; the papers named in the list.

import { cell, make } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function defaults(): Promise<Section> {
  const [torch, tfjs] = ["variance_scaling(scale=0.333)", "variance_scaling(scale=1.547)"];
  const { html, answer } = await make({
    task: "signal",
    hash: `init=he_normal,${encodeURIComponent(torch)},${encodeURIComponent(tfjs)}`,
    show: ["forward"],
    fields: ["depth", "seed"],
    caption:
      "He's rule; PyTorch's default for a linear layer (a variance of 1/3 over the fan-in); TensorFlow.js's heNormal as it is drawn.",
  });
  const last = (name: string): number => cell(answer.profiles, "forward", name, 2);
  return {
    id: "defaults",
    title: "Whose default is it?",
    html: `<p>Most people never choose. They get what their framework chose for them, and frameworks disagree. Keras gives a dense layer
Glorot's uniform weights. PyTorch draws them uniformly between ±1/√n, which is a variance of a third of 1/n: a value that
has come down from earlier versions and that no derivation asks for. With ReLU, each layer then keeps a sixth.</p>
<p>And sometimes the code is not the formula. Normal weights are often <em>truncated</em> at two standard deviations, so that no
single weight is far off, and truncation takes variance away. Keras makes up for it by a constant, 0.8796. TensorFlow.js leaves the constant out:
its heNormal has a standard deviation that is 12 % too small and a variance that is 23 % too small. No test that looks at
single values would ever notice. Thirty layers do.</p>
${html}
<p>Where the lines end, PyTorch's default is ${(last("he_normal") - last(torch)).toFixed(0)} powers of ten below He's rule, and the
missing constant costs ${(last("he_normal") - last(tfjs)).toFixed(1)}.</p>`,
  };
}

export function bits(): Section {
  return {
    id: "bits",
    title: "The same seed, the same bits",
    html: `<p>A last question that sounds like a detail: what is a seed worth? Within one framework it repeats a run. Across frameworks it
usually means nothing, since each has its own generator, its own way from random bits to numbers, and its own rounding. If a result cannot be
repeated elsewhere, nobody can say whether the model, the data or the first weights made the difference.</p>
<p>Fanin draws the very numbers that Keras draws on TensorFlow, JAX, PyTorch and NumPy, bit for bit, and those of torch.nn.init and
jax.nn.initializers. The <a href="./#v=1&amp;view=code">Code</a> view shows a hash of every tensor, which can be held against the one
that Python prints. A network that began there can be trained here from exactly the same point, and what differs afterwards does not
come from the start.</p>`,
  };
}

export function advice(): Section {
  return {
    id: "advice",
    title: "What to do tomorrow",
    html: `<ul>
<li><strong>Match the variance to the activation.</strong> <code>he_normal</code> for ReLU and its kin, <code>glorot_uniform</code> for
tanh, <code>lecun_normal</code> for SELU. Deep and narrow: <code>orthogonal</code> with the activation's gain.</li>
<li><strong>Leave the biases at 0,</strong> and scale the inputs to mean 0 and variance 1. The rules assume it.</li>
<li><strong>Look before you train.</strong> One batch up and one gradient down cost less than a second. If either line leaves the
band, no learning rate will bring it back.</li>
<li><strong>Count your layers.</strong> What is harmless in five is fatal in fifty: faults of scale are multiplied.</li>
<li><strong>Do not let Adam be the judge.</strong> If a start works with Adam alone, find out why.</li>
<li><strong>Race over seeds,</strong> in pairs, and believe “no difference detected” when you read it.</li>
</ul>
<p><a href="./#v=1&amp;view=code">Get the code for your framework</a>, or <a href="./#v=1&amp;view=weights">drop a file of weights</a>
and see whose rule they were drawn by.</p>`,
  };
}

const papers: readonly (readonly [authors: string, title: string, address: string])[] = [
  [
    "X. Glorot, Y. Bengio, 2010",
    "Understanding the difficulty of training deep feedforward neural networks",
    "https://proceedings.mlr.press/v9/glorot10a.html",
  ],
  [
    "A. Saxe, J. McClelland, S. Ganguli, 2013",
    "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    "https://arxiv.org/abs/1312.6120",
  ],
  [
    "K. He, X. Zhang, S. Ren, J. Sun, 2015",
    "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification",
    "https://arxiv.org/abs/1502.01852",
  ],
  [
    "B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli, 2016",
    "Exponential expressivity in deep neural networks through transient chaos",
    "https://arxiv.org/abs/1606.05340",
  ],
  [
    "S. Schoenholz, J. Gilmer, S. Ganguli, J. Sohl-Dickstein, 2017",
    "Deep information propagation",
    "https://arxiv.org/abs/1611.01232",
  ],
  [
    "B. Hanin, D. Rolnick, 2018",
    "How to start training: the effect of initialization and architecture",
    "https://arxiv.org/abs/1803.01719",
  ],
  [
    "H. Zhang, Y. Dauphin, T. Ma, 2019",
    "Fixup initialization: residual learning without normalization",
    "https://arxiv.org/abs/1901.09321",
  ],
];

export function sources(): Section {
  const items = papers.map(
    ([authors, title, address]) => `<li>${authors}: <a href="${address}" rel="noreferrer">${title}</a>.</li>`,
  );
  return { id: "sources", title: "Where it was found", html: `<ol class="sources">\n${items.join("\n")}\n</ol>` };
}
