// A plugin of typedoc: names modules as imports do, `@fanin/core/jax` for packages/core/src/jax.ts.
// @ts-check

import { Converter } from "typedoc";

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) module.name = `@fanin/${module.name.replace("/src", "")}`;
  });
}
