// jax-js as a peer, on its WebAssembly backend. In Node it has no workers, so it runs on one thread like the others.
// Version 0.1.25 reads the global `navigator`, which Node 20 lacks: an empty object means that there is no WebGPU.
// @ts-check

/** @type {Promise<typeof import("@jax-js/jax")> | undefined} */
let loading;

async function load() {
  if (!("navigator" in globalThis)) Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const jax = await import("@jax-js/jax");
  await jax.init("wasm");
  jax.defaultDevice("wasm");
  return jax;
}

/** jax-js, started on its first use. */
export function jaxJs() {
  loading ??= load();
  return loading;
}
