// The initializers that Keras does not have, one line each: PyTorch's, JAX's and the literature's, with the same interface.

import { convolutionAware } from "./convolution-aware.ts";
import { deltaOrthogonal } from "./delta-orthogonal.ts";
import { dirac } from "./dirac.ts";
import { eye } from "./eye.ts";
import { fixup } from "./fixup.ts";
import { icnr } from "./icnr.ts";
import type { InitializerFactory } from "./initializer.ts";
import { kaimingNormal, kaimingUniform } from "./kaiming.ts";
import { muNormal } from "./mu-normal.ts";
import { scaledResidual } from "./scaled-residual.ts";
import { sirenUniform } from "./siren-uniform.ts";
import { sparseNormal } from "./sparse-normal.ts";
import { xavierNormal, xavierUniform } from "./xavier.ts";
import { zerO } from "./zer-o.ts";

/** The factories; `get` finds them as it finds Keras's. */
export const extensions: readonly InitializerFactory<never>[] = [
  kaimingUniform,
  kaimingNormal,
  xavierUniform,
  xavierNormal,
  eye,
  dirac,
  sparseNormal,
  deltaOrthogonal,
  sirenUniform,
  icnr,
  zerO,
  convolutionAware,
  muNormal,
  scaledResidual,
  fixup,
];
