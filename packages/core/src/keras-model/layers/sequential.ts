// Sequential: layers one after the other.
// Source: keras/src/models/sequential.py 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Construction, inputOf, type LayerDefinition } from "../layer.ts";
import { Member } from "../member.ts";
import { expectShapes, type PartialShape } from "../partial-shape.ts";
import { automaticName } from "../unit.ts";
import { expectOwnNames } from "./functional.ts";

/** The input that the model was built for, where no layer says it. */
function recordedShape({ config, json }: Construction): PartialShape | undefined {
  const built = json["build_config"] as { readonly input_shape?: unknown } | null | undefined;
  return config.shape("build_input_shape") ?? expectShapes(built?.input_shape)?.[0];
}

/** The weights of the layers in order. The first layer may carry `batch_input_shape`, as Keras 2 and tfjs write it. */
export const sequential: LayerDefinition = (construction) => {
  const { config, construct, seeds } = construction;
  const members = Array.from(config.list("layers"), (json) => new Member(construct(json), seeds));
  expectOwnNames(config.where, members);
  for (const member of members) member.build();
  const [first] = members;
  const hasInput = first?.layer.className === "InputLayer";
  const own = hasInput ? first.layer.outputs?.({})?.[0] : (firstShape(first) ?? recordedShape(construction));

  /** The shape after the last layer; undefined where a layer's output cannot be known. */
  function flow(start: PartialShape): PartialShape | undefined {
    let shape: PartialShape | undefined = start;
    for (const member of hasInput ? members.slice(1) : members) {
      const name = member.layer.inputNames?.[0] ?? "input";
      shape = member.call(shape && { [name]: [shape] })?.[0];
    }
    return shape;
  }

  const output = own && flow(own);
  return {
    isBuiltAlone: hasInput && isOlder(construction, first),
    build(inputs) {
      const shape = inputOf(inputs);
      if (shape.length > 0) flow(shape);
      return members.flatMap((member) => {
        if (member.plans) return member.plans;
        const message = "expected the shape of its input: an InputLayer, batch_input_shape or build_input_shape";
        throw new KerasModelError("E_MODEL_SHAPE", member.layer.where, message);
      });
    },
    outputs(inputs) {
      const shape = inputOf(inputs);
      const last = shape.length > 0 ? flow(shape) : output;
      return last && [last];
    },
  };
};

/** Whether Keras named the InputLayer before that of the model around it, as code does that gives a submodel its input. */
function isOlder({ firstInput = 0 }: Construction, { layer }: Member): boolean {
  const [, number] = automaticName("InputLayer", layer.name) ?? [];
  return number === undefined || number < firstInput;
}

/** `batch_input_shape` of a layer that is no InputLayer. */
function firstShape(first: Member | undefined): PartialShape | undefined {
  const config = first?.layer.json["config"] as Record<string, unknown> | undefined;
  return expectShapes(config?.["batch_input_shape"] ?? config?.["batchInputShape"])?.[0];
}
