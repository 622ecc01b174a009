// Finds and translates the layers that Keras and PyTorch store in different parts.

import { translateKerasAttention, translateTorchAttention } from "./translate-attention.ts";
import { findRecurrent, translateRecurrent } from "./translate-recurrent.ts";
import { present, type Translation, type TranslationContext } from "./translation.ts";

/** Finds and translates all layers whose parts differ. Tensors of no such layer are in no translation. */
export function translateLayers(context: TranslationContext): Translation[] {
  const { tensors, to, renames } = context;
  const found = findRecurrent(context).map((layer) => translateRecurrent(context, layer));
  if (renames) {
    for (const tensor of tensors.values()) {
      if (tensor.part.layout === to) continue;
      if (to === "torch" && /(^|\/)query\/kernel$/.test(tensor.name))
        found.push(translateKerasAttention(context, tensor));
      if (to === "keras" && /(^|\.)(in_proj_weight|q_proj_weight)$/.test(tensor.name)) {
        found.push(translateTorchAttention(context, tensor));
      }
    }
  }
  return present(found);
}
