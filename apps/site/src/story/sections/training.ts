// Who notices: optimizers, normalization and shortcuts; and what a fair comparison is.
// Source: papers-and-ux.md section 3, T6 and T10; Zhang et al. 2019.

import { diagnose } from "@fanin/lab";
import { cell, make } from "../figure-markup.ts";
import type { Section } from "../section.ts";

export async function optimizers(): Promise<Section> {
  const shared = {
    task: "race",
    show: ["loss"],
    fields: ["opt", "lr", "train"],
  } as const;
  const net = "net=784,64x20,10&init=glorot_uniform,he_normal&seeds=1&epochs=4";
  const sgd = await make({
    ...shared,
    hash: `${net}&lr=0.02`,
    caption: "20 hidden layers of 64 ReLU units, SGD with a learning rate of 0.02.",
  });
  const adam = await make({
    ...shared,
    hash: `${net}&opt=adam&lr=0.001`,
    caption: "The same two networks and the same batches with Adam and a learning rate of 0.001.",
  });
  const loss = ({ answer }: typeof sgd, name: string): string => cell([answer.loss], "loss", name).toFixed(2);
  return {
    id: "optimizers",
    title: "Adam forgives, and hides",
    html: `<p>Does any of this matter once training begins? It depends on who trains. Plain gradient descent takes gradients as they
are, and a gradient of 10<sup>−6</sup> moves nothing. Twenty layers with Glorot's weights end at a loss of
${loss(sgd, "glorot_uniform")}; with He's, at ${loss(sgd, "he_normal")}.</p>
${sgd.html}
<p>Adam divides every gradient by its own typical size, which undoes much of the damage: now it is ${loss(adam, "glorot_uniform")}
against ${loss(adam, "he_normal")}.</p>
${adam.html}
<p>This cuts both ways. It is why a doubtful default so often goes unnoticed. It is also why an experiment with Adam on a shallow network
cannot tell you that an initializer is sound: you have tested the optimizer. The fault is still there, and it
comes back with more layers, with another optimizer, or in lower precision.</p>`,
  };
}

export function shortcuts(): Section {
  const { forward } = diagnose(
    {
      layers: [784, ...new Array<number>(20).fill(128), 10],
      activation: "relu",
      initializer: "he_normal",
      residual: true,
    },
    { seed: 0 },
  );
  const growth = forward.factorPerLayer ?? Number.NaN;
  return {
    id: "shortcuts",
    title: "Norms and shortcuts",
    html: `<p>Two inventions have taken some of the weight off the start. <em>Normalization</em> rescales each layer's signal by what it
measures, so that no choice of V can make it vanish or explode on the way up. <em>Residual connections</em> add each block's output to its
input, and the gradient always has a way back that passes through no weight at all.</p>
<p>Neither makes the start irrelevant. With He's weights inside, a residual stream grows, because every block adds as much as it was
given: by a factor of ${growth.toFixed(2)} a block in the network that was measured for this sentence, which is a million after
twenty. Hence the recipes that scale the last layer of each branch down, or begin it at zero, as Fixup does (Zhang and others, 2019). There zeros are the
right start after all: the branch is silent at first, and the layers below it are random, so symmetry is broken elsewhere.</p>`,
  };
}

export async function fairness(): Promise<Section> {
  const { html, answer } = await make({
    task: "race",
    hash: "net=784,32,10&init=he_normal,he_uniform&seeds=6&epochs=3&batch=64&lr=0.05",
    show: ["final"],
    fields: ["init", "lr", "train"],
    caption:
      "Test accuracy of 784-32-10 from two starts, six seeds each: a ring for each run, a mark and a bar for mean and interval.",
  });
  const said = answer.standings?.find(({ difference }) => difference !== "");
  return {
    id: "fair",
    title: "A fair race",
    html: `<p>Most comparisons of initializers that can be found are one run of each, and the one that ends higher is declared the
better. But two runs of the <em>same</em> initializer differ as well. Before a difference means something, it has to be larger than that.</p>
<p>A fair race has rules. The same network, the same data in the same order, and the same seeds, so that runs can be compared in
pairs. Several seeds: with fewer than six, the test used here cannot reach the usual 5 % however large the difference is. A correction when
many starts are compared at once, since out of twenty one will always look special. And the courage to print a dull result. Here is
one, He's normal weights against He's uniform ones. The difference is ${said?.difference ?? "–"}, and the verdict:
<strong>${said?.verdict ?? "–"}</strong>.</p>
${html}
<p>That is no failure of the experiment. On a shallow network every sane start does as well as any other, and to know it saves a week of
tuning.</p>`,
  };
}
