// The published initializations of model families that do not scale with the fans: a deviation of 0.02 at any width, which
// layer normalization compensates, and T5's own. A kernel that follows its family's recipe is correct.
// Source: transformers 5.17, _init_weights of gpt2, bert, distilbert, bart, vit, llama, mistral, qwen2, convnext and t5;
// Radford et al. 2019 for 1/sqrt(2N); Raffel et al. 2020 for T5.

/** The properties of a kernel that a recipe depends on. */
export interface RecipeKernel {
  readonly name: string;
  readonly standardDeviation: number;
  readonly count: number;
  readonly fanIn: number;
}

const FIXED = 0.02;
/** The deviation of torch's and JAX's truncated normals at two deviations; some models do not correct for it. */
const CUT = 0.8796256610342398;
/** The greatest number of blocks N, of two branches each, in 1/sqrt(2N). */
const MAX_BLOCKS = 512;

/** Names of the parts of transformers in PyTorch, Keras and flax. */
const TRANSFORMER =
  /(^|[._/])(self_attn|self_attention|selfattention|encoder_attn|attn|attention|crossattention|c_attn|c_fc|c_proj|query_key_value|qkv|[qkv]_lin|patch_embed(dings?)?|dwconv|convnext)([._/]|$)/i;
const T5 = /(^|[./])(SelfAttention|EncDecAttention|DenseReluDense)[./]/;
/** The kernels that end a residual branch. */
const BRANCH_END = /(^|[._/])(c_proj|o_proj|out_proj|wo|down_proj|fc2|dense_4h_to_h|proj)[./]/;

/** The tolerance of a sample's deviation: five times its standard error, and the rounding of bfloat16. */
const slack = (count: number): number => 5 / Math.sqrt(2 * Math.max(2, count)) + 2 ** -8;

/** The recipes that the names of a file's tensors indicate. */
export interface FileRecipes {
  readonly isTransformer: boolean;
  readonly isT5: boolean;
}

/** The families whose names a file has. */
export function fileRecipes(names: Iterable<string>): FileRecipes {
  let [isTransformer, isT5] = [false, false];
  for (const name of names) {
    isTransformer ||= TRANSFORMER.test(name);
    isT5 ||= T5.test(name);
  }
  return { isTransformer, isT5 };
}

/** Whether a kernel has the deviation of its family's recipe. */
export function followsRecipe(
  { name, standardDeviation, count, fanIn }: RecipeKernel,
  { isTransformer, isT5 }: FileRecipes,
): boolean {
  const isNear = (expected: number): boolean => Math.abs(standardDeviation / expected - 1) <= slack(count);
  if (isT5) {
    // T5 divides q by sqrt(d_kv) and sqrt(d_model) instead of dividing the scores; the head of an untied model is N(0, 1).
    const scale = standardDeviation ** 2 * fanIn;
    return /[./]q[./]/.test(name) ? scale <= 1 + slack(count) : isNear(1) || isNear(1 / Math.sqrt(fanIn));
  }
  if (!isTransformer) return false;
  if (isNear(FIXED) || isNear(CUT * FIXED)) return true;
  return (
    BRANCH_END.test(name) &&
    standardDeviation < FIXED &&
    standardDeviation > (FIXED / Math.sqrt(2 * MAX_BLOCKS)) * (1 - slack(count))
  );
}
