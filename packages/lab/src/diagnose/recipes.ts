// The starts that families of models are published with, where they do not go by the fans: a deviation of 0.02 whatever the
// width, which layer normalization makes up for, and T5's own. A kernel that follows its family's recipe is as it should be.
// Source: transformers 5.17, _init_weights of gpt2, bert, distilbert, bart, vit, llama, mistral, qwen2, convnext and t5;
// Radford et al. 2019 for 1/sqrt(2N); Raffel et al. 2020 for T5.

/** What of a kernel a recipe depends on. */
export interface RecipeKernel {
  readonly name: string;
  readonly standardDeviation: number;
  readonly count: number;
  readonly fanIn: number;
}

const FIXED = 0.02;
/** The cut of torch's and JAX's truncated normals at two deviations, which some do not make up for. */
const CUT = 0.8796256610342398;
/** 1/sqrt(2N) for up to this many blocks of two branches. */
const MOST_BLOCKS = 512;

/** Names that transformers give their parts, in PyTorch, Keras and flax. */
const TRANSFORMER =
  /(^|[._/])(self_attn|self_attention|selfattention|encoder_attn|attn|attention|crossattention|c_attn|c_fc|c_proj|query_key_value|qkv|[qkv]_lin|patch_embed(dings?)?|dwconv|convnext)([._/]|$)/i;
const T5 = /(^|[./])(SelfAttention|EncDecAttention|DenseReluDense)[./]/;
/** What ends a residual branch. */
const BRANCH_END = /(^|[._/])(c_proj|o_proj|out_proj|wo|down_proj|fc2|dense_4h_to_h|proj)[./]/;

/** How far a sample's deviation may be from its law's: five times its standard error, and the rounding of bfloat16. */
const slack = (count: number): number => 5 / Math.sqrt(2 * Math.max(2, count)) + 2 ** -8;

/** The recipes that the names of a file's tensors show. */
export interface FileRecipes {
  readonly isTransformer: boolean;
  readonly isT5: boolean;
}

/** Which families' names a file has. */
export function fileRecipes(names: Iterable<string>): FileRecipes {
  let [isTransformer, isT5] = [false, false];
  for (const name of names) {
    isTransformer ||= TRANSFORMER.test(name);
    isT5 ||= T5.test(name);
  }
  return { isTransformer, isT5 };
}

/** Whether a kernel has the deviation that its family's recipe gives it. */
export function followsRecipe(
  { name, standardDeviation, count, fanIn }: RecipeKernel,
  { isTransformer, isT5 }: FileRecipes,
): boolean {
  const isNear = (expected: number): boolean => Math.abs(standardDeviation / expected - 1) <= slack(count);
  if (isT5) {
    // q is divided by sqrt(d_kv) beside sqrt(d_model), instead of the scores; the head of an untied model is N(0, 1).
    const scale = standardDeviation ** 2 * fanIn;
    return /[./]q[./]/.test(name) ? scale <= 1 + slack(count) : isNear(1) || isNear(1 / Math.sqrt(fanIn));
  }
  if (!isTransformer) return false;
  if (isNear(FIXED) || isNear(CUT * FIXED)) return true;
  return (
    BRANCH_END.test(name) &&
    standardDeviation < FIXED &&
    standardDeviation > (FIXED / Math.sqrt(2 * MOST_BLOCKS)) * (1 - slack(count))
  );
}
