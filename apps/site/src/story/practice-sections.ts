// The last part of the story: fair comparisons, defaults of frameworks, a checklist, and the papers.
// Source: the papers listed in the references; Keras 3, PyTorch, JAX and TensorFlow.js 4.22 for the defaults.

import { sampleTask } from "../worker/sample-task.ts";
import { type Drawn, digits, type StorySection } from "./story-section.ts";

const DEPTH = 30;
// The standard deviation of a standard normal truncated at two, by which Keras divides.
const CUT = 0.87962566103423978;

const references: readonly (readonly [id: string, text: string])[] = [
  ["rumelhart", "Rumelhart, Hinton and Williams 1986, Learning internal representations by error propagation"],
  ["lecun", "LeCun and others 1998, Efficient BackProp"],
  ["glorot", "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"],
  ["he", "He and others 2015, arXiv:1502.01852"],
  ["hanin", "Hanin and Rolnick 2018, arXiv:1803.01719"],
  ["saxe", "Saxe, McClelland and Ganguli 2013, arXiv:1312.6120"],
  ["lu", "Lu and others 2019, arXiv:1903.06733"],
  ["poole", "Poole and others 2016, arXiv:1606.05340"],
  ["schoenholz", "Schoenholz and others 2017, arXiv:1611.01232"],
  ["fixup", "Zhang, Dauphin and Ma 2019, arXiv:1901.09321"],
];

function referenceMarkup([id, text]: readonly [string, string]): string {
  const linked = text.replace(/arXiv:(\d{4}\.\d{4,5})/, '<a href="https://arxiv.org/abs/$1">arXiv:$1</a>');
  return `<li id="ref-${id}">${linked}</li>`;
}

/** Sections nine to twelve. */
export async function practiceSections({ fair }: Drawn): Promise<readonly StorySection[]> {
  // The text below explains this outcome.
  if (!fair.readout.includes("no difference detected"))
    throw new Error(`story: expected no difference, got ${fair.readout}`);
  const sample = await sampleTask({ draw: "he_normal", shape: [784, 128], seed: 42, stream: "keras/tensorflow" });
  return [
    {
      id: "fair",
      title: "What a fair comparison is",
      text: `<p>Do not pick a winner from curves by eye. A single pair of runs compares two draws, not two methods. A fair comparison pairs the runs: the
same network, the same images in the same order, the same seeds; only the initializer differs. It repeats this for several seeds, takes the
<em>differences</em>, and gives an interval for their mean.</p>
<p>This figure compares Glorot and He with six seeds each, on a network with a single hidden layer. The text below the figure is the answer of
the comparison.</p>
${fair.html}
<p>“No difference detected” is a result. It does not say that the two are equal; it says that these seeds do not distinguish them. On
shallow networks, most comparisons of reasonable initializers should end like this. Fanin says “better” only if a bootstrap interval
excludes 0 and a permutation test agrees, after a correction for the number of comparisons.</p>`,
    },
    {
      id: "defaults",
      title: "The same name, different numbers",
      text: `<p>Without an initializer, you get the default of your framework. Keras uses glorot_uniform for dense layers. PyTorch draws linear layers
from a uniform distribution on ±1/√fan-in, which has a variance of 1 / (3 · fan-in): with ReLU, a factor of 1/6 per layer, and
${DEPTH} layers leave 10<sup>−${(DEPTH * Math.log10(6)).toFixed(0)}</sup>. Its source calls a Kaiming initializer with the argument
√5 for this.</p>
<p>The same name can mean different distributions. In Keras, he_normal is a truncated normal, cut off at two standard
deviations. Truncation narrows a distribution, so Keras widens it first, dividing by ${digits(CUT, 4)}. JAX does the same. PyTorch’s kaiming_normal_
is not truncated. TensorFlow.js 4.22 truncates without the correction, so its standard deviation is
${digits(100 * (1 - CUT), 2)} % too small, and after ${DEPTH} ReLU layers ${digits(CUT ** (2 * DEPTH), 2)} of the variance is left.
Nothing fails visibly; the network trains worse than the same one in Python.</p>
<p>Seeds are not portable either: each framework has its own generator and its own conversion from bits to normals. So compare
bits. With seed 42, he_normal for 784 × 128 weights in the stream of Keras on TensorFlow has a SHA-256 that begins with
<code>${sample.sha256.slice(0, 16)}</code>. The <a href="./#v=1&amp;view=code&amp;seed=42">Code view</a> computes it again in your browser, and
<code>fanin sample</code> in your terminal.</p>`,
    },
    {
      id: "checklist",
      title: "Checklist",
      text: `<ol class="checklist">
<li>Scale the inputs to mean 0 and variance 1. Every formula above assumes it.</li>
<li>Match the variance to the activation: he_normal for ReLU and similar activations, glorot_uniform or lecun_normal for tanh, lecun_normal for
SELU.</li>
<li>Leave biases at 0, and never give two units of a layer the same weights.</li>
<li>Check before training: send one batch forward and one gradient back, and look at the variance of every layer. A straight slope on a log
axis is a warning.</li>
<li>If the network is deep and narrow, use orthogonal weights with the activation’s gain, or make it wider.</li>
<li>With residual blocks, scale the branches or start their last layer at 0.</li>
<li>Write the initializer and the seed into your code, even if they are the default; defaults differ.</li>
<li>Before you believe a difference, test it over paired seeds, with SGD and with Adam.</li>
</ol>
<p>The <a href="./#v=1&amp;view=code">Code view</a> writes the recommendation for your network in five frameworks, and
the <a href="./#v=1&amp;view=weights">Weights view</a> checks weights that you already have, without sending them anywhere.</p>`,
    },
    {
      id: "references",
      title: "References",
      text: `<ol class="references">${references.map(referenceMarkup).join("")}</ol>`,
    },
  ];
}
